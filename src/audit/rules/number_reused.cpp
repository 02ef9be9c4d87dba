// Rule number-reused: two populations of a trial do not print the same numbers.
// One median to a tenth of a month may agree by chance; a number that agrees together with its limits, or in both
// arms, has been copied from one population to the other.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "support/words.hpp"

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
    for (const Agreement& agreement : medians)
        if (agreement.numbers == 3 || medians.size() > 1) report(agreement, "median");
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

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    const auto& analyses = subject.trial->analyses;
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
    "two populations of one trial do not have the same numbers",
    "printed value and both limits of a median or hazard ratio are equal, or the medians of two arms are, in analyses "
    "of "
    "one endpoint and two populations",
    "see which population the numbers are of; the other has its own, or is the same under another name",
    check,
};

}  // namespace hersurv::audit
