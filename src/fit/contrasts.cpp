// Estimates that compare two arms: differences and ratios.
#include "hersurv/estimates.hpp"

#include "fit/estimate_parts.hpp"
#include "fit/follow_up.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace hersurv::fit {
namespace {

std::optional<double> sum(std::optional<double> a, std::optional<double> b) {
    if (!a || !b) return std::nullopt;
    return *a + *b;
}

// Experimental minus control. `sampling` is the variance of the quantity in a Kaplan-Meier curve of one arm.
Estimate difference_of(const FittedModel& model, std::size_t arm, std::size_t control,
                       const std::function<double(std::size_t, std::span<const double>)>& quantity,
                       const std::function<std::optional<double>(std::size_t)>& sampling,
                       const IntervalOptions& options) {
    return estimate(
        model, Scale::identity,
        [&](std::span<const double> free) { return quantity(arm, free) - quantity(control, free); },
        [&] { return sum(sampling(arm), sampling(control)); }, options);
}

}  // namespace

Estimate survival_difference(const FittedModel& model, std::size_t arm, std::size_t control, double time_months,
                             const IntervalOptions& options) {
    const auto survival = [&](std::size_t i, std::span<const double> free) {
        return survival_of(model, i, time_months, free);
    };
    if (model.intervals_of_reconstruction)
        return with_limits_of(survival_difference(*model.reconstruction, arm, control, time_months, options),
                              survival(arm, model.free_parameters) - survival(control, model.free_parameters));
    Estimate result = difference_of(
        model, arm, control, survival,
        [&](std::size_t i) { return sampling_variance_of_survival(model, i, time_months); }, options);
    result.extrapolated = beyond(model, arm, time_months) || beyond(model, control, time_months);
    result.borrowed = before_support(model, arm, time_months) || before_support(model, control, time_months);
    return result;
}

Estimate median_difference(const FittedModel& model, std::size_t arm, std::size_t control,
                           const IntervalOptions& options) {
    const auto of_arm = [&](std::size_t i, std::span<const double> free) { return median_of(model, i, free); };
    Estimate result = model.intervals_of_reconstruction
                          ? with_limits_of(median_difference(*model.reconstruction, arm, control, options),
                                           of_arm(arm, model.free_parameters) - of_arm(control, model.free_parameters))
                          : difference_of(
                                model, arm, control, of_arm,
                                [&](std::size_t i) { return sampling_variance_of_median(model, i); }, options);
    result.extrapolated = median(model, arm, options).extrapolated || median(model, control, options).extrapolated;
    return result;
}

Estimate rmst_difference(const FittedModel& model, std::size_t arm, std::size_t control, double horizon_months,
                         const IntervalOptions& options) {
    const auto area = [&](std::size_t i, std::span<const double> free) {
        return rmst_of(model, i, horizon_months, free);
    };
    if (model.intervals_of_reconstruction)
        return with_limits_of(rmst_difference(*model.reconstruction, arm, control, horizon_months, options),
                              area(arm, model.free_parameters) - area(control, model.free_parameters));
    Estimate result = difference_of(
        model, arm, control, area, [&](std::size_t i) { return sampling_variance_of_rmst(model, i, horizon_months); },
        options);
    result.extrapolated = beyond(model, arm, horizon_months) || beyond(model, control, horizon_months);
    return result;
}

Estimate rmst_ratio(const FittedModel& model, std::size_t arm, std::size_t control, double horizon_months,
                    const IntervalOptions& options) {
    const double a = rmst_of(model, arm, horizon_months, model.free_parameters),
                 b = rmst_of(model, control, horizon_months, model.free_parameters);
    if (model.intervals_of_reconstruction)
        return with_limits_of(rmst_ratio(*model.reconstruction, arm, control, horizon_months, options), a / b);
    Estimate result = estimate(
        model, Scale::log,
        [&](std::span<const double> free) {
            return rmst_of(model, arm, horizon_months, free) / rmst_of(model, control, horizon_months, free);
        },
        [&]() -> std::optional<double> {
            const auto va = sampling_variance_of_rmst(model, arm, horizon_months),
                       vb = sampling_variance_of_rmst(model, control, horizon_months);
            if (!va || !vb) return std::nullopt;
            return (a / b) * (a / b) * (*va / (a * a) + *vb / (b * b));
        },
        options);
    result.extrapolated = beyond(model, arm, horizon_months) || beyond(model, control, horizon_months);
    return result;
}

