// What every family has in common: arguments checked, and survival, density, quantile and restricted mean derived in
// log space.
#include "hersurv/survival.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <fmt/format.h>

#include "support/numbers.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

namespace hersurv::survival {

namespace {

[[noreturn]] void refuse(const Family& family, std::string_view function, std::string_view what, double value,
                         std::string_view rule) {
    throw std::domain_error(
        fmt::format("hersurv::survival::{}({}): {} is {}, but must be {}", function, family.name, what, value, rule));
}

void check_count(const Family& family, std::string_view function, std::size_t count) {
    if (count == family.parameters.size()) return;
    throw std::domain_error(fmt::format("hersurv::survival::{}({}): number of parameters is {}, but must be {}",
                                        function, family.name, count, family.parameters.size()));
}

void check_parameters(const Family& family, std::string_view function, Parameters parameters) {
    check_count(family, function, parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const ParameterInfo& info = family.parameters[i];
        const double value = parameters[i];
        if (info.domain == Domain::positive && !(value > 0 && std::isfinite(value))) {
            refuse(family, function, info.name, value, "finite and above 0");
        }
        if (info.domain == Domain::share && !(value >= 0 && value < 1)) {
            refuse(family, function, info.name, value, "at least 0 and below 1");
        }
        if (!std::isfinite(value)) refuse(family, function, info.name, value, "finite");
    }
}

void check_at_time(const Family& family, std::string_view function, double t_months, Parameters parameters) {
    check_parameters(family, function, parameters);
    if (!(t_months >= 0)) refuse(family, function, "t_months", t_months, "0 or above");
}

// The functions below take arguments that were checked.

double log_density_at(const Family& family, double t, Parameters parameters) {
    const double h = family.cumulative_hazard(t, parameters);
    // Nothing is left to die, whatever the hazard of the survivors would be.
    if (std::isinf(h) || std::isinf(t)) return -infinity;
    return family.log_hazard(t, parameters) - h;
}

// Solves log H(t) = log h in x = log t, where H of every family is close to a power of t over long stretches.
double solve_time(const Family& family, double h, Parameters parameters) {
    const auto log_h = [&](double x) {
        const double t = std::exp(x);
        const double value = std::log(family.cumulative_hazard(t, parameters));
        return ValueAndSlope{value, std::exp(x + family.log_hazard(t, parameters) - value)};
    };
    const double lowest = std::log(std::numeric_limits<double>::denorm_min());
    const double highest = std::log(std::numeric_limits<double>::max());
    const double target = std::log(h);
    const double x = solve_increasing(log_h, target, 0, lowest, highest);
    if (x <= lowest) return 0;
    if (x >= highest) return infinity;
    // A last Newton step on t itself takes out the rounding of x, which exp magnifies for times far from 1.
    const double t = std::exp(x);
    const auto [value, slope] = log_h(x);
    const double correction = (target - value) / slope;
    return std::fabs(correction) < 1e-6 ? t + t * correction : t;
}

double time_at(const Family& family, double h, Parameters parameters) {
    if (h == 0) return 0;
    if (std::isinf(h)) return infinity;
    if (family.time_at_cumulative_hazard != nullptr) return family.time_at_cumulative_hazard(h, parameters);
    return solve_time(family, h, parameters);
}

// Integral of f over [a, b]; halves the interval until 7 Gauss nodes agree with the 15 of Kronrod to `tolerance`, which
// is absolute: what is left of the error of the latter is far smaller.
template <typename Function>
double integrate_adaptively(const Function& f, double a, double b, double tolerance, int n_halvings) {
    const double middle = a + 0.5 * (b - a);
    const double half = 0.5 * (b - a);
    double error = 0;
    const auto scaled = [&](double u) { return half * f(middle + half * u); };
    const double estimate =
        boost::math::quadrature::gauss_kronrod<double, 15>::integrate(scaled, -1.0, 1.0, 0, 0.0, &error);
    if (error <= tolerance || n_halvings == 0) return estimate;
    return integrate_adaptively(f, a, middle, tolerance, n_halvings - 1) +
           integrate_adaptively(f, middle, b, tolerance, n_halvings - 1);
}

// Integral of S over [0, horizon] in x = log t, where S is analytic, piece by piece between times at which S has come
// down by set steps, so that no step of S, however sharp, falls between two nodes.
double integrate_survival(const Family& family, double horizon, Parameters parameters) {
    constexpr double negligible = 1e-17;
    constexpr double tolerance = 1e-12;  // of the integral
    constexpr int most_halvings = 12;
    constexpr std::array levels{negligible, 1e-3, 0.2, 2.0, 8.0, 40.0};

    const double h_end = family.cumulative_hazard(horizon, parameters);
    if (h_end <= negligible) return horizon;
    // The integral is at least t S(t) for every t up to the horizon.
    double at_least = horizon * std::exp(-h_end);
    std::array<double, levels.size()> times;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        times[i] = std::min(time_at(family, levels[i], parameters), horizon);
        at_least = std::max(at_least, times[i] * std::exp(-std::min(levels[i], h_end)));
    }
    if (at_least == 0) return 0;  // below the smallest double
    // Up to `start` S is 1, or the whole time is too short to count; beyond `end` what is left is below (horizon - end)
    // S(end).
    const double start = std::max(times[0], at_least * negligible);
    const double h_stop = std::max(std::log(horizon / at_least), 0.0) - std::log(negligible);
    const double end = h_end > h_stop ? std::min(time_at(family, h_stop, parameters), horizon) : horizon;
    const double from_zero = start * std::exp(-family.cumulative_hazard(start, parameters));

