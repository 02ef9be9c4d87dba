// Normal numbers by inversion, so that one number of the stream makes one of them.
#include "fit/random_normal.hpp"

#include "survival/special_functions.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace hersurv::fit {

std::vector<double> standard_normal(support::RandomStream& random, std::size_t n) {
    std::vector<double> numbers;
    numbers.reserve(n);
    // Phi^-1(p) = -sqrt 2 erfc^-1(2 p) (DLMF 7.17.3 with 7.1.2).
    for (std::size_t i = 0; i < n; ++i)
        numbers.push_back(-std::numbers::sqrt2 * survival::inverse_erfc(2 * random.uniform()));
    return numbers;
}

std::vector<double> factor_of(const std::vector<double>& covariance, std::size_t n) {
    constexpr double negligible = 1e-11;  // of a variance: rounding
    std::vector<double> factor(n * n, 0.0);
    for (std::size_t j = 0; j < n; ++j) {
        double rest = covariance[j * n + j];
        for (std::size_t k = 0; k < j; ++k) rest -= factor[j * n + k] * factor[j * n + k];
        if (!(rest > negligible * covariance[j * n + j])) continue;
        const double pivot = factor[j * n + j] = std::sqrt(rest);
        for (std::size_t i = j + 1; i < n; ++i) {
            double sum = covariance[i * n + j];
            for (std::size_t k = 0; k < j; ++k) sum -= factor[i * n + k] * factor[j * n + k];
            factor[i * n + j] = sum / pivot;
        }
    }
    return factor;
}

std::vector<double> with_covariance(const std::vector<double>& mean, const std::vector<double>& factor,
                                    const std::vector<double>& z) {
    std::vector<double> result = mean;
    const std::size_t n = mean.size();
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k <= i; ++k) result[i] += factor[i * n + k] * z[k];
    return result;
}

std::uint64_t stream_of(std::string_view trial, std::string_view analysis) {
    return support::number_of_name(std::string(trial) + '\n' + std::string(analysis));
}

}  // namespace hersurv::fit
