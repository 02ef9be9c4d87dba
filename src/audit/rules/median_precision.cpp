// Rule median-precision: the confidence interval of a median is as wide as its patients and events make it.
// For an exponential curve se(log median) = 1 / (log 2 sqrt(n)) without censoring (delta method at S = 1/2), so that
// log(upper / lower) = 2 z 1.44 / sqrt(n). Digitised arms (tests/reference/audit_limits.R) have 0.39 to 1.39 times that
// for overall survival, 0.07 to 1.9 times for progression-free survival, which falls in steps at the scans; with events
// for n 0.32 to 1.31 and 0.05 to 1.75 times. Of overall survival the part above the median is 0.42 to 2.12 times as
// wide as that below.
#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include <cmath>

namespace hersurv::audit {

extern const Rule median_precision;

namespace {

// Beyond what was seen by a third or more. Steps make an interval as narrow as one likes: no lower end there. Patients
// whose events are not published may be few events.
struct Share {
    double least, most;
};
Share share(const std::string& endpoint, bool by_events) {
    const bool smooth = is_smooth(endpoint);
    if (by_events) return {smooth ? 0.2 : 0, smooth ? 2.0 : 2.5};
    return {smooth ? 0.25 : 0, 3.5};
}

// One part of the interval against the other, on the log scale; with fewer events steps make them what they like.
constexpr double most_lopsided = 6, fewest_for_sides = 50;

void look_at(const catalogue::Trial& trial, const catalogue::Analysis& analysis, const catalogue::ArmResult& arm,
             const catalogue::Statistic& print, std::vector<Finding>& findings) {
    const auto limits = positive_limits_of(print);
    const auto events = exact_count(arm.events);
    // Of responses only the responders are followed, and their number is not the arm's.
    if (!limits || !(events || (arm.n_patients && analysis.endpoint != "DOR"))) return;
    const double count = events ? *events : *arm.n_patients;
    constexpr double fewest = 20;  // below this the normal approximation says nothing
    if (count < fewest) return;
    const double usual = 2 * evidence::z_of_level(print.level) / (std::log(2.0) * std::sqrt(count));
    const Range width = log_of(limits->upper) - log_of(limits->lower);
    const Share allowed = share(analysis.endpoint, events.has_value());
    const bool narrow = clearly_less(width.high, allowed.least * usual),
               wide = clearly_less(allowed.most * usual, width.low);
    const auto value = positive_range_of(print.value, print.from.approximate);
    const Range above = log_of(limits->upper / *value), below = log_of(*value / limits->lower);
    const bool far_above = clearly_less(most_lopsided * below.high, above.low),
               far_below = clearly_less(most_lopsided * above.high, below.low);
    const bool lopsided = is_smooth(analysis.endpoint) && count >= fewest_for_sides && (far_above || far_below);
    if (!narrow && !wide && !lopsided) return;
    catalogue::Place at;
    at.analysis = analysis.id;
    at.arm = arm.arm;
    at.statistic = StatisticKind::median;
    Finding finding = start(median_precision, trial, at, print.from);
    finding.published = words(print);
    finding.expected = fmt::format("upper/lower of about {}", computed(std::exp(usual)));
    if (narrow || wide)
        finding.message = fmt::format(
            "log({}/{}) = {}, which is {} times the value expected for {} {} and an exponential curve ({}) and {} than "
            "{} times",
            printed_text(*print.upper), printed_text(*print.lower),
            computed(std::log(print.upper->value / print.lower->value)),
            computed((narrow ? width.high : width.low) / usual, 2), computed(count, 6), events ? "events" : "patients",
            computed(usual), narrow ? "less" : "more", narrow ? allowed.least : allowed.most);
    else
        finding.message = fmt::format(
            "on the log scale the {} confidence limit {} is more than {} times as far from the median {} as the {} "
            "limit {}, allowing for rounding: most likely a digit of one of the three is wrong, or the CI is that of "
            "another arm",
            far_above ? "upper" : "lower", printed_text(far_above ? *print.upper : *print.lower), most_lopsided,
            printed_text(print.value), far_above ? "lower" : "upper",
            printed_text(far_above ? *print.lower : *print.upper));
    findings.push_back(std::move(finding));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    // A pooled median is not a point of one curve: its limits are those of the synthesis.
    if (subject.trial == nullptr || subject.trial->pools_studies()) return;
    for (const auto& analysis : subject.trial->analyses)
        for (const auto& arm : analysis.arms)
            for (const auto& print : arm.median) look_at(*subject.trial, analysis, arm, print, findings);
}

}  // namespace

const Rule median_precision{
    "median-precision",
    Severity::warning,
    "the width of the CI of a median fits the number of events or, if unknown, of patients",
    "log(upper / lower), allowing for rounding, is at most 2.0 (OS) or 2.5 (other endpoints) times 2 z / (log 2 "
    "sqrt(events)), or 3.5 times if patients are used because no events are published; for OS also at least 0.2 times "
    "(patients: 0.25), and with 50 events or more neither side of the interval is more than 6 times as wide as the "
    "other",
    "check that CI, events and patients come from one analysis, and that the confidence level is 95%",
    check,
};

}  // namespace hersurv::audit
