// Quantities over time other than S(t): hazards, expected events, states, and curves under proportional hazards.
#include "hersurv/estimates.hpp"

#include "evidence/constants.hpp"
#include "fit/estimate_parts.hpp"
#include "support/numbers.hpp"
#include "survival/expected_data.hpp"
#include "survival/follow_up.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace hersurv::fit {
namespace {

// -log S without the sign of zero.
double hazard_up_to(double survival) { return std::abs(std::log(survival)); }

// Hazard, as hazard_ratio_at has it.
struct Doubling {
    double from, to;
    explicit Doubling(double time) : from(time / std::numbers::sqrt2), to(time * std::numbers::sqrt2) {}
};

double hazard_of(const FittedModel& model, std::size_t arm, double time, std::span<const double> free) {
    if (model.model->family != nullptr)
        return model.curves->density(arm, time, free) / survival_of(model, arm, time, free);
    const Doubling around(time);
    return (model.curves->cumulative_hazard(arm, around.to, free) -
            model.curves->cumulative_hazard(arm, around.from, free)) /
           (around.to - around.from);
}

// The share of patients whose event is seen up to a time, the integral of G dF, as a function of the curve and of the
// median follow-up.
class ShareSeen {
  public:
    ShareSeen(const FittedModel& model, std::size_t arm, double time_months)
        : model_(&model),
          arm_(arm),
          gamma_(model.evidence->constants->endpoint(model.evidence->endpoint).censoring_gamma),
          grid_(grid_to(time_months, model.evidence->arms[arm].follow_up_months.value())) {}

    [[nodiscard]] double operator()(std::span<const double> free, double follow_up_months) const {
        std::vector<double> survival, followed;
        for (const double time : grid_) {
            survival.push_back(survival_of(*model_, arm_, time, free));
            followed.push_back(survival::still_followed(time, follow_up_months, gamma_));
        }
        return survival::cumulative_fallen(survival, followed).back();
    }

  private:
    // The same for all times but for the last step, so that the share rises with time: fine where patients are
    // followed, then by 3%.
    static std::vector<double> grid_to(double time_months, double follow_up_months) {
        constexpr int intervals = 200;
        constexpr double growth = 1.03;
        std::vector<double> grid = survival::follow_up_grid(3 * follow_up_months, intervals);
        while (grid.back() < time_months) grid.push_back(grid.back() * growth);
        while (grid.size() > 1 && grid[grid.size() - 2] >= time_months) grid.pop_back();
        grid.back() = time_months;
        return grid;
    }

