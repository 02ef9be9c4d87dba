// Conditions the process on the anchors exactly and on the ties by Gauss-Newton, for given medians and one schedule of
// scans.
//
// With La La' = K_AA + R, Lw Lw' = H V H' + D (V = posterior covariance on the grid given the anchors, H = derivative
// of the ties by y on the grid) the joint system of anchors and ties has the factor [[La, 0], [X', Lw]], X = La^-1 K_AG
// H'. A time t has the whitened covariance with all that is known
//     q_A = La^-1 k_tA,   q_z = Lw^-1 (H k_tG - X' q_A),
// so that mean = m(t) + q_A . e + q_z . f and cov(t, s) = k(t, s) - q_A(t) . q_A(s) - q_z(t) . q_z(s)
// (Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, eq. 2.23-2.26): any time costs one row of
// covariances.
#pragma once

#include <Eigen/Core>

#include "process/problem.hpp"
#include "process/schedules.hpp"
#include "process/tie_grid.hpp"
#include <cstddef>
#include <optional>
#include <vector>

namespace hersurv::process {

// One kind of curve and one combination of medians: everything that the schedules share.
struct Setting {
    std::size_t prior = 0;              // of Problem::priors
    std::vector<double> median_months;  // by arm; 0 if it is not placed
    std::vector<double> noise;          // by arm: noise_per_patient / n
    std::vector<double> rounding;       // by arm: variance of y from the rounding of the median
    double end_months = 0;              // of the grid
    std::vector<Point> anchors, grid;
    PointColumns grid_columns;                         // the grid by coordinate
    Eigen::VectorXd observed, anchor_mean, grid_mean;  // y of the anchors; the mean without schedule
    Eigen::MatrixXd anchor_factor;                     // La
    double log_determinant = 0;                        // of K_AA + R
    // For the conditioning only.
    Eigen::MatrixXd grid_covariance, whitened_grid;  // K_GG, La^-1 K_AG
};

[[nodiscard]] Setting make_setting(const Problem& problem, std::size_t prior, std::vector<double> median_months);

struct WeightedSchedule {
    double months = 0;  // between scans; 0 = none
    double probability = 1;
};

// One Gaussian of the mixture.
struct Component {
    std::size_t setting = 0;
    double schedule_months = 0;
    std::vector<ScanSchedule> scans;  // by arm; empty if the class has none
    double log_weight = 0;
    Eigen::MatrixXd ties, coupling, tie_factor;  // H, X, Lw
    Eigen::VectorXd anchor_part, tie_part;       // e, f
    Eigen::VectorXd grid_y;                      // mean of y on the grid given everything
    // Before the ties: the weight, and how far each tie lies from what the anchors alone lead to, in sds of that
    // distance.
    double log_weight_of_anchors = 0;
    Eigen::VectorXd tie_surprise;
};

// nullopt if a median cannot be at its place under the schedule. `followed` is that of the setting; not needed without
// ties.
[[nodiscard]] std::optional<Component> condition(const Problem& problem, const Setting& setting,
                                                 const FollowedShares& followed, const WeightedSchedule& schedule);

[[nodiscard]] double covariance(const Problem& problem, const Setting& setting, const Point& a, const Point& b);

// A time of an arm, with its covariances with what the components of a setting know: q_A and k_tG.
struct KnownPoint {
    Point point;
    double time_months = 0;
    Eigen::VectorXd with_anchors, with_grid;
};
[[nodiscard]] KnownPoint known_point(const Problem& problem, const Setting& setting, std::size_t arm,
                                     double time_months);

// q_z; empty without ties.
[[nodiscard]] Eigen::VectorXd with_ties(const Component& component, const KnownPoint& known);

// Mean of y, `q_z` of that time.
[[nodiscard]] double mean(const Problem& problem, const Setting& setting, const Component& component,
                          const KnownPoint& known, const Eigen::VectorXd& q_z);

}  // namespace hersurv::process
