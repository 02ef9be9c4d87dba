// What a trial of limited follow-up sees of two survival curves: the expected fraction with an event, and the Cox-type
// average hazard ratio.
#pragma once

#include "hersurv/evidence.hpp"
#include "hersurv/survival.hpp"

#include "survival/expected_data.hpp"
#include "survival/follow_up.hpp"
#include <functional>
#include <vector>

namespace hersurv::fit {

using survival::follow_up_grid;
using survival::still_followed;

// One arm on a grid: the cumulative hazard of the curve, and who is still followed.
struct FollowedCurve {
    std::vector<double> cumulative_hazard;  // H(t_k)
    std::vector<double> mean_followed;      // of G over the interval that ends at t_k (survival::mean_followed)
    double n_patients = 0;                  // weight of the arm
};

// The grid of an analysis: T = max(1.7 follow-up, 1.05 last published time) over its arms.
[[nodiscard]] std::vector<double> follow_up_grid(const evidence::AnalysisEvidence& evidence);

// An arm with a curve (its cumulative hazard at a time), under the arm's own follow-up.
[[nodiscard]] FollowedCurve follow(const evidence::AnalysisEvidence& evidence, std::size_t arm,
                                   const std::function<double(double)>& cumulative_hazard,
                                   const std::vector<double>& grid_months);
[[nodiscard]] FollowedCurve follow(const evidence::AnalysisEvidence& evidence, std::size_t arm,
                                   const survival::Family& family, survival::Parameters parameters,
                                   const std::vector<double>& grid_months);

// The same arm and follow-up with another curve, on the same grid.
void follow_again(FollowedCurve& curve, const std::function<double(double)>& cumulative_hazard,
                  const std::vector<double>& grid_months);

// Expected fraction of the patients with an event: integral of G dF, trapezoids.
[[nodiscard]] double expected_events_fraction(const FollowedCurve& curve);

// log of the hazard ratio that a Cox model would find in the expected data, experimental v control
// (survival::expected_cox), with d = Y dH: equals the log hazard ratio exactly where hazards are proportional, on any
// grid.
[[nodiscard]] double average_log_hazard_ratio(const FollowedCurve& experimental, const FollowedCurve& control);

}  // namespace hersurv::fit
