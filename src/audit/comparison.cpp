// Residuals of a fit as comparisons, and what is outside its tolerance as findings of the rule not-reproduced.
#include "hersurv/audit.hpp"

#include <fmt/format.h>

#include "audit/place.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {
namespace {

using catalogue::StatisticKey;

double allowance_of(const StatisticKey& statistic, double published, const Allowances& allowances) {
    using Unit = StatisticKey::Unit;
    switch (statistic.unit()) {
        case Unit::months:
            return allowances.time_relative * published;
        case Unit::probability:
            return allowances.survival;
        case Unit::ratio:
            return allowances.hazard_ratio_relative * published;
        case Unit::count:
            return allowances.events_relative * published;
        case Unit::p_value:
            break;  // no model has it
    }
    return 0;
}

// The standard error of a log median by its limits; 0 if they are not both published. Limits of other levels than 95%
// are rare, and make this a little too small or too large.
double se_of_median(const evidence::AnalysisEvidence& evidence, const evidence::Observation& of) {
    double lower = 0, upper = 0;
    for (const auto& other : evidence.observations) {
        if (other.arm != of.arm || other.statistic.kind != StatisticKey::Kind::median || !other.published.is_number())
            continue;
        if (other.statistic.side == StatisticKey::Side::lower) lower = other.published.value;
        if (other.statistic.side == StatisticKey::Side::upper) upper = other.published.value;
    }
    if (lower > 0 && upper > lower) return std::log(upper / lower) / (2 * evidence::z_of_level(0.95));
    const double n = evidence.arms[of.arm].n_patients.value_or(0);
    return n > 0 ? 1 / (std::log(2.0) * std::sqrt(n)) : 0;
}

// The standard error of log HR by the events of both arms (as rule hazard-ratio-precision), 0 if these are unknown.
double se_of_ratio(const evidence::AnalysisEvidence& evidence, const evidence::Observation& of) {
    if (!of.control) return 0;
    const auto a = evidence.arms[of.arm].n_events, b = evidence.arms[*of.control].n_events;
    return a && b && *a > 0 && *b > 0 ? std::sqrt(1 / *a + 1 / *b) : 0;
}

// How far from a share of n patients its 95% interval goes at most: two successes and two failures more (Agresti &
// Coull 1998, Am Stat 52:119), which gives shares of 0 and 1 an interval too.
double reach_of_share(double share, double n) {
    const double middle = (share * n + 2) / (n + 4);
    return evidence::z_of_level(0.95) * std::sqrt(middle * (1 - middle) / (n + 4)) + std::abs(middle - share);
}

// How uncertain the published estimate itself is, as the half width of a 95% interval in its own unit: by its limits,
// else by the patients and events that it is of (se of a log median 1 / (log 2 sqrt n), a share of n patients
// for S and for events); 0 if neither is known. A model that misses it by less has not been
// shown to be wrong, and no more has the estimate.
double uncertainty_of(const evidence::AnalysisEvidence& evidence, const evidence::Observation& of) {
    using Unit = StatisticKey::Unit;
    const double z = evidence::z_of_level(0.95), published = of.published.value;
    const double n = evidence.arms[of.arm].n_patients.value_or(0);
    switch (of.statistic.unit()) {
        case Unit::months:
            return z * published * se_of_median(evidence, of);
        case Unit::probability:
            return n > 0 ? reach_of_share(published, n) : 0;
        case Unit::ratio:
            return z * published * se_of_ratio(evidence, of);
        case Unit::count:  // with how far counts are from what follow-up shows
            return n > 0 && published <= n ? n * std::hypot(reach_of_share(published / n, n), z * of.sd) : 0;
        case Unit::p_value:
            break;  // no model has it
    }
    return 0;
}

// The most events that an arm may have if its follow-up is the median time on study, F, as many papers report it: half
// of the patients are under observation at F and may all have their event later, the others have had theirs, 1 - S(F)
// at most.
double most_events_by_time_on_study(const fit::FittedModel& model, const evidence::Observation& of) {
    const auto& arm = model.evidence->arms[of.arm];
    const double n = arm.n_patients.value_or(0);
    if (!arm.published_follow_up) return n;
    const double by_then =
        1 - std::exp(-model.curves->cumulative_hazard(of.arm, arm.published_follow_up->value, model.free_parameters));
    return n * std::min(1.0, by_then + 0.5);
}

// How far the fitted value may be from the published one beyond its rounding.
double leeway(const fit::FittedModel& model, const Comparison& row, const evidence::Observation& of,
              const Allowances& allowances) {
    const double own =
        std::max(allowance_of(row.statistic, row.published.value, allowances), uncertainty_of(*model.evidence, of));
    // More events than the follow-up shows are not a miss if that may be the time on study.
    const bool may_be_time_on_study =
        model.evidence->arms[of.arm].follow_up_kind != catalogue::FollowUp::Kind::reverse_kaplan_meier;
    if (row.statistic.kind == StatisticKey::Kind::events && *row.difference < 0 && may_be_time_on_study)
        return own + std::max(0.0, most_events_by_time_on_study(model, of) - *row.reconstructed);
    return own;
}

// A median that is not reached is followed where the model's lies beyond the follow-up.
void compare_not_reached(Comparison& row, const evidence::Observation& observation, const Allowances& allowances) {
    if (observation.kind != evidence::Kind::bound) {
        row.remark = observation.derivation;
        return;
    }
    if (*row.reconstructed > observation.time_months)
        row.verdict = Verdict::within_rounding;
    else if (*row.reconstructed > observation.time_months * (1 - allowances.time_relative))
        row.verdict = Verdict::within_tolerance;
    else
        row.verdict = Verdict::outside;
}

// The decimals of a derived number in a message: those of the published one and one more.
std::string shown(double value, const Comparison& row) {
    return support::fixed(value, (row.published.is_number() ? row.published.shown_decimals() : 0) + 1);
}

}  // namespace

