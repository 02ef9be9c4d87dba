// Reads digitised figures: checks what cannot be, repairs what hands do, and says so.
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"
#include "hersurv/tables.hpp"

#include "support/antitonic.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include "tables/series.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

namespace hersurv::patients {
namespace {

using support::counted;
using support::shortest;
using tables::Source;

// A point that is off by no more than this has been clicked badly; one that is off by more is wrong.
constexpr double most_beyond_axis = 0.03;
// The farthest that one point may be outside what its neighbours span before it is taken for a slip.
constexpr double most_beyond_neighbours = 0.05;
// Root mean square distance of the points to the nearest non-increasing curve, above which they are no survival curve.
constexpr double most_rise = 0.03;

std::string of_arm(const std::string& arm) { return arm.empty() ? "" : "arm " + arm + ": "; }

// One point or number at risk with its places in the file.
struct Entry {
    double time_months = 0, value = 0;
    std::size_t time_at = 0, value_at = 0;
    int line = 0;
};

// An arm of a file.
struct ArmEntries {
    std::string arm;
    std::size_t arm_at = 0;
    bool percent = false;
    std::vector<Entry> entries;
};

std::vector<ArmEntries> entries_of(const std::vector<tables::ArmSeries>& arms, const std::string& time_unit) {
    const double months =
        catalogue::months_in(catalogue::parse_time_unit(time_unit).value_or(catalogue::TimeUnit::months));
    std::vector<ArmEntries> result;
    for (const tables::ArmSeries& arm : arms) {
        ArmEntries& of = result.emplace_back(ArmEntries{arm.name, arm.name_at, arm.percent, {}});
        of.entries.reserve(arm.points.size());
        for (const tables::Point& point : arm.points)
            of.entries.push_back({point.time * months, point.value, point.time_at, point.value_at, point.line});
    }
    return result;
}

void say_notes(const tables::FileRead& read, std::vector<std::string>& repairs) {
    for (const std::string& note : read.notes) repairs.push_back(read.file + ": " + note);
}

// Orders the entries and drops those given twice; returns how many stood out of order and how many twice.
std::pair<std::size_t, std::size_t> put_in_order(std::vector<Entry>& entries) {
    std::size_t out_of_order = 0;
    for (std::size_t i = 1; i < entries.size(); ++i)
        out_of_order += entries[i].time_months < entries[i - 1].time_months;
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return std::tuple(a.time_months, -a.value) < std::tuple(b.time_months, -b.value);
    });
    const auto last = std::unique(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return a.time_months == b.time_months && a.value == b.value;
    });
    const auto twice = static_cast<std::size_t>(entries.end() - last);
    entries.erase(last, entries.end());
    return {out_of_order, twice};
}

void say_order(std::vector<std::string>& repairs, const std::string& arm, const std::string& what,
               const std::pair<std::size_t, std::size_t>& counts) {
    if (counts.first > 0)
        repairs.push_back(of_arm(arm) + counted(counts.first, what) + " out of order, sorted by time");
    if (counts.second > 0) repairs.push_back(of_arm(arm) + counted(counts.second, what) + " given twice, taken once");
}

class CurveReader {
  public:
    CurveReader(const tables::Series& series, std::vector<std::string>& repairs)
        : source_(*series.source), repairs_(repairs), arms_(entries_of(series.arms, series.read.time_unit)) {}

    std::vector<DigitisedArm> read() {
        if (arms_.empty()) source_.fail_line(0, "has no row with a time and a survival", "digitise the curve");
        settle_percent();
        std::vector<DigitisedArm> result;
        for (ArmEntries& arm : arms_) result.push_back(read_arm(arm));
        return result;
    }

    [[nodiscard]] bool any_percent() const { return any_percent_; }

  private:
    // Each arm by itself. One point above what a share can be clicked at may be a slip; the values of an arm in percent
    // are hardly ever below.
    [[nodiscard]] bool is_percent(const ArmEntries& arm) const {
        if (arm.percent) return true;
        constexpr std::size_t least_share = 10;  // of the points: one in so many
        const auto n_above = static_cast<std::size_t>(
            std::ranges::count_if(arm.entries, [](const Entry& entry) { return entry.value > 1 + most_beyond_axis; }));
        return n_above > 1 && n_above * least_share >= arm.entries.size();
    }

    void settle_percent() {
        std::vector<std::string> names;
        for (ArmEntries& arm : arms_) {
            const auto highest = std::ranges::max_element(arm.entries, {}, &Entry::value);
            const bool percent = is_percent(arm);
            if (!percent && highest->value <= 1 + most_beyond_axis) continue;
            constexpr double least_percent = 2;  // the first point of a curve is near 100
            if (!percent || (!arm.percent && highest->value < least_percent) ||
                highest->value > 100 * (1 + most_beyond_axis))
                source_.fail(highest->value_at,
                             "survival " + shortest(highest->value) + " is neither a share nor percent",
                             "give survival in 0..1 or 0..100");
            for (Entry& entry : arm.entries) entry.value /= 100;
            names.push_back(arm.arm);
        }
        any_percent_ = !names.empty();
        if (names.size() == arms_.size())
            repairs_.emplace_back("survival is in percent");
        else
            for (const std::string& name : names) repairs_.push_back(of_arm(name) + "survival is in percent");
    }

