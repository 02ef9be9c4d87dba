// Reads the files of digitised figures, and judges whether they belong together.
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"
#include "hersurv/tables.hpp"

#include "patients/digitised_points.hpp"
#include "patients/figure_agreement.hpp"
#include "patients/figure_entries.hpp"
#include "patients/figure_units.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include "tables/series.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::patients {
namespace {

using support::counted;
using support::shortest;
using tables::Source;

void say_notes(const tables::FileRead& read, std::vector<std::string>& repairs) {
    for (const std::string& note : read.notes) repairs.push_back(read.file + ": " + note);
}

// The arm of the curve that entries of another file are of: by its name in any case; the only one, if one of them has
// no name. An arm without a name takes that of the entries.
DigitisedArm& arm_of(const Source& source, const ArmEntries& entries, std::size_t n_arms, const std::string& what,
                     Digitised& digitised) {
    auto& arms = digitised.arms;
    const auto arm = std::ranges::find_if(
        arms, [&](const DigitisedArm& one) { return support::equal_any_case(one.name, entries.arm); });
    if (arm != arms.end()) return *arm;
    if (arms.size() == 1 && n_arms == 1 && (arms.front().name.empty() || entries.arm.empty())) {
        if (arms.front().name.empty()) arms.front().name = entries.arm;
        return arms.front();
    }
    std::vector<std::string> names;
    for (const DigitisedArm& one : arms) names.push_back(one.name);
    if (arms.size() == 1 && arms.front().name.empty())
        source.fail(entries.arm_at, "several arms have " + what + ", and the curve has no name",
                    "name the arm of the curve");
    source.fail(entries.arm_at,
                entries.arm.empty() ? "the curve names arms, the " + what + " do not"
                                    : "the curve has no arm '" + entries.arm + "'",
                "name the arms as the curve does: " + support::joined(names));
}

// The arms of another file. Where each curve has its own, those of arms without a curve are left out: tables below a
// figure have all arms.
std::vector<ArmEntries> of_curves(const std::vector<tables::ArmSeries>& arms, const std::string& time_unit,
                                  const std::string& what, Digitised& digitised) {
    std::vector<ArmEntries> entries = entries_of(arms, time_unit);
    const auto has_entries = [&](const DigitisedArm& arm) {
        return std::ranges::any_of(entries,
                                   [&](const ArmEntries& one) { return support::equal_any_case(one.arm, arm.name); });
    };
    if (!std::ranges::all_of(digitised.arms, has_entries)) return entries;
    std::erase_if(entries, [&](const ArmEntries& one) {
        const bool no_curve = std::ranges::none_of(
            digitised.arms, [&](const DigitisedArm& arm) { return support::equal_any_case(arm.name, one.arm); });
        if (no_curve) digitised.repairs.push_back(what + " of " + one.arm + " left out: it has no curve");
        return no_curve;
    });
    return entries;
}

void read_marks(const tables::Series& series, Digitised& digitised) {
    const Source& source = *series.source;
    for (ArmEntries& of_file : of_curves(series.arms, series.read.time_unit, "censor marks", digitised)) {
        DigitisedArm& arm = arm_of(source, of_file, series.arms.size(), "censor marks", digitised);
        const double end = arm.clicks.back().time_months;
        std::size_t n_late = 0;
        for (const Entry& entry : of_file.entries) {
            if (entry.time_months < 0)
                source.fail(entry.time_at, "time " + shortest(entry.time_months) + " is before 0", "times begin at 0");
            if (entry.time_months > end * (1 + most_beyond_axis))
                source.fail(entry.time_at,
                            of_arm(arm.name) + "a mark at " + shortest(entry.time_months) + ", the curve ends at " +
                                shortest(end),
                            "give both in the same unit of time, or digitise the curve to its end");
            n_late += entry.time_months > end;
            arm.censor_marks.push_back(std::min(entry.time_months, end));
        }
        std::sort(arm.censor_marks.begin(), arm.censor_marks.end());
        if (n_late > 0)
            digitised.repairs.push_back(of_arm(arm.name) + counted(n_late, "mark") +
                                        " just after the last point, taken at it");
    }
}

void refuse_counts(const Source& source, const std::vector<Entry>& entries) {
    for (const Entry& entry : entries) {
        if (entry.value < 0 || entry.value != std::floor(entry.value) ||
            entry.value > static_cast<double>(most_patients))
            source.fail(entry.value_at, "n_at_risk " + shortest(entry.value) + " is not a number of patients",
                        "give a whole number");
        if (entry.time_months < 0)
            source.fail(entry.time_at, "time " + shortest(entry.time_months) + " is before 0", "times begin at 0");
    }
}

void refuse_growth(const Source& source, const std::vector<Entry>& entries) {
    for (std::size_t i = 1; i < entries.size(); ++i) {
        if (entries[i].time_months == entries[i - 1].time_months)
            source.fail(entries[i].time_at, "two numbers at risk at the time " + shortest(entries[i].time_months),
                        "give one for each time");
        if (entries[i].value > entries[i - 1].value)
            source.fail(entries[i].value_at,
                        "the number at risk increases: " + shortest(entries[i].value) + " at " +
                            shortest(entries[i].time_months) + " after " + shortest(entries[i - 1].value),
                        "numbers at risk cannot increase; check for exchanged arms or lines");
    }
    if (entries.front().value == 0)
        source.fail(entries.front().value_at, "nobody is at risk at the start", "give the number of patients first");
}

// Whoever is at risk is alive: n(t) <= n S(t), as S is at least the share that is still followed.
void judge_alive(const Source& source, const DigitisedArm& arm, const std::vector<Entry>& entries,
                 std::vector<std::string>& warnings) {
    std::vector<AtRisk> at_risk;
    for (const Entry& entry : entries) at_risk.push_back({entry.time_months, static_cast<std::size_t>(entry.value)});
    bool warned = false;
    for (std::size_t i = 1; i < entries.size(); ++i) {
        const AliveAtMost alive = alive_at_most(arm.clicks, at_risk, i);
        if (entries[i].value <= alive.likely) continue;
        const std::string problem = of_arm(arm.name) + shortest(entries[i].value) + " at risk at " +
                                    shortest(entries[i].time_months) + ", where the curve leaves " +
                                    support::fixed(alive.expected, 0) + " of " +
                                    support::shortest(static_cast<double>(at_risk.front().n_patients)) + " alive";
        const std::string look = "check for numbers of another arm, a missing row, or another unit of time";
        if (entries[i].value > alive.possible) source.fail(entries[i].value_at, problem, look);
        if (!warned) warnings.push_back(problem + "; " + look);
        warned = true;
    }
}

// Numbers at risk that slipped up by a row leave an empty cell at the end.
void judge_empty_end(const std::vector<tables::ArmSeries>& arms, std::vector<std::string>& warnings) {
    constexpr double least_share = 0.01, fewest = 3;
    const auto some_left = [&](const tables::ArmSeries& arm) {
        return !arm.points.empty() &&
               arm.points.back().value >= std::max(fewest, least_share * arm.points.front().value);
    };
    const bool slipped =
        std::ranges::all_of(arms, &tables::ArmSeries::ends_missing) && std::ranges::any_of(arms, some_left);
    if (slipped)
        warnings.emplace_back(
            "the last time has no number at risk although patients are at risk before it: the column may have been "
            "shifted up by a row");
}

// Whether far more patients than died had left by the last number at risk.
bool lost_early(const std::vector<DigitisedArm>& arms, const std::vector<ArmEntries>& table) {
    constexpr double least_followed = 0.75;
    for (const ArmEntries& of_file : table) {
        const auto arm = std::ranges::find_if(arms, [&](const DigitisedArm& one) {
            return arms.size() == 1 || support::equal_any_case(one.name, of_file.arm);
        });
        std::vector<AtRisk> at_risk;
        for (const Entry& entry : of_file.entries)
            if (entry.value > 0) at_risk.push_back({entry.time_months, static_cast<std::size_t>(entry.value)});
        if (arm == arms.end() || at_risk.size() < 2) continue;
        if (share_followed(arm->clicks, at_risk, at_risk.size() - 1) < least_followed) return true;
    }
    return false;
}

// Files whose times would end together in other units than those that they seem to have.
void refuse_other_units(const tables::Series& series, const std::vector<ArmEntries>& table, Digitised& digitised) {
    const Source& source = *series.source;
    double end_of_curve = 0;
    for (const DigitisedArm& arm : digitised.arms) end_of_curve = std::max(end_of_curve, arm.clicks.back().time_months);
    const Entry* last = nullptr;
    for (const ArmEntries& arm : table)
        for (const Entry& entry : arm.entries)
            if (entry.value > 0 && (last == nullptr || entry.time_months > last->time_months)) last = &entry;
    if (last == nullptr || !(last->time_months > 0)) return;
    const double ratio = last->time_months / end_of_curve;
    constexpr double least = 0.4, most = 1.6;
    if (ratio >= least && ratio <= most) return;
    // A table may be cut short; then those who left it are dead or were lost early.
    if (ratio < least && !lost_early(digitised.arms, table)) return;
    const std::string ends = "the times of the numbers at risk end at " + shortest(last->time_months) +
                             ", those of the curve at " + shortest(end_of_curve);
    const bool stated = !series.read.time_unit.empty() && !digitised.files.front().time_unit.empty();
    const auto units = units_that_agree(end_of_curve, last->time_months);
    if (!stated && units)
        source.fail(last->time_at,
                    ends + ", as if the curve were in " + std::string(units->curve) + " and the table in " +
                        std::string(units->table),
                    "give both in the same unit of time");
    constexpr double far = 5;
    if (ratio > far || ratio < 1 / far) source.fail(last->time_at, ends, "give both in the same unit of time");
    digitised.warnings.push_back(ends);
}

// Where numbers at risk are beside a curve in one table, a program wrote them: those of R's survfit count whoever has
// the event at the time.
enum class FromTable { below_figure, beside_curve };

void read_at_risk(const tables::Series& series, FromTable from, Digitised& digitised) {
    const Source& source = *series.source;
    const auto& arms = from == FromTable::beside_curve ? series.at_risk : series.arms;
    refuse_other_units(series, entries_of(arms, series.read.time_unit), digitised);
    judge_empty_end(arms, digitised.warnings);
    for (ArmEntries& of_file : of_curves(arms, series.read.time_unit, "numbers at risk", digitised)) {
        auto& entries = of_file.entries;
        DigitisedArm& arm = arm_of(source, of_file, arms.size(), "numbers at risk", digitised);
        refuse_counts(source, entries);
        say_order(digitised.repairs, arm.name, "number at risk", put_in_order(entries));
        refuse_growth(source, entries);
        const double end = arm.clicks.back().time_months;
        if (from == FromTable::below_figure) judge_alive(source, arm, entries, digitised.warnings);
        if (entries.back().value > 0 && entries.back().time_months > end)
            digitised.repairs.push_back(of_arm(arm.name) + "no point after " + shortest(end) +
                                        ", the curve is level to the last number at risk at " +
                                        shortest(entries.back().time_months));
        for (const Entry& entry : entries)
            arm.at_risk.push_back({entry.time_months, static_cast<std::size_t>(entry.value)});
    }
}

// Events and censored at each time are the patients, if they add up to the numbers at risk and give S.
std::vector<Patient> counted_patients(const std::vector<Entry>& at_risk, const std::vector<Entry>& events,
                                      const std::vector<Entry>& censored, const std::vector<Click>& clicks) {
    constexpr double rounding = 0.006;  // of S
    std::vector<Patient> patients;
    const std::size_t n_rows = at_risk.size();
    if (n_rows == 0 || events.size() != n_rows || censored.size() != n_rows || clicks.size() < n_rows) return {};
    double survival = 1;
    for (std::size_t i = 0; i < n_rows; ++i) {
        const double time = at_risk[i].time_months, n = at_risk[i].value,
                     left = n - events[i].value - censored[i].value;
        if (n < 1 || left < 0 || time < 0 || (i + 1 < n_rows && at_risk[i + 1].value != left)) return {};
        survival *= 1 - events[i].value / n;
        const auto click = std::ranges::find_if(clicks, [&](const Click& one) {
            return one.time_months == time && std::abs(one.survival - survival) <= rounding;
        });
        if (click == clicks.end()) return {};
        patients.insert(patients.end(), static_cast<std::size_t>(events[i].value), {time, true});
        // Whoever is left after the last row has been followed to it.
        const double leave = censored[i].value + (i + 1 == n_rows ? left : 0);
        patients.insert(patients.end(), static_cast<std::size_t>(leave), {time, false});
    }
    return patients;
}

void take_counts(const tables::Series& series, Digitised& digitised) {
    const auto of = [&](const std::vector<tables::ArmSeries>& arms) { return entries_of(arms, series.read.time_unit); };
    const auto at_risk = of(series.at_risk), events = of(series.n_events), censored = of(series.n_censored);
    if (events.size() != at_risk.size() || censored.size() != at_risk.size()) return;
    for (std::size_t i = 0; i < at_risk.size(); ++i) {
        DigitisedArm& arm = arm_of(*series.source, at_risk[i], at_risk.size(), "numbers at risk", digitised);
        arm.counted = counted_patients(at_risk[i].entries, events[i].entries, censored[i].entries, arm.clicks);
        if (!arm.counted.empty())
            digitised.repairs.push_back(of_arm(arm.name) +
                                        "the table counts events and censored: the patients are exact");
    }
}

void read_curve(const tables::Series& series, bool failures, Digitised& digitised) {
    PointsRead read = read_points(series, failures, digitised);
    for (DigitisedArm& arm : read.arms) {
        const bool twice = std::ranges::any_of(
            digitised.arms, [&](const DigitisedArm& one) { return support::equal_any_case(one.name, arm.name); });
        if (twice)
            series.source->fail_line(
                0, (arm.name.empty() ? "an arm without a name" : "the arm " + arm.name) + " is also in another file",
                "give each arm in one file only");
        digitised.arms.push_back(std::move(arm));
    }
    digitised.files.back().percent = read.any_percent;
}

}  // namespace