std::vector<Comparison> compare(const fit::FittedModel& model, const Allowances& allowances) {
    const auto& evidence = *model.evidence;
    std::vector<Comparison> rows;
    for (const auto& observation : evidence.observations) {
        Comparison row;
        row.trial = evidence.trial;
        row.analysis = evidence.analysis;
        row.endpoint = evidence.endpoint;
        row.arm = evidence.arms[observation.arm].id;
        if (observation.control) row.control = evidence.arms[*observation.control].id;
        row.statistic = observation.statistic;
        row.model = model.model->name;
        row.published = observation.published;
        row.source = observation.from.source;
        row.pointer = observation.from.pointer;
        row.line = observation.from.line;
        row.remark = observation.used() ? model.arms[observation.arm].reason : observation.derivation;
        rows.push_back(std::move(row));
    }
    for (const fit::Residual& residual : model.residuals) {
        Comparison& row = rows[residual.observation];
        const auto& observation = evidence.observations[residual.observation];
        if (!std::isfinite(residual.fitted)) continue;
        row.reconstructed = residual.fitted;
        if (!row.published.is_number()) {
            compare_not_reached(row, observation, allowances);
            continue;
        }
        const double half_unit = row.published.half_unit();
        row.difference = residual.fitted - row.published.value;
        row.tolerance = half_unit + leeway(model, row, observation, allowances);
        if (residual.within_rounding)
            row.verdict = Verdict::within_rounding;
        else if (std::abs(*row.difference) <= *row.tolerance)
            row.verdict = Verdict::within_tolerance;
        else
            row.verdict = Verdict::outside;
    }
    for (Comparison& row : rows)
        if (row.verdict != Verdict::not_comparable) row.remark.clear();
    return rows;
}

extern const Rule not_reproduced_rule;
const Rule not_reproduced_rule{
    "not-reproduced",
    Severity::note,
    "the model reproduces every published value, within the uncertainty of the estimate",
    "|fitted - published| <= half unit + an allowance for this kind of value or, if larger, half the width of the 95% "
    "CI of the published estimate; a surplus of events counts only if a median time on study cannot explain it, unless "
    "the follow-up is by reverse Kaplan-Meier; a median that is not reached must lie beyond the follow-up",
    "another model may fit better (--model)",
    nullptr,
};

std::vector<Finding> not_reproduced(const std::vector<Comparison>& comparisons, const std::string& file) {
    std::vector<Finding> findings;
    for (const Comparison& row : comparisons) {
        if (row.verdict != Verdict::outside) continue;
        Finding finding;
        finding.rule = not_reproduced_rule.name;
        finding.severity = not_reproduced_rule.severity;
        finding.at.trial = row.trial;
        finding.at.analysis = row.analysis;
        finding.at.arm = row.arm;
        finding.at.statistic = row.statistic;
        finding.file = file;
        finding.pointer = row.pointer;
        finding.source = row.source;
        finding.line = row.line;
        finding.published = printed_text(row.published);
        finding.expected = shown(*row.reconstructed, row);
        // "12.7 years" beside which a bare number would be taken for years.
        const bool other_unit = row.published.unit != catalogue::TimeUnit::months;
        if (other_unit) finding.expected += " months";
        finding.message =
            row.difference ? fmt::format(
                                 "the {} model gives {}, but {} is published: the difference of {} is more than the "
                                 "tolerance of {}",
                                 row.model, finding.expected, finding.published, shown(std::abs(*row.difference), row),
                                 shown(*row.tolerance, row) + (other_unit ? " months" : ""))
                           : fmt::format(
                                 "the {} model has its median at {} months, before the end of the follow-up of the "
                                 "trial, which had not reached it",
                                 row.model, finding.expected);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace hersurv::audit