    const FittedModel* model_;
    std::size_t arm_;
    double gamma_;
    std::vector<double> grid_;
};

double angle_of(double share) { return std::asin(std::sqrt(std::clamp(share, 0.0, 1.0))); }
double share_of(double angle) { return std::pow(std::sin(std::clamp(angle, 0.0, std::numbers::pi / 2)), 2); }

// Score interval of a share of n patients (Wilson 1927, J Am Stat Assoc 22:209), n not necessarily whole.
evidence::Limits wilson(double share, double n, double z) {
    const double middle = (share + z * z / (2 * n)) / (1 + z * z / n),
                 reach = z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    return {middle - reach, middle + reach};
}

Estimate complement(Estimate estimate) {
    estimate.value = 1 - estimate.value;
    std::swap(estimate.lower, estimate.upper);
    for (auto* const limit : {&estimate.lower, &estimate.upper})
        if (*limit) *limit = 1 - **limit;
    return estimate;
}

// The share between the two curves. Where the curves run: limits of the difference out of their own. Sampling: each
// patient is in the state or not, with the information of the arm that has less of it at the time.
void add_limits_of_progressed(Estimate& progressed, const FittedModel& progression_free, std::size_t arm,
                              const FittedModel& overall, std::size_t overall_arm, double time,
                              const IntervalOptions& options) {
    const IntervalOptions reconstruction{Band::reconstruction, options.level};
    const Estimate free = survival_at(progression_free, arm, time, reconstruction),
                   alive = survival_at(overall, overall_arm, time, reconstruction);
    if (!free.lower || !free.upper || !alive.lower || !alive.upper) return;
    const evidence::Limits known = evidence::limits_of_difference(alive.value, {*alive.lower, *alive.upper}, free.value,
                                                                  {*free.lower, *free.upper});
    double below = progressed.value - known.lower, above = known.upper - progressed.value;
    if (options.band == Band::population && time > 0) {
        const auto n = effective_patients(progression_free, arm, time),
                   n_alive = effective_patients(overall, overall_arm, time);
        if (!n || !n_alive) return;
        const evidence::Limits sampled =
            wilson(progressed.value, std::min(*n, *n_alive), evidence::z_of_level(options.level));
        below = std::hypot(below, progressed.value - sampled.lower);
        above = std::hypot(above, sampled.upper - progressed.value);
    }
    progressed.lower = std::clamp(progressed.value - below, 0.0, 1.0);
    progressed.upper = std::clamp(progressed.value + above, 0.0, 1.0);
}

// Where the log of a ratio has its limits: below and above the value, on the log scale.
struct Margins {
    double below = 0, above = 0;
};
std::optional<Margins> margins_of(const PublishedRatio& ratio, const IntervalOptions& options) {
    const bool population = options.band == Band::population;
    if (population && !ratio.se_log) return std::nullopt;
    const double reach = evidence::z_of_level(options.level) * (population ? *ratio.se_log : ratio.rounding_sd_log);
    return Margins{reach, reach};
}

// The product of a ratio and a hazard of the control that is independent of it: limits of a sum of logs out of those of
// its parts (MOVER; Zou & Donner 2008, Stat Med 27:1693, eq. 4).
Estimate times_ratio(Estimate hazard, const PublishedRatio& ratio, const IntervalOptions& options) {
    const auto margins = margins_of(ratio, options);
    const double value = hazard.value * ratio.value;
    if (!margins || !hazard.lower || !hazard.upper) {
        hazard.lower = hazard.upper = std::nullopt;
    } else if (value > 0) {
        hazard.lower = value * std::exp(-std::hypot(std::log(hazard.value / *hazard.lower), margins->below));
        hazard.upper = value * std::exp(std::hypot(std::log(*hazard.upper / hazard.value), margins->above));
    }
    hazard.value = value;
    return hazard;
}

}  // namespace

Estimate cumulative_hazard_at(const FittedModel& model, std::size_t arm, double time_months,
                              const IntervalOptions& options) {
    Estimate result = survival_at(model, arm, time_months, options);
    result.value = model.curves->cumulative_hazard(arm, time_months, model.free_parameters);
    std::swap(result.lower, result.upper);
    // S and its limits hold one another; near S = 0 their logarithms only up to rounding.
    if (result.lower) result.lower = std::min(hazard_up_to(*result.lower), result.value);
    if (result.upper) result.upper = std::max(hazard_up_to(*result.upper), result.value);
    return result;
}

std::optional<Estimate> hazard_at(const FittedModel& model, std::size_t arm, double time_months,
                                  const IntervalOptions& options) {
    const bool formula = model.model->family != nullptr;
    const Doubling around(time_months);
    const double needed = formula ? time_months : around.to;
    const double value = hazard_of(model, arm, time_months, model.free_parameters);
    if (!(value > 0 && std::isfinite(value))) return std::nullopt;
    std::optional<Estimate> result;
    if (model.intervals_of_reconstruction) {
        const auto known = hazard_at(*model.reconstruction, arm, time_months, options);
        if (!known) return std::nullopt;
        result = with_limits_of(*known, value);
    } else {
        result = estimate(
            model, Scale::log, [&](std::span<const double> free) { return hazard_of(model, arm, time_months, free); },
            [&]() -> std::optional<double> {
                const auto of_log = sampling_variance_of_log_increment(model, arm, around.from, around.to);
                return of_log ? std::optional(*of_log * value * value) : std::nullopt;
            },
            options);
    }
    result->extrapolated = beyond(model, arm, needed);
    result->borrowed = before_support(model, arm, formula ? time_months : around.from);
    return result;
}

