// Rule hazard-ratio-symmetric: on the log scale a hazard ratio is in the middle of its confidence interval.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include <cmath>

namespace hersurv::audit {

extern const Rule hazard_ratio_symmetric;

namespace {

// A profile likelihood of few events moves the middle by a few per cent of the half width; a slip of a digit moves it
// further.
constexpr double explained_by_method = 0.1;

void look_at(const catalogue::Trial& trial, const ComparedArms& arms, const catalogue::Statistic& print,
             std::vector<Finding>& findings) {
    const auto value = positive_range_of(print.value, print.from.approximate);
    const auto limits = positive_limits_of(print);
    if (!value || !limits) return;
    // log value = (log lower + log upper) / 2, so value = sqrt(lower upper).
    const Range middle{std::sqrt(limits->lower.low * limits->upper.low),
                       std::sqrt(limits->lower.high * limits->upper.high)};
    if (middle.meets(*value)) return;
    const double off = std::abs(distance(log_of(*value) - log_of(middle), 0));
    const double half_width = std::log(print.upper->value / print.lower->value) / 2;
    Finding finding = start(hazard_ratio_symmetric, trial, arms.at(StatisticKind::hazard_ratio), print.from);
    if (off < explained_by_method * half_width) finding.severity = Severity::note;
    finding.published = words(print);
    finding.expected = words(middle);
    finding.message = fmt::format(
        "the middle of {} and {} on the log scale is sqrt({} x {}) = {} ({} with rounding), but the published ratio is "
        "{}: off by {} of the half width of the CI, after allowing for rounding",
        printed_text(*print.lower), printed_text(*print.upper), printed_text(*print.lower), printed_text(*print.upper),
        computed(std::sqrt(print.lower->value * print.upper->value), 4), words(middle), printed_text(print.value),
        computed(off / half_width, 2));
    findings.push_back(std::move(finding));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const ComparedArms& arms : compared_arms(*subject.trial))
        for (const auto& print : arms.contrast->hazard_ratio) look_at(*subject.trial, arms, print, findings);
}

}  // namespace

const Rule hazard_ratio_symmetric{
    "hazard-ratio-symmetric",
    Severity::warning,
    "a hazard ratio is the geometric mean of its confidence limits",
    "sqrt(lower x upper), allowing for rounding, equals the ratio within its rounding; a note if the rest is less than "
    "a tenth of the half width of the CI, as profile likelihoods of few events produce",
    "compare the ratio and its CI with the source; intervals by profile likelihood, bootstrap or repeated tests need "
    "not be symmetric",
    check,
};

}  // namespace hersurv::audit
