// Expected events and average hazard ratio of curves under a limited follow-up.
#include "fit/follow_up.hpp"

#include "evidence/constants.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::fit {

namespace {

std::vector<double> survival_of(const FollowedCurve& curve) {
    std::vector<double> survival;
    survival.reserve(curve.cumulative_hazard.size());
    for (const double hazard : curve.cumulative_hazard) survival.push_back(std::exp(-hazard));
    return survival;
}

}  // namespace

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
    curve.mean_followed = survival::mean_followed(grid_months, follow_up, gamma);
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
    const std::vector<double> survival = survival_of(curve);
    return survival::expected_events({survival, curve.mean_followed, curve.n_patients});
}

double average_log_hazard_ratio(const FollowedCurve& experimental, const FollowedCurve& control) {
    const std::vector<double> survival1 = survival_of(experimental), survival0 = survival_of(control);
    const survival::ExpectedArm arm1{survival1, experimental.mean_followed, experimental.n_patients},
        arm0{survival0, control.mean_followed, control.n_patients};
    std::vector<survival::ExpectedInterval> intervals;
    intervals.reserve(control.mean_followed.size());
    for (std::size_t k = 1; k < control.mean_followed.size(); ++k) {
        const auto hazard = [k](const FollowedCurve& curve) {
            return curve.cumulative_hazard[k] - curve.cumulative_hazard[k - 1];
        };
        const double y1 = arm1.at_risk(k), y0 = arm0.at_risk(k);
        if (y1 <= 0 || y0 <= 0) continue;
        intervals.push_back({y1, y0, y1 * hazard(experimental), y0 * hazard(control)});
    }
    return survival::expected_cox(intervals).log_hazard_ratio;
}

}  // namespace hersurv::fit
