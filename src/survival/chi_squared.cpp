// Tail probabilities by the incomplete gamma function.
#include "survival/chi_squared.hpp"

#include "survival/solve.hpp"
#include "survival/special_functions.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::survival {

double chi_squared_above(double x, double degrees_of_freedom) {
    return upper_incomplete_gamma(0.5 * degrees_of_freedom, 0.5 * x);
}

double chi_squared_limit(double p, double degrees_of_freedom) {
    double above = degrees_of_freedom + 1;
    while (chi_squared_above(above, degrees_of_freedom) > p) above *= 2;
    constexpr int halvings = 60;
    return bisect(
               0.0, above, [&](double x) { return chi_squared_above(x, degrees_of_freedom) > p ? -1 : 1; }, halvings)
        .middle();
}

double noncentral_chi_squared_above(double x, double degrees_of_freedom, double noncentrality) {
    const double mean = 0.5 * noncentrality;
    // More than twelve standard deviations from the mean of the Poisson distribution nothing is left.
    const double reach = 12 * std::sqrt(mean) + 30;
    const int first = static_cast<int>(std::max(0.0, mean - reach)), last = static_cast<int>(mean + reach);
    double sum = 0;
    for (int j = first; j <= last; ++j) {
        const double log_weight = (j > 0 ? j * std::log(mean) : 0) - mean - std::lgamma(j + 1.0);
        sum += std::exp(log_weight) * chi_squared_above(x, degrees_of_freedom + 2 * j);
    }
    return std::min(sum, 1.0);
}

}  // namespace hersurv::survival
