// Parametric families as projections of the reconstructed curves (private to the module).
#pragma once

#include "fit/flexible.hpp"
#include "fit/nearest_member.hpp"
#include "fit/published_estimates.hpp"
#include <vector>

namespace hersurv::fit {

class Projector {
  public:
    explicit Projector(FlexibleFit flexible);
    [[nodiscard]] FittedModel project(const Model& model, const FitOptions& options) const;

    // An arm that has a curve: an even grid over its supported range, then its published estimates, and the curve
    // there.
    struct ArmPoints {
        std::size_t arm = 0;
        std::vector<double> time_months, survival;
        PublishedEstimates published;
        std::size_t first = 0;  // of its points among those of all arms
    };

  private:
    [[nodiscard]] FittedModel project_alone(const Model& model, const FitOptions& options) const;
    // Beside a cure model some of whose shares are not identified.
    void add_uncured(FittedModel& fitted, const FitOptions& options) const;

    FlexibleFit flexible_;
    std::vector<ArmPoints> arms_;             // that have a curve
    std::vector<double> covariance_, prior_;  // of y = logit(1 - S) at the points of all arms, row-major
};

}  // namespace hersurv::fit
