// The gamma distribution: the hazard starts as a power of time and levels off at the rate.
#include "hersurv/survival.hpp"

#include "support/numbers.hpp"
#include "survival/memo.hpp"
#include "survival/solve.hpp"
#include "survival/tail_functions.hpp"
#include <cmath>
#include <numbers>

namespace hersurv::survival {

namespace {

SmallerTail tail_at(double t, Parameters p) { return gamma_tail(p[0], log_gamma_ratio(p[1], t, p[0])); }

// t h(t), from the tail at t.
double log_scaled_hazard(const SmallerTail& tail, double shape) {
    return 0.5 * std::log(shape) + (tail.upper ? -tail.log_mills : tail.log_front + minus_log_upper(tail));
}

double cumulative_hazard(double t, Parameters p) {
    if (t == 0) return 0;
    if (std::isinf(t)) return infinity;
    return minus_log_upper(tail_at(t, p));
}

double log_hazard(double t, Parameters p) {
    if (t == 0) {
        if (p[0] == 1) return std::log(p[1]);
        return p[0] > 1 ? -infinity : infinity;
    }
    if (std::isinf(t)) return std::log(p[1]);
    return log_scaled_hazard(tail_at(t, p), p[0]) - std::log(t);
}

// T S(T) + integral of t f(t) to T, two positive terms; the second is shape / rate P(shape + 1, rate T).
double restricted_mean(double horizon, Parameters p) {
    const double outlived = std::exp(-cumulative_hazard(horizon, p));
    const double above = p[0] + 1;
    const double log_lower = -minus_log_lower(gamma_tail(above, log_gamma_ratio(p[1], horizon, above)));
    return horizon * outlived + std::exp(std::log(p[0]) - std::log(p[1]) + log_lower);
}

// y = log(t) at the median of the member whose rate is its shape. For a small shape the median is (Gamma(shape + 1) /
// 2)^(1 / shape), for a large one shape - 1/3.
double log_median_at_rate_of_shape(double shape) {
    const auto log_h = [shape](double y) {
        const SmallerTail tail = gamma_tail(shape, y);
        const double h = minus_log_upper(tail);
        return ValueAndSlope{std::log(h), std::exp(log_scaled_hazard(tail, shape)) / h};
    };
    const double lowest = -2 / shape - 750;
    const double start = shape > 1 ? std::log1p(-1 / (3 * shape)) : -std::numbers::ln2 / shape;
    return solve_increasing(log_h, std::log(std::numbers::ln2), start, lowest, 1);
}

void from_median(double median, double log_shape, std::span<double> p) {
    const double shape = std::exp(log_shape);
    thread_local Memo log_medians;
    const double y = log_medians(shape, log_median_at_rate_of_shape);
    p[0] = shape;
    p[1] = std::exp(y) * shape / median;
}

double mean(Parameters p) { return p[0] / p[1]; }

double shape_of(Parameters p) { return std::log(p[0]); }

}  // namespace

const Family& gamma_family() {
    static constexpr ParameterInfo parameters[] = {
        {"shape", "", "below 1 the hazard falls to the rate, above 1 it rises to it", Domain::positive},
        {"rate", "1/month", "hazard in the long run", Domain::positive},
    };
    static constexpr Family family{
        .name = "gamma",
        .title = "gamma",
        .formula = "S(t) = Gamma(shape, rate t)/Gamma(shape), the upper incomplete gamma function",
        .parametrisation =
            "R: shape and rate of pgamma, flexsurv gamma; scale = 1/rate. SAS LIFEREG's and Stata's \"gamma\" is the "
            "generalised gamma (gengamma) instead.",
        .reference =
            "Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 2nd ed. 2002, 2.2.4; DLMF chapter "
            "8",
        .parameters = parameters,
        .cumulative_hazard = cumulative_hazard,
        .log_hazard = log_hazard,
        .time_at_cumulative_hazard = nullptr,
        .rmst = restricted_mean,
        .from_median = from_median,
        .shape_name = "log shape",
        .shape_of = shape_of,
        .mean = mean,
    };
    return family;
}

}  // namespace hersurv::survival
