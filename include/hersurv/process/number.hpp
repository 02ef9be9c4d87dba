// How a published number entered a fit.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace hersurv::process {

struct NumberInFit {
    enum class Use {
        median,    // the curve passes one half there
        anchor,    // S(time) = survival +- sd
        grid_end,  // a median that was not reached: it is sought beyond this time
        tie,       // events, hazard ratio: value +- sd
        not_used,
    };
    Use use = Use::not_used;
    std::size_t arm = 0;
    double time_months = 0, survival = 0;  // median, anchor, grid_end
    double value = 0;                      // tie
    std::optional<double> sd;              // of S or of the value; none of a median, which is met up to its rounding
    std::string derivation;                // in words, with the numbers; of not_used: why
};

}  // namespace hersurv::process
