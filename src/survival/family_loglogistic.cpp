// The log-logistic distribution: the odds of the event are a power of time.
#include "hersurv/survival.hpp"

#include "support/numbers.hpp"
#include "survival/tail_functions.hpp"
#include <cmath>
#include <numbers>

namespace hersurv::survival {

namespace {

// Log odds of the event by time t, 0 < t < infinity.
double log_odds(double t, Parameters p) { return p[0] * log_ratio(t, p[1]); }

double cumulative_hazard(double t, Parameters p) {
    if (t == 0) return 0;
    if (std::isinf(t)) return infinity;
    const double odds = log_odds(t, p);
    return odds > 0 ? odds + std::log1p(std::exp(-odds)) : std::log1p(std::exp(odds));
}

double log_hazard(double t, Parameters p) {
    if (std::isinf(t)) return -infinity;
    const double log_scale_hazard = std::log(p[0]) - std::log(p[1]);
    if (t == 0) {
        if (p[0] == 1) return log_scale_hazard;
        return p[0] > 1 ? -infinity : infinity;
    }
    const double odds = log_odds(t, p);
    if (odds > 0) return std::log(p[0]) - std::log(t) - std::log1p(std::exp(-odds));
    return log_scale_hazard + (p[0] - 1) * log_ratio(t, p[1]) - std::log1p(std::exp(odds));
}

double time_at(double h, Parameters p) {
    constexpr double exp_overflows_from = 700;
    if (h < exp_overflows_from) return p[1] * std::pow(std::expm1(h), 1 / p[0]);
    return std::exp(std::log(p[1]) + h / p[0]);
}

void from_median(double median, double log_shape, std::span<double> p) {
    p[0] = std::exp(log_shape);
    p[1] = median;
}

// S falls as t^-shape: its integral diverges up to shape 1.
double mean(Parameters p) {
    if (p[0] <= 1) return infinity;
    const double angle = std::numbers::pi / p[0];
    return p[1] * angle / std::sin(angle);
}

double shape_of(Parameters p) { return std::log(p[0]); }

}  // namespace

const Family& loglogistic_family() {
    static constexpr ParameterInfo parameters[] = {
        {"shape", "", "above 1 the hazard rises, then falls; otherwise it falls from the start", Domain::positive},
        {"scale", "months", "median", Domain::positive},
    };
    static constexpr Family family{
        .name = "loglogistic",
        .title = "log-logistic",
        .formula = "S(t) = 1/(1 + (t/scale)^shape)",
        .parametrisation =
            "flexsurv llogis: the same shape and scale. survreg and SAS LIFEREG: intercept = log scale, scale = "
            "1/shape. "
            "Stata streg: gamma = 1/shape, exp(_cons) = scale. lifelines: alpha_ = scale, beta_ = shape.",
        .reference = "Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 2nd ed. 2002, 2.2.6",
        .parameters = parameters,
        .cumulative_hazard = cumulative_hazard,
        .log_hazard = log_hazard,
        .time_at_cumulative_hazard = time_at,
        .rmst = nullptr,
        .from_median = from_median,
        .shape_name = "log shape",
        .shape_of = shape_of,
        .mean = mean,
    };
    return family;
}

}  // namespace hersurv::survival
