// Restricted mean survival time: the area under the steps, from the end to the start.
#include "hersurv/evidence.hpp"
#include "hersurv/patients.hpp"

#include <cmath>

namespace hersurv::patients {

RestrictedMean restricted_mean(const KaplanMeier& curve, double horizon_months) {
    RestrictedMean result;
    result.horizon_months = horizon_months;
    double area = 0, variance = 0, end = horizon_months;
    const auto& steps = curve.steps();
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        if (step->time_months > horizon_months) continue;
        area += (end - step->time_months) * step->survival;
        end = step->time_months;
        const auto n = static_cast<double>(step->n_at_risk), d = static_cast<double>(step->n_events);
        if (n > d) variance += area * area * d / (n * (n - d));
    }
    result.mean_months = area + end;
    result.standard_error_months = std::sqrt(variance);
    result.extrapolated = horizon_months > curve.last_time_months() && (steps.empty() || steps.back().survival > 0);
    return result;
}

Contrast restricted_mean_difference(const RestrictedMean& control, const RestrictedMean& experimental, double level) {
    Contrast result;
    result.value = experimental.mean_months - control.mean_months;
    result.standard_error = std::hypot(control.standard_error_months, experimental.standard_error_months);
    const double error = evidence::z_of_level(level) * result.standard_error;
    result.limits = {result.value - error, result.value + error};
    return result;
}

std::optional<Contrast> restricted_mean_ratio(const RestrictedMean& control, const RestrictedMean& experimental,
                                              double level) {
    if (!(control.mean_months > 0) || !(experimental.mean_months > 0)) return std::nullopt;
    Contrast result;
    result.value = experimental.mean_months / control.mean_months;
    result.standard_error = std::hypot(control.standard_error_months / control.mean_months,
                                       experimental.standard_error_months / experimental.mean_months);
    const double factor = std::exp(evidence::z_of_level(level) * result.standard_error);
    result.limits = {result.value / factor, result.value * factor};
    return result;
}

}  // namespace hersurv::patients
