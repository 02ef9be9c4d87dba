// Constants and small functions of numbers that every module uses.
#pragma once

#include <cmath>
#include <limits>
#include <numbers>

namespace hersurv {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

namespace support {

// The standard deviation of the error of a number that was rounded: uniform over half a unit of its last digit on
// either side.
[[nodiscard]] inline double sd_of_rounding(double half_unit) { return half_unit / std::numbers::sqrt3; }

// log(p / (1 - p)), for p in (0, 1).
[[nodiscard]] inline double logit(double p) { return std::log(p / (1 - p)); }

}  // namespace support
}  // namespace hersurv
