// The exponential distribution: a constant hazard.
#include "hersurv/survival.hpp"

#include <cmath>

namespace hersurv::survival {

namespace {

double cumulative_hazard(double t, Parameters p) { return p[0] * t; }

double log_hazard(double, Parameters p) { return std::log(p[0]); }

double time_at(double h, Parameters p) { return h / p[0]; }

double restricted_mean(double horizon, Parameters p) {
    const double x = p[0] * horizon;
    return x > 0 ? horizon * (-std::expm1(-x) / x) : horizon;
}

void from_median(double median, double, std::span<double> p) { p[0] = std::log(2.0) / median; }

double mean(Parameters p) { return 1 / p[0]; }

double shape_of(Parameters) { return 0; }

}  // namespace

const Family& exponential_family() {
    static constexpr ParameterInfo parameters[] = {
        {"rate", "1/month", "hazard, the same at all times", Domain::positive},
    };
    static constexpr Family family{
        .name = "exponential",
        .title = "exponential",
        .formula = "S(t) = exp(-rate t)",
        .parametrisation =
            "R: rate of pexp. survreg and SAS LIFEREG: intercept = -log rate. Stata streg: exp(_cons) = rate. "
            "lifelines: lambda_ = 1/rate.",
        .reference = "Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 2nd ed. 2002, 2.2.1",
        .parameters = parameters,
        .cumulative_hazard = cumulative_hazard,
        .log_hazard = log_hazard,
        .time_at_cumulative_hazard = time_at,
        .rmst = restricted_mean,
        .from_median = from_median,
        .shape_name = "",
        .shape_of = shape_of,
        .mean = mean,
    };
    return family;
}

}  // namespace hersurv::survival
