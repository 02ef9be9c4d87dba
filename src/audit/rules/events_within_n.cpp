// Rule events-within-n: counts of events fit the counts of patients, and the parts fit the whole.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "support/number_text.hpp"

namespace hersurv::audit {

extern const Rule events_within_n;

namespace {

using support::shortest;

// Groups of other designs may overlap ("all patients", "those with brain metastases"), and their counts do not add up.
bool arms_are_disjoint(const catalogue::Trial& trial) { return trial.design.empty() || trial.design == "randomised"; }

const catalogue::Statistic* counted(const catalogue::Statistics& events) {
    return !events.empty() && events.front().value.is_number() && !events.front().from.approximate ? &events.front()
                                                                                                   : nullptr;
}

void check_analysis(const catalogue::Trial& trial, const catalogue::Analysis& analysis,
                    std::vector<Finding>& findings) {
    const auto report = [&](const std::string& arm, const catalogue::Statistic& print, Severity severity,
                            std::string expected, std::string message) {
        catalogue::Place at;
        at.analysis = analysis.id;
        at.arm = arm;
        at.statistic = StatisticKind::events;
        Finding finding = start(events_within_n, trial, at, print.from);
        finding.severity = severity;
        finding.published = printed_text(print.value);
        finding.expected = std::move(expected);
        finding.message = std::move(message);
        findings.push_back(std::move(finding));
    };
    double patients = 0, events = 0;
    bool all_patients = !analysis.arms.empty(), all_events = !analysis.arms.empty();
    std::string sum;
    for (const auto& result : analysis.arms) {
        if (result.n_patients)
            patients += *result.n_patients;
        else
            all_patients = false;
        for (const auto& print : result.events)
            if (result.n_patients && print.value.is_number() && print.value.value > *result.n_patients)
                report(result.arm, print, Severity::error, fmt::format("at most {}", *result.n_patients),
                       fmt::format("{} events in {} patients", printed_text(print.value), *result.n_patients));
        if (const auto* print = counted(result.events)) {
            events += print->value.value;
            sum += fmt::format("{}{}", sum.empty() ? "" : " + ", printed_text(print->value));
        } else {
            all_events = false;
        }
    }
    if (!arms_are_disjoint(trial)) return;
    for (const auto& print : analysis.events)
        if (all_patients && print.value.is_number() && print.value.value > patients)
            report("", print, Severity::error, "at most " + shortest(patients),
                   fmt::format("{} events, but {} patients in all arms together", printed_text(print.value),
                               shortest(patients)));
    const auto* total = counted(analysis.events);
    if (total == nullptr || sum.empty()) return;
    if (all_events ? events != total->value.value : events > total->value.value)
        report("", *total, Severity::warning, shortest(events),
               fmt::format("{} events are published for all arms together, but those of {} are {}{}",
                           printed_text(total->value), all_events ? "the arms" : "the arms with published events", sum,
                           sum.find('+') == std::string::npos ? "" : " = " + shortest(events)));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const auto& analysis : subject.trial->analyses) check_analysis(*subject.trial, analysis, findings);
}

}  // namespace

const Rule events_within_n{
    "events-within-n",
    Severity::error,
    "events do not exceed patients, in an arm and in all arms together; the events of the arms add up to the total "
    "(otherwise a warning)",
    "counts are exact, and counts published as \"about\" are not added up; sums are compared for randomised trials "
    "only",
    "check which counts belong to this data cut",
    check,
};

}  // namespace hersurv::audit
