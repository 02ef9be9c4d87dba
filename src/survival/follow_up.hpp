// Who is still followed in a trial, and the grid of times on which it is looked at.
#pragma once

#include <span>
#include <vector>

namespace hersurv::survival {

// The share of patients whose follow-up is longer than t: G(t) = 1 / (1 + (t / median)^gamma).
[[nodiscard]] double still_followed(double time_months, double follow_up_months, double gamma);

// t_k = T (k / intervals)^1.5, k = 0..intervals: fine where the curves move.
[[nodiscard]] std::vector<double> follow_up_grid(double end_months, int intervals = 40);

// G as its means over the intervals of a grid, each that of its ends; the first, before t_0, is 0.
[[nodiscard]] std::vector<double> mean_followed(std::span<const double> grid_months, double follow_up_months,
                                                double gamma);

}  // namespace hersurv::survival
