// Parametric families as projections of the reconstructed curves (private to the module).
#pragma once

#include "fit/flexible.hpp"
#include <optional>
#include <vector>

namespace hersurv::fit {

class Projector {
  public:
    explicit Projector(FlexibleFit flexible);
    [[nodiscard]] FittedModel project(const Model& model, const FitOptions& options) const;

    // An even grid over the supported range of an arm, then its printed median and milestones, and the curve there.
    struct Target {
        std::size_t arm = 0;
        std::vector<double> time_months, survival, weight;
        // The one that a family of one parameter gives: the median, or a milestone that is all.
        std::optional<std::size_t> only_number;
        double published_survival = 0;  // there
        std::size_t first = 0;          // of its points among those of all targets
    };

  private:
    [[nodiscard]] FittedModel project_alone(const Model& model, const FitOptions& options) const;

    FlexibleFit flexible_;
    std::vector<Target> targets_;             // of the arms that have a curve
    std::vector<double> covariance_, prior_;  // of y = logit(1 - S) at the points of all targets, row-major
};

}  // namespace hersurv::fit
