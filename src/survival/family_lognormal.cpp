// The lognormal distribution: log time is normal; the hazard rises, then falls.
#include "hersurv/survival.hpp"

#include <boost/math/special_functions/erf.hpp>

#include "support/numbers.hpp"
#include "survival/tail_functions.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace hersurv::survival {

namespace {

double standardised(double t, Parameters p) { return (std::log(t) - p[0]) / p[1]; }

double cumulative_hazard(double t, Parameters p) {
    if (t == 0) return 0;
    if (std::isinf(t)) return infinity;
    return minus_log_upper(normal_tail(standardised(t, p)));
}

double log_hazard(double t, Parameters p) {
    if (t == 0 || std::isinf(t)) return -infinity;
    const SmallerTail tail = normal_tail(standardised(t, p));
    const double log_scaled = tail.upper ? -tail.log_mills : tail.log_front + minus_log_upper(tail);
    return log_scaled - std::log(p[1]) - std::log(t);
}

// The w with -log P(W > w) = h.
double normal_at(double h) {
    if (h <= std::numbers::ln2) return -std::numbers::sqrt2 * boost::math::erfc_inv(-2 * std::expm1(-h));
    constexpr double exp_underflows_from = 700;
    if (h < exp_underflows_from) return std::numbers::sqrt2 * boost::math::erfc_inv(2 * std::exp(-h));
    if (std::isinf(h)) return infinity;
    // Newton on -log Q(w), whose slope is the reciprocal of the Mills ratio, from the leading term of its expansion.
    double w = std::sqrt(2 * h - std::log(4 * std::numbers::pi * h));
    for (int i = 0; i < 3; ++i) {
        const SmallerTail tail = normal_tail(w);
        w += (h - minus_log_upper(tail)) * std::exp(tail.log_mills);
    }
    return w;
}

double time_at(double h, Parameters p) {
    if (h == 0) return 0;
    return std::exp(p[0] + p[1] * normal_at(h));
}

// T S(T) + integral of t f(t) to T, two positive terms; the second is exp(meanlog + sdlog^2 / 2) P(W <= w - sdlog).
double restricted_mean(double horizon, Parameters p) {
    const double w = standardised(horizon, p);
    const double outlived = std::exp(-minus_log_upper(normal_tail(w)));
    const SmallerTail shifted = normal_tail(w - p[1]);
    if (shifted.upper) return horizon * outlived + std::exp(p[0] + 0.5 * p[1] * p[1] - minus_log_lower(shifted));
    // exp(meanlog + sdlog^2 / 2) times the front at w - sdlog is T phi(w): what would over- and underflow drops out.
    return horizon * (outlived + std::exp(normal_tail(w).log_front + shifted.log_mills));
}

void from_median(double median, double minus_log_sdlog, std::span<double> p) {
    p[0] = std::log(median);
    p[1] = std::exp(-minus_log_sdlog);
}

double mean(Parameters p) { return std::exp(p[0] + 0.5 * p[1] * p[1]); }

double shape_of(Parameters p) { return -std::log(p[1]); }

}  // namespace

const Family& lognormal_family() {
    static constexpr ParameterInfo parameters[] = {
        {"meanlog", "", "mean of log(t / 1 month): the log of the median", Domain::real},
        {"sdlog", "", "standard deviation of log t", Domain::positive},
    };
    static constexpr Family family{
        .name = "lognormal",
        .title = "log-normal",
        .formula = "S(t) = 1 - Phi((log t - meanlog)/sdlog)",
        .parametrisation =
            "R: meanlog and sdlog of plnorm, flexsurv lnorm. survreg and SAS LIFEREG: intercept = meanlog, scale = "
            "sdlog. "
            "Stata streg: _cons = meanlog, sigma = sdlog. lifelines: mu_ = meanlog, sigma_ = sdlog.",
        .reference = "Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 2nd ed. 2002, 2.2.3",
        .parameters = parameters,
        .cumulative_hazard = cumulative_hazard,
        .log_hazard = log_hazard,
        .time_at_cumulative_hazard = time_at,
        .rmst = restricted_mean,
        .from_median = from_median,
        .shape_name = "-log sdlog",
        .shape_of = shape_of,
        .mean = mean,
    };
    return family;
}

}  // namespace hersurv::survival
