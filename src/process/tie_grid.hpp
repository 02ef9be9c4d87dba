// The ties as functionals of y on a grid of times, which is what they are conditioned by.
#pragma once

#include <Eigen/Core>

#include "process/problem.hpp"
#include <vector>

namespace hersurv::process {

inline constexpr int grid_intervals = 40;  // of each arm

// By placed arm and interval of the grid: the mean share of the patients who are still followed.
using FollowedShares = std::vector<std::vector<double>>;
[[nodiscard]] FollowedShares followed_shares(const Problem& problem, double end_months);

// Value and derivative by y of every tie at y on the grid: by placed arm, at each the times after 0.
void linearise(const Problem& problem, const FollowedShares& followed, const Eigen::VectorXd& y, Eigen::VectorXd& value,
               Eigen::MatrixXd& derivative);

// The values alone, of any ties.
[[nodiscard]] std::vector<double> tie_values(const Problem& problem, const std::vector<Tie>& ties,
                                             const FollowedShares& followed, const Eigen::VectorXd& y);

}  // namespace hersurv::process
