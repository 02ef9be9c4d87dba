// Rule hazard-ratio-medians: a hazard ratio is near the inverse ratio of the medians, and on the same side of 1.
// Limits from data: |log HR - log(median of the control / median)| is .015/.073/.277 at 10/50/90% of 163 published
// pairs (docs/method.md), and at most .47 in 104 digitised figures (tests/reference/audit_limits.R).
#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "audit/effect.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {

extern const Rule hazard_ratio_medians;

namespace {

// Of published pairs one in ten is further apart than `usual`, none of those seen as far as `seen`.
constexpr double usual = 0.277, seen = 0.6;

std::optional<Range> median_of(const catalogue::ArmResult* arm) {
    if (arm == nullptr || arm->median.empty()) return std::nullopt;
    return positive_range_of(arm->median.front().value, arm->median.front().from.approximate);
}

void look_at(const catalogue::Trial& trial, const ComparedArms& arms, std::vector<Finding>& findings) {
    if (arms.contrast->hazard_ratio.empty()) return;
    const auto& ratio = arms.contrast->hazard_ratio.front();
    const auto value = positive_range_of(ratio.value, ratio.from.approximate);
    const auto median = median_of(arms.experimental), of_control = median_of(arms.control);
    if (!value || !median || !of_control) return;
    const Range by_medians = *of_control / *median;
    const Range difference = log_of(*value) - log_of(by_medians);
    const double away = std::abs(distance(difference, 0));
    const double sampling = std::hypot(se_of_log_median(*arms.experimental), se_of_log_median(*arms.control));
    const double z95 = evidence::z_of_level(0.95), z999 = evidence::z_of_level(0.999);
    const bool opposite = (value->high < 1 && by_medians.low > 1) || (value->low > 1 && by_medians.high < 1);
    // Without limits and patients nothing is unlikely, but what is unusual among published pairs remains so.
    // What an error of the ratio adds matters in small trials only.
    const auto limits = positive_limits_of(ratio);
    const double with_ratio = limits ? std::hypot(sampling, se_of_log(*limits, ratio.level).high) : sampling;
    const bool unlikely = away > std::max(seen, z999 * with_ratio),
               unusual = away > (std::isinf(sampling) ? usual : std::max(usual, z95 * sampling));
    if (!opposite && !unusual) return;
    Finding finding = start(hazard_ratio_medians, trial, arms.at(StatisticKind::hazard_ratio), ratio.from);
    if (!unlikely) finding.severity = Severity::note;
    finding.published = words(ratio);
    finding.expected = words(by_medians);
    const std::string of = printed_text(arms.experimental->median.front().value),
                      against = printed_text(arms.control->median.front().value);
    finding.message = fmt::format(
        "under proportional hazards the medians of {} v {} imply a hazard ratio of {}/{} = {}, but {} is published", of,
        against, against, of,
        computed(arms.control->median.front().value.value / arms.experimental->median.front().value.value),
        printed_text(ratio.value));
    if (opposite) {
        const bool below = value->high < 1;
        finding.message += fmt::format(": the arm with the {} median has the {} hazard", below ? "shorter" : "longer",
                                       below ? "lower" : "higher");
    }
    if (unusual) {
        finding.message += fmt::format(
            "; they differ by {} on the log scale after allowing for rounding, and nine of ten published pairs by at "
            "most {}",
            computed(away, 2), usual);
        if (std::isfinite(sampling))
            finding.message += fmt::format(" (sampling error explains {})", computed(z95 * sampling, 2));
    } else {
        finding.message += ", which crossing curves can explain";
    }
    findings.push_back(std::move(finding));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const ComparedArms& arms : compared_arms(*subject.trial)) look_at(*subject.trial, arms, findings);
}

}  // namespace

const Rule hazard_ratio_medians{
    "hazard-ratio-medians",
    Severity::warning,
    "a hazard ratio is close to the inverse ratio of the medians, and favours the same arm",
    "|log HR - log(median of the control / median)|, allowing for rounding, is at most 0.277 or 1.96 standard errors "
    "of the medians' ratio; a note if larger (and if they favour different arms), a warning if above both 0.6 and 3.29 "
    "standard errors of the difference",
    "check that ratio and medians come from one analysis and which arm is the control; they may differ if hazards are "
    "not proportional",
    check,
};

}  // namespace hersurv::audit
