// What a trial sees of curves given on a grid of times, with the derivatives: the fraction with an event and the
// average log hazard ratio.
#pragma once

#include <span>
#include <vector>

namespace hersurv::process {

// S at t_0 = 0 (where it is 1), t_1, ..., non-increasing.
struct GridArm {
    std::span<const double> survival;
    std::span<const double> followed;  // mean of G over the interval that ends at t_k; followed[0] is not used
    double n_patients = 0;
};

// S out of y at t_1, t_2, ... (S(0) = 1 is put before it) made non-increasing from the right; `from` says of each t_k
// whose y it is.
struct NonIncreasing {
    std::vector<double> survival;
    std::vector<std::size_t> from;
};
[[nodiscard]] NonIncreasing non_increasing(std::span<const double> y);

// Integral of G dF over the grid; sets gradient[k], k >= 1, to its derivative by S_k.
double events_fraction(const GridArm& arm, std::span<double> gradient);

// Root of the expected partial score (see average_log_hazard_ratio of hersurv/fit/follow_up.hpp) with d = n (S_{k-1} -
// S_k) G.
double log_hazard_ratio(const GridArm& experimental, const GridArm& control, std::span<double> experimental_gradient,
                        std::span<double> control_gradient);

}  // namespace hersurv::process
