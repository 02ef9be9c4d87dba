// Root of an increasing function by Newton's method, kept inside a shrinking bracket by bisection.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace hersurv::survival {

struct ValueAndSlope {
    double value;
    double slope;
};

// The x in [lower, upper] with f(x).value = target, for `f` non-decreasing; `lower` or `upper` where the target lies
// outside. f may give infinite values and slopes that are not finite: such steps are bisected.
template <typename Function>
[[nodiscard]] double solve_increasing(const Function& f, double target, double start, double lower, double upper) {
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    constexpr int most_steps = 300;  // bisection alone needs about 65 over the range of log(double)
    const double first_lower = lower;
    const double first_upper = upper;
    double x = std::clamp(start, lower, upper);
    double step_before_last = upper - lower;
    double last_step = step_before_last;
    for (int i = 0; i < most_steps; ++i) {
        const ValueAndSlope at = f(x);
        if (at.value == target) return x;
        (at.value < target ? lower : upper) = x;
        const double newton = x + (target - at.value) / at.slope;
        // As in rtsafe (Press et al., Numerical Recipes, 9.4): Newton must at least halve the step before last.
        const bool useful =
            newton >= lower && newton <= upper && std::fabs(newton - x) <= 0.5 * std::fabs(step_before_last);
        const double next = useful ? newton : lower + 0.5 * (upper - lower);
        step_before_last = last_step;
        last_step = next - x;
        x = next;
        if (std::fabs(last_step) <= 2 * epsilon * std::max(1.0, std::fabs(x))) break;
    }
    // An end that never moved has not been looked at: the root may lie beyond it.
    if (lower == first_lower && f(lower).value >= target) return lower;
    if (upper == first_upper && f(upper).value <= target) return upper;
    return x;
}

}  // namespace hersurv::survival
