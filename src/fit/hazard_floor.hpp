// Curves whose hazard is bounded from below beyond the supported range (private to the module).
#pragma once

#include "hersurv/fit.hpp"

#include <cstddef>
#include <span>

namespace hersurv::fit {

// The mean of an arm under its hazard floor: the area under S as far as anybody is alive.
[[nodiscard]] double mean_above_floor(const FittedModel& model, std::size_t arm, std::span<const double> free);

}  // namespace hersurv::fit
