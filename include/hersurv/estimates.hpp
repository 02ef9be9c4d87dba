// What a fitted model says, with intervals: survival, medians, restricted means, hazard ratios.
#pragma once

#include "hersurv/fit.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace hersurv::fit {

// What an interval refers to.
enum class Band {
    reconstruction,  // where the published curve runs, given what was published
    population,      // the same plus the sampling error of a trial of this size
};
[[nodiscard]] std::string_view word(Band band);

struct IntervalOptions {
    Band band = Band::reconstruction;
    double level = 0.95;
};

// `lower`, `upper` are absent if the band needs the number of patients and none is published.
struct Estimate {
    double value = 0;
    std::optional<double> lower, upper;
    bool borrowed = false;      // survival before the first published estimate: how similar trials run
    bool extrapolated = false;  // lies beyond, or needs the curve beyond, the supported range
};

// "supported", "borrowed", "extrapolated".
[[nodiscard]] std::string_view support_word(const Estimate& estimate);

struct CurvePoint {
    double time_months = 0;
    Estimate survival;
};

// All functions need model.fitted(arm). Times in months, >= 0.
[[nodiscard]] Estimate survival_at(const FittedModel&, std::size_t arm, double time_months, const IntervalOptions&);
[[nodiscard]] std::vector<CurvePoint> survival_curve(const FittedModel&, std::size_t arm,
                                                     const std::vector<double>& times_months, const IntervalOptions&);
[[nodiscard]] Estimate median(const FittedModel&, std::size_t arm, const IntervalOptions&);
[[nodiscard]] Estimate rmst(const FittedModel&, std::size_t arm, double horizon_months, const IntervalOptions&);

// Mean survival, the integral of S from 0 to infinity: always an extrapolation. nullopt if it is infinite (S levels
// off or falls too slowly) or the model has no formula for its tail.
[[nodiscard]] std::optional<Estimate> mean(const FittedModel&, std::size_t arm, const IntervalOptions&);

// Experimental minus control (differences), experimental / control (ratios).
[[nodiscard]] Estimate survival_difference(const FittedModel&, std::size_t arm, std::size_t control, double time_months,
                                           const IntervalOptions&);
[[nodiscard]] Estimate median_difference(const FittedModel&, std::size_t arm, std::size_t control,
                                         const IntervalOptions&);
[[nodiscard]] Estimate rmst_difference(const FittedModel&, std::size_t arm, std::size_t control, double horizon_months,
                                       const IntervalOptions&);
[[nodiscard]] Estimate rmst_ratio(const FittedModel&, std::size_t arm, std::size_t control, double horizon_months,
                                  const IntervalOptions&);
// Cox-type average hazard ratio over the follow-up.
[[nodiscard]] Estimate hazard_ratio(const FittedModel&, std::size_t arm, std::size_t control, const IntervalOptions&);

// Hazard ratio at a time > 0. Of a parametric model h1(t) / h0(t) itself; a curve without a formula has a hazard only
// over some time: that from t / sqrt 2 to t sqrt 2, a doubling. The population band has the sampling error of the
// events of that time. nullopt if one of the curves has no event then.
[[nodiscard]] std::optional<Estimate> hazard_ratio_at(const FittedModel&, std::size_t arm, std::size_t control,
                                                      double time_months, const IntervalOptions&);

// -log S(t); its limits are those of S.
[[nodiscard]] Estimate cumulative_hazard_at(const FittedModel&, std::size_t arm, double time_months,
                                            const IntervalOptions&);

// 1/month, at a time > 0: h(t) of a family; of a curve without a formula the mean over the doubling of time from t /
// sqrt 2 to t sqrt 2. The population band as that of hazard_ratio_at. nullopt if the curve has no event then.
[[nodiscard]] std::optional<Estimate> hazard_at(const FittedModel&, std::size_t arm, double time_months,
                                                const IntervalOptions&);

// Events that are expected to be seen up to a time after randomisation among the n patients of the arm: n times the
// integral of G dF, G the follow-up that the paper reports or its numbers at risk show. nullopt without n or follow-up.
[[nodiscard]] std::optional<Estimate> expected_events_by(const FittedModel&, std::size_t arm, double time_months,
                                                         const IntervalOptions&);

// The shares of patients alive without progression, alive after it, and dead; they add up to 1. `progression_free` is a
// fit capped at overall survival, `overall` the fit of that; `overall_arm` is the arm there.
struct States {
    Estimate progression_free, progressed, dead;
};
[[nodiscard]] States states_at(const FittedModel& progression_free, std::size_t arm, const FittedModel& overall,
                               std::size_t overall_arm, double time_months, const IntervalOptions&);

// S(t)^ratio: the curve of an arm against `control` under proportional hazards. The published ratio and the curve of
// the control are independent on the scale of log(-log S). The population band has the confidence limits of the ratio
// (none without them), the reconstruction band its rounding only.
struct PublishedRatio {
    double value = 1;
    std::optional<double> se_log;  // out of its confidence limits
    double rounding_sd_log = 0;    // of the published digits
};
[[nodiscard]] Estimate proportional_survival(const FittedModel&, std::size_t control, const PublishedRatio& ratio,
                                             double time_months, const IntervalOptions&);
[[nodiscard]] Estimate proportional_cumulative_hazard(const FittedModel&, std::size_t control,
                                                      const PublishedRatio& ratio, double time_months,
                                                      const IntervalOptions&);
[[nodiscard]] std::optional<Estimate> proportional_hazard(const FittedModel&, std::size_t control,
                                                          const PublishedRatio& ratio, double time_months,
                                                          const IntervalOptions&);

// The smaller supported time of the arms.
[[nodiscard]] double common_horizon(const FittedModel&, const std::vector<std::size_t>& arms);

}  // namespace hersurv::fit
