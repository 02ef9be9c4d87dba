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

// log(p / (1 - p)), for p from 0 to 1; of a p near 1 whose complement 1 - p is known better than p itself, give both.
[[nodiscard]] inline double logit(double p, double complement) { return std::log(p / complement); }
[[nodiscard]] inline double logit(double p) { return logit(p, 1 - p); }

// The p with logit(p) = x, accurate relatively also near 0; the complement 1 - p is expit(-x).
[[nodiscard]] inline double expit(double x) {
    constexpr double exp_overflows_below = -700;
    return x < exp_overflows_below ? std::exp(x) : 1 / (1 + std::exp(-x));
}

// log(1 + e^x) = -log(1 - expit(x)): the cumulative hazard of which x is the logit of failure. Accurate relatively.
[[nodiscard]] inline double log_one_plus_exp(double x) {
    constexpr double one_is_nothing_from = 700;
    return x > one_is_nothing_from ? x : std::log1p(std::exp(x));
}

}  // namespace support
}  // namespace hersurv
