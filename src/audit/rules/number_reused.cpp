// Rule number-reused: two populations, arms or times of a trial do not print the same numbers.
// One median to a tenth of a month may agree by chance, and so may the medians of both arms in a population and a part
// of it; a number that agrees together with a limit, or in both arms without limits of its own, has been copied from
// one population to the other.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>
#include <utility>

namespace hersurv::audit {

extern const Rule number_reused;

namespace {

using catalogue::Analysis;
using catalogue::Statistic;

bool same(const std::optional<catalogue::PrintedNumber>& a, const std::optional<catalogue::PrintedNumber>& b) {
    return a && b && a->is_number() && *a == *b;
}

// How many of value and limits agree.
int agreeing(const Statistic& a, const Statistic& b) {
    const bool value = a.value.is_number() && a.value == b.value;
    if (!value) return 0;
    return 1 + (same(a.lower, b.lower) ? 1 : 0) + (same(a.upper, b.upper) ? 1 : 0);
}

void compare(const catalogue::Trial& trial, const Analysis& first, const Analysis& second,
             std::vector<Finding>& findings) {
    struct Agreement {
        catalogue::Place at;
        const Statistic *print, *other;
        int numbers;
        // A limit of its own says that a median was not copied.
        [[nodiscard]] bool by_chance() const {
            const auto differ = [](const auto& a, const auto& b) { return a && b && !(*a == *b); };
            return differ(print->lower, other->lower) || differ(print->upper, other->upper);
        }
    };
    std::vector<Agreement> medians;
    const auto report = [&](const Agreement& agreement, const std::string& what) {
        Finding finding = start(number_reused, trial, agreement.at, agreement.print->from);
        finding.published = words(*agreement.print);
        finding.message =
            fmt::format("the {} of \"{}\" ({}) is {}, and that of \"{}\" ({}) is {}", what, second.population,
                        second.id, words(*agreement.print), first.population, first.id, words(*agreement.other));
        findings.push_back(std::move(finding));
    };
    catalogue::Place at;
    at.analysis = second.id;
    for (const auto& mine : first.arms) {
        for (const auto& theirs : second.arms) {
            if (mine.arm != theirs.arm || mine.median.empty() || theirs.median.empty()) continue;
            const int numbers = agreeing(mine.median.front(), theirs.median.front());
            at.arm = mine.arm;
            at.statistic = StatisticKind::median;
            if (numbers > 0) medians.push_back({at, &theirs.median.front(), &mine.median.front(), numbers});
        }
    }
    const bool copied = std::ranges::none_of(medians, &Agreement::by_chance) ||
                        std::ranges::any_of(medians, [](const Agreement& each) { return each.numbers == 3; });
    for (const Agreement& agreement : medians)
        if (agreement.numbers == 3 || (medians.size() > 1 && copied)) report(agreement, "median");
    for (const auto& mine : first.contrasts) {
        for (const auto& theirs : second.contrasts) {
            if (mine.experimental != theirs.experimental || mine.control != theirs.control ||
                mine.hazard_ratio.empty() || theirs.hazard_ratio.empty())
                continue;
            at.arm = theirs.experimental;
            at.statistic = StatisticKind::hazard_ratio;
            const Agreement agreement{at, &theirs.hazard_ratio.front(), &mine.hazard_ratio.front(),
                                      agreeing(mine.hazard_ratio.front(), theirs.hazard_ratio.front())};
            if (agreement.numbers == 3) report(agreement, "hazard ratio");
        }
    }
}

bool same_limits(const Statistic& a, const Statistic& b) { return same(a.lower, b.lower) && same(a.upper, b.upper); }

// Medians OS that differ have not both limits in common. (Those of PFS may: it falls at the scans of all arms.)
void compare_arms(const catalogue::Trial& trial, const Analysis& analysis, std::vector<Finding>& findings) {
    for (std::size_t i = 0; i < analysis.arms.size(); ++i)
        for (std::size_t j = i + 1; j < analysis.arms.size(); ++j) {
            const auto &first = analysis.arms[i], &second = analysis.arms[j];
            if (first.median.empty() || second.median.empty()) continue;
            const Statistic &mine = first.median.front(), &theirs = second.median.front();
            if (!same_limits(mine, theirs) || mine.value == theirs.value) continue;
            catalogue::Place at;
            at.analysis = analysis.id;
            at.arm = second.arm;
            at.statistic = StatisticKind::median;
            Finding finding = start(number_reused, trial, at, theirs.from);
            finding.published = words(theirs);
            finding.message = fmt::format(
                "the medians {} ({}) and {} ({}) have the same CI: most likely that of one arm is given for both",
                words(mine), first.arm, words(theirs), second.arm);
            findings.push_back(std::move(finding));
        }
}

// Whether no event between two times is implausible: with the hazard up to the first, half of the patients who are
// alive there followed further, and a hazard that falls to a fifth, four are expected: one such stretch in 50 has none.
// Before the median five times less, as the curve falls again.
bool events_expected(const catalogue::ArmResult& arm, double first_months, double second_months, double survival) {
    if (!arm.n_patients || !(survival > 0) || survival >= 1 || arm.median.empty()) return false;
    const auto& median = arm.median.front().value;
    if (!median.is_number()) return false;  // the curve may have a plateau
    const double expected =
        *arm.n_patients * survival / 2 * -std::log(survival) * (second_months - first_months) / first_months;
    constexpr double fewest_before = 4, fewest_after = 20;
    return expected > (median.value > second_months ? fewest_before : fewest_after);
}

// Survival at two times has not both limits in common, unless nobody died in between.
void compare_times(const catalogue::Trial& trial, const Analysis& analysis, const catalogue::ArmResult& arm,
                   std::vector<Finding>& findings) {
    const catalogue::Milestone* earlier = nullptr;
    for (const auto& milestone : arm.milestones) {
        if (milestone.survival.empty()) continue;
        const auto* before = std::exchange(earlier, &milestone);
        if (before == nullptr || !(before->time_months < milestone.time_months)) continue;
        const Statistic &mine = before->survival.front(), &theirs = milestone.survival.front();
        if (agreeing(mine, theirs) < 3 ||
            !events_expected(arm, before->time_months, milestone.time_months, theirs.value.value))
            continue;
        catalogue::Place at;
        at.analysis = analysis.id;
        at.arm = arm.arm;
        at.statistic = StatisticKey::milestone_at(milestone.time_months);
        Finding finding = start(number_reused, trial, at, theirs.from);
        finding.published = words(theirs);
        finding.message = fmt::format(
            "survival at {} and at {} months is {} with the same CI, as if nobody had died in between: most likely the "
            "results of one time are given for both",
            support::shortest(before->time_months), support::shortest(milestone.time_months), words(theirs));
        findings.push_back(std::move(finding));
    }
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    const auto& analyses = subject.trial->analyses;
    for (const Analysis& analysis : analyses) {
        if (analysis.endpoint == "OS") compare_arms(*subject.trial, analysis, findings);
        for (const auto& arm : analysis.arms) compare_times(*subject.trial, analysis, arm, findings);
    }
    for (std::size_t i = 0; i < analyses.size(); ++i)
        for (std::size_t j = i + 1; j < analyses.size(); ++j)
            if (analyses[i].endpoint == analyses[j].endpoint && !analyses[i].population.empty() &&
                !analyses[j].population.empty() &&
                !support::equal_any_case(analyses[i].population, analyses[j].population))
                compare(*subject.trial, analyses[i], analyses[j], findings);
}

}  // namespace

const Rule number_reused{
    "number-reused",
    Severity::warning,
    "two populations, arms or times of a trial do not have identical results",
    "a finding if two populations have the same median or hazard ratio with the same CI for an endpoint, or the same "
    "medians in two arms and no differing limit; if two arms have different median OS with the same CI; or if survival "
    "has the same value and CI at two times between which at least 4 deaths are expected (20 after the median)",
    "check which population, arm or time the results belong to; the other has its own, or is the same for another name",
    check,
};

}  // namespace hersurv::audit
