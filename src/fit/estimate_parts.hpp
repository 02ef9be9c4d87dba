// What the estimates of fitted curves are estimated from: variances by the delta method and of Kaplan-Meier estimates.
#pragma once

#include "hersurv/estimates.hpp"

#include <functional>
#include <optional>
#include <span>

namespace hersurv::fit {

// A function of the free parameters.
using Functional = std::function<double(std::span<const double>)>;

// Its variance by the delta method (central differences).
[[nodiscard]] double reconstruction_variance(const FittedModel& model, const Functional& f);

// Of a function of the free parameters of a family, if the family is true. nullopt for the population band where
// nothing is known of sampling.
[[nodiscard]] std::optional<double> variance_under_the_family(const FittedModel& model, const Functional& f, Band band);

[[nodiscard]] double survival_of(const FittedModel& model, std::size_t arm, double time_months,
                                 std::span<const double> free);

[[nodiscard]] double median_of(const FittedModel& model, std::size_t arm, std::span<const double> free);
[[nodiscard]] double rmst_of(const FittedModel& model, std::size_t arm, double horizon_months,
                             std::span<const double> free);

// Patients whose information is still there at t: n ra(t), docs/method.md. nullopt if their number is not published.
[[nodiscard]] std::optional<double> effective_patients(const FittedModel& model, std::size_t arm, double time_months);

// Variances of Kaplan-Meier estimates of an arm of this size: of S(t), of the median and of the area under the curve up
// to a horizon. nullopt if the number of patients is not published.
[[nodiscard]] std::optional<double> sampling_variance_of_survival(const FittedModel& model, std::size_t arm,
                                                                  double time_months);
[[nodiscard]] std::optional<double> sampling_variance_of_median(const FittedModel& model, std::size_t arm);
[[nodiscard]] std::optional<double> sampling_variance_of_rmst(const FittedModel& model, std::size_t arm,
                                                              double horizon_months);

// Variance of log(H(to) - H(from)) of a Kaplan-Meier estimate of this size, H = -log S.
[[nodiscard]] std::optional<double> sampling_variance_of_log_increment(const FittedModel& model, std::size_t arm,
                                                                       double from_months, double to_months);

// The scale on which an estimate is nearly normal.
enum class Scale { identity, log, log_log };

// `sampling` gives the sampling variance of the quantity itself in a Kaplan-Meier curve; it is asked only for the
// population band of a curve without a formula. That of a family is varied by its parameters.
[[nodiscard]] Estimate estimate(const FittedModel& model, Scale scale, const Functional& quantity,
                                const std::function<std::optional<double>()>& sampling, const IntervalOptions& options);

// Of a family that stands for the curve itself: where the published curve runs does not depend on the family that is
// laid through it, so that the limits are those of the reconstruction, widened where they do not hold the value.
[[nodiscard]] Estimate with_limits_of(Estimate reconstruction, double value);

// Beyond the supported range of the arm; before the first published estimate, where the curve is borrowed from similar
// trials.
[[nodiscard]] bool beyond(const FittedModel& model, std::size_t arm, double time_months);
[[nodiscard]] bool before_support(const FittedModel& model, std::size_t arm, double time_months);

}  // namespace hersurv::fit
