// Expected events and average hazard ratio of curves under a limited follow-up.
#include "hersurv/fit/follow_up.hpp"

#include "evidence/constants.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::fit {

std::vector<double> follow_up_grid(const evidence::AnalysisEvidence& evidence) {
    double end = 0;
    for (std::size_t arm = 0; arm < evidence.arms.size(); ++arm)
        end = std::max(
            {end, 1.7 * evidence.follow_up_or_guess(arm), 1.05 * evidence.arms[arm].last_printed_month.value_or(0)});
    return follow_up_grid(end);
}

FollowedCurve follow(const evidence::AnalysisEvidence& evidence, std::size_t arm,
                     const std::function<double(double)>& cumulative_hazard, const std::vector<double>& grid_months) {
    const double follow_up = evidence.follow_up_or_guess(arm),
                 gamma = evidence.constants->endpoint(evidence.endpoint).censoring_gamma;
    FollowedCurve curve;
    const int n = evidence.arms[arm].n_patients.value_or(0);
    curve.n_patients = n > 0 ? n : evidence.constants->reading().default_n_patients;
    curve.followed.reserve(grid_months.size());
    for (const double time : grid_months) curve.followed.push_back(still_followed(time, follow_up, gamma));
    follow_again(curve, cumulative_hazard, grid_months);
    return curve;
}

void follow_again(FollowedCurve& curve, const std::function<double(double)>& cumulative_hazard,
                  const std::vector<double>& grid_months) {
    constexpr double certain_death = 700;  // exp(-700) is still a normal double
    curve.cumulative_hazard.clear();
    curve.cumulative_hazard.reserve(grid_months.size());
    for (const double time : grid_months)
        curve.cumulative_hazard.push_back(std::min(cumulative_hazard(time), certain_death));
}

FollowedCurve follow(const evidence::AnalysisEvidence& evidence, std::size_t arm, const survival::Family& family,
                     survival::Parameters parameters, const std::vector<double>& grid_months) {
    return follow(
        evidence, arm, [&](double time) { return family.cumulative_hazard(time, parameters); }, grid_months);
}

double expected_events_fraction(const FollowedCurve& curve) {
    double fraction = 0;
    for (std::size_t k = 1; k < curve.cumulative_hazard.size(); ++k) {
        const double fallen = std::exp(-curve.cumulative_hazard[k - 1]) - std::exp(-curve.cumulative_hazard[k]);
        fraction += fallen * 0.5 * (curve.followed[k - 1] + curve.followed[k]);
    }
    return fraction;
}

double average_log_hazard_ratio(const FollowedCurve& experimental, const FollowedCurve& control) {
    struct Interval {
        double y1, y0, d1, d0;
    };
    const auto survival = [](const FollowedCurve& curve) {
        std::vector<double> values;
        values.reserve(curve.cumulative_hazard.size());
        for (const double hazard : curve.cumulative_hazard) values.push_back(std::exp(-hazard));
        return values;
    };
    const auto survival1 = survival(experimental), survival0 = survival(control);
    std::vector<Interval> intervals;
    intervals.reserve(control.followed.size());
    for (std::size_t k = 1; k < control.followed.size(); ++k) {
        const auto at_risk = [k](const FollowedCurve& curve, const std::vector<double>& s) {
            return curve.n_patients * 0.25 * (s[k - 1] + s[k]) * (curve.followed[k - 1] + curve.followed[k]);
        };
        const auto hazard = [k](const FollowedCurve& curve) {
            return curve.cumulative_hazard[k] - curve.cumulative_hazard[k - 1];
        };
        const double y1 = at_risk(experimental, survival1), y0 = at_risk(control, survival0);
        if (y1 <= 0 || y0 <= 0) continue;
        intervals.push_back({y1, y0, y1 * hazard(experimental), y0 * hazard(control)});
    }
    // U decreases in b and Newton's step is safeguarded by the bracket that its signs give.
    double lower = -12, upper = 12, b = 0;
    for (int iteration = 0; iteration < 100; ++iteration) {
        double score = 0, information = 0;
        const double ratio = std::exp(b);
        for (const Interval& i : intervals) {
            const double weight = i.y1 * ratio;
            const double p = weight / (i.y0 + weight);
            score += i.d1 * (1 - p) - i.d0 * p;
            information += (i.d1 + i.d0) * p * (1 - p);
        }
        (score > 0 ? lower : upper) = b;
        double next = information > 0 ? b + score / information : 0.5 * (lower + upper);
        if (!(next > lower && next < upper)) next = 0.5 * (lower + upper);
        if (std::abs(next - b) < 1e-13 * (1 + std::abs(b))) return next;
        b = next;
    }
    return b;
}

}  // namespace hersurv::fit
