// What every kind of fit says of its curves in the same way: the supported range, and what it makes of the published
// numbers (private to the module).
#pragma once

#include "hersurv/fit.hpp"

#include <functional>

namespace hersurv::fit {

// The end of the supported range of an arm with this curve (docs/method.md).
[[nodiscard]] double supported_months(const evidence::AnalysisEvidence& evidence, std::size_t arm,
                                      const std::function<double(double)>& cumulative_hazard);

// The time of the first point of the arm's curve that is published and used; 0 if there is none.
[[nodiscard]] double supported_from_months(const std::vector<NumberInFit>& numbers, std::size_t arm);

// Every observation beside the published number that `fitted.curves` gives for it; nothing if the curves cannot say
// anything.
[[nodiscard]] std::vector<Residual> published_beside_fitted(const FittedModel& fitted);

// The published numbers that a model is more than 3 sds (rounding and reading) away from.
[[nodiscard]] std::vector<std::size_t> contradicted(const FittedModel& model);

}  // namespace hersurv::fit
