// The finished curve: the median of the mixture, made non-increasing.
#pragma once

#include "process/mixture.hpp"
#include <cstddef>
#include <vector>

namespace hersurv::process {

// The medians of the mixture on a grid of times, made non-increasing: between two times the curve stays between their
// values.
struct Envelope {
    std::vector<double> time_months, survival;
    // The median itself would rise there, or the whole curve is a compromise of numbers that contradict one another: up
    // to the times before and after it the curve is straight.
    std::vector<bool> straight;
};

// `inflation`: factor on the sds.
[[nodiscard]] Envelope make_envelope(const Problem& problem, const Mixture& mixture, std::size_t arm, double inflation);

// The finished curve at a time > 0, given the moments there.
[[nodiscard]] double survival_within(const Envelope& envelope, double time_months, const std::vector<Moments>& moments,
                                     const std::vector<double>& weights, double inflation);

}  // namespace hersurv::process
