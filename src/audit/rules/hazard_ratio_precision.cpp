// Rule hazard-ratio-precision: the confidence interval of a hazard ratio is as wide as its events make it.
// An event adds p (1 - p) to the information of Cox's partial likelihood about the log hazard ratio, p being the
// experimental arm's share of the weighted risk set (Cox 1972, J R Stat Soc B 34:187). That is at most 1/4, so that
// with D events se >= 2 / sqrt(D). At the estimate the p add up to the events d1 of the experimental arm, so that by
// Jensen's inequality the information is at most d1 d0 / D: se >= sqrt(1/d1 + 1/d0). Strata and covariates only take
// from it. In 104 digitised figures se sqrt(D) / 2 is 1.00 to 1.16, and se / sqrt(1/d1 + 1/d0) 1.00 to 1.09
// (tests/reference/audit_limits.R).
#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "audit/effect.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {

extern const Rule hazard_ratio_precision;

namespace {

// How far above sqrt(1/d1 + 1/d0) a standard error may be. A risk set of r patients has p (1 - p) of (1 - 1/r) / 4 on
// average if the arms are alike, so that a stratum of m events loses about log m + 0.58 of them (the sum of 1/r, with
// Euler's constant). Sixteen strata, more than trials have, and the 1.06 that unstratified ratios of 100 events and
// more rarely exceed; in few events there is hardly a limit.
double widest(double events) {
    constexpr double strata = 16, euler = 0.58, unstratified = 1.06, most_lost = 0.7;
    const double lost = strata * (std::log(std::max(1.0, events / strata)) + euler) / events;
    return unstratified / std::sqrt(1 - std::min(lost, most_lost));
}

// What approximations of ties may add to the information.
constexpr double ties = 1.02;

// What a standard error by the events may be short of, or beyond, to fit as one of another level.
constexpr double little = 1.1;
// By how much 99% limits, read as of 95%, are wider at least.
constexpr double suspicious = 1.2;

// The level at which the limits would be as wide as the events make them; 0 if none of the usual ones is.
double fitting_level(const Range& se, double level, double usual) {
    for (const double other : {0.90, 0.95, 0.99}) {
        const double factor = evidence::z_of_level(level) / evidence::z_of_level(other);
        if (other != level && se.high * factor * ties >= usual && se.low * factor <= usual * little) return other;
    }
    return 0;
}

// Whether the p-value fits the ratio if its limits are of the other level, and does not as they are.
bool p_value_fits(const ComparedArms& arms, const catalogue::Statistic& print, double other) {
    if (arms.contrast->p_values.empty()) return false;
    const auto& p = arms.contrast->p_values.front();
    const auto z = wald_z(print);
    if (!z || !p.value.is_number() || p.relation != catalogue::Relation::equal) return false;
    const double factor = evidence::z_of_level(other) / evidence::z_of_level(print.level);
    const Range scaled{z->low * factor, z->high * factor}, of_p = z_of_p(range_of(p), 2);
    return gap(*z, of_p) > same_data_gap(z->high) && gap(scaled, of_p) <= same_data_gap(scaled.high);
}

std::string level_words(double level) {
    return level == 0 ? "" : fmt::format(": most likely it is a {}% CI", computed(100 * level));
}

// Against sqrt(1/d1 + 1/d0), which needs the events of both arms.
void look_at_arms(const catalogue::Trial& trial, const ComparedArms& arms, const catalogue::Statistic& print,
                  const Range& se, std::vector<Finding>& findings) {
    const auto first = exact_count(arms.experimental->events), second = exact_count(arms.control->events);
    if (!first || !second || *first < 1 || *second < 1) return;
    const auto impossible = [](double events, const std::optional<int>& patients) {
        return patients && events > *patients;
    };
    if (impossible(*first, arms.experimental->n_patients) || impossible(*second, arms.control->n_patients))
        return;  // said by another rule
    const double usual = std::sqrt(1 / *first + 1 / *second), other = fitting_level(se, print.level, usual);
    const bool narrow = clearly_less(se.high * ties, usual),
               wide = clearly_less(widest(*first + *second) * usual, se.low) ||
                      (other > print.level && se.low > suspicious * usual && p_value_fits(arms, print, other));
    if (!narrow && !wide) return;
    Finding finding = start(hazard_ratio_precision, trial, arms.at(StatisticKind::hazard_ratio), print.from);
    finding.severity = Severity::warning;
    finding.published = words(print);
    finding.expected = computed(usual);
    const std::string d1 = computed(*first, 6), d0 = computed(*second, 6);
    finding.message = fmt::format(
        "the CI {} to {} implies a standard error of log HR of {} (allowing for rounding), but with {} and {} events "
        "it is {} sqrt(1/{} + 1/{}) = {}{}",
        printed_text(*print.lower), printed_text(*print.upper), words(se), d1, d0, narrow ? "at least" : "about", d1,
        d0, computed(usual), level_words(other));
    findings.push_back(std::move(finding));
}

void look_at(const catalogue::Trial& trial, const ComparedArms& arms, const catalogue::Statistic& print,
             std::vector<Finding>& findings) {
    const auto limits = positive_limits_of(print);
    if (!limits || arms.experimental == nullptr || arms.control == nullptr) return;
    const Range se = se_of_log(*limits, print.level);
    const auto events = events_of(arms);
    const auto patients = arms.experimental->n_patients && arms.control->n_patients
                              ? std::optional<double>(*arms.experimental->n_patients + *arms.control->n_patients)
                              : std::nullopt;
    const auto most_events = events ? events : patients;
    if (!most_events || *most_events < 1) return;
    const double least = 2 / std::sqrt(*most_events);
    if (se.high * ties >= least) return look_at_arms(trial, arms, print, se, findings);
    Finding finding = start(hazard_ratio_precision, trial, arms.at(StatisticKind::hazard_ratio), print.from);
    finding.published = words(print);
    finding.expected = fmt::format("at least {}", computed(least));
    finding.message = fmt::format(
        "the CI {} to {} implies a standard error of log HR of {} (allowing for rounding), but with {} {} it is at "
        "least 2/sqrt({}) = {}{}",
        printed_text(*print.lower), printed_text(*print.upper), words(se), computed(*most_events, 6),
        events ? "events" : "patients, even if all have an event,", computed(*most_events, 6), computed(least),
        events ? level_words(fitting_level(se, print.level, least)) : "");
    findings.push_back(std::move(finding));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const ComparedArms& arms : compared_arms(*subject.trial))
        for (const auto& print : arms.contrast->hazard_ratio) look_at(*subject.trial, arms, print, findings);
}

}  // namespace

const Rule hazard_ratio_precision{
    "hazard-ratio-precision",
    Severity::error,
    "the CI of a hazard ratio is no narrower than its events allow and (otherwise a warning) not much wider",
    "(log upper - log lower) / (2 z), allowing for rounding, is at least 0.98 x 2 / sqrt(events), or 2 / "
    "sqrt(patients) if no events are published, and at least 0.98 sqrt(1/events + 1/events of the control) (otherwise "
    "a warning); it is at most sqrt(1/events + 1/events of the control) times the loss by 16 strata, 1.15 with 400 "
    "events and 1.35 with 100 (otherwise a warning, or from 1.2 times on if the limits fit the p-value as a 99% CI)",
    "check that events, ratio and CI come from one analysis, and that the confidence level is 95%; weighted analyses "
    "may have a narrower CI",
    check,
};

}  // namespace hersurv::audit
