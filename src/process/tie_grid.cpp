// Evaluates the ties on a grid and carries their derivatives over from S to y.
#include "process/tie_grid.hpp"

#include "process/ties.hpp"
#include "survival/follow_up.hpp"
#include <algorithm>

namespace hersurv::process {
namespace {

using Eigen::Index;

// The curves of the placed arms at y on the grid.
class GridCurves {
  public:
    GridCurves(const Problem& problem, const FollowedShares& followed, const Eigen::VectorXd& y)
        : problem_(problem), followed_(followed), gradient_(grid_intervals + 1), control_gradient_(grid_intervals + 1) {
        for (std::size_t i = 0; i < problem.placed.size(); ++i)
            curves_.push_back(non_increasing(
                {y.data() + static_cast<Index>(i) * grid_intervals, static_cast<std::size_t>(grid_intervals)}));
    }

    // Also leaves the derivatives by S behind.
    double value(const Tie& tie) {
        if (!tie.control) return events_fraction(arm(position(tie.arm)), gradient_);
        return log_hazard_ratio(arm(position(tie.arm)), arm(position(*tie.control)), gradient_, control_gradient_);
    }

    // Those of the last value by y: dS/dy = -S (1 - S), of the time whose S it is.
    void add_derivative(const Tie& tie, Index row, Eigen::MatrixXd& derivative) const {
        if (tie.control) carry_over(position(*tie.control), control_gradient_, row, derivative);
        carry_over(position(tie.arm), gradient_, row, derivative);
    }

  private:
    [[nodiscard]] std::size_t position(std::size_t arm) const {
        const auto& placed = problem_.placed;
        return static_cast<std::size_t>(std::find(placed.begin(), placed.end(), arm) - placed.begin());
    }

    [[nodiscard]] GridArm arm(std::size_t position) const {
        return {curves_[position].survival, followed_[position], problem_.arm(problem_.placed[position]).n_patients};
    }

    void carry_over(std::size_t position, const std::vector<double>& gradient, Index row,
                    Eigen::MatrixXd& derivative) const {
        for (std::size_t k = 1; k < gradient.size(); ++k) {
            const double s = curves_[position].survival[k];
            const auto column = static_cast<Index>(position * grid_intervals + curves_[position].from[k] - 1);
            derivative(row, column) -= gradient[k] * s * (1 - s);
        }
    }

    const Problem& problem_;
    const FollowedShares& followed_;
    std::vector<NonIncreasing> curves_;
    std::vector<double> gradient_, control_gradient_;
};

}  // namespace

FollowedShares followed_shares(const Problem& problem, double end_months) {
    const std::vector<double> times = survival::follow_up_grid(end_months, grid_intervals);
    FollowedShares followed;
    for (const std::size_t arm : problem.placed)
        followed.push_back(
            survival::mean_followed(times, problem.arm(arm).follow_up_months, problem.reading.censoring_gamma));
    return followed;
}

void linearise(const Problem& problem, const FollowedShares& followed, const Eigen::VectorXd& y, Eigen::VectorXd& value,
               Eigen::MatrixXd& derivative) {
    GridCurves curves(problem, followed, y);
    derivative.setZero(static_cast<Index>(problem.placement.ties.size()), y.size());
    for (std::size_t i = 0; i < problem.placement.ties.size(); ++i) {
        const Tie& tie = problem.placement.ties[i];
        const auto row = static_cast<Index>(i);
        value[row] = curves.value(tie);
        curves.add_derivative(tie, row, derivative);
    }
}

std::vector<double> tie_values(const Problem& problem, const std::vector<Tie>& ties, const FollowedShares& followed,
                               const Eigen::VectorXd& y) {
    GridCurves curves(problem, followed, y);
    std::vector<double> values;
    for (const Tie& tie : ties) values.push_back(curves.value(tie));
    return values;
}

}  // namespace hersurv::process
