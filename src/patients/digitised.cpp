// Reads digitised figures: checks what cannot be, repairs what hands do, and says so.
#include "hersurv/error.hpp"
#include "hersurv/patients.hpp"

#include "support/antitonic.hpp"
#include "support/csv.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

namespace hersurv::patients {
namespace {

using support::counted;
using support::CsvTable;
using support::shortest;

// A point that is off by no more than this has been clicked badly; one that is off by more is wrong.
constexpr double most_beyond_axis = 0.03;
// The farthest that one point may be outside what its neighbours span before it is taken for a slip.
constexpr double most_beyond_neighbours = 0.05;
// Root mean square distance of the points to the nearest non-increasing curve, above which they are no survival curve.
constexpr double most_rise = 0.03;

std::string of_arm(const std::string& arm) { return arm.empty() ? "" : "arm " + arm + ": "; }

// One point or number at risk with its row.
struct Entry {
    double time_months = 0, value = 0;
    std::size_t row = 0;
};

struct ArmEntries {
    std::string arm;
    std::vector<Entry> entries;
};

// The rows of a file by arm, as they stand; without a column of values these are 0.
std::vector<ArmEntries> entries_of(const CsvTable& table, const std::string& file, const std::string& value_column) {
    table.require_column("time");
    if (!value_column.empty()) table.require_column(value_column);
    if (table.n_rows() == 0)
        throw support::InputError({{file, "", "has no line below its header", "give at least one", 1, 0}});
    const bool has_arms = table.has_column("arm");
    std::vector<ArmEntries> arms;
    for (std::size_t row = 0; row < table.n_rows(); ++row) {
        const std::string arm = has_arms ? table.text(row, "arm") : "";
        auto of = std::find_if(arms.begin(), arms.end(), [&](const ArmEntries& one) { return one.arm == arm; });
        if (of == arms.end()) of = arms.insert(arms.end(), {arm, {}});
        of->entries.push_back({table.required_number(row, "time"),
                               value_column.empty() ? 0 : table.required_number(row, value_column), row});
    }
    return arms;
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
    CurveReader(std::string_view text, const std::string& file, std::vector<std::string>& repairs)
        : table_(text, file), file_(file), repairs_(repairs) {}

    std::vector<DigitisedArm> read() {
        auto arms = entries_of(table_, file_, "survival");
        settle_percent(arms);
        std::vector<DigitisedArm> result;
        for (ArmEntries& arm : arms) result.push_back(read_arm(arm));
        return result;
    }

  private:
    // Survival is in percent where it is above what a share can be clicked at.
    void settle_percent(std::vector<ArmEntries>& arms) {
        const Entry* highest = nullptr;
        for (const ArmEntries& arm : arms)
            for (const Entry& entry : arm.entries)
                if (highest == nullptr || entry.value > highest->value) highest = &entry;
        if (highest == nullptr || highest->value <= 1 + most_beyond_axis) return;
        constexpr double least_percent = 2;  // the first point of a curve is near 100
        if (highest->value < least_percent || highest->value > 100 * (1 + most_beyond_axis))
            table_.fail(highest->row, "survival " + shortest(highest->value) + " is neither a share nor percent",
                        "give survival in 0..1 or 0..100", "survival");
        for (ArmEntries& arm : arms)
            for (Entry& entry : arm.entries) entry.value /= 100;
        repairs_.emplace_back("survival is in percent");
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
            table_.fail(entries.back().row, of_arm(arm.arm) + "one point is no curve", "digitise more of it", "time");
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
                table_.fail(entry.row, "time " + shortest(entry.time_months) + " is before 0", "give times from 0 on",
                            "time");
            if (entry.value < -most_beyond_axis)
                table_.fail(entry.row, "survival " + shortest(entry.value) + " is below 0",
                            "give survival in 0..1 or 0..100", "survival");
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
                lines.push_back(std::to_string(table_.line(entries[i].row)));
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
            table_.fail(arm.entries[worst].row,
                        of_arm(arm.arm) + "the curve rises: survival " + support::significant(values[worst], 3) +
                            " at " + shortest(arm.entries[worst].time_months) + " after " +
                            support::significant(values[worst] - most, 3),
                        "survival cannot rise; look for exchanged columns or arms", "survival");
        if (n_above > 0)
            repairs_.push_back(of_arm(arm.arm) + counted(n_above, "point") + " above an earlier one (by up to " +
                               support::significant(most, 2) + "), averaged to a curve that does not rise");
    }

    CsvTable table_;
    const std::string& file_;
    std::vector<std::string>& repairs_;
};

// The arm of the curve that entries of another file are of.
DigitisedArm& arm_of(const CsvTable& table, const ArmEntries& entries, const std::string& what, Digitised& digitised) {
    const auto arm = std::find_if(digitised.arms.begin(), digitised.arms.end(),
                                  [&](const DigitisedArm& one) { return one.name == entries.arm; });
    if (arm == digitised.arms.end())
        table.fail(entries.entries.front().row,
                   entries.arm.empty() ? "the curve names arms, the " + what + " do not"
                                       : "the curve has no arm '" + entries.arm + "'",
                   "name the arms as the curve does", entries.arm.empty() ? "time" : "arm");
    return *arm;
}

void read_marks(std::string_view text, const std::string& file, Digitised& digitised) {
    const CsvTable table(text, file);
    for (ArmEntries& of_file : entries_of(table, file, "")) {
        DigitisedArm& arm = arm_of(table, of_file, "censor marks", digitised);
        const double end = arm.clicks.back().time_months;
        std::size_t n_late = 0;
        for (const Entry& entry : of_file.entries) {
            if (entry.time_months < 0)
                table.fail(entry.row, "time " + shortest(entry.time_months) + " is before 0", "give times from 0 on",
                           "time");
            if (entry.time_months > end * (1 + most_beyond_axis))
                table.fail(entry.row,
                           of_arm(arm.name) + "a mark at " + shortest(entry.time_months) + ", the curve ends at " +
                               shortest(end),
                           "give both in the same unit of time, or digitise the curve to its end", "time");
            n_late += entry.time_months > end;
            arm.censor_marks.push_back(std::min(entry.time_months, end));
        }
        std::sort(arm.censor_marks.begin(), arm.censor_marks.end());
        if (n_late > 0)
            digitised.repairs.push_back(of_arm(arm.name) + counted(n_late, "mark") +
                                        " just after the last point, taken at it");
    }
}

void read_at_risk(std::string_view text, const std::string& file, Digitised& digitised) {
    const CsvTable table(text, file);
    for (ArmEntries& of_file : entries_of(table, file, "n_at_risk")) {
        auto& entries = of_file.entries;
        DigitisedArm* const arm = &arm_of(table, of_file, "numbers at risk", digitised);
        for (const Entry& entry : entries) {
            if (entry.value < 0 || entry.value != std::floor(entry.value) ||
                entry.value > static_cast<double>(most_patients))
                table.fail(entry.row, "n_at_risk " + shortest(entry.value) + " is no number of patients",
                           "give a whole number", "n_at_risk");
            if (entry.time_months < 0)
                table.fail(entry.row, "time " + shortest(entry.time_months) + " is before 0", "give times from 0 on",
                           "time");
        }
        say_order(digitised.repairs, arm->name, "number at risk", put_in_order(entries));
        for (std::size_t i = 1; i < entries.size(); ++i) {
            if (entries[i].time_months == entries[i - 1].time_months)
                table.fail(entries[i].row, "two numbers at risk at the time " + shortest(entries[i].time_months),
                           "give one for each time", "time");
            if (entries[i].value > entries[i - 1].value)
                table.fail(entries[i].row,
                           "the number at risk grows: " + shortest(entries[i].value) + " at " +
                               shortest(entries[i].time_months) + " after " + shortest(entries[i - 1].value),
                           "nobody enters later; look for exchanged arms or lines", "n_at_risk");
        }
        if (entries.front().value == 0)
            table.fail(entries.front().row, "nobody is at risk at the start", "give the number of patients first",
                       "n_at_risk");
        const double end = arm->clicks.back().time_months;
        if (entries.front().time_months >= end)
            table.fail(entries.front().row,
                       "the first number at risk is at " + shortest(entries.front().time_months) +
                           ", the curve ends at " + shortest(end),
                       "give both in the same unit of time", "time");
        if (entries.back().value > 0 && entries.back().time_months > end)
            digitised.repairs.push_back(of_arm(arm->name) + "no point after " + shortest(end) +
                                        ", the curve is level to the last number at risk at " +
                                        shortest(entries.back().time_months));
        for (const Entry& entry : entries)
            arm->at_risk.push_back({entry.time_months, static_cast<std::size_t>(entry.value)});
    }
}

}  // namespace

Digitised read_digitised(std::string_view curve, const std::string& curve_file, std::string_view at_risk,
                         const std::string& at_risk_file, std::string_view marks, const std::string& marks_file) {
    Digitised digitised;
    digitised.arms = CurveReader(curve, curve_file, digitised.repairs).read();
    if (!at_risk_file.empty()) read_at_risk(at_risk, at_risk_file, digitised);
    if (!marks_file.empty()) read_marks(marks, marks_file, digitised);
    return digitised;
}

}  // namespace hersurv::patients
