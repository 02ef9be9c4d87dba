// The times at which a curve is written as milestones.
#pragma once

#include <cmath>
#include <cstddef>

namespace hersurv::patients {

// As many as tell the flexible model the curve: on 24 digitised figures its mean error of S is .0058 for OS and .0077
// for PFS, with 24 of them .0066 and .0093.
inline constexpr std::size_t most_milestones = 48;

// The finest of the steps that people use with at most so many times up to the end, in months.
inline double even_step(double end, std::size_t most) {
    for (const double step : {0.25, 0.5, 1.0, 2.0, 3.0, 6.0})
        if (end / step <= static_cast<double>(most)) return step;
    return 12 * std::ceil(end / 12 / static_cast<double>(most));
}

}  // namespace hersurv::patients
