// The log-logistic distribution of the follow-up, and the grid of its functionals.
#include "survival/follow_up.hpp"

#include <cmath>

namespace hersurv::survival {

double still_followed(double time_months, double follow_up_months, double gamma) {
    return 1 / (1 + std::pow(time_months / follow_up_months, gamma));
}

std::vector<double> follow_up_grid(double end_months, int intervals) {
    std::vector<double> grid(static_cast<std::size_t>(intervals) + 1);
    for (int k = 0; k <= intervals; ++k) {
        const double share = static_cast<double>(k) / intervals;
        grid[static_cast<std::size_t>(k)] = end_months * (share * std::sqrt(share));
    }
    return grid;
}

std::vector<double> mean_followed(std::span<const double> grid_months, double follow_up_months, double gamma) {
    std::vector<double> means;
    means.reserve(grid_months.size());
    double before = 0;
    for (const double time : grid_months) {
        const double now = still_followed(time, follow_up_months, gamma);
        means.push_back(means.empty() ? 0 : 0.5 * (before + now));
        before = now;
    }
    return means;
}

}  // namespace hersurv::survival
