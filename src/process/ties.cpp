// Events and hazard ratio as functionals of curves on a grid, and their derivatives by the survival at each time.
#include "process/ties.hpp"

#include "support/numbers.hpp"
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
        const double s = support::expit(-y[k - 1]);
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
    for (std::size_t k = 1; k <= last; ++k)
        gradient[k] = (k < last ? arm.mean_followed[k + 1] : 0) - arm.mean_followed[k];
    return survival::expected_events(arm);
}

double log_hazard_ratio(const GridArm& experimental, const GridArm& control, std::span<double> experimental_gradient,
                        std::span<double> control_gradient) {
    const std::size_t last = control.survival.size() - 1;
    std::vector<survival::ExpectedInterval> intervals(last + 1);
    const auto events = [](const GridArm& arm, std::size_t k) {
        return arm.n_patients * (arm.survival[k - 1] - arm.survival[k]) * arm.mean_followed[k];
    };
    for (std::size_t k = 1; k <= last; ++k)
        intervals[k] = {experimental.at_risk(k), control.at_risk(k), events(experimental, k), events(control, k)};
    const auto [theta, information] = survival::expected_cox(intervals);
    const double ratio = std::exp(theta);
    // d theta / dS = (dU / dS) / I; S_k ends interval k and starts interval k + 1.
    for (std::size_t k = 1; k <= last; ++k) experimental_gradient[k] = control_gradient[k] = 0;
    if (!(information > 0)) return theta;
    for (std::size_t k = 1; k <= last; ++k) {
        const survival::ExpectedInterval& i = intervals[k];
        if (!(i.at_risk_control > 0 && i.at_risk_experimental > 0)) continue;
        const double p = i.share(ratio), spread = (i.events_control + i.events_experimental) * p * (1 - p);
        const double n1 = experimental.n_patients * experimental.mean_followed[k],
                     n0 = control.n_patients * control.mean_followed[k];
        const double by_events1 = n1 * (1 - p), by_events0 = -n0 * p;
        const double by_risk1 = -0.5 * n1 * spread / i.at_risk_experimental,
                     by_risk0 = 0.5 * n0 * spread / i.at_risk_control;
        experimental_gradient[k] += (by_risk1 - by_events1) / information;
        control_gradient[k] += (by_risk0 - by_events0) / information;
        if (k == 1) continue;  // S_0 = 1
        experimental_gradient[k - 1] += (by_risk1 + by_events1) / information;
        control_gradient[k - 1] += (by_risk0 + by_events0) / information;
    }
    return theta;
}

}  // namespace hersurv::process
