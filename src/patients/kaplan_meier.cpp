// Kaplan-Meier: one pass over the sorted patients; limits and quantiles follow the conventions of R's survfit.
#include "hersurv/evidence.hpp"
#include "hersurv/patients.hpp"

#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace hersurv::patients {
namespace {

// Where a curve over the steps comes down to `level`: the first time, or the middle of the stretch on which it is equal
// to it (survmean of R's survival, whose tolerance this is). Steps without a value are passed over.
template <class ValueOfStep>
std::optional<double> time_at(const std::vector<KaplanMeierStep>& steps, double level, const ValueOfStep& value) {
    constexpr double tolerance = 1.4901161193847656e-8;
    std::optional<double> reached, first_time;
    for (const KaplanMeierStep& step : steps) {
        const std::optional<double> here = value(step);
        if (!here || !(*here < level + tolerance)) continue;
        if (!reached) {
            if (!(std::abs(*here - level) < tolerance)) return step.time_months;
            reached = here;
            first_time = step.time_months;
        } else if (*here < *reached) {
            return 0.5 * (*first_time + step.time_months);
        }
    }
    return first_time;
}

}  // namespace

KaplanMeier::KaplanMeier(std::vector<Patient> patients) : n_patients_(patients.size()) {
    for (const Patient& patient : patients)
        if (!(patient.time_months >= 0) || std::isinf(patient.time_months))
            throw std::invalid_argument("KaplanMeier: a time is negative or not finite");
    const auto earlier = [](const Patient& a, const Patient& b) { return a.time_months < b.time_months; };
    if (!std::is_sorted(patients.begin(), patients.end(), earlier))
        std::sort(patients.begin(), patients.end(), earlier);
    double survival = 1, variance = 0;
    for (std::size_t i = 0; i < patients.size();) {
        KaplanMeierStep step;
        step.time_months = patients[i].time_months;
        step.n_at_risk = patients.size() - i;
        for (; i < patients.size() && patients[i].time_months == step.time_months; ++i)
            ++(patients[i].event ? step.n_events : step.n_censored);
        if (step.n_events > 0) {
            const auto at_risk = static_cast<double>(step.n_at_risk), events = static_cast<double>(step.n_events);
            survival *= 1 - events / at_risk;
            variance += events == at_risk ? infinity : events / (at_risk * (at_risk - events));
            n_events_ += step.n_events;
        }
        step.survival = survival;
        step.log_survival_variance = variance;
        steps_.push_back(step);
    }
}

const KaplanMeierStep* KaplanMeier::step_at(double time_months) const {
    const auto after = std::upper_bound(steps_.begin(), steps_.end(), time_months,
                                        [](double t, const KaplanMeierStep& step) { return t < step.time_months; });
    return after == steps_.begin() ? nullptr : &*(after - 1);
}

double KaplanMeier::survival(double time_months) const {
    const KaplanMeierStep* const step = step_at(time_months);
    return step == nullptr ? 1 : step->survival;
}

std::size_t KaplanMeier::n_at_risk(double time_months) const {
    const auto at = std::lower_bound(steps_.begin(), steps_.end(), time_months,
                                     [](const KaplanMeierStep& step, double t) { return step.time_months < t; });
    return at == steps_.end() ? 0 : at->n_at_risk;
}

Quantile KaplanMeier::quantile(double survival, catalogue::LimitsTransform transform, double level) const {
    Quantile result;
    result.time_months =
        time_at(steps_, survival, [](const KaplanMeierStep& step) { return std::optional<double>(step.survival); });
    result.limits.lower =
        time_at(steps_, survival, [&](const KaplanMeierStep& step) { return limits(step, transform, level).lower; });
    result.limits.upper =
        time_at(steps_, survival, [&](const KaplanMeierStep& step) { return limits(step, transform, level).upper; });
    return result;
}

// Greenwood 1926; the transforms of Kalbfleisch & Prentice 2002, section 1.4: g(S) +- z |g'(S)| S se(log S).
Limits limits(const KaplanMeierStep& step, catalogue::LimitsTransform transform, double level) {
    const double s = step.survival;
    if (s <= 0) return {};
    const double error = evidence::z_of_level(level) * std::sqrt(step.log_survival_variance);
    switch (transform) {
        case catalogue::LimitsTransform::linear:
            return {std::max(0.0, s - s * error), std::min(1.0, s + s * error)};
        case catalogue::LimitsTransform::log:
            return {s * std::exp(-error), std::min(1.0, s * std::exp(error))};
        case catalogue::LimitsTransform::log_log: {
            if (s >= 1) return {};
            const double hazard = -std::log(s), factor = std::exp(error / hazard);
            return {std::exp(-hazard * factor), std::exp(-hazard / factor)};
        }
    }
    return {};
}

}  // namespace hersurv::patients
