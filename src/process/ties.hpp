// What a trial sees of curves given on a grid of times, with the derivatives: the fraction with an event and the
// average log hazard ratio.
#pragma once

#include "survival/expected_data.hpp"
#include <span>
#include <vector>

namespace hersurv::process {

// S at t_0 = 0 is 1.
using GridArm = survival::ExpectedArm;

// S out of y at t_1, t_2, ... (S(0) = 1 is put before it) made non-increasing from the right; `from` says of each t_k
// whose y it is.
struct NonIncreasing {
    std::vector<double> survival;
    std::vector<std::size_t> from;
};
[[nodiscard]] NonIncreasing non_increasing(std::span<const double> y);

// Integral of G dF over the grid; sets gradient[k], k >= 1, to its derivative by S_k.
double events_fraction(const GridArm& arm, std::span<double> gradient);

// log hazard ratio that Cox's model would find (survival::expected_cox), with d = n (S_{k-1} - S_k) G, whose derivative
// by S is simple.
double log_hazard_ratio(const GridArm& experimental, const GridArm& control, std::span<double> experimental_gradient,
                        std::span<double> control_gradient);

}  // namespace hersurv::process
