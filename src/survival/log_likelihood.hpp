// The log-likelihood of a family on right-censored times, with its derivatives.
#pragma once

#include "hersurv/survival.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace hersurv::survival {

// Parameters as flexsurv estimates them (R's `cov` of a fit is on this scale): the logarithm of what is positive, the
// logit of a share, everything else as it is.
[[nodiscard]] double to_coordinate(const ParameterInfo& info, double natural);
[[nodiscard]] double to_natural(const ParameterInfo& info, double coordinate);
// d natural / d coordinate.
[[nodiscard]] double natural_slope(const ParameterInfo& info, double coordinate);
// "log(shape)", "logit(cure)", "meanlog".
[[nodiscard]] std::string coordinate_name(const ParameterInfo& info);

// How many have an event, and how many are censored, at a time above 0.
struct CensoredTime {
    double time_months, log_time, n_events, n_censored;
};

inline constexpr std::size_t most_parameters = 4;

struct LogLikelihood {
    double value = 0;
    std::array<double, most_parameters> gradient{};                           // by coordinate
    std::array<double, most_parameters*(most_parameters + 1) / 2> hessian{};  // (i, j), j <= i, at i (i + 1) / 2 + j
};

// What derivatives with respect to q of the generalised gamma's tail are good to; all others are exact.
enum class Precision {
    search,  // about 1e-6
    full,    // about 1e-10
};

// Sum of log f(t) of events and log S(t) of the censored, times in months. Not finite where the parameters are beyond
// what double can hold.
[[nodiscard]] LogLikelihood log_likelihood(const Family& family, std::span<const CensoredTime> times,
                                           std::span<const double> coordinates, Precision precision);

}  // namespace hersurv::survival
