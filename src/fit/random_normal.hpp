// Normal random numbers and vectors (private to the module).
#pragma once

#include "support/random.hpp"
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hersurv::fit {

// Independent standard normal numbers out of a stream.
[[nodiscard]] std::vector<double> standard_normal(support::RandomStream& random, std::size_t n);

// Lower triangular L with L L' = the covariance (row-major, n * n), which may be singular: the Cholesky factor, with a
// column of zeros for what the numbers before it determine (Gill, Murray & Wright 1981, Practical Optimization, 2.2.5).
[[nodiscard]] std::vector<double> factor_of(const std::vector<double>& covariance, std::size_t n);

// mean + L z.
[[nodiscard]] std::vector<double> with_covariance(const std::vector<double>& mean, const std::vector<double>& factor,
                                                  const std::vector<double>& z);

// The stream of an analysis: the same whatever else is drawn.
[[nodiscard]] std::uint64_t stream_of(std::string_view trial, std::string_view analysis);

}  // namespace hersurv::fit
