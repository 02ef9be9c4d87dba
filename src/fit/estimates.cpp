// Estimates with intervals. Of the flexible model: its own limits of S, else the delta method on a scale where the
// normal approximation is good (log for times and ratios, the plain scale for differences), with the covariance of the
// fit; the population band adds the variance of a Kaplan-Meier estimate of this size. Of a family: the delta method
// with the covariance of its parameters, to which the population band adds that of another trial of this size; they
// suppose that the family is true. Of a family that stands for the curve itself (`auto`): the limits of the
// reconstruction.
#include "hersurv/estimates.hpp"

#include "evidence/constants.hpp"
#include "fit/coherence.hpp"
#include "fit/estimate_parts.hpp"
#include "fit/follow_up.hpp"
#include "fit/monotone_limits.hpp"
#include "support/numbers.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>

namespace hersurv::fit {
namespace {

std::vector<double> gradient_of(const FittedModel& model, const Functional& f) {
    const std::size_t n = model.free_parameters.size();
    std::vector<double> gradient(n), moved = model.free_parameters;
    for (std::size_t j = 0; j < n; ++j) {
        constexpr double step = 1e-4;
        moved[j] = model.free_parameters[j] + step;
        const double above = f(moved);
        moved[j] = model.free_parameters[j] - step;
        gradient[j] = (above - f(moved)) / (2 * step);
        moved[j] = model.free_parameters[j];
    }
    return gradient;
}

}  // namespace

double reconstruction_variance(const FittedModel& model, const Functional& f) {
    return std::max(model.curves->variance(gradient_of(model, f)), 0.0);
}

std::optional<double> variance_under_the_family(const FittedModel& model, const Functional& f, Band band) {
    const std::vector<double> gradient = gradient_of(model, f);
    const auto moved = model.curves->covariance_times(gradient, band == Band::population);
    if (!moved) return std::nullopt;
    return std::max(std::inner_product(gradient.begin(), gradient.end(), moved->begin(), 0.0), 0.0);
}

double survival_of(const FittedModel& model, std::size_t arm, double time, std::span<const double> free) {
    return std::exp(-model.curves->cumulative_hazard(arm, time, free));
}

double median_of(const FittedModel& model, std::size_t arm, std::span<const double> free) {
    return model.curves->time_at_survival(arm, 0.5, free);
}

double rmst_of(const FittedModel& model, std::size_t arm, double horizon, std::span<const double> free) {
    return model.curves->rmst(arm, horizon, free);
}

std::optional<double> effective_patients(const FittedModel& model, std::size_t arm, double time) {
    const auto& record = model.evidence->arms[arm];
    if (!record.n_patients || *record.n_patients <= 0) return std::nullopt;
    return *record.n_patients * evidence::effective_share(model.evidence->constants->endpoint(model.evidence->endpoint),
                                                          record, time,
                                                          survival_of(model, arm, time, model.free_parameters));
}

// The increments of a Kaplan-Meier estimate of the cumulative hazard are independent, with the variance (1 - S) / (n ra
// S) up to a time (Greenwood's formula with the effective number of patients).
std::optional<double> sampling_variance_of_log_increment(const FittedModel& model, std::size_t arm, double from_months,
                                                         double to_months) {
    const auto up_to = [&](double time) -> std::optional<double> {
        const auto n = effective_patients(model, arm, time);
        if (!n) return std::nullopt;
        const double s = survival_of(model, arm, time, model.free_parameters);
        return (1 - s) / (s * *n);
    };
    const auto before = up_to(from_months), after = up_to(to_months);
    if (!before || !after) return std::nullopt;
    const double increment = model.curves->cumulative_hazard(arm, to_months, model.free_parameters) -
                             model.curves->cumulative_hazard(arm, from_months, model.free_parameters);
    return (*after - *before) / (increment * increment);
}

// Variance of a Kaplan-Meier estimate of S(t): S (1 - S) / (n ra(t)) (Greenwood's formula with the effective number of
// patients).
std::optional<double> sampling_variance_of_survival(const FittedModel& model, std::size_t arm, double time) {
    const auto n = effective_patients(model, arm, time);
    if (!n) return std::nullopt;
    const double s = survival_of(model, arm, time, model.free_parameters);
    return s * (1 - s) / *n;
}

// Variance of the area under a Kaplan-Meier estimate: twice the integral over u < v of Cov(S(u), S(v)) = (1 - S(u))
// S(v) / (n ra(u)): the increments of log S after u are independent of those before, so that the covariance is S(v) /
// S(u) times the variance at the earlier time.
std::optional<double> sampling_variance_of_rmst(const FittedModel& model, std::size_t arm, double horizon) {
    constexpr int intervals = 200;
    const double width = horizon / intervals;
    double variance = 0, share = 0;  // share: integral of (1 - S) / (n ra) up to the time
    for (int k = 0; k < intervals; ++k) {
        const double time = (k + 0.5) * width;
        const auto n = effective_patients(model, arm, time);
        if (!n) return std::nullopt;
        const double s = survival_of(model, arm, time, model.free_parameters);
        const double here = width * (1 - s) / *n;
        variance += 2 * width * (share + 0.25 * here) * s;
        share += here;
    }
    return variance;
}

// Variance of an estimated median: Var S(M) / f(M)^2.
std::optional<double> sampling_variance_of_median(const FittedModel& model, std::size_t arm) {
    const double time = median_of(model, arm, model.free_parameters);
    const auto variance = sampling_variance_of_survival(model, arm, time);
    if (!variance) return std::nullopt;
    const double density = model.curves->density(arm, time, model.free_parameters);
    return *variance / (density * density);
}

namespace {

double to_scale(Scale scale, double x) {
    switch (scale) {
        case Scale::log:
            return std::log(x);
        case Scale::log_log:
            return std::log(-std::log(x));
        case Scale::identity:
            break;
    }
    return x;
}

double from_scale(Scale scale, double y) {
    switch (scale) {
        case Scale::log:
            return std::exp(y);
        case Scale::log_log:
            return std::exp(-std::exp(y));
        case Scale::identity:
            break;
    }
    return y;
}

// |d scale / dx|, which carries a variance of x over to the scale.
double slope(Scale scale, double x) {
    switch (scale) {
        case Scale::log:
            return 1 / x;
        case Scale::log_log:
            return std::abs(1 / (x * std::log(x)));
        case Scale::identity:
            break;
    }
    return 1;
}

// The least and the largest value that the family has within z standard errors, along the line on which the quantity
// changes most for the covariance of the parameters: theta +- z C g / sqrt(g'C g), g the gradient. To first order that
// is the delta method; but both limits are values of members of the family, whatever scale it is worked out on. nullopt
// where the covariance does not tell.
std::optional<std::pair<double, double>> limits_about(const FittedModel& model, const Functional& quantity,
                                                      const Functional& scaled, const IntervalOptions& options) {
    const std::vector<double> gradient = gradient_of(model, scaled);
    const auto moved = model.curves->covariance_times(gradient, options.band == Band::population);
    if (!moved) return std::nullopt;
    const double variance = std::inner_product(gradient.begin(), gradient.end(), moved->begin(), 0.0);
    if (!std::isfinite(variance)) return std::nullopt;
    const double step = variance > 0 ? evidence::z_of_level(options.level) / std::sqrt(variance) : 0;
    const auto along = [&](double way) {
        std::vector<double> free = model.free_parameters;
        for (std::size_t i = 0; i < free.size(); ++i) free[i] += way * step * (*moved)[i];
        return quantity(free);
    };
    // Where little is known a quantity may turn on the way: then its extreme lies before the end.
    std::array<double, 5> met{along(-1), along(-0.5), quantity(model.free_parameters), along(0.5), along(1)};
    if (std::ranges::any_of(met, [](double value) { return std::isnan(value); })) return std::nullopt;
    auto [lower, upper] = std::ranges::minmax(met);
    if (!std::ranges::is_sorted(met) && !std::ranges::is_sorted(met, std::greater())) {
        for (const double way : {-0.75, -0.25, 0.25, 0.75}) {
            const double there = along(way);
            if (std::isnan(there)) return std::nullopt;
            lower = std::min(lower, there);
            upper = std::max(upper, there);
        }
    }
    return std::pair{lower, upper};
}

// Where a cured share is not identified, the members with nobody cured count as well: on the scale of its logarithmic
// odds, on which a share has a covariance, nobody is infinitely far away.
void add_limits_of_the_family(Estimate& result, const FittedModel& model, const Functional& quantity,
                              const Functional& scaled, const IntervalOptions& options) {
    auto limits = limits_about(model, quantity, scaled, options);
    if (limits && model.with_nobody_cured != nullptr) {
        const auto uncured = limits_about(*model.with_nobody_cured, quantity, scaled, options);
        if (!uncured) return;
        limits = {std::min(limits->first, uncured->first), std::max(limits->second, uncured->second)};
    }
    if (!limits) return;
    result.lower = limits->first;
    result.upper = limits->second;
}

}  // namespace

Estimate estimate(const FittedModel& model, Scale scale, const Functional& quantity,
                  const std::function<std::optional<double>()>& sampling, const IntervalOptions& options) {
    Estimate result;
    result.value = quantity(model.free_parameters);
    const double on_scale = to_scale(scale, result.value);
    // S = 1 (time 0) or S = 0 are certain, and a median beyond the reach of a double has no interval.
    if (!std::isfinite(on_scale)) {
        result.lower = result.upper = result.value;
        return result;
    }
    const auto scaled = [&](std::span<const double> free) { return to_scale(scale, quantity(free)); };
    if (model.model->family != nullptr) {
        add_limits_of_the_family(result, model, quantity, scaled, options);
        return result;
    }
    double variance = reconstruction_variance(model, scaled);
    if (options.band == Band::population) {
        const auto added = sampling();
        if (!added) return result;
        variance += *added * slope(scale, result.value) * slope(scale, result.value);
    }
    if (!std::isfinite(variance)) return result;
    const double reach = evidence::z_of_level(options.level) * std::sqrt(variance);
    const double a = from_scale(scale, on_scale - reach), b = from_scale(scale, on_scale + reach);
    if (!std::isfinite(a) || !std::isfinite(b)) return result;
    result.lower = std::min(a, b);
    result.upper = std::max(a, b);
    return result;
}

Estimate with_limits_of(Estimate reconstruction, double value) {
    reconstruction.value = value;
    if (reconstruction.lower) reconstruction.lower = std::min(*reconstruction.lower, value);
    if (reconstruction.upper) reconstruction.upper = std::max(*reconstruction.upper, value);
    return reconstruction;
}

bool beyond(const FittedModel& model, std::size_t arm, double time) {
    return time > model.arms[arm].supported_months * (1 + 1e-9);
}

bool before_support(const FittedModel& model, std::size_t arm, double time) {
    return time > 0 && time < model.arms[arm].supported_from_months * (1 - 1e-9);
}

namespace {

MonotoneLimits::Limits monotone_limits(const FittedModel& model, std::size_t arm, double time_months,
                                       const IntervalOptions& options);

// Of one time, whatever the limits of other times are. Arms without number of patients have no population limits.
MonotoneLimits::Limits limits_of_time(const FittedModel& model, std::size_t arm, double time_months,
                                      const IntervalOptions& options) {
    // Of a family that is lowered to overall survival: of either as it is without the other.
    if (model.model->family != nullptr && model.lowered != nullptr &&
        model.lowered->overall_arm[arm] != FittedModel::npos) {
        const auto own = limits_of_time(model.lowered->own, arm, time_months, options),
                   overall =
                       limits_of_time(model.lowered->overall, model.lowered->overall_arm[arm], time_months, options);
        return {std::min(own.first, overall.first), std::min(own.second, overall.second)};
    }
    if (options.band == Band::reconstruction || model.model->family != nullptr) {
        if (const auto limits = model.curves->survival_limits(arm, time_months, options.level)) return *limits;
        const auto survival = [&](std::span<const double> free) { return survival_of(model, arm, time_months, free); };
        const Estimate result = estimate(
            model, Scale::log_log, survival, [] { return std::optional<double>(); }, options);
        return {result.lower.value_or(0), result.upper.value_or(1)};
    }
    // The sampling error is added on the arcsine-root scale, where it is 1 / (4 n) whatever S is: on a log(-log S) or
    // logit scale the band would fill the whole range as soon as n (1 - S) < 1 (Anscombe 1948, Biometrika 35:246). The
    // reconstruction band stays inside.
    const auto angle = [&](std::span<const double> free) {
        return std::asin(std::sqrt(survival_of(model, arm, time_months, free)));
    };
    const double middle = angle(model.free_parameters);
    // The angle changes by sin(angle) cos(angle) / 2 of a change of the log odds.
    const auto of_log_odds = model.curves->variance_of_log_odds(arm, time_months);
    const double slope_of_angle = 0.25 * std::sin(2 * middle);
    const double variance =
        of_log_odds ? *of_log_odds * slope_of_angle * slope_of_angle : reconstruction_variance(model, angle);
    const double n = effective_patients(model, arm, time_months).value();
    const double reach = evidence::z_of_level(options.level) * std::sqrt(variance + 1 / (4 * n));
    const auto of_angle = [](double y) { return std::pow(std::sin(std::clamp(y, 0.0, std::acos(0.0))), 2); };
    const auto reconstruction = monotone_limits(model, arm, time_months, {Band::reconstruction, options.level});
    return {std::min(reconstruction.first, of_angle(middle - reach)),
            std::max(reconstruction.second, of_angle(middle + reach))};
}

MonotoneLimits::Limits monotone_limits(const FittedModel& model, std::size_t arm, double time_months,
                                       const IntervalOptions& options) {
    if (model.limits == nullptr) return limits_of_time(model, arm, time_months, options);
    return model.limits->at(arm, time_months, options,
                            [&](double time) { return limits_of_time(model, arm, time, options); });
}

}  // namespace

std::string_view word(Band band) { return band == Band::population ? "population" : "reconstruction"; }

std::string_view support_word(const Estimate& estimate) {
    return estimate.extrapolated ? "extrapolated" : estimate.borrowed ? "borrowed" : "supported";
}

Estimate survival_at(const FittedModel& model, std::size_t arm, double time_months, const IntervalOptions& options) {
    const double own = survival_of(model, arm, time_months, model.free_parameters);
    if (model.intervals_of_reconstruction)
        return with_limits_of(survival_at(*model.reconstruction, arm, time_months, options), own);
    Estimate result;
    result.value = own;
    result.extrapolated = beyond(model, arm, time_months);
    result.borrowed = before_support(model, arm, time_months);
    if (time_months == 0) {
        result.lower = result.upper = own;
        return result;
    }
    if (options.band == Band::population && model.evidence->arms[arm].n_patients.value_or(0) <= 0) return result;
    const auto limits = monotone_limits(model, arm, time_months, options);
    // Of a family whose parameters such a trial does not determine.
    if (model.model->family != nullptr && limits.first <= 0 && limits.second >= 1) return result;
    result.lower = std::min(limits.first, own);
    result.upper = std::max(limits.second, own);
    return result;
}

std::vector<CurvePoint> survival_curve(const FittedModel& model, std::size_t arm,
                                       const std::vector<double>& times_months, const IntervalOptions& options) {
    std::vector<CurvePoint> curve;
    curve.reserve(times_months.size());
    for (const double time : times_months) curve.push_back({time, survival_at(model, arm, time, options)});
    return curve;
}

namespace {

// Where the limits of S(t) cross one half (Brookmeyer & Crowley 1982, Biometrics 38:29): the limits of a family's
// median agree with those of its curve, however little is known of its tail.
Estimate median_of_the_family(const FittedModel& model, std::size_t arm, const IntervalOptions& options) {
    Estimate result;
    result.value = median_of(model, arm, model.free_parameters);
    if (std::isnan(result.value) || result.value <= 0) {
        result.lower = result.upper = result.value;
        return result;
    }
    const auto limits = [&](double log_time) { return limits_of_time(model, arm, std::exp(log_time), options); };
    // Outwards from the median, or if there is none from the end, to the first time whose limit lies beyond one
    // half: limits of other times hold it there.
    const bool reached = result.value < catalogue::greatest_months;
    const double middle = std::log(reached ? result.value : catalogue::greatest_months);
    const auto at_middle = limits(middle);
    if (at_middle.first <= 0 && at_middle.second >= 1) return result;
    if (!reached && at_middle.first > 0.5) {
        result.lower = result.upper = infinity;
        return result;
    }
    // `excess` of the limits is positive beyond.
    const auto crossing = [&](double step, const auto& excess) -> std::optional<double> {
        constexpr double furthest = 14;  // of log time from the median, a factor of a million
        constexpr double narrowest = 1e-13;
        survival::Guess inside{middle, excess(at_middle)};
        for (double reach = 0; reach < furthest;) {
            reach = std::min(reach + std::abs(step), furthest);
            const double x = middle + std::copysign(reach, step);
            const survival::Guess outside{x, excess(limits(x))};
            if (outside.value > 0)
                return survival::narrow([&](double time) { return excess(limits(time)); }, inside, outside, narrowest)
                    .middle();
            inside = outside;
        }
        return std::nullopt;
    };
    constexpr double step = 0.1;
    const auto below = crossing(-step, [](const MonotoneLimits::Limits&s) { return s.first - 0.5; }),
               above = crossing(step, [](const MonotoneLimits::Limits&s) { return 0.5 - s.second; });
    result.lower = below ? std::exp(*below) : 0;
    result.upper = above ? std::exp(*above) : infinity;
    return result;
}

}  // namespace

Estimate median(const FittedModel& model, std::size_t arm, const IntervalOptions& options) {
    const double own = median_of(model, arm, model.free_parameters);
    Estimate result =
        model.intervals_of_reconstruction ? with_limits_of(median(*model.reconstruction, arm, options), own)
        : model.model->family != nullptr
            ? median_of_the_family(model, arm, options)
            : estimate(
                  model, Scale::log, [&](std::span<const double> free) { return median_of(model, arm, free); },
                  [&] { return sampling_variance_of_median(model, arm); }, options);
    // Nobody is followed for ten thousand months: such a limit is none.
    if (result.upper && *result.upper > catalogue::greatest_months) result.upper = infinity;
    // A median that the paper reports is not an extrapolation, wherever the model puts it.
    const auto& observations = model.evidence->observations;
    const bool printed = std::any_of(observations.begin(), observations.end(), [arm](const auto& o) {
        return o.arm == arm && o.statistic.is(catalogue::StatisticKey::Kind::median) && o.published.is_number();
    });
    result.extrapolated = !printed && beyond(model, arm, own);
    result.borrowed = !printed && before_support(model, arm, own);
    return result;
}

Estimate rmst(const FittedModel& model, std::size_t arm, double horizon_months, const IntervalOptions& options) {
    if (model.intervals_of_reconstruction)
        return with_limits_of(rmst(*model.reconstruction, arm, horizon_months, options),
                              rmst_of(model, arm, horizon_months, model.free_parameters));
    Estimate result = estimate(
        model, Scale::identity, [&](std::span<const double> free) { return rmst_of(model, arm, horizon_months, free); },
        [&] { return sampling_variance_of_rmst(model, arm, horizon_months); }, options);
    if (result.lower) result.lower = std::max(0.0, *result.lower);
    if (result.upper) result.upper = std::min(horizon_months, *result.upper);
    result.extrapolated = beyond(model, arm, horizon_months);
    return result;
}

std::optional<Estimate> mean(const FittedModel& model, std::size_t arm, const IntervalOptions& options) {
    const auto months = [&](std::span<const double> free) { return fit::mean_months(model, arm, free); };
    const double value = months(model.free_parameters);
    if (!std::isfinite(value)) return std::nullopt;
    // Only families have one, and what sampling varies of it is told by their parameters.
    Estimate result = estimate(
        model, Scale::log, months, [] { return std::optional<double>(); }, options);
    if (result.upper && *result.upper > catalogue::greatest_months) result.upper = infinity;
    result.extrapolated = true;
    return result;
}

double common_horizon(const FittedModel& model, const std::vector<std::size_t>& arms) {
    double horizon = infinity;
    for (const std::size_t arm : arms) horizon = std::min(horizon, model.arms[arm].supported_months);
    return horizon;
}

}  // namespace hersurv::fit
