// Rule events-follow-up: events fit the median and the follow-up.
// Censoring only raises a Kaplan-Meier curve's steps: it ends at or below 1 - events/n, so a median that is not reached
// has events in at most half of the patients (in exactly half where a median is the first time below one half, as in
// SAS). How many events follow-up shows of an exponential curve through the
// median is the integral of G dF, G(t) = 1 / (1 + (t / follow-up)^gamma) with the learnt gamma of the endpoint
// (docs/method.md); digitised arms differ from that by -.11 to +.14 (OS) and -.27 to +.15 (PFS) of the patients
// (tests/reference/audit_limits.R).
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "evidence/constants.hpp"
#include "fit/follow_up.hpp"
#include "survival/expected_data.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {

extern const Rule events_follow_up;

namespace {

// Of the patients: beyond what was seen.
constexpr double allowed = 0.35;

double expected_share(double median_months, double follow_up_months, double gamma) {
    constexpr int intervals = 400;
    const double rate = std::log(2.0) / median_months;
    const auto grid = fit::follow_up_grid(10 * std::max(median_months, follow_up_months), intervals);
    std::vector<double> survival;
    for (const double time : grid) survival.push_back(std::exp(-rate * time));
    const auto followed = survival::mean_followed(grid, follow_up_months, gamma);
    return survival::expected_events({survival, followed});
}

void check_arm(const catalogue::Trial& trial, const catalogue::Analysis& analysis, const catalogue::ArmResult& arm,
               std::vector<Finding>& findings) {
    const auto events = exact_count(arm.events);
    if (!events || !arm.n_patients || *arm.n_patients < 1 || arm.median.empty()) return;
    const double share = *events / *arm.n_patients;
    if (share > 1) return;  // said by another rule
    const auto& median = arm.median.front();
    catalogue::Place at;
    at.analysis = analysis.id;
    at.arm = arm.arm;
    at.statistic = StatisticKind::events;
    const auto report = [&](Severity severity, std::string expected, std::string message) {
        Finding finding = start(events_follow_up, trial, at, arm.events.front().from);
        finding.severity = severity;
        finding.published = printed_text(arm.events.front().value);
        finding.expected = std::move(expected);
        finding.message = std::move(message);
        findings.push_back(std::move(finding));
    };
    const std::string counts =
        fmt::format("{} events in {} patients", printed_text(arm.events.front().value), *arm.n_patients);
    if (median.value.kind == catalogue::PrintedNumber::Kind::not_reached) {
        if (share > 0.5)
            report(Severity::error, fmt::format("at most {}", computed(*arm.n_patients / 2.0, 6)),
                   fmt::format("{} bring the Kaplan-Meier curve to {} or below, but the median is not reached", counts,
                               computed(1 - share)));
        return;
    }
    const auto months = positive_range_of(median.value, median.from.approximate);
    constexpr int fewest_patients = 10;  // chance alone makes more of fewer
    if (!months || arm.follow_up.empty() || *arm.n_patients < fewest_patients) return;
    const auto follow_up =
        positive_range_of(arm.follow_up.front().median_months, arm.follow_up.front().from.approximate);
    if (!follow_up) return;
    // Fewer events by a longer median and a shorter follow-up.
    const double gamma = evidence::builtin_constants()->endpoint(analysis.endpoint).censoring_gamma;
    const Range expected{expected_share(months->high, follow_up->low, gamma),
                         expected_share(months->low, follow_up->high, gamma)};
    if (share + allowed >= expected.low) return;
    report(Severity::warning,
           fmt::format("about {}", computed((expected.low + expected.high) / 2 * *arm.n_patients, 2)),
           fmt::format("{} are a share of {}, but with a median of {} and a follow-up of {} about {} is expected",
                       counts, computed(share), printed_time_text(median.value),
                       median.value.unit == catalogue::TimeUnit::months
                           ? printed_text(arm.follow_up.front().median_months)
                           : printed_time_text(arm.follow_up.front().median_months),
                       computed((expected.low + expected.high) / 2, 2)));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const auto& analysis : subject.trial->analyses) {
        if (analysis.endpoint == "DOR") continue;  // of the responders, whose number is not the arm's
        for (const auto& arm : analysis.arms) check_arm(*subject.trial, analysis, arm, findings);
    }
}

}  // namespace

const Rule events_follow_up{
    "events-follow-up",
    Severity::error,
    "if the median is not reached, at most half of the patients have had an event; if it is reached, there are not far "
    "fewer events than the follow-up implies (otherwise a warning)",
    "events / n <= 1/2, exactly, if the median is NR; otherwise events / n >= integral of G dF - 0.35 for an "
    "exponential curve through the median (F: distribution of the events, G: share still for observation), allowing "
    "for the rounding of median and follow-up",
    "check that events, median and follow-up come from one data cut",
    check,
};

}  // namespace hersurv::audit
