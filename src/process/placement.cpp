// Places the arms of an analysis, and ranges for the medians that were not published.
#include "process/placement.hpp"

#include <fmt/format.h>

#include "evidence/follow_up.hpp"
#include "process/rising_points.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::process {
namespace {

using catalogue::StatisticKey;
using evidence::AnalysisEvidence;
using evidence::Observation;
using support::logit;
using support::sd_of_rounding;
using support::shortest;
using Use = NumberInFit::Use;

constexpr double surely = 3;  // sds by which a point is above or below one half

class Placer {
  public:
    explicit Placer(const AnalysisEvidence& evidence)
        : evidence_(evidence), reading_(evidence.constants->endpoint(evidence.endpoint)) {
        out_.arms.resize(evidence.arms.size());
    }

    Placement place() {
        for (std::size_t arm = 0; arm < evidence_.arms.size(); ++arm) {
            const int n = evidence_.arms[arm].n_patients.value_or(0);
            out_.arms[arm].n_patients = n > 0 ? n : evidence_.constants->reading().default_n_patients;
            out_.arms[arm].follow_up_months = evidence_.follow_up_or_guess(arm);
        }
        for (std::size_t i = 0; i < evidence_.observations.size(); ++i) {
            const Observation& o = evidence_.observations[i];
            NumberInFit number;
            number.arm = o.arm;
            number.derivation = o.derivation;
            out_.numbers.push_back(number);
            if (o.kind == evidence::Kind::point)
                add_point(i, o);
            else if (o.kind == evidence::Kind::bound)
                add_bound(out_.numbers[i], o);
            else if (o.kind == evidence::Kind::events || o.kind == evidence::Kind::log_hazard_ratio)
                add_tie({i, o.arm, o.control, o.value, o.sd});
        }
        read_rising_points_less_surely(out_);
        place_arms();
        look_for_medians();
        drop_unplaced();
        return std::move(out_);
    }

  private:
    void add_point(std::size_t i, const Observation& o) {
        NumberInFit& number = out_.numbers[i];
        number.time_months = o.time_months;
        number.survival = o.survival;
        if (o.statistic.is(StatisticKey::Kind::median)) {
            // It places the axis of time, and is met up to its rounding.
            out_.arms[o.arm].median_months = o.time_months;
            out_.arms[o.arm].median_rounding_months = sd_of_rounding(o.published.half_unit());
            number.use = Use::median;
            return;
        }
        number.use = Use::anchor;
        number.sd = o.sd;
        out_.anchors.push_back(
            {o.arm, o.time_months, o.survival, o.sd, o.statistic.is_limit_of(StatisticKey::Kind::median), i});
    }

    static void add_bound(NumberInFit& number, const Observation& o) {
        number.use = Use::grid_end;
        number.time_months = o.time_months;
        number.survival = o.survival;
    }

    void add_tie(const Tie& tie) {
        NumberInFit& number = out_.numbers[tie.observation];
        number.use = Use::tie;
        number.value = tie.value;
        number.sd = tie.sd;
        out_.ties.push_back(tie);
    }

    // By a median, a point, events that not nearly every patient had, or a hazard ratio against an arm that is placed.
    void place_arms() {
        for (ArmPlacement& arm : out_.arms) arm.placed = arm.median_months.has_value();
        for (const Anchor& anchor : out_.anchors) out_.arms[anchor.arm].placed = true;
        for (const Tie& tie : out_.ties)
            if (!tie.control && tie.value < 1 - tie.sd) out_.arms[tie.arm].placed = true;
        for (std::size_t pass = 0; pass < out_.arms.size(); ++pass)
            for (const Tie& tie : out_.ties)
                if (tie.control && out_.arms[tie.arm].placed != out_.arms[*tie.control].placed)
                    out_.arms[tie.arm].placed = out_.arms[*tie.control].placed = true;
        for (std::size_t arm = 0; arm < out_.arms.size(); ++arm)
            if (!out_.arms[arm].placed)
                out_.arms[arm].reason = !evidence_.no_curve.empty() ? evidence_.no_curve
                                        : evidence_.arms[arm].median_not_reached
                                            ? "the median was not reached, and no survival rate, confidence limit, "
                                              "event count or hazard ratio says how far the curve is above 50%"
                                            : "no median, survival rate or event count is published, nor a hazard "
                                              "ratio v an arm with a curve";
    }

    void look_for_medians() {
        std::vector<bool> known(out_.arms.size());
        for (std::size_t arm = 0; arm < out_.arms.size(); ++arm) {
            ArmPlacement& data = out_.arms[arm];
            if (!data.placed || data.median_months) {
                known[arm] = data.placed;
                continue;
            }
            known[arm] = search_beyond_follow_up(arm) || search_around_points(arm) || search_by_events(arm);
        }
        for (std::size_t pass = 0; pass < out_.arms.size(); ++pass)
            for (const Tie& tie : out_.ties) {
                if (!tie.control || known[tie.arm] == known[*tie.control]) continue;
                const bool control_known = known[*tie.control];
                search_by_hazard_ratio(control_known ? tie.arm : *tie.control, control_known ? *tie.control : tie.arm,
                                       control_known ? tie.value : -tie.value);
                known[tie.arm] = known[*tie.control] = true;
            }
    }

    // The latest time at which the curve is surely above one half, the earliest at which it is surely below (0: none).
    std::pair<double, double> straddle(std::size_t arm) const {
        double above = 0, below = 0;
        for (const Anchor& anchor : out_.anchors) {
            if (anchor.arm != arm) continue;
            if (anchor.survival > 0.5 + surely * anchor.sd) above = std::max(above, anchor.time_months);
            if (anchor.survival < 0.5 - surely * anchor.sd)
                below = below > 0 ? std::min(below, anchor.time_months) : anchor.time_months;
        }
        return {above, below};
    }

