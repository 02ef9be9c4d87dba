// Rule median-precision: the confidence interval of a median is as wide as its patients and events make it.
// For an exponential curve se(log median) = 1 / (log 2 sqrt(n)) without censoring (delta method at S = 1/2), so that
// log(upper / lower) = 2 z 1.44 / sqrt(n). Digitised arms (tests/reference/audit_limits.R) have 0.39 to 1.39 times that
// for overall survival, 0.07 to 1.9 times for progression-free survival, which falls in steps at the scans; with events
// for n 0.32 to 1.31 and 0.05 to 1.75 times.
#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include <cmath>

namespace hersurv::audit {

extern const Rule median_precision;

namespace {

// Beyond what was seen by a third or more. Steps make an interval as narrow as one likes: no lower end there. Patients
// whose events are not printed may be few events.
struct Share {
    double least, most;
};
Share share(const std::string& endpoint, bool by_events) {
    const bool smooth = endpoint == "OS";
    if (by_events) return {smooth ? 0.2 : 0, smooth ? 2.0 : 2.5};
    return {smooth ? 0.25 : 0, 3.5};
}

void look_at(const catalogue::Trial& trial, const catalogue::Analysis& analysis, const catalogue::ArmResult& arm,
             const catalogue::Statistic& print, std::vector<Finding>& findings) {
    const auto limits = positive_limits_of(print);
    const auto events = exact_count(arm.events);
    // Of responses only the responders are followed, and their number is not the arm's.
    if (!limits || !(events || (arm.n_patients && analysis.endpoint != "DOR"))) return;
    const double count = events ? *events : *arm.n_patients;
    constexpr double fewest = 10;  // below this the normal approximation says nothing
    if (count < fewest) return;
    const double usual = 2 * evidence::z_of_level(print.level) / (std::log(2.0) * std::sqrt(count));
    const Range width = log_of(limits->upper) - log_of(limits->lower);
    const Share allowed = share(analysis.endpoint, events.has_value());
    const bool narrow = clearly_less(width.high, allowed.least * usual),
               wide = clearly_less(allowed.most * usual, width.low);
    if (!narrow && !wide) return;
    catalogue::Place at;
    at.analysis = analysis.id;
    at.arm = arm.arm;
    at.statistic = StatisticKind::median;
    Finding finding = start(median_precision, trial, at, print.from);
    finding.published = words(print);
    finding.expected = fmt::format("upper/lower of about {}", computed(std::exp(usual)));
    finding.message = fmt::format(
        "log({}/{}) = {}, {} times what {} {} give an exponential curve ({}), {} than {} times",
        printed_text(*print.upper), printed_text(*print.lower),
        computed(std::log(print.upper->value / print.lower->value)),
        computed((narrow ? width.high : width.low) / usual, 2), computed(count, 6), events ? "events" : "patients",
        computed(usual), narrow ? "less" : "more", narrow ? allowed.least : allowed.most);
    findings.push_back(std::move(finding));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    // A pooled median is no point of one curve: its limits are those of the synthesis.
    if (subject.trial == nullptr || subject.trial->design == "pooled") return;
    for (const auto& analysis : subject.trial->analyses)
        for (const auto& arm : analysis.arms)
            for (const auto& print : arm.median) look_at(*subject.trial, analysis, arm, print, findings);
}

}  // namespace

const Rule median_precision{
    "median-precision",
    Severity::warning,
    "the interval of a median is about as wide as its events, or patients, make it",
    "log(upper / lower), with the rounding of both, is at most 2.0 (OS) or 2.5 times 2 z / (log 2 sqrt(events)), 3.5 "
    "times with patients where no events are printed; of OS also at least 0.2 or 0.25 times",
    "see whether limits, events and patients are of one analysis, and whether the level is 95 %",
    check,
};

}  // namespace hersurv::audit
