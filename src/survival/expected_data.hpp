// What a trial of limited follow-up is expected to see of survival curves: the fraction with an event, and the
// estimate of Cox's model. Integrals are over a grid of times t_0 = 0, t_1, ...
#pragma once

#include "survival/follow_up.hpp"
#include <span>
#include <vector>

namespace hersurv::survival {

// Integral of -b da over one interval from the values at its ends, the trapezoid of the product rule: with a = S and
// b = G the fraction with an event in it, with a = G and b = S that censored in it. The two add up to the fall of S G.
[[nodiscard]] inline double fallen(double a_before, double a, double b_before, double b) {
    return (a_before - a) * 0.5 * (b_before + b);
}
// The integral from t_0 to each time of the grid.
[[nodiscard]] std::vector<double> cumulative_fallen(std::span<const double> a, std::span<const double> b);

// One arm on the grid.
struct ExpectedArm {
    std::span<const double> survival;       // S, not increasing
    std::span<const double> mean_followed;  // mean of G over the interval that ends at each time
    double n_patients = 0;

    // Patients at risk, their mean over the interval that ends at t_k, k >= 1.
    [[nodiscard]] double at_risk(std::size_t k) const {
        return n_patients * 0.5 * (survival[k - 1] + survival[k]) * mean_followed[k];
    }
};

// Fraction of the patients with an event: integral of G dF.
[[nodiscard]] double expected_events(const ExpectedArm& arm);

// What both arms of a comparison are expected to have in one interval of time.
struct ExpectedInterval {
    double at_risk_experimental = 0, at_risk_control = 0;
    double events_experimental = 0, events_control = 0;

    // The share of the experimental arm among those at risk, each weighed by its relative hazard.
    [[nodiscard]] double share(double relative_hazard) const {
        const double weight = at_risk_experimental * relative_hazard;
        return weight / (at_risk_control + weight);
    }
};

struct ExpectedCox {
    double log_hazard_ratio = 0;  // within -12 to 12: the end if there is no root between
    double information = 0;       // -dU/db just before the last step of the search; 0 if nothing is at risk or happens
};

// The limit of Cox's estimate as a trial grows, which under hazards that are not proportional depends on the follow-up:
// the root of the expected partial score U(b) = sum of d1 (1 - p) - d0 p, p = Y1 e^b / (Y0 + Y1 e^b), Y at risk and d
// events (Struthers & Kalbfleisch 1986, Biometrika 73:363). Where d1 Y0 = r d0 Y1 in every interval it is log r,
// whatever the follow-up. All numbers >= 0; an interval in which an arm has nobody at risk says nothing.
[[nodiscard]] ExpectedCox expected_cox(std::span<const ExpectedInterval> intervals);

}  // namespace hersurv::survival
