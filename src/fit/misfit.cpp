// Families compared by what they make of the published medians and milestones. Sum over the estimates of ((S(t) - s) /
// se)^2, the criterion of minimum chi-square (Berkson 1980, Ann Stat 8:457) with the standard errors that weigh the
// estimates where a family is laid near them; estimates of one arm are correlated, which it leaves out, so that it
// ranks and is not a test.
#include "fit/estimate_parts.hpp"
#include "fit/published_estimates.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>

namespace hersurv::fit {

double Misfit::root_mean_square() const {
    return n_estimates > 0 ? std::sqrt(sum_of_squares / static_cast<double>(n_estimates)) : 0;
}

Misfit& Misfit::operator+=(const Misfit& other) {
    n_estimates += other.n_estimates;
    sum_of_squares += other.sum_of_squares;
    if (std::abs(other.largest) > std::abs(largest)) largest = other.largest;
    return *this;
}

Misfit misfit(const FittedModel& fitted, std::size_t arm) {
    const FittedModel& curve = fitted.reconstruction != nullptr ? *fitted.reconstruction : fitted;
    const PublishedEstimates published = published_estimates(*fitted.evidence, arm, [&](double time) {
        return time > 0 ? survival_of(curve, arm, time, curve.free_parameters) : 1;
    });
    Misfit result;
    for (const PublishedEstimate& estimate : published.estimates) {
        const double s = survival_of(fitted, arm, estimate.time_months, fitted.free_parameters),
                     standardised = (s - estimate.survival) / estimate.standard_error;
        result += {1, standardised * standardised, standardised};
    }
    return result;
}

std::vector<std::size_t> ranks_of_misfit(const std::vector<double>& sums_of_squares) {
    std::vector<std::size_t> order(sums_of_squares.size()), ranks(sums_of_squares.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return sums_of_squares[i]; });
    std::size_t first = 0;  // of those that are alike
    for (std::size_t k = 0; k < order.size(); ++k) {
        if (sums_of_squares[order[k]] - sums_of_squares[order[first]] >= alike_within) first = k;
        ranks[order[k]] = first + 1;
    }
    return ranks;
}

}  // namespace hersurv::fit
