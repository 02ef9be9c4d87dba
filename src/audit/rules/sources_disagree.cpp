// Rule sources-disagree: sources that print the same statistic of the same analysis print the same number.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include <algorithm>

namespace hersurv::audit {

extern const Rule sources_disagree;

namespace {

using catalogue::PrintedNumber;

bool differ(const PrintedNumber& a, const PrintedNumber& b, bool count) {
    const auto first = range_of(a, count, false), second = range_of(b, count, false);
    // Of NE and NR sources make no difference; NE against a number is one.
    if (!first || !second) return a.is_number() || b.is_number();
    if (count || !a.is_number() || !b.is_number()) return !first->meets(*second);
    // Ranges that only touch: 0.55 and 0.56 would both have to be exactly 0.555, rounded once down and once up.
    return !clearly_less(first->low, second->high) || !clearly_less(second->low, first->high);
}

std::string source_words(const catalogue::Provenance& from) {
    std::string text = from.source.empty() ? "another entry" : from.source;
    if (from.line) text += fmt::format(" (line {})", *from.line);
    return text;
}

class Lists {
  public:
    Lists(const catalogue::Trial& trial, std::vector<Finding>& findings) : trial_(trial), findings_(findings) {}

    // The first print is used, the others are checked against it.
    void statistics(const StatisticList& list) {
        const auto& first = list.prints->front();
        for (std::size_t i = 1; i < list.prints->size(); ++i) {
            const auto& other = (*list.prints)[i];
            if (first.from.approximate || other.from.approximate) continue;
            std::string message;
            const auto add = [&](const char* what, const PrintedNumber& mine, const PrintedNumber& theirs) {
                if (!differ(mine, theirs, list.count)) return;
                message += fmt::format("{}{} {} in {}, {} in {}", message.empty() ? "" : "; ", what, printed_text(mine),
                                       source_words(first.from), printed_text(theirs), source_words(other.from));
            };
            add("value", first.value, other.value);
            if (first.level == other.level) {
                if (first.lower && other.lower) add("lower limit", *first.lower, *other.lower);
                if (first.upper && other.upper) add("upper limit", *first.upper, *other.upper);
            }
            if (!message.empty()) report(list.at, other.from, words(other), words(first), message);
        }
    }

    // p < 0.001 and p = 0.0002 agree: each print is the set of values that it allows.
    void p_values(const catalogue::Place& at, const std::vector<catalogue::PValue>& prints) {
        for (std::size_t i = 1; i < prints.size(); ++i) {
            const auto &first = prints.front(), &other = prints[i];
            if (first.from.approximate || other.from.approximate || !first.value.is_number() ||
                !other.value.is_number())
                continue;
            // Two tests of the same data need not give the same p-value.
            if (!first.test.empty() && !other.test.empty() && first.test != other.test) continue;
            if (range_of(first).meets(range_of(other))) continue;
            report(at, other.from, words(other), words(first),
                   fmt::format("{} in {}, {} in {}", words(first), source_words(first.from), words(other),
                               source_words(other.from)));
        }
    }

    void follow_up(const catalogue::Place& at, const std::vector<catalogue::FollowUp>& prints) {
        for (std::size_t i = 1; i < prints.size(); ++i) {
            const auto &first = prints.front(), &other = prints[i];
            if (first.from.approximate || other.from.approximate ||
                !differ(first.median_months, other.median_months, false))
                continue;
            const std::string mine = printed_text(first.median_months), theirs = printed_text(other.median_months);
            report(at, other.from, theirs, mine,
                   fmt::format("median follow-up {} in {}, {} in {}", mine, source_words(first.from), theirs,
                               source_words(other.from)));
        }
    }

  private:
    void report(catalogue::Place at, const catalogue::Provenance& from, std::string published, std::string expected,
                const std::string& message) {
        at.source = from.source;
        Finding finding = start(sources_disagree, trial_, std::move(at), from);
        finding.published = std::move(published);
        finding.expected = std::move(expected);
        finding.message = fmt::format("{}: they differ by more than rounding; the first is used", message);
        findings_.push_back(std::move(finding));
    }

    const catalogue::Trial& trial_;
    std::vector<Finding>& findings_;
};

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    Lists lists(*subject.trial, findings);
    for (const StatisticList& list : statistic_lists(*subject.trial)) lists.statistics(list);
    for (const auto& analysis : subject.trial->analyses) {
        catalogue::Place at;
        at.analysis = analysis.id;
        at.statistic = StatisticKind::p_value;
        for (const auto& contrast : analysis.contrasts) {
            at.arm = contrast.experimental;
            lists.p_values(at, contrast.p_values);
        }
        at.statistic = StatisticKind::follow_up;
        // The follow-up of the analysis is on each of its arms.
        std::vector<std::string> seen;
        for (const auto& result : analysis.arms) {
            if (result.follow_up.empty()) continue;
            const std::string& pointer = result.follow_up.front().from.pointer;
            if (std::find(seen.begin(), seen.end(), pointer) != seen.end()) continue;
            seen.push_back(pointer);
            at.arm = result.arm;
            lists.follow_up(at, result.follow_up);
        }
    }
}

}  // namespace

const Rule sources_disagree{
    "sources-disagree",
    Severity::warning,
    "all sources of a statistic give the same value and CI",
    "|first - other| < half unit of the first + half unit of the other; values given as \"about\" are not compared, "
    "p-values differ only if no p-value satisfies both",
    "check which source is right and put it first, or enter another data cut as an analysis of its own",
    check,
};

}  // namespace hersurv::audit
