// Ranges of rounded numbers, and the walk over the statistics of a trial.
#include "rule_support.hpp"

#include "hersurv/support/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hersurv::audit {

using catalogue::Claim;
using catalogue::Place;
using catalogue::PrintedNumber;

bool clearly_less(double a, double b) {
    if (std::isinf(a) || std::isinf(b)) return a < b;
    return a < b - slack * std::max(std::abs(a), std::abs(b));
}

Range operator-(const Range& a, const Range& b) { return {a.low - b.high, a.high - b.low}; }

Range operator/(const Range& a, const Range& b) {
    return {a.low / (a.low >= 0 ? b.high : b.low), a.high / (a.high >= 0 ? b.low : b.high)};
}

std::optional<Range> range_of(const PrintedNumber& number, bool count, bool approximate) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (number.kind == PrintedNumber::Kind::not_estimable) return std::nullopt;
    if (number.kind == PrintedNumber::Kind::not_reached) return Range{infinity, infinity};
    const double reach =
        (count ? 0 : number.half_unit()) + (approximate ? approximate_share * std::abs(number.value) : 0);
    return Range{number.value - reach, number.value + reach};
}

Range range_of(const PlacedNumber& number) {
    return range_of(number.value, number.count, number.approximate).value_or(Range{});
}

std::string words(const Range& range) {
    return fmt::format("{} to {}", support::shortest(std::stod(support::significant(range.low, 5))),
                       support::shortest(std::stod(support::significant(range.high, 5))));
}

std::vector<StatisticList> statistic_lists(const catalogue::Trial& trial) {
    std::vector<StatisticList> lists;
    for (const auto& analysis : trial.analyses) {
        const auto add = [&](const std::string& arm, std::string statistic, const catalogue::Statistics& prints,
                             bool count = false) {
            if (prints.empty()) return;
            Place at;
            at.trial = trial.id;
            at.analysis = analysis.id;
            at.arm = arm;
            at.statistic = std::move(statistic);
            lists.push_back({std::move(at), &prints, count});
        };
        add("", "crossover", analysis.crossover);
        add("", "events", analysis.events, true);
        for (const auto& result : analysis.arms) {
            add(result.arm, "events", result.events, true);
            add(result.arm, "median", result.median);
            for (const auto& milestone : result.milestones)
                add(result.arm, milestone_name(milestone.time_months), milestone.survival);
        }
        for (const auto& contrast : analysis.contrasts)
            add(contrast.experimental, "hazard_ratio", contrast.hazard_ratio);
    }
    return lists;
}

Finding start(const Rule& rule, const catalogue::Trial& trial, Place at, const catalogue::Provenance& from) {
    Finding finding;
    finding.rule = rule.name;
    finding.severity = rule.severity;
    finding.at = std::move(at);
    finding.at.trial = trial.id;
    finding.file = trial.file;
    finding.pointer = from.pointer;
    finding.source = from.source;
    finding.line = from.line;
    return finding;
}

Finding start(const Rule& rule, const Subject& subject, const Claim& claim) {
    Finding finding;
    finding.rule = rule.name;
    finding.severity = rule.severity;
    if (subject.trial != nullptr) finding.at.trial = subject.trial->id;
    finding.at.claim = claim.id;
    finding.file = !claim.file.empty() || subject.trial == nullptr ? claim.file : subject.trial->file;
    finding.pointer = claim.from.pointer;
    finding.source = claim.from.source;
    finding.line = claim.from.line;
    if (claim.value) finding.published = printed_text(*claim.value);
    return finding;
}

Judgement cannot_be_checked(const Rule& rule, const Subject& subject, const Claim& claim, const std::string& why) {
    Finding finding = start(rule, subject, claim);
    finding.severity = Severity::note;
    finding.message = quoted(claim) + "cannot be checked: " + why;
    return {ClaimVerdict::uncheckable, why, std::move(finding)};
}

std::string quoted(const Claim& claim) { return claim.text.empty() ? "" : "\"" + claim.text + "\": "; }

std::string claimed_text(const Claim& claim) {
    if (!claim.value) return "";
    return (claim.from.approximate ? "about " : "") + printed_text(*claim.value);
}

Operands operands(const Subject& subject, const Claim& claim) {
    Operands result;
    for (const Place& place : claim.of) {
        const Resolution resolution = resolve(place, subject.trial, subject.catalogue);
        if (!resolution.number) {
            result.problem = resolution.problem;
            return result;
        }
        // "NR" may be repeated, but nothing can be computed from it.
        const bool repeats_word = claim.kind == "restatement" && claim.value && !claim.value->is_number();
        if (!resolution.number->value.is_number() && !repeats_word) {
            result.problem =
                fmt::format("the {} is {}", resolution.number->label, printed_text(resolution.number->value));
            return result;
        }
        result.numbers.push_back(*resolution.number);
    }
    if (result.numbers.empty()) result.problem = "the claim names no number";
    return result;
}

}  // namespace hersurv::audit