    DigitisedArm read_arm(ArmEntries& arm) {
        std::vector<Entry>& entries = arm.entries;
        say_order(repairs_, arm.arm, "point", put_in_order(entries));
        clip(arm);
        drop_slips(arm);
        refuse_rise(arm);
        constexpr double near_start = 0.02;  // of the axis
        const double end = entries.back().time_months;
        if (entries.size() < 2 || !(end > 0))
            source_.fail(entries.back().time_at, of_arm(arm.arm) + "one point is no curve", "digitise more of it");
        if (entries.front().time_months > near_start * end)
            repairs_.push_back(of_arm(arm.arm) + "no point before " + shortest(entries.front().time_months) +
                               ", the curve starts at time 0 and survival 1");
        DigitisedArm result;
        result.name = arm.arm;
        for (const Entry& entry : entries) result.clicks.push_back({entry.time_months, entry.value});
        return result;
    }

    void clip(ArmEntries& arm) {
        const double axis = arm.entries.back().time_months;
        std::size_t n_early = 0, n_above = 0, n_below = 0;
        for (Entry& entry : arm.entries) {
            if (entry.time_months < -most_beyond_axis * axis)
                source_.fail(entry.time_at, "time " + shortest(entry.time_months) + " is before 0",
                             "give times from 0 on");
            if (entry.value < -most_beyond_axis)
                source_.fail(entry.value_at, "survival " + shortest(entry.value) + " is below 0",
                             "give survival in 0..1 or 0..100");
            n_early += entry.time_months < 0;
            n_above += entry.value > 1;
            n_below += entry.value < 0;
            entry.time_months = std::max(0.0, entry.time_months);
            entry.value = std::clamp(entry.value, 0.0, 1.0);
        }
        for (const auto& [n, where] : {std::pair(n_early, "before time 0, taken at 0"),
                                       {n_above, "above survival 1, taken at 1"},
                                       {n_below, "below survival 0, taken at 0"}})
            if (n > 0) repairs_.push_back(of_arm(arm.arm) + counted(n, "point") + " " + where);
    }

    // One point far outside what its two neighbours on either side span, in a direction that no curve takes and comes
    // back from.
    void drop_slips(ArmEntries& arm) {
        std::vector<Entry> kept;
        std::vector<std::string> lines;
        const auto& entries = arm.entries;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            double low = 1, high = 0;
            std::size_t n_around = 0;
            for (std::size_t j = i < 2 ? 0 : i - 2; j < std::min(entries.size(), i + 3); ++j) {
                if (j == i) continue;
                low = std::min(low, entries[j].value);
                high = std::max(high, entries[j].value);
                ++n_around;
            }
            // Before the first the curve is at 1; after the last it may fall.
            if (i < 2) high = 1;
            if (i + 2 >= entries.size()) low = 0;
            const bool slip = n_around > 1 && (entries[i].value > high + most_beyond_neighbours ||
                                               entries[i].value < low - most_beyond_neighbours);
            if (slip)
                lines.push_back(std::to_string(entries[i].line));
            else
                kept.push_back(entries[i]);
        }
        // More of them are no slips, but a curve that cannot be.
        if (lines.empty() || lines.size() > std::max<std::size_t>(1, entries.size() / 20)) return;
        std::string list;
        for (const std::string& line : lines) list += (list.empty() ? "" : ", ") + line;
        repairs_.push_back(of_arm(arm.arm) + counted(lines.size(), "point") +
                           " far off the neighbours left out (line " + list + ")");
        arm.entries = std::move(kept);
    }

    void refuse_rise(const ArmEntries& arm) {
        std::vector<double> values;
        for (const Entry& entry : arm.entries) values.push_back(entry.value);
        const std::vector<double> falling = support::antitonic(values);
        double sum_of_squares = 0, lowest = 1, most = 0;
        std::size_t n_above = 0, worst = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            sum_of_squares += (values[i] - falling[i]) * (values[i] - falling[i]);
            n_above += values[i] > lowest;
            if (values[i] - lowest > most) {
                most = values[i] - lowest;
                worst = i;
            }
            lowest = std::min(lowest, values[i]);
        }
        if (std::sqrt(sum_of_squares / static_cast<double>(values.size())) > most_rise)
            source_.fail(arm.entries[worst].value_at,
                         of_arm(arm.arm) + "the curve rises: survival " + support::significant(values[worst], 3) +
                             " at " + shortest(arm.entries[worst].time_months) + " after " +
                             support::significant(values[worst] - most, 3),
                         "survival cannot rise; look for exchanged columns or arms");
        if (n_above > 0)
            repairs_.push_back(of_arm(arm.arm) + counted(n_above, "point") + " above an earlier one (by up to " +
                               support::significant(most, 2) + "), averaged to a curve that does not rise");
    }

    const Source& source_;
    std::vector<std::string>& repairs_;
    std::vector<ArmEntries> arms_;
    bool any_percent_ = false;
};

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
    for (const DigitisedArm& one : arms) names.push_back(one.name.empty() ? "one without a name" : one.name);
    source.fail(entries.arm_at,
                entries.arm.empty() ? "the curve names arms, the " + what + " do not"
                                    : "the curve has no arm '" + entries.arm + "'",
                "name the arms as the curve does: " + support::joined(names));
}