Estimate hazard_ratio(const FittedModel& model, std::size_t arm, std::size_t control, const IntervalOptions& options) {
    const auto& data = *model.evidence;
    const auto grid = fit::follow_up_grid(data);
    const auto hazard_of = [&](std::size_t i, std::span<const double> free) {
        return [&model, i, free](double time) { return model.curves->cumulative_hazard(i, time, free); };
    };
    // Who is still followed does not depend on the curve: it is worked out once.
    fit::FollowedCurve of_arm = fit::follow(data, arm, hazard_of(arm, model.free_parameters), grid),
                       of_control = fit::follow(data, control, hazard_of(control, model.free_parameters), grid);
    const auto followed = [&](std::size_t i, std::span<const double> free) -> const fit::FollowedCurve& {
        fit::FollowedCurve& curve = i == arm ? of_arm : of_control;
        fit::follow_again(curve, hazard_of(i, free), grid);
        return curve;
    };
    const auto average = [&](std::span<const double> free) {
        return std::exp(fit::average_log_hazard_ratio(followed(arm, free), followed(control, free)));
    };
    if (model.intervals_of_reconstruction)
        return with_limits_of(hazard_ratio(*model.reconstruction, arm, control, options),
                              average(model.free_parameters));
    return estimate(
        model, Scale::log, average,
        // Var log HR = 1/d1 + 1/d0 with the expected events (Tierney 2007, Trials 8:16), carried over to the ratio
        // itself.
        [&]() -> std::optional<double> {
            if (data.arms[arm].n_patients.value_or(0) <= 0 || data.arms[control].n_patients.value_or(0) <= 0)
                return std::nullopt;
            double variance = 0;
            for (const std::size_t i : {arm, control})
                variance += 1 / std::max(1e-9, *data.arms[i].n_patients *
                                                   fit::expected_events_fraction(followed(i, model.free_parameters)));
            const double ratio = average(model.free_parameters);
            return variance * ratio * ratio;
        },
        options);
}

std::optional<Estimate> hazard_ratio_at(const FittedModel& model, std::size_t arm, std::size_t control,
                                        double time_months, const IntervalOptions& options) {
    const double from = time_months / std::numbers::sqrt2, to = time_months * std::numbers::sqrt2;
    const bool formula = model.model->family != nullptr;
    const auto fallen = [&](std::size_t i, std::span<const double> free) {
        return model.curves->cumulative_hazard(i, to, free) - model.curves->cumulative_hazard(i, from, free);
    };
    const auto hazard = [&](std::size_t i, std::span<const double> free) {
        return formula ? model.curves->density(i, time_months, free) / survival_of(model, i, time_months, free)
                       : fallen(i, free);
    };
    const auto ratio = [&](std::span<const double> free) { return hazard(arm, free) / hazard(control, free); };
    const double value = ratio(model.free_parameters);
    if (!(value > 0 && std::isfinite(value))) return std::nullopt;
    if (model.intervals_of_reconstruction) {
        auto known = hazard_ratio_at(*model.reconstruction, arm, control, time_months, options);
        if (!known) return std::nullopt;
        known->extrapolated = beyond(model, arm, time_months) || beyond(model, control, time_months);
        return with_limits_of(*known, value);
    }
    Estimate result = estimate(
        model, Scale::log, ratio,
        [&]() -> std::optional<double> {
            const auto of_logs = sum(sampling_variance_of_log_increment(model, arm, from, to),
                                     sampling_variance_of_log_increment(model, control, from, to));
            if (!of_logs) return std::nullopt;
            return *of_logs * value * value;
        },
        options);
    const double needed = formula ? time_months : to;
    result.extrapolated = beyond(model, arm, needed) || beyond(model, control, needed);
    return result;
}

}  // namespace hersurv::fit