    // In units of the lower bound, so that the tolerance is relative to the whole and nothing overflows.
    const double log_unit = std::log(at_least);
    const auto integrand = [&](double x) {
        return std::exp(x - log_unit - family.cumulative_hazard(std::exp(x), parameters));
    };
    double sum = 0;
    double left = start;
    const auto add_until = [&](double right) {
        if (!(right > left)) return;
        sum += integrate_adaptively(integrand, std::log(left), std::log(right), tolerance, most_halvings);
        left = right;
    };
    for (const double t : times) add_until(std::min(t, end));
    add_until(end);
    return from_zero + at_least * sum;
}

}  // namespace

double cumulative_hazard(const Family& family, double t_months, Parameters parameters) {
    check_at_time(family, "cumulative_hazard", t_months, parameters);
    return family.cumulative_hazard(t_months, parameters);
}

double log_survival(const Family& family, double t_months, Parameters parameters) {
    check_at_time(family, "log_survival", t_months, parameters);
    return 0.0 - family.cumulative_hazard(t_months, parameters);  // 0 rather than -0 where S = 1
}

double survival(const Family& family, double t_months, Parameters parameters) {
    check_at_time(family, "survival", t_months, parameters);
    return std::exp(-family.cumulative_hazard(t_months, parameters));
}

double log_hazard(const Family& family, double t_months, Parameters parameters) {
    check_at_time(family, "log_hazard", t_months, parameters);
    return family.log_hazard(t_months, parameters);
}

double hazard(const Family& family, double t_months, Parameters parameters) {
    check_at_time(family, "hazard", t_months, parameters);
    return std::exp(family.log_hazard(t_months, parameters));
}

double log_density(const Family& family, double t_months, Parameters parameters) {
    check_at_time(family, "log_density", t_months, parameters);
    return log_density_at(family, t_months, parameters);
}

double density(const Family& family, double t_months, Parameters parameters) {
    check_at_time(family, "density", t_months, parameters);
    return std::exp(log_density_at(family, t_months, parameters));
}

double quantile(const Family& family, double p, Parameters parameters) {
    check_parameters(family, "quantile", parameters);
    if (!(p >= 0 && p <= 1)) refuse(family, "quantile", "p", p, "from 0 to 1");
    return time_at(family, -std::log1p(-p), parameters);
}

double time_at_survival(const Family& family, double s, Parameters parameters) {
    check_parameters(family, "time_at_survival", parameters);
    if (!(s >= 0 && s <= 1)) refuse(family, "time_at_survival", "s", s, "from 0 to 1");
    return time_at(family, -std::log(s), parameters);
}

double time_at_cumulative_hazard(const Family& family, double h, Parameters parameters) {
    check_parameters(family, "time_at_cumulative_hazard", parameters);
    if (!(h >= 0)) refuse(family, "time_at_cumulative_hazard", "h", h, "0 or above");
    return time_at(family, h, parameters);
}

double rmst(const Family& family, double horizon_months, Parameters parameters) {
    check_parameters(family, "rmst", parameters);
    if (!(horizon_months >= 0 && std::isfinite(horizon_months))) {
        refuse(family, "rmst", "horizon_months", horizon_months, "finite and 0 or above");
    }
    if (horizon_months == 0) return 0;
    const double mean = family.rmst != nullptr ? family.rmst(horizon_months, parameters)
                                               : integrate_survival(family, horizon_months, parameters);
    // No more can be lived than there is; rounding may say otherwise where S stays at 1.
    return std::min(mean, horizon_months);
}

double mean(const Family& family, Parameters parameters) {
    check_parameters(family, "mean", parameters);
    return family.mean != nullptr ? family.mean(parameters) : infinity;
}

void from_median(const Family& family, double median_months, double shape, std::span<double> parameters) {
    constexpr std::string_view function = "from_median";
    check_count(family, function, parameters.size());
    if (!(median_months > 0 && std::isfinite(median_months))) {
        refuse(family, function, "median_months", median_months, "finite and above 0");
    }
    if (!std::isfinite(shape)) refuse(family, function, "shape", shape, "finite");
    // A parameter held (q of the generalised gamma) is NaN or infinite on entry, or a result is out of range.
    if (family.uncured != nullptr) {
        const double share = parameters.back();
        if (!(share >= 0 && share < 1))
            refuse(family, function, family.parameters.back().name, share, "at least 0 and below 1");
        family.from_median(median_months, shape, parameters);
        if (std::isnan(parameters.front()))
            refuse(family, function, family.parameters.back().name, share, "so small that S reaches one half");
    } else {
        family.from_median(median_months, shape, parameters);
    }
    check_parameters(family, function, parameters);
}

double shape_of(const Family& family, Parameters parameters) {
    check_parameters(family, "shape_of", parameters);
    return family.shape_of(parameters);
}

}  // namespace hersurv::survival
