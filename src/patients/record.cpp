// Patients -> the numbers that a paper would print of them, at more times.
#include "hersurv/patients.hpp"

#include "patients/milestone_times.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::patients {
namespace {

using catalogue::PrintedNumber;
using catalogue::Statistic;

// Survival to 1%, as papers report it: a digitised curve is not surer than that rounding, and more decimals would claim
// it.
constexpr int decimals_of_months = 2, decimals_of_survival = 2, decimals_of_ratios = 2;

PrintedNumber rounded(double value, int decimals) {
    return {PrintedNumber::Kind::number, support::rounded(value, decimals), decimals};
}

PrintedNumber rounded_or(const std::optional<double>& value, int decimals, PrintedNumber::Kind otherwise) {
    return value ? rounded(*value, decimals) : PrintedNumber{otherwise, 0, 0};
}

// The time at which so few are left that the curve is no longer printed.
double supported_end(const KaplanMeier& curve) {
    const double least = std::max(10.0, 0.1 * static_cast<double>(curve.n_patients()));
    double end = 0;
    for (const KaplanMeierStep& step : curve.steps())
        if (static_cast<double>(step.n_at_risk) >= least) end = step.time_months;
    return end > 0 ? end : curve.last_time_months();
}

catalogue::ArmResult result_of(const std::string& id, const Arm& arm, const KaplanMeier& curve,
                               const catalogue::Provenance& from) {
    constexpr auto log_log = catalogue::LimitsTransform::log_log;
    catalogue::ArmResult result;
    result.arm = id;
    result.n_patients = static_cast<int>(curve.n_patients());
    Statistic events;
    events.value = rounded(static_cast<double>(curve.n_events()), 0);
    events.from = from;
    result.events.push_back(events);
    const Quantile median = curve.quantile(0.5, log_log);
    Statistic printed;
    printed.value = rounded_or(median.time_months, decimals_of_months, PrintedNumber::Kind::not_reached);
    printed.lower = rounded_or(median.limits.lower, decimals_of_months, PrintedNumber::Kind::not_estimable);
    printed.upper = rounded_or(median.limits.upper, decimals_of_months, PrintedNumber::Kind::not_estimable);
    printed.from = from;
    result.median.push_back(printed);
    const double end = supported_end(curve), step = even_step(end, most_milestones);
    for (int k = 1; k * step <= end; ++k) {
        const KaplanMeierStep* const at = curve.step_at(k * step);
        Statistic survival;
        survival.value = rounded(curve.survival(k * step), decimals_of_survival);
        if (at != nullptr) {
            const Limits around = limits(*at, log_log);
            if (around.lower) survival.lower = rounded(*around.lower, decimals_of_survival);
            if (around.upper) survival.upper = rounded(*around.upper, decimals_of_survival);
        }
        survival.from = from;
        result.milestones.push_back({k * step, {survival}});
    }
    const Quantile follow_up = KaplanMeier(reversed(arm.patients)).quantile(0.5, log_log);
    if (follow_up.time_months) {
        catalogue::FollowUp printed_follow_up;
        printed_follow_up.median_months = rounded(*follow_up.time_months, decimals_of_months);
        printed_follow_up.kind = catalogue::FollowUp::Kind::reverse_kaplan_meier;
        printed_follow_up.from = from;
        result.follow_up.push_back(printed_follow_up);
    }
    return result;
}

}  // namespace

catalogue::Trial record_of(const std::vector<Arm>& arms, const RecordFrame& frame) {
    catalogue::Trial trial;
    trial.id = frame.trial;
    if (frame.of != nullptr) {
        trial.drug_class = frame.of->drug_class;
        trial.agent = frame.of->agent;
        trial.design = frame.of->design;
        trial.line = frame.of->line;
        trial.population = frame.of->population;
    }
    trial.sources = catalogue::SharedSources({{frame.source.key, frame.source}});
    trial.arms = frame.arms;
    catalogue::Analysis analysis;
    analysis.endpoint = frame.endpoint;
    analysis.id = frame.source.key;
    analysis.label = frame.label;
    catalogue::Provenance from;
    from.source = frame.source.key;
    std::vector<KaplanMeier> curves;
    for (std::size_t i = 0; i < arms.size(); ++i) {
        curves.emplace_back(arms[i].patients);
        trial.arms[i].n_patients = static_cast<int>(curves[i].n_patients());
        analysis.arms.push_back(result_of(trial.arms[i].id, arms[i], curves[i], from));
    }
    for (std::size_t i = 0; i < arms.size(); ++i) {
        if (i == frame.control) continue;
        const CoxFit fit = cox(curves[frame.control], curves[i]);
        if (!fit.estimated()) continue;
        Statistic ratio;
        ratio.value = rounded(fit.hazard_ratio(), decimals_of_ratios);
        const Limits around = fit.limits();
        ratio.lower = rounded(*around.lower, decimals_of_ratios);
        ratio.upper = rounded(*around.upper, decimals_of_ratios);
        ratio.from = from;
        analysis.contrasts.push_back({trial.arms[i].id, trial.arms[frame.control].id, {ratio}, {}, ""});
    }
    trial.analyses.push_back(std::move(analysis));
    return trial;
}

}  // namespace hersurv::patients
