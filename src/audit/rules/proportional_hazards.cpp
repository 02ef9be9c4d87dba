// Rule proportional-hazards: survival of both arms at the same times agrees with their hazard ratio.
// Under proportional hazards log S1(t) / log S0(t) is the hazard ratio at every t. In 104 digitised figures with 183
// common times |log of it - log HR| is .08/.26/.49 at 50/90/99%, at most .54 (tests/reference/audit_limits.R).
#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "audit/effect.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {

extern const Rule proportional_hazards;

namespace {

constexpr double usual = 0.26, seen = 0.6;
// Nearer to 0 and 1 a published percentage says too little of log S.
constexpr double lowest = 0.02, highest = 0.98;

struct Point {
    Range log_ratio;
    double value = 0, sampling = 0;
    std::string text;  // "at 24 months 0.50 v 0.40"
};

std::vector<Point> points_of(const ComparedArms& arms) {
    std::vector<Point> points;
    for (const auto& mine : arms.experimental->milestones) {
        const auto theirs =
            std::ranges::find(arms.control->milestones, mine.time_months, &catalogue::Milestone::time_months);
        if (theirs == arms.control->milestones.end() || mine.survival.empty() || theirs->survival.empty()) continue;
        const auto &a = mine.survival.front(), &b = theirs->survival.front();
        const auto first = positive_range_of(a.value, a.from.approximate),
                   second = positive_range_of(b.value, b.from.approximate);
        if (!first || !second || std::min(first->low, second->low) < lowest ||
            std::max(first->high, second->high) > highest)
            continue;
        // -log S falls with S: the ends of the ranges change places.
        const Range cumulative{-std::log(first->high), -std::log(first->low)},
            of_control{-std::log(second->high), -std::log(second->low)};
        const double s1 = a.value.value, s0 = b.value.value;
        points.push_back({log_of(cumulative / of_control), std::log(s1) / std::log(s0),
                          std::sqrt(variance_of_log_hazard(s1, arms.experimental->n_patients) +
                                    variance_of_log_hazard(s0, arms.control->n_patients)),
                          fmt::format("{} v {} at {} months", printed_text(a.value), printed_text(b.value),
                                      support::shortest(mine.time_months))});
    }
    return points;
}

void look_at(const catalogue::Trial& trial, const ComparedArms& arms, std::vector<Finding>& findings) {
    if (arms.contrast->hazard_ratio.empty() || arms.experimental == nullptr || arms.control == nullptr) return;
    const auto& ratio = arms.contrast->hazard_ratio.front();
    const auto value = positive_range_of(ratio.value, ratio.from.approximate);
    if (!value) return;
    const double z95 = evidence::z_of_level(0.95), z999 = evidence::z_of_level(0.999);
    // What an error of the ratio adds matters in small trials only.
    const auto limits = positive_limits_of(ratio);
    const double se_of_ratio = limits ? se_of_log(*limits, ratio.level).high : 0;
    bool unusual = false, unlikely = false;
    std::string all;
    double furthest = 0;
    for (const Point& point : points_of(arms)) {
        const double away = distance(log_of(*value) - point.log_ratio, 0);
        // Without patients nothing is unlikely, but what is unusual among published pairs remains so.
        unusual =
            unusual || std::abs(away) > (std::isinf(point.sampling) ? usual : std::max(usual, z95 * point.sampling));
        unlikely = unlikely || std::abs(away) > std::max(seen, z999 * std::hypot(point.sampling, se_of_ratio));
        if (std::abs(away) > std::abs(furthest)) furthest = away;
        all += fmt::format("{}{} means {}", all.empty() ? "" : ", ", point.text, computed(point.value));
    }
    if (!unusual) return;
    Finding finding = start(proportional_hazards, trial, arms.at(StatisticKind::hazard_ratio), ratio.from);
    if (!unlikely) finding.severity = Severity::note;
    finding.published = words(ratio);
    finding.expected = all;
    finding.message = fmt::format(
        "under proportional hazards log S / log S of the control equals the hazard ratio at every time: {}, but {} is "
        "published; they differ by up to {} on the log scale after allowing for rounding, and nine of ten published "
        "pairs by at most {}",
        all, printed_text(ratio.value), computed(std::abs(furthest), 2), usual);
    findings.push_back(std::move(finding));
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const ComparedArms& arms : compared_arms(*subject.trial)) look_at(*subject.trial, arms, findings);
}

}  // namespace

const Rule proportional_hazards{
    "proportional-hazards",
    Severity::warning,
    "survival rates of both arms at the same times fit their hazard ratio",
    "|log HR - log(log S / log S of the control)|, allowing for rounding, is at most 0.26 or 1.96 of its standard "
    "errors; a note if larger, a warning if above both 0.6 and 3.29 standard errors of the difference",
    "check that ratio and survival rates come from one analysis and that the arms are not exchanged; they may differ "
    "if hazards are not proportional",
    check,
};

}  // namespace hersurv::audit
