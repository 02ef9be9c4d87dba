// The curves of a family's members (private to the module).
#pragma once

#include "hersurv/fit.hpp"

#include <memory>

namespace hersurv::fit {

// `fitted`: a family's model with its free parameters, their places and their covariance.
[[nodiscard]] std::shared_ptr<const Curves> parametric_curves(const FittedModel& fitted);

}  // namespace hersurv::fit