std::optional<Estimate> expected_events_by(const FittedModel& model, std::size_t arm, double time_months,
                                           const IntervalOptions& options) {
    const evidence::ArmEvidence& record = model.evidence->arms[arm];
    if (record.n_patients.value_or(0) <= 0 || !record.follow_up_months) return std::nullopt;
    const double n = *record.n_patients;
    Estimate result;
    if (time_months == 0) {
        result.lower = result.upper = 0;
        return result;
    }
    const ShareSeen seen(model, arm, time_months);
    const double follow_up = *record.follow_up_months, share = seen(model.free_parameters, follow_up);
    if (model.intervals_of_reconstruction) {
        const auto known = expected_events_by(*model.reconstruction, arm, time_months, options);
        if (!known) return std::nullopt;
        return with_limits_of(*known, n * share);
    }
    // On the arcsine-root scale the number of events of a trial of this size has the variance 1 / (4 n) whatever the
    // share is (Anscombe 1948, Biometrika 35:246).
    const auto angle = [&](std::span<const double> free) { return angle_of(seen(free, follow_up)); };
    const bool family = model.model->family != nullptr;
    std::optional<double> variance = family ? variance_under_the_family(model, angle, options.band)
                                            : std::optional(reconstruction_variance(model, angle));
    if (!variance) {
        result.value = n * share;
        return result;
    }
    constexpr double step = 0.01;  // of the log follow-up
    const double of_follow_up = (angle_of(seen(model.free_parameters, follow_up * std::exp(step))) -
                                 angle_of(seen(model.free_parameters, follow_up * std::exp(-step)))) /
                                (2 * step) * record.follow_up_log_sd;
    *variance += of_follow_up * of_follow_up;
    if (options.band == Band::population && !family) *variance += 1 / (4 * n);
    const double reach = evidence::z_of_level(options.level) * std::sqrt(*variance);
    result.value = n * share;
    result.lower = n * share_of(angle_of(share) - reach);
    result.upper = n * share_of(angle_of(share) + reach);
    if (model.with_nobody_cured != nullptr) {
        const auto uncured = expected_events_by(*model.with_nobody_cured, arm, time_months, options);
        if (!uncured || !uncured->lower) {
            result.lower = result.upper = std::nullopt;
        } else {
            result.lower = std::min(*result.lower, *uncured->lower);
            result.upper = std::max(*result.upper, *uncured->upper);
        }
    }
    result.extrapolated = beyond(model, arm, time_months);
    result.borrowed = before_support(model, arm, time_months);
    return result;
}

States states_at(const FittedModel& progression_free, std::size_t arm, const FittedModel& overall,
                 std::size_t overall_arm, double time_months, const IntervalOptions& options) {
    States states;
    states.progression_free = survival_at(progression_free, arm, time_months, options);
    const Estimate alive = survival_at(overall, overall_arm, time_months, options);
    states.dead = complement(alive);
    states.progressed.value = std::max(0.0, alive.value - states.progression_free.value);
    states.progressed.extrapolated = alive.extrapolated || states.progression_free.extrapolated;
    states.progressed.borrowed = alive.borrowed || states.progression_free.borrowed;
    add_limits_of_progressed(states.progressed, progression_free, arm, overall, overall_arm, time_months, options);
    return states;
}

Estimate proportional_cumulative_hazard(const FittedModel& model, std::size_t control, const PublishedRatio& ratio,
                                        double time_months, const IntervalOptions& options) {
    return times_ratio(cumulative_hazard_at(model, control, time_months, options), ratio, options);
}

Estimate proportional_survival(const FittedModel& model, std::size_t control, const PublishedRatio& ratio,
                               double time_months, const IntervalOptions& options) {
    Estimate result = proportional_cumulative_hazard(model, control, ratio, time_months, options);
    result.value = std::exp(-result.value);
    std::swap(result.lower, result.upper);
    for (auto* const limit : {&result.lower, &result.upper})
        if (*limit) *limit = std::exp(-**limit);
    return result;
}

std::optional<Estimate> proportional_hazard(const FittedModel& model, std::size_t control, const PublishedRatio& ratio,
                                            double time_months, const IntervalOptions& options) {
    const auto hazard = hazard_at(model, control, time_months, options);
    return hazard ? std::optional(times_ratio(*hazard, ratio, options)) : std::nullopt;
}

}  // namespace hersurv::fit
