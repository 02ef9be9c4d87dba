// Minimises a smooth function of a few variables: quasi-Newton steps with gradients by differences.
#pragma once

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <functional>

namespace hersurv::bench {

struct Minimum {
    Eigen::VectorXd at;
    double value = 0;
    int iterations = 0;
    bool converged = false;
};

[[nodiscard]] inline Eigen::VectorXd central_gradient(const std::function<double(const Eigen::VectorXd&)>& value,
                                                      const Eigen::VectorXd& x) {
    constexpr double difference = 1e-3;
    Eigen::VectorXd gradient(x.size());
    for (Eigen::Index i = 0; i < x.size(); ++i) {
        Eigen::VectorXd above = x, below = x;
        above[i] += difference;
        below[i] -= difference;
        gradient[i] = (value(above) - value(below)) / (2 * difference);
    }
    return gradient;
}

// BFGS with a backtracking line search (Nocedal & Wright 2006, Numerical Optimization, algorithm 6.1 and 3.1). The
// variables are expected on a scale where 1 is a large step (logs, logits). Stops when a step gains less than
// `least_gain`.
[[nodiscard]] inline Minimum minimise(const std::function<double(const Eigen::VectorXd&)>& value,
                                      const Eigen::VectorXd& start, double least_gain = 1e-4,
                                      int most_iterations = 200) {
    using Eigen::MatrixXd;
    using Eigen::VectorXd;
    constexpr double longest = 0.7;  // of the change of any variable in one step
    const auto gradient_at = [&value](const VectorXd& x) { return central_gradient(value, x); };
    Minimum best{start, value(start), 0, false};
    VectorXd gradient = gradient_at(start);
    const MatrixXd identity = MatrixXd::Identity(start.size(), start.size());
    MatrixXd inverse = identity / std::max(1.0, gradient.norm() / longest);
    bool fresh = true;
    for (; best.iterations < most_iterations; ++best.iterations) {
        VectorXd step = -inverse * gradient;
        if (!(step.dot(gradient) < 0)) {
            inverse = identity / std::max(1.0, gradient.norm() / longest);
            step = -inverse * gradient;
            fresh = true;
        }
        step *= std::min(1.0, longest / std::max(step.cwiseAbs().maxCoeff(), 1e-300));
        double share = 1, reached = value(best.at + step);
        while (!(reached <= best.value + 1e-4 * share * step.dot(gradient)) && share > 1e-4) {
            share *= 0.4;
            reached = value(best.at + share * step);
        }
        const double gain = best.value - reached;
        if (!(gain > least_gain)) {
            if (gain > 0) {
                best.at += share * step;
                best.value = reached;
            }
            if (fresh) {
                best.converged = true;
                return best;
            }
            // The curvature that was gathered may have misled: once more from the gradient alone.
            inverse = identity / std::max(1.0, gradient.norm() / longest);
            gradient = gradient_at(best.at);
            fresh = true;
            continue;
        }
        const VectorXd moved = share * step, next = gradient_at(best.at + moved), change = next - gradient;
        best.at += moved;
        best.value = reached;
        const double curvature = moved.dot(change);
        if (curvature > 1e-10) {
            if (fresh) inverse = identity * (curvature / change.squaredNorm());
            const MatrixXd left = identity - moved * change.transpose() / curvature;
            inverse = left * inverse * left.transpose() + moved * moved.transpose() / curvature;
            fresh = false;
        }
        gradient = next;
    }
    return best;
}

}  // namespace hersurv::bench