Digitised read_digitised(const DigitisedFiles& files) {
    Digitised digitised;
    const auto read = [&](const tables::Input& file, tables::Content content) {
        tables::Series series = tables::read_series(file, content);
        say_notes(series.read, digitised.repairs);
        digitised.files.push_back(series.read);
        return series;
    };
    std::vector<tables::Series> curves;
    for (const tables::Input& file : files.curve) {
        curves.push_back(read(file, tables::Content::survival));
        read_curve(curves.back(), files.failures, digitised);
    }
    // A table of survfit has them beside the curve.
    if (files.at_risk.empty())
        for (const tables::Series& curve : curves) {
            read_at_risk(curve, FromTable::beside_curve, digitised);
            take_counts(curve, digitised);
        }
    for (const tables::Input& file : files.at_risk) {
        const tables::Series series = read(file, tables::Content::numbers_at_risk);
        read_at_risk(series, FromTable::below_figure, digitised);
    }
    for (std::string& warning : unlikely_times(digitised)) digitised.warnings.push_back(std::move(warning));
    for (const tables::Input& file : files.censor_marks)
        read_marks(read(file, tables::Content::censor_marks), digitised);
    return digitised;
}

Digitised read_digitised(std::string_view curve, const std::string& curve_file, std::string_view at_risk,
                         const std::string& at_risk_file, std::string_view marks, const std::string& marks_file) {
    DigitisedFiles files;
    const auto input = [](std::string_view bytes, const std::string& file) {
        tables::Input result;
        result.bytes = bytes;
        result.file = file;
        return result;
    };
    files.curve.push_back(input(curve, curve_file));
    if (!at_risk_file.empty()) files.at_risk.push_back(input(at_risk, at_risk_file));
    if (!marks_file.empty()) files.censor_marks.push_back(input(marks, marks_file));
    return read_digitised(files);
}

}  // namespace hersurv::patients
