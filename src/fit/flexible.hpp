// Makes the `flexible` model (private to the module).
#pragma once

#include "hersurv/fit/fit.hpp"

namespace hersurv::fit {

// Its curves know more than those of other models.
class ReconstructedCurves : public Curves {
  public:
    // As variance(), before any printed number but the medians.
    [[nodiscard]] virtual double prior_variance(std::span<const double> gradient) const = 0;
    // The free parameters of an arm: first and one past the last.
    [[nodiscard]] virtual std::pair<std::size_t, std::size_t> free_of(std::size_t arm) const = 0;
};

struct FlexibleFit {
    std::shared_ptr<const FittedModel> fitted;
    std::shared_ptr<const ReconstructedCurves> curves;  // fitted->curves; nullptr where no arm has one
};

[[nodiscard]] FlexibleFit fit_flexible(std::shared_ptr<const evidence::AnalysisEvidence> evidence);

}  // namespace hersurv::fit
