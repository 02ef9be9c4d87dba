// Published points as points of a Kaplan-Meier curve.
#include "evidence/followed_arm.hpp"

#include "evidence/constants.hpp"
#include "support/numbers.hpp"
#include "survival/follow_up.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::evidence {
namespace {

constexpr int intervals = 160;  // of the grid

// Variance of S by the rounding of what is published and by the step on which the curve is there: papers report the
// Kaplan-Meier estimate itself, so that nothing else is in the way.
double variance_by_print(const Observation& o, double slope_per_month, double step) {
    const double half_unit = o.published.is_number() ? o.published.half_unit() : 0;
    const bool of_time = o.statistic.kind == catalogue::StatisticKey::Kind::median;
    const double rounding = support::sd_of_rounding(half_unit) * (of_time ? slope_per_month : 1),
                 of_step = of_time ? support::sd_of_rounding(0.5 * step) : 0;
    return rounding * rounding + of_step * of_step;
}

}  // namespace

std::vector<CurvePoint> curve_points(const AnalysisEvidence& evidence, std::size_t arm) {
    std::vector<const Observation*> published;
    for (const Observation& o : evidence.observations)
        if (o.arm == arm && o.kind == Kind::point) published.push_back(&o);
    std::ranges::stable_sort(published, {}, &Observation::time_months);
    const double n = *evidence.arms[arm].n_patients;
    std::vector<CurvePoint> points;
    for (const Observation* o : published) {
        const double log_time = std::log(o->time_months), h = -std::log(o->survival), g = std::log(h);
        if (!points.empty() && (g <= points.back().g || log_time <= points.back().log_time)) continue;
        // An exponential curve through the point tells well enough how far a rounded time moves S.
        const double slope = o->survival * h / o->time_months, of_g = 1 / (o->survival * h);
        points.push_back({log_time, g, variance_by_print(*o, slope, 1 / n) * of_g * of_g, o->time_months});
    }
    return points;
}

double cumulative_hazard(std::span<const CurvePoint> points, double time_months) {
    constexpr double least_slope = 0.5, most_slope = 2.5;
    if (time_months <= 0) return 0;
    const double u = std::log(time_months);
    const CurvePoint &first = points.front(), &last = points.back();
    const double overall =
        points.size() > 1 ? std::clamp((last.g - first.g) / (last.log_time - first.log_time), least_slope, most_slope)
                          : 1;
    if (u <= first.log_time) return std::exp(first.g + overall * (u - first.log_time));
    if (u >= last.log_time) return std::exp(last.g + overall * (u - last.log_time));
    const auto after = std::ranges::upper_bound(points, u, {}, &CurvePoint::log_time);
    const auto before = after - 1;
    const double share = (u - before->log_time) / (after->log_time - before->log_time);
    return std::exp(before->g + share * (after->g - before->g));
}

FollowedArm::FollowedArm(const std::function<double(double)>& cumulative_hazard, double n, double follow_up_months,
                         double gamma, double end_months)
    : time_months(survival::follow_up_grid(end_months, intervals)),
      mean_followed(survival::mean_followed(time_months, follow_up_months, gamma)),
      n_patients(n) {
    constexpr double certain_death = 700;  // exp(-700) is still a normal double
    for (const double time : time_months)
        survival.push_back(std::exp(-std::min(cumulative_hazard(time), certain_death)));
}

void FollowedArm::follow_for(double follow_up_months, double gamma) {
    mean_followed = survival::mean_followed(time_months, follow_up_months, gamma);
}

double FollowedArm::events() const { return n_patients * survival::expected_events(expected()); }

std::vector<double> FollowedArm::variance_of_hazard() const {
    std::vector<double> variance{0.0};
    const survival::ExpectedArm arm = expected();
    for (std::size_t k = 1; k < survival.size(); ++k) {
        const double at_risk = arm.at_risk(k);
        variance.push_back(variance.back() + (at_risk > 0 ? std::log(survival[k - 1] / survival[k]) / at_risk : 0));
    }
    return variance;
}

double FollowedArm::at(const std::vector<double>& values, double time) const {
    const auto after = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(std::ranges::lower_bound(time_months, time) - time_months.begin(), 1,
                                   static_cast<std::ptrdiff_t>(time_months.size()) - 1));
    const double share = (time - time_months[after - 1]) / (time_months[after] - time_months[after - 1]);
    return std::lerp(values[after - 1], values[after], std::min(share, 1.0));
}

survival::ExpectedCox expected_cox(const FollowedArm& experimental, const FollowedArm& control) {
    std::vector<survival::ExpectedInterval> intervals_at_risk;
    const survival::ExpectedArm arm1 = experimental.expected(), arm0 = control.expected();
    for (std::size_t k = 1; k < control.survival.size(); ++k) {
        const double y1 = arm1.at_risk(k), y0 = arm0.at_risk(k);
        if (!(y1 > 0 && y0 > 0)) continue;
        const auto hazard = [k](const FollowedArm& arm) { return std::log(arm.survival[k - 1] / arm.survival[k]); };
        intervals_at_risk.push_back({y1, y0, y1 * hazard(experimental), y0 * hazard(control)});
    }
    return survival::expected_cox(intervals_at_risk);
}

}  // namespace hersurv::evidence
