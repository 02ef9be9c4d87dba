// Rule events-exchanged: the events of two arms are not those of each other.
// The log of the ratio of -log(1 - events/patients) estimates the log hazard ratio from the same patients: they differ
// by little. Found are counts that differ from the ratio by much and agree with it once exchanged; of 104 digitised
// figures none is (tests/reference/audit_limits.R), of simulated trials: docs/rules-power.md.
#include <fmt/format.h>

#include "audit/effect.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {

extern const Rule events_exchanged;

namespace {

// Sd of what proportional hazards and unequal follow-up miss, on the log scale.
constexpr double spread = 0.15;
constexpr double implausible_sds = 2;

// |log HR - estimate| in sds, rounding of the ratio included.
double sds(const Range& log_ratio, double variance, const LogRatio& estimate) {
    const double sd = std::sqrt(std::max(estimate.variance - variance, 0.0) + spread * spread);
    return std::abs(distance(log_ratio, estimate.value)) / sd;
}

void look_at(const catalogue::Trial& trial, const ComparedArms& arms, std::vector<Finding>& findings) {
    if (arms.contrast->hazard_ratio.empty()) return;
    const auto& print = arms.contrast->hazard_ratio.front();
    const auto value = positive_range_of(print.value, print.from.approximate);
    const auto counts = arm_counts(arms, trial);
    if (!value || !counts) return;
    // Where medians or survival are on the side of the events, rule hazard-ratio-direction says so of the ratio.
    const auto opposite = [&](const ImpliedEffect& effect) {
        const Range log_value = log_of(*value);
        return effect.by != ImpliedEffect::By::events &&
               ((log_value.high < 0 && effect.log_ratio.low > 0) || (log_value.low > 0 && effect.log_ratio.high < 0));
    };
    if (std::ranges::any_of(implied_effects(arms, trial), opposite)) return;
    ArmCounts other = *counts;
    std::swap(other.events[0], other.events[1]);
    if (other.events[0] >= other.patients[0] || other.events[1] >= other.patients[1]) return;
    const auto limits = positive_limits_of(print);
    const double se = limits ? se_of_log(*limits, print.level).low : 0;
    if (se > largest_se) return;
    const double now = sds(log_of(*value), se * se, log_ratio_of_events(*counts)),
                 exchanged = sds(log_of(*value), se * se, log_ratio_of_events(other));
    if (now < implausible_sds || exchanged > now / 2) return;
    catalogue::Place at = arms.at(StatisticKind::events);
    Finding finding = start(events_exchanged, trial, at, arms.experimental->events.front().from);
    const auto text = [](const ArmCounts& of, int arm) {
        return fmt::format("{} of {}", computed(of.events[arm], 6), computed(of.patients[arm], 6));
    };
    const auto ratio = [](const ArmCounts& of) { return computed(std::exp(log_ratio_of_events(of).value), 2); };
    finding.published = fmt::format("{} v {}", text(*counts, 0), text(*counts, 1));
    finding.expected = fmt::format("{} v {}", text(other, 0), text(other, 1));
    finding.message = fmt::format(
        "{} and {} events in {} and {} patients imply a hazard ratio of about {}, but {} is published; exchanged "
        "between the arms they imply {}: most likely each arm has the events of the other, or the ratio is inverted",
        computed(counts->events[0], 6), computed(counts->events[1], 6), computed(counts->patients[0], 6),
        computed(counts->patients[1], 6), ratio(*counts), words(print), ratio(other));
    findings.push_back(std::move(finding));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const ComparedArms& arms : compared_arms(*subject.trial)) look_at(*subject.trial, arms, findings);
}

}  // namespace

const Rule events_exchanged{
    "events-exchanged",
    Severity::warning,
    "the events of two arms fit their hazard ratio as published, not only if exchanged between the arms",
    "a finding if log(log(1 - events/n) / log(1 - events/n of the control)) differs from log HR by at least 2 sqrt(its "
    "variance - variance of log HR + 0.15^2) and the exchanged counts are at least twice as close; only randomised "
    "trials with a standard error of log HR up to 0.3",
    "compare the events of both arms with the source",
    check,
};

}  // namespace hersurv::audit
