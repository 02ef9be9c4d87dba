// Judges the course, scale and start of each arm's points, and repairs what is slightly off.
#include "patients/digitised_points.hpp"

#include "patients/figure_course.hpp"
#include "patients/figure_entries.hpp"
#include "support/antitonic.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::patients {
namespace {

using support::counted;
using support::shortest;
using tables::Source;

// The farthest that one point may be outside what its neighbours span before it is taken for a slip.
constexpr double most_beyond_neighbours = 0.05;
// Root mean square distance of the points to the nearest non-increasing curve, above which they are not a survival
// curve.
constexpr double most_rise = 0.03;

class CurveReader {
  public:
    CurveReader(const tables::Series& series, bool failures, Digitised& digitised)
        : source_(*series.source),
          failures_(failures),
          of_program_(!series.at_risk.empty()),
          repairs_(digitised.repairs),
          warnings_(digitised.warnings),
          arms_(entries_of(series.arms, series.read.time_unit)) {}

    PointsRead read() {
        if (arms_.empty()) source_.fail_line(0, "has no row with a time and a survival", "digitise the curve");
        for (const ArmEntries& arm : arms_) refuse_other_courses(arm);
        settle_percent();
        PointsRead result;
        for (ArmEntries& arm : arms_) result.arms.push_back(read_arm(arm));
        result.any_percent = any_percent_;
        return result;
    }

  private:
    // Survival falls, a cumulative incidence rises, whatever their scale.
    void refuse_other_courses(const ArmEntries& arm) const {
        std::vector<CoursePoint> points;
        for (const Entry& entry : arm.entries) points.push_back({entry.time_months, entry.value});
        if (points.size() < 2) return;
        const Course course = course_of(points);
        const auto [least, most] = std::ranges::minmax(arm.entries, {}, &Entry::value);
        if (course == Course::exchanged)
            source_.fail(most.value_at,
                         of_arm(arm.arm) +
                             "the columns of time and survival seem to be exchanged: \"survival\" goes up to " +
                             shortest(most.value) + ", and \"time\" comes down to survival's scale",
                         "exchange the two columns or their names");
        if (course == Course::incidence && !failures_)
            source_.fail(most.value_at,
                         of_arm(arm.arm) + "the curve rises from " + support::significant(least.value, 3) + " to " +
                             support::significant(most.value, 3) + ", as a cumulative incidence does",
                         "give survival, which decreases, or read the file as cumulative incidence");
        if (course != Course::incidence && failures_)
            source_.fail(arm.entries.front().value_at,
                         of_arm(arm.arm) + "the curve does not rise from 0, as a cumulative incidence does",
                         "read the file as survival");
    }

    // Each arm by itself. One point above what a share can be clicked at may be a slip; the values of an arm in percent
    // are hardly ever below.
    [[nodiscard]] bool is_percent(const ArmEntries& arm) const {
        if (arm.percent) return true;
        constexpr std::size_t least_share = 10;  // of the points: one in so many
        const auto n_above = static_cast<std::size_t>(
            std::ranges::count_if(arm.entries, [](const Entry& entry) { return entry.value > 1 + most_beyond_axis; }));
        // Survival starts at 100, a cumulative incidence at 0.
        const double first = std::ranges::min_element(arm.entries, {}, &Entry::time_months)->value;
        return n_above > 1 && n_above * least_share >= arm.entries.size() &&
               (failures_ || first > 1 + most_beyond_axis);
    }

    void settle_percent() {
        std::vector<std::string> names;
        for (ArmEntries& arm : arms_) {
            const auto highest = std::ranges::max_element(arm.entries, {}, &Entry::value);
            if (is_percent(arm)) {
                constexpr double least_percent = 2;  // the first point of a curve is near 100
                if (!arm.percent && !failures_ && highest->value < least_percent)
                    source_.fail(highest->value_at,
                                 "survival " + shortest(highest->value) + " is neither a share nor percent",
                                 "give survival in 0..1 or 0..100");
                for (Entry& entry : arm.entries) entry.value /= 100;
                names.push_back(arm.arm);
            }
            if (failures_)
                for (Entry& entry : arm.entries) entry.value = 1 - entry.value;
        }
        any_percent_ = !names.empty();
        const std::string is_in_percent = failures_ ? "cumulative incidence is in percent" : "survival is in percent";
        if (names.size() == arms_.size()) {
            repairs_.push_back(is_in_percent);
            return;
        }
        for (const std::string& name : names)
            warnings_.push_back(of_arm(name) + is_in_percent + ", that of the other arms in shares");
    }

