// Events and hazard ratio as functionals of curves on a grid, and their derivatives by the survival at each time.
#include "process/ties.hpp"

#include <cmath>

namespace hersurv::process {

NonIncreasing non_increasing(std::span<const double> y) {
    NonIncreasing result;
    const std::size_t n = y.size();
    result.survival.assign(n + 1, 1.0);
    result.from.assign(n + 1, 0);
    double most = 0;
    std::size_t whose = n;
    for (std::size_t k = n; k >= 1; --k) {
        const double s = 1 / (1 + std::exp(y[k - 1]));
        if (s >= most) {
            most = s;
            whose = k;
        }
        result.survival[k] = most;
        result.from[k] = whose;
    }
    return result;
}

double events_fraction(const GridArm& arm, std::span<double> gradient) {
    const std::size_t last = arm.survival.size() - 1;
    double fraction = 0;
    for (std::size_t k = 1; k <= last; ++k) {
        fraction += (arm.survival[k - 1] - arm.survival[k]) * arm.followed[k];
        gradient[k] = (k < last ? arm.followed[k + 1] : 0) - arm.followed[k];
    }
    return fraction;
}

double log_hazard_ratio(const GridArm& experimental, const GridArm& control, std::span<double> experimental_gradient,
                        std::span<double> control_gradient) {
    const std::size_t last = control.survival.size() - 1;
    struct Interval {
        double y1, y0, d1, d0;
    };
    std::vector<Interval> intervals(last + 1);
    const auto at_risk = [](const GridArm& arm, std::size_t k) {
        return arm.n_patients * 0.5 * (arm.survival[k - 1] + arm.survival[k]) * arm.followed[k];
    };
    const auto events = [](const GridArm& arm, std::size_t k) {
        return arm.n_patients * (arm.survival[k - 1] - arm.survival[k]) * arm.followed[k];
    };
    for (std::size_t k = 1; k <= last; ++k)
        intervals[k] = {at_risk(experimental, k), at_risk(control, k), events(experimental, k), events(control, k)};
    // Newton inside the bracket that the signs of the decreasing score give.
    double lower = -12, upper = 12, theta = 0, information = 0;
    for (int iteration = 0; iteration < 100; ++iteration) {
        double score = 0;
        information = 0;
        for (std::size_t k = 1; k <= last; ++k) {
            const Interval& i = intervals[k];
            const double weight = i.y1 * std::exp(theta), p = i.y0 + weight > 0 ? weight / (i.y0 + weight) : 0.5;
            score += i.d1 * (1 - p) - i.d0 * p;
            information += (i.d1 + i.d0) * p * (1 - p);
        }
        (score > 0 ? lower : upper) = theta;
        double next = information > 0 ? theta + score / information : 0.5 * (lower + upper);
        if (!(next > lower && next < upper)) next = 0.5 * (lower + upper);
        const bool settled = std::abs(next - theta) < 1e-12 * (1 + std::abs(theta));
        theta = next;
        if (settled) break;
    }
    // d theta / dS = (dU / dS) / I; S_k ends interval k and starts interval k + 1.
    for (std::size_t k = 1; k <= last; ++k) experimental_gradient[k] = control_gradient[k] = 0;
    if (!(information > 0)) return theta;
    for (std::size_t k = 1; k <= last; ++k) {
        const Interval& i = intervals[k];
        const double weight = i.y1 * std::exp(theta);
        if (!(i.y0 > 0 && i.y1 > 0)) continue;
        const double p = weight / (i.y0 + weight), spread = (i.d0 + i.d1) * p * (1 - p);
        const double n1 = experimental.n_patients * experimental.followed[k],
                     n0 = control.n_patients * control.followed[k];
        const double by_events1 = n1 * (1 - p), by_events0 = -n0 * p;
        const double by_risk1 = -0.5 * n1 * spread / i.y1, by_risk0 = 0.5 * n0 * spread / i.y0;
        experimental_gradient[k] += (by_risk1 - by_events1) / information;
        control_gradient[k] += (by_risk0 - by_events0) / information;
        if (k == 1) continue;  // S_0 = 1
        experimental_gradient[k - 1] += (by_risk1 + by_events1) / information;
        control_gradient[k - 1] += (by_risk0 + by_events0) / information;
    }
    return theta;
}

}  // namespace hersurv::process
