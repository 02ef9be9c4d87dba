// Rule median-limits-milestones: the limits of a median and those of survival at a time are of one band.
// The limits of a median are the times at which the pointwise limits of S cross one half (Brookmeyer & Crowley 1982,
// Biometrics 38:29): before the lower limit of the median the lower limit of S is above one half, behind it below; the
// upper limits likewise.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "support/number_text.hpp"
#include <algorithm>

namespace hersurv::audit {

extern const Rule median_limits_milestones;

namespace {

// Limits by another transform differ by about a half step of the curve; 0.01 where n is large or not known.
double allowance(const catalogue::ArmResult& arm) {
    return std::max(0.01, arm.n_patients ? 1.0 / *arm.n_patients : 0.0);
}

void check_arm(const catalogue::Trial& trial, const catalogue::Analysis& analysis, const catalogue::ArmResult& arm,
               std::vector<Finding>& findings) {
    if (arm.median.empty()) return;
    const auto& median = arm.median.front();
    for (const auto& milestone : arm.milestones) {
        if (milestone.survival.empty()) continue;
        const auto& survival = milestone.survival.front();
        if (survival.level != median.level) continue;
        // Where the values do not fit, another rule says so.
        const auto months = range_of(median.value, false, median.from.approximate),
                   share = range_of(survival.value, false, survival.from.approximate);
        if (months && share &&
            ((milestone.time_months < months->low && share->high < 0.5) ||
             (milestone.time_months > months->high && share->low > 0.5)))
            continue;
        const auto compare = [&](const char* which, const std::optional<catalogue::PrintedNumber>& of_median,
                                 const std::optional<catalogue::PrintedNumber>& of_survival) {
            if (!of_median || !of_survival) return;
            const auto time = range_of(*of_median, false, median.from.approximate);
            const auto s = range_of(*of_survival, false, survival.from.approximate);
            if (!time || !s) return;
            const bool before = clearly_less(milestone.time_months, time->low),
                       behind = clearly_less(time->high, milestone.time_months);
            const bool wrong = (before && s->high + allowance(arm) < 0.5) || (behind && s->low - allowance(arm) > 0.5);
            if (!wrong) return;
            catalogue::Place at;
            at.analysis = analysis.id;
            at.arm = arm.arm;
            at.statistic = StatisticKey::milestone_at(milestone.time_months);
            Finding finding = start(median_limits_milestones, trial, at, survival.from);
            finding.published = words(survival);
            finding.expected = before ? "at least 0.5" : "at most 0.5";
            finding.message = fmt::format(
                "the {} confidence limit of S({}) is {}, but the {} limit of the median is {}: the limit of S should "
                "cross 0.5 at the limit of the median",
                which, support::shortest(milestone.time_months), printed_text(*of_survival), which,
                printed_time_text(*of_median));
            findings.push_back(std::move(finding));
        };
        compare("lower", median.lower, survival.lower);
        compare("upper", median.upper, survival.upper);
    }
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const auto& analysis : subject.trial->analyses)
        for (const auto& arm : analysis.arms) check_arm(*subject.trial, analysis, arm, findings);
}

}  // namespace

const Rule median_limits_milestones{
    "median-limits-milestones",
    Severity::warning,
    "the CI of a median and the CIs of survival rates belong to one confidence band",
    "before (lower confidence limit of the median - half unit) the lower limit of S + half unit is at least 0.5, after "
    "it the lower limit of S - half unit at most 0.5; the same for the upper limits; 0.01 or 1/n is allowed for other "
    "transformations",
    "check that median and survival rates come from one analysis and have the same confidence level",
    check,
};

}  // namespace hersurv::audit