void read_marks(const tables::Series& series, Digitised& digitised) {
    const Source& source = *series.source;
    for (ArmEntries& of_file : entries_of(series.arms, series.read.time_unit)) {
        DigitisedArm& arm = arm_of(source, of_file, series.arms.size(), "censor marks", digitised);
        const double end = arm.clicks.back().time_months;
        std::size_t n_late = 0;
        for (const Entry& entry : of_file.entries) {
            if (entry.time_months < 0)
                source.fail(entry.time_at, "time " + shortest(entry.time_months) + " is before 0",
                            "give times from 0 on");
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
            source.fail(entry.value_at, "n_at_risk " + shortest(entry.value) + " is no number of patients",
                        "give a whole number");
        if (entry.time_months < 0)
            source.fail(entry.time_at, "time " + shortest(entry.time_months) + " is before 0", "give times from 0 on");
    }
}

void refuse_growth(const Source& source, const std::vector<Entry>& entries) {
    for (std::size_t i = 1; i < entries.size(); ++i) {
        if (entries[i].time_months == entries[i - 1].time_months)
            source.fail(entries[i].time_at, "two numbers at risk at the time " + shortest(entries[i].time_months),
                        "give one for each time");
        if (entries[i].value > entries[i - 1].value)
            source.fail(entries[i].value_at,
                        "the number at risk grows: " + shortest(entries[i].value) + " at " +
                            shortest(entries[i].time_months) + " after " + shortest(entries[i - 1].value),
                        "nobody enters later; look for exchanged arms or lines");
    }
    if (entries.front().value == 0)
        source.fail(entries.front().value_at, "nobody is at risk at the start", "give the number of patients first");
}

void read_at_risk(const tables::Series& series, const std::vector<tables::ArmSeries>& arms, Digitised& digitised) {
    const Source& source = *series.source;
    for (ArmEntries& of_file : entries_of(arms, series.read.time_unit)) {
        auto& entries = of_file.entries;
        DigitisedArm& arm = arm_of(source, of_file, arms.size(), "numbers at risk", digitised);
        refuse_counts(source, entries);
        say_order(digitised.repairs, arm.name, "number at risk", put_in_order(entries));
        refuse_growth(source, entries);
        const double end = arm.clicks.back().time_months;
        if (entries.front().time_months >= end)
            source.fail(entries.front().time_at,
                        "the first number at risk is at " + shortest(entries.front().time_months) +
                            ", the curve ends at " + shortest(end),
                        "give both in the same unit of time");
        if (entries.back().value > 0 && entries.back().time_months > end)
            digitised.repairs.push_back(of_arm(arm.name) + "no point after " + shortest(end) +
                                        ", the curve is level to the last number at risk at " +
                                        shortest(entries.back().time_months));
        for (const Entry& entry : entries)
            arm.at_risk.push_back({entry.time_months, static_cast<std::size_t>(entry.value)});
    }
}

void read_curve(const tables::Series& series, Digitised& digitised) {
    CurveReader reader(series, digitised.repairs);
    for (DigitisedArm& arm : reader.read()) {
        const bool twice = std::ranges::any_of(
            digitised.arms, [&](const DigitisedArm& one) { return support::equal_any_case(one.name, arm.name); });
        if (twice)
            series.source->fail_line(0,
                                     (arm.name.empty() ? "an arm without a name" : "the arm " + arm.name) +
                                         " stands in another file as well",
                                     "give each file an arm of its own");
        digitised.arms.push_back(std::move(arm));
    }
    digitised.files.back().percent = reader.any_percent();
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
        read_curve(curves.back(), digitised);
    }
    // A table of survfit has them beside the curve.
    if (files.at_risk.empty())
        for (const tables::Series& curve : curves) read_at_risk(curve, curve.at_risk, digitised);
    for (const tables::Input& file : files.at_risk) {
        const tables::Series series = read(file, tables::Content::numbers_at_risk);
        read_at_risk(series, series.arms, digitised);
    }
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