    DigitisedArm read_arm(ArmEntries& arm) {
        std::vector<Entry>& entries = arm.entries;
        say_order(repairs_, arm.arm, "point", put_in_order(entries));
        drop_impossible(arm);
        clip(arm);
        drop_slips(arm);
        refuse_rise(arm);
        judge_start(arm);
        DigitisedArm result;
        result.name = arm.arm;
        for (const Entry& entry : entries) result.clicks.push_back({entry.time_months, entry.value});
        return result;
    }

    // A curve starts at time 0 with everybody.
    void judge_start(const ArmEntries& arm) const {
        constexpr double near_start = 0.02;  // of the axis
        constexpr double least_start = 0.9;
        const Entry& first = arm.entries.front();
        const double end = arm.entries.back().time_months;
        if (arm.entries.size() < 2 || !(end > 0))
            source_.fail(arm.entries.back().time_at, of_arm(arm.arm) + "one point is not a curve",
                         "digitise more points");
        const bool late = first.time_months > near_start * end;
        if (!late && first.value < least_start)
            source_.fail(
                first.value_at,
                of_arm(arm.arm) + "survival starts at " + support::significant(first.value, 3) + ", not close to 1",
                "give the curve from time 0 on, where survival is 1; check the unit of survival");
        if (!late) return;
        const std::string text = of_arm(arm.arm) + "no point before " + support::significant(first.time_months, 3) +
                                 ", where survival is " + support::significant(first.value, 3) +
                                 ": the curve before it is unknown and taken as a straight line from 1";
        constexpr double most_unknown = 0.2;  // of S
        (first.value < 1 - most_unknown && !of_program_ ? warnings_ : repairs_).push_back(text);
    }

    // Points if no curve is: a few are slips.
    void drop_impossible(ArmEntries& arm) {
        const double axis = arm.entries.back().time_months;
        const auto impossible = [&](const Entry& entry) {
            return entry.time_months < -most_beyond_axis * axis || entry.value < -most_beyond_axis ||
                   entry.value > 1 + most_beyond_axis;
        };
        const auto worst = std::ranges::find_if(arm.entries, impossible);
        if (worst == arm.entries.end()) return;
        std::vector<std::string> lines;
        for (const Entry& entry : arm.entries)
            if (impossible(entry)) lines.push_back(std::to_string(entry.line));
        if (lines.size() > most_slips(arm.entries.size())) {
            if (worst->time_months < -most_beyond_axis * axis)
                source_.fail(worst->time_at, "time " + shortest(worst->time_months) + " is before 0",
                             "times begin at 0");
            source_.fail(worst->value_at,
                         worst->value < 0 ? "survival " + shortest(worst->value) + " is below 0"
                                          : "survival " + shortest(worst->value) + " is neither a share nor percent",
                         "give survival in 0..1 or 0..100");
        }
        warnings_.push_back(of_arm(arm.arm) + counted(lines.size(), "point") + " outside the axes left out (line " +
                            support::joined(lines) + ")");
        std::erase_if(arm.entries, impossible);
    }

    // More of so many are not slips, but a curve that cannot be.
    static std::size_t most_slips(std::size_t n_points) {
        constexpr std::size_t fewest_points = 5;
        return n_points < fewest_points ? 0 : std::max<std::size_t>(1, n_points / 20);
    }

    void clip(ArmEntries& arm) {
        std::size_t n_early = 0, n_above = 0, n_below = 0;
        for (Entry& entry : arm.entries) {
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
        if (lines.empty() || lines.size() > most_slips(entries.size())) return;
        repairs_.push_back(of_arm(arm.arm) + counted(lines.size(), "point") +
                           " far from the neighbouring points left out (line " + support::joined(lines) + ")");
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
                         "survival cannot increase; look for exchanged columns or arms");
        if (n_above > 0)
            repairs_.push_back(of_arm(arm.arm) + counted(n_above, "point") + " above an earlier one (by up to " +
                               support::significant(most, 2) + "), averaged to a non-increasing curve");
    }

    const Source& source_;
    bool failures_ = false;
    bool of_program_ =
        false;  // numbers at risk are beside it, as in a table of R's survfit, which begins with an event
    std::vector<std::string>&repairs_, &warnings_;
    std::vector<ArmEntries> arms_;
    bool any_percent_ = false;
};

}  // namespace

PointsRead read_points(const tables::Series& series, bool failures, Digitised& digitised) {
    return CurveReader(series, failures, digitised).read();
}

}  // namespace hersurv::patients
