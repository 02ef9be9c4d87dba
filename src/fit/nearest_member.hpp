// The member of a family that is nearest to survival given at times, by weighted least squares:
//     minimise over theta   sum over k of (w_k (S(t_k; theta) - s_k))^2,
// for one arm, or for several with one shape (private to the module).
#pragma once

#include "hersurv/fit.hpp"

#include <Eigen/Core>

#include "fit/coordinates.hpp"
#include <cstddef>
#include <vector>

namespace hersurv::fit {

// What one arm is compared with.
struct ArmTarget {
    std::vector<double> time_months, survival, weight;
    // The reconstructed curve on an even grid of times, for the start of the search.
    std::vector<double> grid_months, grid_survival;
};

// Arms that are fitted together, and where the coordinates of each are among the unknowns.
struct Block {
    std::vector<ArmTarget> targets;
    std::vector<std::vector<std::size_t>> positions;  // by target
    std::size_t n_unknown = 0, n_rows = 0;
};

// One block of all arms where they share their shape, else one of each; for the first `n_coordinates` coordinates.
[[nodiscard]] std::vector<Block> blocks_of(const std::vector<ArmTarget>& targets, const Coordinates& coordinates,
                                           std::size_t n_coordinates, Shape shape);

struct Solution {
    Eigen::VectorXd unknown;
    Eigen::MatrixXd jacobian;  // of the weighted distances
    Eigen::VectorXd distance;  // weighted, by target and time
    bool converged = false;
};

// `uncured` is `block` without the coordinates of cured shares.
[[nodiscard]] Solution solve(const survival::Family& family, const Block& block, const Block& uncured);

}  // namespace hersurv::fit
