// Rule hazard-ratio-direction: a hazard ratio is on the side of 1 on which medians, survival and events of its arms
// are. All are estimates from one set of patients. If the ratio is efficient, the variance of its difference from
// another estimate of it is the difference of the variances (Hausman 1978, Econometrica 46:1251); what hazards that are
// not proportional add to that was measured on digitised figures (tests/reference/audit_limits.R): none of 104 is
// found, and 74 are with their ratio inverted. How many of simulated trials: docs/rules-power.md.
#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "audit/effect.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {

extern const Rule hazard_ratio_direction;

namespace {

constexpr double square(double x) { return x * x; }

// Sd of what proportional hazards miss, on the log scale. For an error the estimates count as independent of the ratio
// (which they are not), and one in ten published pairs may be further apart than 1.645 times this.
constexpr double usual_spread = 0.1, large_spread = 0.15;
constexpr double warned_sds = 2;
constexpr double error_level = 0.98;

struct Ratio {
    Range log_value;
    double log_middle, variance;  // 0 without limits
};

// How far the ratio is from an estimate, rounding included; 0 if that is on its side of 1.
double against(const Ratio& ratio, const Range& estimate) {
    const bool opposite =
        (ratio.log_value.high < 0 && estimate.low > 0) || (ratio.log_value.low > 0 && estimate.high < 0);
    return opposite ? std::abs(distance(ratio.log_value - estimate, 0)) : 0;
}

bool on_its_side(const Ratio& ratio, const Range& estimate) {
    return ratio.log_middle < 0 ? estimate.high <= 0 : estimate.low >= 0;
}

// All estimates together: whether the ratio is implausible, and its inverse is at least twice as near.
bool inverse_fits_better(const Ratio& ratio, const std::vector<ImpliedEffect>& effects) {
    double weights = 0, low = 0, high = 0;
    for (const ImpliedEffect& effect : effects) {
        const double weight = 1 / (std::max(effect.variance - ratio.variance, 0.0) + square(usual_spread));
        weights += weight;
        low += weight * effect.log_ratio.low;
        high += weight * effect.log_ratio.high;
    }
    const Range mean{low / weights, high / weights};
    // They are of the same patients: their mean is no more precise than the usual one of them.
    const double sd = std::sqrt(static_cast<double>(effects.size()) / weights);
    const double away = against(ratio, mean), middle = (mean.low + mean.high) / 2;
    return away > warned_sds * sd && std::abs(-ratio.log_middle - middle) < away / 2;
}

bool beyond_chance(const ComparedArms& arms) {
    return !arms.contrast->p_values.empty() && range_of(arms.contrast->p_values.front()).high <= 0.05;
}

// "a, b and c".
std::string joined_words(const std::vector<std::string>& parts) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
    return text;
}

void look_at(const catalogue::Trial& trial, const ComparedArms& arms, std::vector<Finding>& findings) {
    if (arms.contrast->hazard_ratio.empty()) return;
    const auto& print = arms.contrast->hazard_ratio.front();
    const auto value = positive_range_of(print.value, print.from.approximate);
    if (!value) return;
    Ratio ratio{log_of(*value), std::log(print.value.value), 0};
    if (const auto limits = positive_limits_of(print)) ratio.variance = square(se_of_log(*limits, print.level).low);
    const auto effects = implied_effects(arms, trial);
    if (effects.empty() || std::sqrt(ratio.variance) > largest_se) return;
    std::vector<std::string> opposite;
    int n_errors = 0, n_on_its_side = 0;
    bool by_curves = false;
    for (const ImpliedEffect& effect : effects) {
        const double away = against(ratio, effect.log_ratio);
        if (away > 0) opposite.push_back(effect.text);
        by_curves = by_curves || (away > 0 && effect.by != ImpliedEffect::By::events);
        if (away > evidence::z_of_level(error_level) * std::sqrt(effect.variance + square(large_spread))) ++n_errors;
        if (on_its_side(ratio, effect.log_ratio)) ++n_on_its_side;
    }
    if (!by_curves) return;  // of events alone rule events-exchanged speaks
    // A significant test says that the difference, whose side one estimate shows, is not chance.
    if (n_errors == 1 && n_on_its_side == 0 && beyond_chance(arms)) ++n_errors;
    const bool error = n_errors >= 2;
    if (!error && !inverse_fits_better(ratio, effects)) return;
    Finding finding = start(hazard_ratio_direction, trial, arms.at(StatisticKind::hazard_ratio), print.from);
    if (!error) finding.severity = Severity::warning;
    finding.published = words(print);
    const bool favours_experimental = ratio.log_middle < 0;
    const auto& [mine, theirs] = std::tie(arms.contrast->experimental, arms.contrast->control);
    const std::string inverse = computed(1 / print.value.value, 2);
    finding.expected = "about " + inverse;
    finding.message = fmt::format(
        "the hazard ratio {} of {} v {} favours {}, but {} favour {}, by more than rounding and sampling error "
        "explain; most likely the ratio is that of {} v {}, inverted {}, or the results of the arms are exchanged",
        words(print), mine, theirs, favours_experimental ? mine : theirs, joined_words(opposite),
        favours_experimental ? theirs : mine, theirs, mine, inverse);
    findings.push_back(std::move(finding));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const ComparedArms& arms : compared_arms(*subject.trial)) look_at(*subject.trial, arms, findings);
}

}  // namespace

const Rule hazard_ratio_direction{
    "hazard-ratio-direction",
    Severity::error,
    "a hazard ratio favours the same arm as the medians, survival rates and events do",
    "log HR is compared with the log ratios implied by the medians, by survival at one time and by the shares with an "
    "event. An error if two of these favour the other arm, each further from log HR than 2.33 sqrt(variance + 0.15^2) "
    "(one is enough with a p-value up to 0.05 if none agrees with the ratio); a warning if their mean is further than "
    "2 sqrt(variance - variance of log HR + 0.1^2) from log HR and the inverse ratio is twice as close; neither if the "
    "standard error of log HR is above 0.3",
    "check which arm is the control in the source, and that all values come from one analysis",
    check,
};

}  // namespace hersurv::audit
