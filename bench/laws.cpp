// The laws of simulated trials: hazards that are not all of the kind that the constants were learnt on.
#include "laws.hpp"

#include "hersurv/survival.hpp"

#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace hersurv::bench {
namespace {

using std::numbers::ln2;

LawOfArm exponential(double median_months) {
    const double rate = ln2 / median_months;
    return {[=](double t) { return rate * t; }, [=](double) { return rate; }};
}

// S(t) = exp(-(t / scale)^shape).
LawOfArm weibull(double shape, double scale) {
    return {[=](double t) { return std::pow(t / scale, shape); },
            [=](double t) { return shape / scale * std::pow(t / scale, shape - 1); }};
}
double weibull_scale(double shape, double time_months, double survival) {
    return time_months / std::pow(-std::log(survival), 1 / shape);
}
LawOfArm weibull_of_median(double shape, double median_months) {
    return weibull(shape, weibull_scale(shape, median_months, 0.5));
}

// log T normal with this median and sd.
LawOfArm log_normal(double median_months, double sd_log) {
    const auto z_of = [=](double t) { return std::log(t / median_months) / sd_log; };
    const auto survival = [=](double t) { return 0.5 * std::erfc(z_of(t) / std::numbers::sqrt2); };
    return {[=](double t) { return t > 0 ? -std::log(survival(t)) : 0.0; },
            [=](double t) {
                const double z = z_of(t);
                return std::exp(-0.5 * z * z) / (std::sqrt(2 * std::numbers::pi) * sd_log * t * survival(t));
            }};
}

// S(t) = p + (1 - p) S0(t): a share p is cured.
LawOfArm cured(double share, const LawOfArm& others) {
    return {[=](double t) { return -std::log(share + (1 - share) * std::exp(-others.cumulative_hazard(t))); },
            [=](double t) {
                const double rest = (1 - share) * std::exp(-others.cumulative_hazard(t));
                return rest * others.hazard(t) / (share + rest);
            }};
}

// A constant hazard in each piece; the pieces begin at 0 and at the breaks.
LawOfArm piecewise(const std::vector<double>& breaks, const std::vector<double>& hazards) {
    return {[=](double t) {
                double sum = 0, from = 0;
                for (std::size_t i = 0; i < hazards.size() && from < t; ++i) {
                    const double to = i < breaks.size() ? std::min(breaks[i], t) : t;
                    sum += hazards[i] * (to - from);
                    from = to;
                }
                return sum;
            },
            [=](double t) {
                const auto piece = std::upper_bound(breaks.begin(), breaks.end(), t) - breaks.begin();
                return hazards[static_cast<std::size_t>(piece)];
            }};
}

// S(t) = w exp(-a t) + (1 - w) exp(-b t).
LawOfArm two_exponentials(double weight, double median_months, double other_median_months) {
    const double a = ln2 / median_months, b = ln2 / other_median_months;
    const auto survival = [=](double t) { return weight * std::exp(-a * t) + (1 - weight) * std::exp(-b * t); };
    return {
        [=](double t) { return -std::log(survival(t)); },
        [=](double t) { return (weight * a * std::exp(-a * t) + (1 - weight) * b * std::exp(-b * t)) / survival(t); }};
}

// h(t) = b exp(a t), a > 0, with this median.
LawOfArm gompertz(double growth, double median_months) {
    const double first = ln2 * growth / std::expm1(growth * median_months);
    return {[=](double t) { return first / growth * std::expm1(growth * t); },
            [=](double t) { return first * std::exp(growth * t); }};
}

// A constant hazard to month `until`, which then falls with exp(-(t - until) / months): S levels off at
// exp(-rate (until + months)).
LawOfArm fading(double rate, double until, double months) {
    return {
        [=](double t) { return t <= until ? rate * t : rate * (until - months * std::expm1(-(t - until) / months)); },
        [=](double t) { return t <= until ? rate : rate * std::exp(-(t - until) / months); }};
}

LawOfArm generalised_gamma(double mu, double sigma, double q) {
    const survival::Family& family = *survival::find_family("gengamma");
    const std::array<double, 3> parameters = {mu, sigma, q};
    return {[=, &family](double t) { return survival::cumulative_hazard(family, t, parameters); },
            [=, &family](double t) { return survival::hazard(family, t, parameters); }};
}

constexpr double control_median = 14, median = 20;  // months
constexpr double control_rate = ln2 / control_median;

std::vector<Law> make_laws() {
    using enum LawGroup;
    const LawOfArm control = exponential(control_median);
    std::vector<Law> table;
    const auto add = [&table](std::string_view name, std::string_view formula, LawGroup group, const LawOfArm& first,
                              const LawOfArm& second, double cured_share = 0) {
        const bool proportional = group == test;
        table.push_back(
            {name, formula, group, static_cast<unsigned>(table.size()), cured_share, first, second, proportional});
    };
    add("weibull-0.8", "Weibull, shape 0.8, median 20", findings, control, weibull_of_median(0.8, median));
    add("weibull-1.3", "Weibull, shape 1.3, median 20", findings, control, weibull_of_median(1.3, median));
    add("weibull-2", "Weibull, shape 2, median 20; control Weibull, shape 1.3, median 14", findings,
        weibull_of_median(1.3, control_median), weibull_of_median(2, median));
    add("lognormal", "log-normal, median 20, sdlog 0.9", findings, control, log_normal(median, 0.9));
    // S(20) = 1/2 = .3 + .7 S0(20).
    add("cure", "30% cured, the others Weibull of shape 1.2, median of all 20", findings, control,
        cured(0.3, weibull(1.2, weibull_scale(1.2, median, 0.2 / 0.7))), 0.3);
    add("piecewise", "hazard 0.06 to month 4, 0.015 to month 20, then 0.06", findings, control,
        piecewise({4, 20}, {0.06, 0.015, 0.06}));
    add("delayed", "hazard of the control to month 5, then half of it", findings, control,
        piecewise({5}, {control_rate, 0.5 * control_rate}));
    add("crossing", "hazard 1.6 times that of the control to month 6, then 0.45 times", findings, control,
        piecewise({6}, {1.6 * control_rate, 0.45 * control_rate}));
    // Hump-shaped hazard (highest at 14 months), median 19.4.
    add("gengamma", "generalised gamma (Prentice), mu 2.8, sigma 0.8, q -0.6", further, control,
        generalised_gamma(2.8, 0.8, -0.6));
    add("responders", "40% exponential with median 45, 60% exponential with median 11", further, control,
        two_exponentials(0.4, 45, 11));
    add("gompertz", "Gompertz, hazard grows by 5% a month, median 20; control the same with median 14", further,
        gompertz(0.05, control_median), gompertz(0.05, median));
    add("late-plateau", "hazard of the control to month 12, then fading with exp(-(t - 12) / 12): levels off at 0.30",
        further, control, fading(control_rate, 12, 12), std::exp(-control_rate * 24));
    add("ph-exponential", "exponential, median 20 v 14", test, control, exponential(median));
    add("ph-weibull", "Weibull, shape 1.3, median 20 v 14", test, weibull_of_median(1.3, control_median),
        weibull_of_median(1.3, median));
    add("ph-equal", "Weibull, shape 1.3, median 14 in both arms", test, weibull_of_median(1.3, control_median),
        weibull_of_median(1.3, control_median));
    // Scale and order as flexsurv's, which are the library's.
    const auto known = [&table](std::string_view law, std::vector<TrueParameter> parameters) {
        std::ranges::find(table, law, &Law::name)->parameters = std::move(parameters);
    };
    for (const auto& [law, shape] : {std::pair{"weibull-0.8", 0.8}, {"weibull-1.3", 1.3}, {"weibull-2", 2.0}})
        known(law, {{"weibull", 0, shape}, {"weibull", 1, weibull_scale(shape, median, 0.5)}});
    known("lognormal", {{"lognormal", 0, std::log(median)}, {"lognormal", 1, 0.9}});
    known("gengamma", {{"gengamma", 0, 2.8}, {"gengamma", 1, 0.8}, {"gengamma", 2, -0.6}});
    const double rate_of_gompertz = ln2 * 0.05 / std::expm1(0.05 * median);
    known("gompertz", {{"gompertz", 0, 0.05}, {"gompertz", 1, rate_of_gompertz}});
    known("ph-exponential", {{"exponential", 0, ln2 / median},
                             {"weibull", 0, 1},
                             {"weibull", 1, weibull_scale(1, median, 0.5)},
                             {"gamma", 0, 1},
                             {"gamma", 1, ln2 / median}});
    return table;
}

}  // namespace

double LawOfArm::survival(double time_months) const { return std::exp(-cumulative_hazard(time_months)); }

double LawOfArm::time_at_survival(double s) const {
    constexpr double never = 1e7;  // months
    const double wanted = -std::log(s);
    double early = 0, late = 16;
    while (cumulative_hazard(late) < wanted) {
        if (late > never) return std::numeric_limits<double>::infinity();
        early = late;
        late *= 2;
    }
    constexpr int halvings = 52;
    return survival::bisect(
               early, late, [&](double t) { return cumulative_hazard(t) < wanted ? -1 : 1; }, halvings)
        .middle();
}

const std::vector<Law>& laws() {
    static const std::vector<Law> table = make_laws();
    return table;
}

double plateau_months(const Law& law) { return law.experimental.time_at_survival(law.cured_share + 0.01); }

}  // namespace hersurv::bench
