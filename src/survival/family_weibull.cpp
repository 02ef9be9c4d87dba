// The Weibull distribution: a hazard that is a power of time.
#include "hersurv/survival.hpp"

#include <boost/math/special_functions/gamma.hpp>

#include "survival/tail_functions.hpp"
#include <cmath>

namespace hersurv::survival {

namespace {

double cumulative_hazard(double t, Parameters p) {
    const double ratio = t / p[1];
    if (std::isnormal(ratio) || t == 0 || std::isinf(t)) return std::pow(ratio, p[0]);
    return std::exp(p[0] * log_ratio(t, p[1]));
}

double log_hazard(double t, Parameters p) {
    const double log_scale_hazard = std::log(p[0]) - std::log(p[1]);
    // Named apart: 0 times log 0 is not 0 to the machine.
    if (p[0] == 1) return log_scale_hazard;
    return log_scale_hazard + (p[0] - 1) * log_ratio(t, p[1]);
}

double time_at(double h, Parameters p) { return p[1] * std::pow(h, 1 / p[0]); }

// With a = 1 / shape and x = H(horizon): scale Gamma(a + 1) P(a, x), since t = scale H^a (DLMF 8.2.1).
double restricted_mean(double horizon, Parameters p) {
    const double a = 1 / p[0];
    const double x = cumulative_hazard(horizon, p);
    const SmallerTail tail = gamma_tail(a, p[0] * log_ratio(horizon, p[1]) + std::log(p[0]));
    if (!tail.upper) {
        // scale Gamma(a + 1) times the front of the tail is horizon sqrt(a) exp(-x): the gamma function drops out.
        return horizon * std::exp(0.5 * std::log(a) - x + tail.log_mills);
    }
    const double lower = -std::expm1(tail.log_front + tail.log_mills);
    constexpr double gamma_overflows_from = 150;
    if (a < gamma_overflows_from) return p[1] * boost::math::tgamma(a + 1) * lower;
    return std::exp(std::log(p[1]) + log_gamma_of_one_plus(a)) * lower;
}

void from_median(double median, double log_shape, std::span<double> p) {
    p[0] = std::exp(log_shape);
    p[1] = median / std::pow(std::log(2.0), 1 / p[0]);
}

double mean(Parameters p) { return std::exp(std::log(p[1]) + log_gamma_of_one_plus(1 / p[0])); }

double shape_of(Parameters p) { return std::log(p[0]); }

}  // namespace

const Family& weibull_family() {
    static constexpr ParameterInfo parameters[] = {
        {"shape", "", "below 1 the hazard falls with time, above 1 it rises", Domain::positive},
        {"scale", "months", "time at which S = exp(-1) = 0.368", Domain::positive},
    };
    static constexpr Family family{
        .name = "weibull",
        .title = "Weibull",
        .formula = "S(t) = exp(-(t/scale)^shape)",
        .parametrisation =
            "R: shape and scale of pweibull, flexsurv weibull. survreg and SAS LIFEREG: intercept = log scale, scale = "
            "1/shape. Stata streg: p = shape, exp(_cons) = scale^-shape. lifelines: rho_ = shape, lambda_ = scale.",
        .reference = "Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 2nd ed. 2002, 2.2.2",
        .parameters = parameters,
        .cumulative_hazard = cumulative_hazard,
        .log_hazard = log_hazard,
        .time_at_cumulative_hazard = time_at,
        .rmst = restricted_mean,
        .from_median = from_median,
        .shape_name = "log shape",
        .shape_of = shape_of,
        .mean = mean,
    };
    return family;
}

}  // namespace hersurv::survival
