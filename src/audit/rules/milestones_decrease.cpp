// Rule milestones-decrease: a survival curve never rises, and it passes one half at its median.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "support/number_text.hpp"

namespace hersurv::audit {

extern const Rule milestones_decrease;

namespace {

struct Point {
    double time = 0;
    const catalogue::Statistic* print = nullptr;
    Range survival;
};

void check_arm(const catalogue::Trial& trial, const catalogue::Analysis& analysis, const catalogue::ArmResult& result,
               std::vector<Finding>& findings) {
    // The first print is the one that is used; whether the others agree with it is another rule's question.
    std::vector<Point> points;
    for (const auto& milestone : result.milestones) {
        if (milestone.survival.empty() || !milestone.survival.front().value.is_number()) continue;
        const auto& print = milestone.survival.front();
        points.push_back({milestone.time_months, &print, *range_of(print.value, false, print.from.approximate)});
    }
    const auto report = [&](const Point& point, std::string expected, const std::string& message) {
        catalogue::Place at;
        at.analysis = analysis.id;
        at.arm = result.arm;
        at.statistic = StatisticKey::milestone_at(point.time);
        Finding finding = start(milestones_decrease, trial, at, point.print->from);
        finding.published = printed_text(point.print->value);
        finding.expected = std::move(expected);
        finding.message = fmt::format("S({}) = {} {}, by more than rounding", support::shortest(point.time),
                                      finding.published, message);
        findings.push_back(std::move(finding));
    };

    // Each against the lowest before it.
    const Point* lowest = nullptr;
    for (const Point& point : points) {
        if (lowest != nullptr && lowest->time < point.time && lowest->survival.clearly_below(point.survival))
            report(point, "at most " + printed_text(lowest->print->value),
                   fmt::format("is above the earlier S({}) = {}", support::shortest(lowest->time),
                               printed_text(lowest->print->value)));
        if (lowest == nullptr || point.survival.high < lowest->survival.high) lowest = &point;
    }

    if (result.median.empty()) return;
    const auto median = range_of(result.median.front().value, false, result.median.front().from.approximate);
    if (!median) return;
    const std::string name = printed_time_text(result.median.front().value);
    for (const Point& point : points) {
        if (clearly_less(point.time, median->low) && clearly_less(point.survival.high, 0.5))
            report(point, "at least 0.5",
                   fmt::format("is below 0.5 {}", median->low < 1e300 ? "before the median of " + name
                                                                      : "though the median is not reached"));
        if (clearly_less(median->high, point.time) && clearly_less(0.5, point.survival.low))
            report(point, "at most 0.5", fmt::format("is above 0.5 after the median of {}", name));
    }
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    for (const auto& analysis : subject.trial->analyses)
        for (const auto& result : analysis.arms) check_arm(*subject.trial, analysis, result, findings);
}

}  // namespace

const Rule milestones_decrease{
    "milestones-decrease",
    Severity::error,
    "survival rates of an arm decrease over time; they are at least 50% before its median and at most 50% after it",
    "S(later) - half unit <= S(earlier) + half unit; S + half unit >= 0.5 before (median - half unit), S - half unit "
    "<= 0.5 after (median + half unit)",
    "compare times and values with the source, and check that they come from one analysis",
    check,
};

}  // namespace hersurv::audit
