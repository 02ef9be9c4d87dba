// Makes the `flexible` model (private to the module).
#pragma once

#include "hersurv/fit.hpp"

#include "process/posterior.hpp"

namespace hersurv::fit {

// Its curves know more than those of other models: the covariance of y = logit(1 - S) at any points of them, row-major.
class ReconstructedCurves : public Curves {
  public:
    [[nodiscard]] virtual std::vector<double> covariance(std::span<const process::ArmTime> points) const = 0;
    // Before any published number but the medians.
    [[nodiscard]] virtual std::vector<double> prior_covariance(std::span<const process::ArmTime> points) const = 0;
    [[nodiscard]] virtual const process::Posterior& posterior() const = 0;
    // Of the free parameters of an arm, increasing; the last is the end of what the trial can show.
    [[nodiscard]] virtual std::span<const double> free_times(std::size_t arm) const = 0;
};

struct FlexibleFit {
    std::shared_ptr<const FittedModel> fitted;
    std::shared_ptr<const ReconstructedCurves> curves;  // fitted->curves; nullptr if no arm has one
};

[[nodiscard]] FlexibleFit fit_flexible(std::shared_ptr<const evidence::AnalysisEvidence> published);

}  // namespace hersurv::fit
