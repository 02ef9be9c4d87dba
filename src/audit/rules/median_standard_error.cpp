// Rule median-standard-error: the limits of a median are not its value +- its standard error.
// Limits out of a Kaplan-Meier curve are hardly ever as far above the median as below it, and 1.96 standard errors
// away. For a curve with H(t) = (t/m)^k log 2 the standard error of log m is 1 / (k log 2 sqrt n) without censoring
// (delta method at S = 1/2, as in median-precision); k is read off the milestones, log H being linear in log t. Of
// intervals that are symmetric to a digit less than 1 in 500 are as narrow as is found here, of those of one standard
// error four in five are (docs/rules-power.md).
#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {

extern const Rule median_standard_error;

namespace {

// The share of the expected width below which an interval is narrow. PFS falls in steps, which makes intervals narrow.
struct Narrow {
    double with_slope, without;
};
Narrow narrow_share(const std::string& endpoint) { return is_smooth(endpoint) ? Narrow{0.62, 0.35} : Narrow{0.5, 0.3}; }

// Nor does a standard error explain an interval that is narrower still.
constexpr double narrowest = 0.35;

// k through the median, weighted by the squared distance on the log scale; nothing without a milestone that says it.
std::optional<double> slope_through_median(const catalogue::ArmResult& arm, double median) {
    double products = 0, squares = 0;
    for (const auto& milestone : arm.milestones) {
        if (milestone.survival.empty() || !milestone.survival.front().value.is_number()) continue;
        const double s = milestone.survival.front().value.value, u = std::log(milestone.time_months / median);
        if (s < 0.08 || s > 0.92 || std::abs(u) < 0.2) continue;
        products += u * std::log(-std::log(s) / std::log(2.0));
        squares += u * u;
    }
    if (squares == 0 || products <= 0) return std::nullopt;
    return products / squares;
}

void look_at(const catalogue::Trial& trial, const catalogue::Analysis& analysis, const catalogue::ArmResult& arm,
             const catalogue::Statistic& print, std::vector<Finding>& findings) {
    const auto limits = positive_limits_of(print);
    const auto events = exact_count(arm.events);
    if (!limits || !arm.n_patients || analysis.endpoint == "DOR") return;
    constexpr double fewest = 20;  // events, or patients: below this nothing is usual
    const double n = *arm.n_patients;
    if (n < fewest || (events && *events < fewest)) return;
    const double value = print.value.value, lower = print.lower->value, upper = print.upper->value;
    const double unit = 2 * std::max({print.value.half_unit(), print.lower->half_unit(), print.upper->half_unit()});
    if (std::abs((value - lower) - (upper - value)) > unit * (1 + slack) || unit > (upper - lower) / 4) return;
    const auto slope = slope_through_median(arm, value);
    const double z = evidence::z_of_level(print.level),
                 usual = 2 * z / (slope.value_or(1) * std::log(2.0) * std::sqrt(n));
    const Narrow narrow = narrow_share(analysis.endpoint);
    const double share = std::log(upper / lower) / usual;
    if (share >= (slope ? narrow.with_slope : narrow.without) || z * share < narrowest) return;
    catalogue::Place at;
    at.analysis = analysis.id;
    at.arm = arm.arm;
    at.statistic = StatisticKind::median;
    Finding finding = start(median_standard_error, trial, at, print.from);
    finding.published = words(print);
    const double half = (upper - lower) / 2;
    const double scale = catalogue::months_in(print.value.unit);  // the message is in the published unit
    finding.expected =
        fmt::format("about {} to {}", computed((value - z * half) / scale), computed((value + z * half) / scale));
    finding.message = fmt::format(
        "the limits {} and {} are {} below and above the median {}, and the interval is {} times as wide as expected "
        "for {} patients: most likely it is the median plus and minus one standard error, not a {}% CI",
        printed_text(*print.lower), printed_text(*print.upper), computed(half / scale), printed_text(print.value),
        computed(share, 2), computed(n, 6), computed(100 * print.level));
    findings.push_back(std::move(finding));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr || subject.trial->pools_studies()) return;
    for (const auto& analysis : subject.trial->analyses)
        for (const auto& arm : analysis.arms)
            for (const auto& print : arm.median) look_at(*subject.trial, analysis, arm, print, findings);
}

}  // namespace

const Rule median_standard_error{
    "median-standard-error",
    Severity::warning,
    "the limits published with a median are a confidence interval, not the median plus and minus one standard error",
    "if the limits are equally far below and above the median (to one unit of the last digit), log(upper / lower) is "
    "at least 0.62 (OS) or 0.5 (other endpoints) times 2 z / (k log 2 sqrt(n)), with k from the published survival "
    "rates; without these at least 0.35 or 0.3 times, with k = 1; no finding if even z times the width would be below "
    "0.35 times",
    "check whether the source calls them a CI or a standard error",
    check,
};

}  // namespace hersurv::audit
