// Laws drawn at random, for choosing constants: those of laws.hpp are for scoring only.
#pragma once

#include "laws.hpp"
#include <vector>

namespace hersurv::bench {

// Forty pairs of arms whose hazards have random shapes, breaks, delays and cured shares; the same at every call.
[[nodiscard]] const std::vector<Law>& drawn_laws();

}  // namespace hersurv::bench
