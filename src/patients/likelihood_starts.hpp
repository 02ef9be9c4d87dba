// Where the search for the maximum of a likelihood begins, and how coordinates follow the unit of time.
#pragma once

#include "survival/log_likelihood.hpp"
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace hersurv::patients {

// The parameter that places a family in time (scale, rate, meanlog or mu): with a common shape each arm has its own.
[[nodiscard]] std::size_t location_of(const survival::Family& family);

// The coordinates of the same distribution of times that are `exp(log_factor)` as long.
void stretch_time(const survival::Family& family, std::span<double> coordinates, double log_factor);
// By what a coordinate is multiplied in that: 1, but for a slope in time.
[[nodiscard]] double stretch_slope(const survival::ParameterInfo& info, double log_factor);

// The coordinates of the maximum of another family on the same times; nothing if none was found.
using MaximumOf = std::function<std::optional<std::vector<double>>(const survival::Family&)>;

// Coordinates to start from on these times, whose exponential rate is 1.
[[nodiscard]] std::vector<std::vector<double>> starts_of(const survival::Family& family,
                                                         std::span<const survival::CensoredTime> times,
                                                         const MaximumOf& maximum_of);

}  // namespace hersurv::patients
