// The value of the published Kaplan-Meier curve at the limits of its median, from the definition of those limits.
#include "hersurv/evidence.hpp"

#include <boost/math/tools/toms748_solve.hpp>

#include "evidence/constants.hpp"
#include "survival/special_functions.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace hersurv::evidence {
namespace {

constexpr double least_survival = 1e-6;  // that still has finite odds

// The root of a function between two points, or, without a change of sign, the end that is nearer to 0.
template <typename Function>
double root_or_end(const Function& f, double from, double to) {
    const double at_from = f(from), at_to = f(to);
    if ((at_from > 0) == (at_to > 0)) return std::abs(at_from) < std::abs(at_to) ? from : to;
    std::uintmax_t most_steps = 100;
    const auto [a, b] = boost::math::tools::toms748_solve(f, from, to, at_from, at_to,
                                                          boost::math::tools::eps_tolerance<double>(50), most_steps);
    return 0.5 * (a + b);
}

}  // namespace

double z_of_level(double level) { return std::sqrt(2.0) * survival::inverse_erf(level); }

double z_of_two_sided_p(double p) { return std::sqrt(2.0) * survival::inverse_erfc(p); }

double effective_share(const EndpointConstants& constants, const ArmEvidence& arm, double time_months,
                       double survival) {
    if (!(time_months > 0) || survival >= 1) return 1;
    const double gamma = constants.information_gamma;
    const double shape = constants.log_logistic_shape;
    std::optional<double> events_fraction;
    if (arm.n_patients && arm.n_events && *arm.n_events <= *arm.n_patients && *arm.n_patients > 0)
        events_fraction = *arm.n_events / *arm.n_patients;
    if (events_fraction == 1.0) return 1;  // nobody was censored
    // Time over the time by which half the patients are no longer followed.
    double over_half_followed =
        arm.follow_up_months ? time_months / *arm.follow_up_months : constants.default_limit_over_follow_up;
    if (!events_fraction && !arm.follow_up_months) events_fraction = constants.default_events_fraction;
    if (events_fraction) {
        // The expected fraction with an event is the integral of G over S: midpoints of S, at each the curve's time in
        // units of time_months. A follow-up that is not the potential one is off by a factor, but not by any.
        constexpr int points = 40;
        constexpr double most_log_factor = 2;
        std::array<double, points> relative;
        const double odds = (1 - survival) / std::max(survival, least_survival);
        for (std::size_t i = 0; i < points; ++i) {
            const double dead = (static_cast<double>(i) + 0.5) / points;
            relative[i] = std::pow(dead / (1 - dead) / odds, gamma / shape);
        }
        const auto excess = [&](double log_factor) {
            const double scale = std::pow(over_half_followed * std::exp(log_factor), gamma);
            double expected = 0;
            for (const double time : relative) expected += 1 / (1 + scale * time) / points;
            return expected - *events_fraction;
        };
        over_half_followed *= std::exp(root_or_end(excess, -most_log_factor, most_log_factor));
    }
    // With odds (1 - S)/S = o (u/t)^shape, dF/S^2 = d odds: int_0^t dF / (S^2 G) = o (1 + (t/half)^gamma / (1 + gamma /
    // shape)), and without censoring it is o.
    return 1 / (1 + std::pow(over_half_followed, gamma) / (1 + gamma / shape));
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
    const auto miss_at = [&](double logit) { return miss(survival(direction * logit)); };
    for (double logit = step; logit <= end; logit += step) {
        if ((miss_at(logit) > 0) == (start > 0)) continue;
        return survival(direction * root_or_end(miss_at, logit - step, logit));
    }
    return std::nullopt;
}

}  // namespace hersurv::evidence