    bool search_beyond_follow_up(std::size_t arm) {
        const evidence::MedianGridConstants& grid = evidence_.constants->median_grid();
        const auto follow_up = evidence_.arms[arm].follow_up_months;
        if (!evidence_.arms[arm].median_not_reached || !follow_up) return false;
        const auto [above, below] = straddle(arm);
        const double least = std::max(grid.followed_least * *follow_up, grid.printed_least * above);
        if (below > 0 && below < least) {
            out_.messages.push_back(
                fmt::format("{}: S({}) is below 50%, although the median is published as not reached with a follow-up "
                            "of {} months; the median is estimated from the curve",
                            evidence_.arms[arm].title(), shortest(below), shortest(*follow_up)));
            return false;
        }
        set_search(arm, least, std::max(grid.followed_most * *follow_up, grid.least_width * least), false);
        out_.messages.push_back(fmt::format(
            "{}: median not reached; the curve averages over plausible medians ({:.3g} to {:.3g} months)",
            evidence_.arms[arm].title(), out_.arms[arm].least_median_months, out_.arms[arm].most_median_months));
        for (NumberInFit& number : out_.numbers)
            if (number.arm == arm && number.use == Use::grid_end)
                number.derivation = fmt::format(
                    "median not reached with a median follow-up of {} months: estimated between {:.3g} and {:.3g} "
                    "months",
                    shortest(*follow_up), out_.arms[arm].least_median_months, out_.arms[arm].most_median_months);
        return true;
    }

    bool search_around_points(std::size_t arm) {
        // The point nearest to one half says most; from it the median is at most so far away on the log scale as y is
        // from 0 over a slope of 1 / 1.3, which hardly any curve of a trial is below.
        constexpr double months_per_y = 1.3, slack = 0.5;
        const Anchor* nearest = nullptr;
        for (const Anchor& anchor : out_.anchors)
            if (anchor.arm == arm &&
                (nearest == nullptr || std::abs(anchor.survival - 0.5) < std::abs(nearest->survival - 0.5)))
                nearest = &anchor;
        if (nearest == nullptr) return false;
        const double least_factor = evidence_.constants->median_grid().printed_least;
        const double reach = std::exp(months_per_y * std::abs(logit(nearest->survival)) + slack);
        const auto [above, below] = straddle(arm);
        double least = above > 0 ? least_factor * above : nearest->time_months / reach;
        double most = below > 0 ? below / least_factor : nearest->time_months * reach;
        if (!(most > least)) {
            const double middle = std::sqrt(least * most);
            least = middle / std::exp(slack);
            most = middle * std::exp(slack);
        }
        set_search(arm, least, most, true);
        return true;
    }

    // Between the medians at which the typical curve has clearly more and clearly fewer events.
    bool search_by_events(std::size_t arm) {
        constexpr double earlier = 8;  // a curve whose median is an eighth of the follow-up has all its events
        constexpr double clearly = 4;  // sds
        const auto counted =
            std::ranges::find_if(out_.ties, [arm](const Tie& t) { return t.arm == arm && !t.control; });
        if (counted == out_.ties.end()) return false;
        const double follow_up = out_.arms[arm].follow_up_months;
        const double least = follow_up / earlier,
                     most = evidence_.constants->median_grid().followed_most * follow_up * earlier;
        const auto median_of = [&](double fraction) {
            const auto side = [&](double log_median) {
                return evidence::expected_events_fraction(reading_, std::exp(log_median), follow_up) > fraction ? -1
                                                                                                                : 1;
            };
            constexpr int halvings = 40;
            return std::exp(survival::bisect(std::log(least), std::log(most), side, halvings).middle());
        };
        const double more = counted->value + clearly * counted->sd,
                     fewer = std::max(counted->value - clearly * counted->sd, counted->value / earlier);
        set_search(arm, median_of(more), std::max(median_of(fewer), 2 * median_of(more)), true);
        return true;
    }

    // The medians of two arms differ by about -log HR / slope on the log scale.
    void search_by_hazard_ratio(std::size_t arm, std::size_t control, double log_hr) {
        const ArmPlacement& other = out_.arms[control];
        const double from =
            other.median_months.value_or(std::sqrt(other.least_median_months * other.most_median_months));
        const double middle = std::log(from) - log_hr / reading_.typical_slope, reach = 0.7 + 0.3 * std::abs(log_hr);
        const double others =
            other.median_months ? 0 : 0.5 * std::log(other.most_median_months / other.least_median_months);
        set_search(arm, std::exp(middle - reach - others), std::exp(middle + reach + others), true);
    }

    void set_search(std::size_t arm, double least, double most, bool narrow) {
        out_.arms[arm].least_median_months = least;
        out_.arms[arm].most_median_months = most;
        out_.arms[arm].narrow_search = narrow;
    }

    void drop_unplaced() {
        std::erase_if(out_.ties, [&](const Tie& tie) {
            const bool keep = out_.arms[tie.arm].placed && (!tie.control || out_.arms[*tie.control].placed);
            if (!keep) {
                out_.numbers[tie.observation].use = Use::not_used;
                out_.numbers[tie.observation].sd.reset();
                out_.numbers[tie.observation].derivation = "not used: nothing else determines the curve";
            }
            return !keep;
        });
        for (NumberInFit& number : out_.numbers)
            if (number.use == Use::grid_end && !out_.arms[number.arm].placed) number.use = Use::not_used;
    }

    const AnalysisEvidence& evidence_;
    const evidence::EndpointConstants& reading_;
    Placement out_;
};

}  // namespace

Placement place(const AnalysisEvidence& evidence) { return Placer(evidence).place(); }

}  // namespace hersurv::process
