// Follow-up, events and Cox's estimate in expectation.
#include "survival/expected_data.hpp"

#include "survival/solve.hpp"
#include <cmath>

namespace hersurv::survival {

std::vector<double> cumulative_fallen(std::span<const double> a, std::span<const double> b) {
    std::vector<double> sums{0.0};
    sums.reserve(a.size());
    for (std::size_t k = 1; k < a.size(); ++k) sums.push_back(sums.back() + fallen(a[k - 1], a[k], b[k - 1], b[k]));
    return sums;
}

double expected_events(const ExpectedArm& arm) {
    double fraction = 0;
    for (std::size_t k = 1; k < arm.survival.size(); ++k)
        fraction += (arm.survival[k - 1] - arm.survival[k]) * arm.mean_followed[k];
    return fraction;
}

ExpectedCox expected_cox(std::span<const ExpectedInterval> intervals) {
    ExpectedCox result;
    // U falls with b, so that -U rises.
    const auto score = [&](double log_hazard_ratio) {
        const double ratio = std::exp(log_hazard_ratio);
        double value = 0, information = 0;
        for (const ExpectedInterval& i : intervals) {
            if (!(i.at_risk_experimental > 0 && i.at_risk_control > 0)) continue;
            const double p = i.share(ratio);
            value += i.events_experimental * (1 - p) - i.events_control * p;
            information += (i.events_experimental + i.events_control) * p * (1 - p);
        }
        result.information = information;
        return ValueAndSlope{-value, information};
    };
    constexpr double furthest = 12, tolerance = 1e-13;
    Bracket<double> bracket{-furthest, furthest};
    result.log_hazard_ratio = newton(score, 0, 0, bracket, tolerance);
    return result;
}

}  // namespace hersurv::survival
