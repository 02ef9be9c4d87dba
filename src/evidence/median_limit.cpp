// The value of the published Kaplan-Meier curve at the limits of its median, from the definition of those limits.
#include "hersurv/evidence/observation.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <cmath>

namespace hersurv::evidence {

double z_of_level(double level) { return std::sqrt(2.0) * boost::math::erf_inv(level); }

double z_of_two_sided_p(double p) { return std::sqrt(2.0) * boost::math::erfc_inv(p); }

double effective_share(const priors::EndpointConstants& constants, std::optional<double> events_fraction,
                       std::optional<double> time_over_follow_up) {
    const double f = events_fraction.value_or(constants.default_events_fraction);
    const double phi = time_over_follow_up.value_or(constants.default_limit_over_follow_up);
    return std::exp(-std::exp(constants.c1) * std::pow(std::max(1 - f, 0.005), constants.c2) *
                    std::pow(std::max(phi, 0.0), constants.c3));
}

std::optional<double> survival_at_median_limit(double z, double effective_n, catalogue::LimitsTransform transform) {
    if (!(effective_n > 0) || z == 0) return std::nullopt;
    // g(S) moved by its standard error, less g(1/2): zero where the pointwise limit of S is one half. For L (z > 0) it
    // is the lower limit of S that crosses one half, so S(L) > 1/2; for U (z < 0) the upper one, and S(U) < 1/2.
    const auto miss = [&](double s) {
        const double odds_against = (1 - s) / (effective_n * s);  // Greenwood's variance of log S without censoring
        switch (transform) {
            case catalogue::LimitsTransform::log_log: {
                const double h = -std::log(s);
                return std::log(h / std::log(2.0)) + z * std::sqrt(odds_against) / h;
            }
            case catalogue::LimitsTransform::log:
                return -(std::log(s / 0.5) - z * std::sqrt(odds_against));
            case catalogue::LimitsTransform::linear:
                return -(s - 0.5 - z * std::sqrt(s * (1 - s) / effective_n));
        }
        return 0.0;
    };
    // Away from one half the first term wins at first and the standard error later (few patients at risk): the root is
    // the first change of sign.
    const double direction = z > 0 ? 1.0 : -1.0;
    const double start = miss(0.5);
    const auto survival = [](double logit) { return 1 / (1 + std::exp(-logit)); };
    constexpr double step = 0.02, end = 8;
    for (double logit = step; logit <= end; logit += step) {
        if ((miss(survival(direction * logit)) > 0) == (start > 0)) continue;
        double inner = logit - step, outer = logit;
        for (int i = 0; i < 60; ++i) {
            const double middle = 0.5 * (inner + outer);
            ((miss(survival(direction * middle)) > 0) == (start > 0) ? inner : outer) = middle;
        }
        return survival(direction * 0.5 * (inner + outer));
    }
    return std::nullopt;
}

}  // namespace hersurv::evidence
