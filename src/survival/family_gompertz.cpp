// The Gompertz distribution: a hazard exponential in time; with a negative shape a share of the patients never has the
// event.
#include "hersurv/survival.hpp"

#include <boost/math/special_functions/expint.hpp>

#include "support/numbers.hpp"
#include <cmath>
#include <utility>

namespace hersurv::survival {

namespace {

double cumulative_hazard(double t, Parameters p) {
    const auto [shape, rate] = std::pair{p[0], p[1]};
    if (t == 0) return 0;
    if (std::isinf(t)) return shape < 0 ? rate / -shape : infinity;
    const double x = shape * t;
    // (exp(x) - 1) / x is 1 to the last bit.
    if (std::fabs(x) < 1e-17) return rate * t;
    // exp(x) alone would overflow where a small rate keeps the product finite.
    constexpr double exp_overflows_from = 700;
    if (x > exp_overflows_from) return std::exp(x + std::log(rate) - std::log(shape));
    // At late times x would overflow before its quotient with t settles; near x = 0 the ratio of rate and shape may
    // overflow instead.
    const double ratio = rate / shape;
    return x < -1 && std::isfinite(ratio) ? ratio * std::expm1(x) : rate * t * (std::expm1(x) / x);
}

double log_hazard(double t, Parameters p) {
    if (p[0] == 0) return std::log(p[1]);
    return std::log(p[1]) + p[0] * t;
}

double time_at(double h, Parameters p) {
    const auto [shape, rate] = std::pair{p[0], p[1]};
    const double exponential_time = h / rate;
    if (shape == 0 || h == 0) return exponential_time;
    const double x = shape * exponential_time;
    if (x <= -1) return infinity;  // the plateau is at H = rate / -shape
    if (std::fabs(x) < 1e-17) return exponential_time;
    if (std::isinf(x)) return (std::log(h) + std::log(shape) - std::log(rate)) / shape;
    return std::log1p(x) / shape;
}

// H(infinity) / log 2 of a member that levels off, by its shape coordinate x < 0. With a median it is 1 / (1 - exp(x)),
// above 1. A curve that levels off above one half has none: below the last shape with one, H(infinity) falls on to 0,
// smoothly, so that any real number is a member and all members have one.
constexpr double last_with_median = -4, bend = 0.25;
const double at_last = 1 / -std::expm1(last_with_median), fall_at_last = std::exp(last_with_median) * at_last;

double levelled_hazard(double x) {
    if (x >= last_with_median) return 1 / -std::expm1(x);
    const double beyond = last_with_median - x;
    return at_last * std::exp(-fall_at_last * beyond - bend * beyond * beyond);
}

// H(median) = rate / shape (exp(shape median) - 1) = log 2, solved for the rate. Without a median the first argument is
// no more than the unit of time.
void from_median(double median, double shape_times_median, std::span<double> p) {
    const double x = shape_times_median;
    p[0] = x / median;
    p[1] = std::log(2.0) / median * (x == 0 ? 1 : x >= last_with_median ? x / std::expm1(x) : -x * levelled_hazard(x));
}

// exp(x) E1(x) / shape with x = rate / shape (DLMF 6.2.1); for a negative shape S levels off above 0.
double mean(Parameters p) {
    const auto [shape, rate] = std::pair{p[0], p[1]};
    if (shape < 0) return infinity;
    const double x = rate / shape;
    constexpr double exp_overflows_from = 700;
    if (x < exp_overflows_from) return std::exp(x) * boost::math::expint(1, x) / shape;
    return (1 - (1 - (2 - 6 / x) / x) / x) / rate;  // DLMF 6.12.1
}

double shape_of(Parameters p) {
    const double x = p[0] / p[1] * std::log(2.0);
    if (x < 0 && -1 / x < at_last) {  // the inverse of levelled_hazard
        const double fallen = -std::log(-1 / x / at_last);
        return last_with_median -
               (std::sqrt(fall_at_last * fall_at_last + 4 * bend * fallen) - fall_at_last) / (2 * bend);
    }
    return std::isinf(x) ? std::log(p[0]) - std::log(p[1]) + std::log(std::log(2.0)) : std::log1p(x);
}

}  // namespace

const Family& gompertz_family() {
    static constexpr ParameterInfo parameters[] = {
        {"shape", "1/month", "slope of the log hazard; negative: S levels off at exp(rate/shape)", Domain::real},
        {"rate", "1/month", "hazard at time 0", Domain::positive},
    };
    static constexpr Family family{
        .name = "gompertz",
        .title = "Gompertz",
        .formula = "S(t) = exp(-(rate/shape) (exp(shape t) - 1)), at shape = 0 exp(-rate t)",
        .parametrisation =
            "flexsurv gompertz: the same shape and rate. Stata streg: gamma = shape, exp(_cons) = rate. eha phreg "
            "(canonical): scale = 1/shape, shape = rate/shape; actuarial tables: B = rate, log c = shape.",
        .reference =
            "Jackson, flexsurv, J. Stat. Softw. 70(8), 2016, table 1; Garg, Rao & Redmond, Appl. Stat. 19 (1970) 152",
        .parameters = parameters,
        .cumulative_hazard = cumulative_hazard,
        .log_hazard = log_hazard,
        .time_at_cumulative_hazard = time_at,
        .rmst = nullptr,
        .from_median = from_median,
        .shape_name = "shape times median",
        .shape_of = shape_of,
        .last_shape_with_median = last_with_median,
        .mean = mean,
    };
    return family;
}

}  // namespace hersurv::survival
