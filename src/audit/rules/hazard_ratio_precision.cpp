// Rule hazard-ratio-precision: the confidence interval of a hazard ratio is as wide as its events make it.
// Each event adds p (1 - p) <= 1/4 to the information of Cox's partial likelihood about the log hazard ratio, p being
// the experimental arm's share of the weighted risk set (Cox 1972, J R Stat Soc B 34:187), so that with D events
// se(log HR) >= 2 / sqrt(D); strata and covariates only take from it. In 104 digitised figures se sqrt(D) / 2 is 1.00
// to 1.16, and se / sqrt(1/d1 + 1/d0) 1.00 to 1.09 (tests/reference/audit_limits.R).
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {

extern const Rule hazard_ratio_precision;

namespace {

// How far above sqrt(1/d1 + 1/d0) a standard error may be: the 1.09 of unstratified ratios, and a quarter more for what
// strata and covariates cost.
constexpr double widest = 1.35;

// What approximations of ties may add to the information.
constexpr double ties = 1.02;

void look_at(const catalogue::Trial& trial, const ComparedArms& arms, const catalogue::Statistic& print,
             std::vector<Finding>& findings) {
    const auto limits = positive_limits_of(print);
    if (!limits || arms.experimental == nullptr || arms.control == nullptr) return;
    const Range se = se_of_log(*limits, print.level);
    const auto report = [&](Severity severity, std::string expected, const std::string& message) {
        Finding finding = start(hazard_ratio_precision, trial, arms.at(StatisticKind::hazard_ratio), print.from);
        finding.severity = severity;
        finding.published = words(print);
        finding.expected = std::move(expected);
        finding.message =
            fmt::format("the limits {} and {} mean a standard error of log HR of {} (rounding included), {}",
                        printed_text(*print.lower), printed_text(*print.upper), words(se), message);
        findings.push_back(std::move(finding));
    };

    const auto events = events_of(arms);
    const auto patients = arms.experimental->n_patients && arms.control->n_patients
                              ? std::optional<double>(*arms.experimental->n_patients + *arms.control->n_patients)
                              : std::nullopt;
    const auto most_events = events ? events : patients;
    if (!most_events || *most_events < 1) return;
    const double least = 2 / std::sqrt(*most_events);
    if (se.high * ties < least) {
        report(Severity::error, fmt::format("at least {}", computed(least)),
               fmt::format("but {} {} give at least 2/sqrt({}) = {}", computed(*most_events, 6),
                           events ? "events" : "patients, were all to have an event,", computed(*most_events, 6),
                           computed(least)));
        return;
    }
    const auto first = exact_count(arms.experimental->events), second = exact_count(arms.control->events);
    if (!first || !second || *first < 1 || *second < 1) return;
    const double usual = std::sqrt(1 / *first + 1 / *second);
    if (clearly_less(widest * usual, se.low))
        report(Severity::warning, computed(usual),
               fmt::format("but {} and {} events give about sqrt(1/{} + 1/{}) = {}", computed(*first, 6),
                           computed(*second, 6), computed(*first, 6), computed(*second, 6), computed(usual)));
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
    "the limits of a hazard ratio are no closer than its events allow (a warning: not much wider either)",
    "(log upper - log lower) / (2 z), with the rounding of both, is at least 0.98 x 2 / sqrt(events), or 2 / "
    "sqrt(patients) "
    "where no events are printed, and at most 1.35 sqrt(1/events + 1/events of the control)",
    "see whether the events, the ratio and its limits are of one analysis, and whether the level is 95 %; "
    "weighted analyses may have closer limits",
    check,
};

}  // namespace hersurv::audit
