// Prentice's generalised gamma distribution: Weibull, lognormal and gamma are members, and q may be negative.
#include "hersurv/survival.hpp"

#include <boost/math/special_functions/gamma.hpp>

#include "support/numbers.hpp"
#include "survival/memo.hpp"
#include "survival/solve.hpp"
#include "survival/tail_functions.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

namespace hersurv::survival {

namespace {

// log of sigma t h(t), the hazard of W. gamma_tail's front is the density of W itself.
double log_scaled_hazard(const SmallerTail& tail) {
    return tail.upper ? -tail.log_mills : tail.log_front + minus_log_upper(tail);
}

double standardised(double t, Parameters p) { return (std::log(t) - p[0]) / p[1]; }

double cumulative_hazard(double t, Parameters p) {
    if (t == 0) return 0;
    if (std::isinf(t)) return infinity;
    return minus_log_upper(generalised_gamma_tail(standardised(t, p), p[2]));
}

// The limits at the ends: f(t) ~ t^(1 / (q sigma) - 1) at 0 for q > 0 and faster than any power otherwise; h(t) ~ t^(q
// / sigma - 1) at infinity for q > 0, ~ 1 / t for q < 0.
double log_hazard(double t, Parameters p) {
    const auto [mu, sigma, q] = std::tuple{p[0], p[1], p[2]};
    if (t == 0) {
        if (q <= 0 || q * sigma < 1) return -infinity;
        if (q * sigma > 1) return infinity;
        // t f(t) sigma is the front, -a (exp(y) - 1 - y) - ... with y = q w and a y = log t - mu at q sigma = 1.
        const double a = 1 / q / q;
        return a - mu - std::log(sigma) - 0.5 * std::log(2 * std::numbers::pi) - log_stirling_remainder(a);
    }
    if (std::isinf(t)) {
        if (q <= 0 || q < sigma) return -infinity;
        if (q > sigma) return infinity;
        return -mu - 2 * std::log(q);
    }
    return log_scaled_hazard(generalised_gamma_tail(standardised(t, p), q)) - std::log(sigma) - std::log(t);
}

// The median of W: near -q / 3 for a small q and near -q log 2 for a large one.
double median_of_w(double q) {
    const auto log_h = [q](double w) {
        const SmallerTail tail = generalised_gamma_tail(w, q);
        const double h = minus_log_upper(tail);
        return ValueAndSlope{std::log(h), std::exp(log_scaled_hazard(tail)) / h};
    };
    const double reach = 10 + 2 * std::fabs(q);
    return solve_increasing(log_h, std::log(std::numbers::ln2), -q / 3, -reach, reach);
}

void from_median(double median, double minus_log_sigma, std::span<double> p) {
    const double sigma = std::exp(-minus_log_sigma);
    const double q = p[2];
    // A q that is not a number is left to the check of the parameters, which names it.
    thread_local Memo medians_of_w;
    const double w = std::isfinite(q) ? medians_of_w(q, median_of_w) : 0;
    p[0] = std::log(median) - sigma * w;
    p[1] = sigma;
}

// exp(mu) a^-d Gamma(a + d) / Gamma(a) with a = 1 / q^2, d = sigma / q (Prentice 1974); the integral diverges if a + d
// <= 0. For a large a by Stirling's formula, since a lognormal (q = 0) has none.
double mean(Parameters p) {
    const auto [mu, sigma, q] = std::tuple{p[0], p[1], p[2]};
    constexpr double lognormal_below = 1e-7, stirling_below = 0.05, stirling_from = 100;
    if (std::fabs(q) < lognormal_below) return std::exp(mu + 0.5 * sigma * sigma);
    const double x = sigma * q;  // d / a
    if (x <= -1) return infinity;
    const double a = 1 / q / q, b = a * (1 + x);
    if (std::fabs(q) >= stirling_below || b < stirling_from)
        return std::exp(mu - sigma / q * std::log(a) + boost::math::lgamma(b) - boost::math::lgamma(a));
    const double leading = a * ((1 + x) * std::log1p(x) - x) - 0.5 * std::log1p(x);
    const auto remainder = [](double z) { return (1 - 1 / (30 * z * z)) / (12 * z); };
    return std::exp(mu + leading + remainder(b) - remainder(a));
}

double shape_of(Parameters p) { return -std::log(p[1]); }

}  // namespace

const Family& gengamma_family() {
    static constexpr ParameterInfo parameters[] = {
        {"mu", "", "location of log(t / 1 month)", Domain::real},
        {"sigma", "", "scale of log t", Domain::positive},
        {"q", "", "shape: 1 Weibull, 0 lognormal, sigma gamma; negative: a heavier right tail", Domain::real},
    };
    static constexpr Family family{
        .name = "gengamma",
        .title = "generalised gamma",
        .formula =
            "with w = (log t - mu)/sigma, a = 1/q^2, u = a exp(q w): S(t) = Q(a, u) for q > 0, P(a, u) for q < 0, 1 - "
            "Phi(w) for "
            "q = 0; Q and P the upper and lower regularised incomplete gamma functions",
        .parametrisation =
            "flexsurv gengamma: the same mu, sigma, Q = q. SAS LIFEREG gamma: intercept = mu, scale = sigma, shape = "
            "q. "
            "Stata streg ggamma: _cons = mu, sigma, kappa = q. lifelines: mu_, exp(ln_sigma_), lambda_ = q. Stacy's "
            "form "
            "(flexsurv gengamma.orig): q > 0, shape = q/sigma, k = 1/q^2, scale = exp(mu) q^(2 sigma/q).",
        .reference = "Prentice, Biometrika 61 (1974) 539; Cox, Chu, Schneider & Munoz, Stat. Med. 26 (2007) 4352",
        .parameters = parameters,
        .cumulative_hazard = cumulative_hazard,
        .log_hazard = log_hazard,
        .time_at_cumulative_hazard = nullptr,
        .rmst = nullptr,
        .from_median = from_median,
        .n_held = 1,
        .shape_name = "-log sigma (q held)",
        .shape_of = shape_of,
        .mean = mean,
    };
    return family;
}

}  // namespace hersurv::survival
