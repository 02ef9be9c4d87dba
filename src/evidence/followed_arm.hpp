// An arm as its published estimates show it: points of its Kaplan-Meier curve, the curve through them, and how many
// patients are at risk.
#pragma once

#include "hersurv/evidence.hpp"

#include "survival/expected_data.hpp"
#include <functional>
#include <span>
#include <vector>

namespace hersurv::evidence {

// A published point on the scale g = log(-log S) = log H.
struct CurvePoint {
    double log_time = 0, g = 0;
    double variance = 0;     // of g by rounding and by the step of the Kaplan-Meier curve, not by sampling
    double time_months = 0;  // as it was published, which exp(log_time) need not be
};

// The points of an arm that has patients, by time; one that does not lie below those before it is left out.
[[nodiscard]] std::vector<CurvePoint> curve_points(const AnalysisEvidence& evidence, std::size_t arm);

// -log S at a time: g is linear in log t between the points, and goes on with their overall slope. Needs a point.
[[nodiscard]] double cumulative_hazard(std::span<const CurvePoint> points, double time_months);

// What is expected of an arm with this curve under a follow-up that is log-logistic (survival/follow_up.hpp).
struct FollowedArm {
    std::vector<double> time_months, survival, mean_followed;  // on a grid; of G over the interval that ends there
    double n_patients = 0;

    FollowedArm(const std::function<double(double)>& cumulative_hazard, double n, double follow_up_months, double gamma,
                double end_months);
    void follow_for(double follow_up_months, double gamma);  // the same curve under another follow-up
    [[nodiscard]] survival::ExpectedArm expected() const { return {survival, mean_followed, n_patients}; }
    [[nodiscard]] double events() const;  // their number
    // Variance of the Nelson-Aalen estimate of -log S up to each time of the grid: integral of dH / (number at risk)
    // (Greenwood's; Andersen, Borgan, Gill & Keiding 1993, eq. 4.1.6).
    [[nodiscard]] std::vector<double> variance_of_hazard() const;
    // A function of the grid at any time of it, linear between.
    [[nodiscard]] double at(const std::vector<double>& values, double time) const;
};

// What Cox's estimate is expected to be for two arms on the same grid, and its information.
[[nodiscard]] survival::ExpectedCox expected_cox(const FollowedArm& experimental, const FollowedArm& control);

}  // namespace hersurv::evidence
