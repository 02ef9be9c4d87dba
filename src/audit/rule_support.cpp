// Ranges of rounded numbers, and the walk over the statistics of a trial.
#include "audit/rule_support.hpp"

#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "catalogue/endpoints.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {

using catalogue::Claim;
using catalogue::Place;
using catalogue::PrintedNumber;

bool is_smooth(const std::string& endpoint) { return catalogue::endpoint_kind(endpoint).learnt_from == "OS"; }

bool clearly_less(double a, double b) {
    if (std::isinf(a) || std::isinf(b)) return a < b;
    return a < b - slack * std::max(std::abs(a), std::abs(b));
}

Range operator-(const Range& a, const Range& b) { return {a.low - b.high, a.high - b.low}; }

Range operator/(const Range& a, const Range& b) {
    return {a.low / (a.low >= 0 ? b.high : b.low), a.high / (a.high >= 0 ? b.low : b.high)};
}

Range log_of(const Range& range) { return {std::log(range.low), std::log(range.high)}; }

double distance(const Range& range, double from) {
    if (range.low > from) return range.low - from;
    return range.high < from ? range.high - from : 0;
}

std::optional<Range> range_of(const PrintedNumber& number, bool count, bool approximate) {
    if (number.kind == PrintedNumber::Kind::not_estimable) return std::nullopt;
    if (number.kind == PrintedNumber::Kind::not_reached) return Range{infinity, infinity};
    const double reach =
        (count ? 0 : number.half_unit()) + (approximate ? approximate_share * std::abs(number.value) : 0);
    return Range{number.value - reach, number.value + reach};
}

Range range_of(const PlacedNumber& number) {
    return range_of(number.value, number.count, number.approximate).value_or(Range{});
}

std::optional<Range> positive_range_of(const PrintedNumber& number, bool approximate) {
    if (!number.is_number()) return std::nullopt;
    const auto range = range_of(number, false, approximate);
    return range->low > 0 ? range : std::nullopt;
}

Range range_of(const catalogue::PValue& p) {
    const Range printed = *range_of(p.value, false, p.from.approximate);
    switch (p.relation) {
        case catalogue::Relation::less:
        case catalogue::Relation::less_equal:
            return {0, p.value.value};
        case catalogue::Relation::greater:
        case catalogue::Relation::greater_equal:
            return {p.value.value, 1};
        case catalogue::Relation::equal:
            break;
    }
    return {std::max(printed.low, 0.0), std::min(printed.high, 1.0)};
}

std::string words(const catalogue::PValue& p) {
    return fmt::format("p {} {}", relation_sign(p.relation), printed_text(p.value));
}

std::string computed(double value, int digits) { return support::shortest(support::rounded_to_digits(value, digits)); }

std::string words(const catalogue::Statistic& print) {
    if (!print.lower && !print.upper) return printed_text(print.value);
    const auto limit = [](const std::optional<PrintedNumber>& number) {
        return number ? printed_text(*number) : std::string("-");
    };
    return fmt::format("{} [{}, {}]", printed_text(print.value), limit(print.lower), limit(print.upper));
}

std::optional<std::string> impossible_rate(const PrintedNumber& rate, const Range& range, int n_patients) {
    const double n = n_patients, least = std::ceil(range.low * n * (1 - slack) - slack);
    if (!clearly_less(range.high * n, std::max(least, 0.0)) && least <= n) return std::nullopt;
    const double below = std::clamp(std::floor(rate.value * n), 0.0, n), above = std::min(below + 1, n);
    const auto text = [&](double k) {
        return fmt::format("{:.0f}/{:.0f} = {}", k, n, support::fixed(k / n, rate.decimals + 1));
    };
    return below == above ? text(below) : text(below) + ", " + text(above);
}

Place ComparedArms::at(StatisticKind statistic) const {
    Place place;
    place.analysis = analysis->id;
    place.arm = contrast->experimental;
    place.statistic = statistic;
    return place;
}

std::vector<ComparedArms> compared_arms(const catalogue::Trial& trial) {
    std::vector<ComparedArms> all;
    for (const auto& analysis : trial.analyses) {
        const auto result_of = [&](const std::string& arm) -> const catalogue::ArmResult* {
            const auto found = std::ranges::find(analysis.arms, arm, &catalogue::ArmResult::arm);
            return found == analysis.arms.end() ? nullptr : &*found;
        };
        for (const auto& contrast : analysis.contrasts)
            all.push_back({&analysis, &contrast, result_of(contrast.experimental), result_of(contrast.control)});
    }
    return all;
}

bool same_population(const catalogue::Analysis& a, const catalogue::Analysis& b) {
    const auto whole = [](const std::string& population) {
        return population.empty() || support::folded(population).find("intention to treat") != std::string::npos;
    };
    return support::equal_any_case(a.population, b.population) || (whole(a.population) && whole(b.population));
}

std::optional<double> exact_count(const catalogue::Statistics& prints) {
    if (prints.empty() || !prints.front().value.is_number() || prints.front().from.approximate) return std::nullopt;
    return prints.front().value.value;
}

std::optional<double> events_of(const ComparedArms& arms) {
    if (arms.experimental != nullptr && arms.control != nullptr) {
        const auto a = exact_count(arms.experimental->events), b = exact_count(arms.control->events);
        if (a && b) return *a + *b;
    }
    return arms.analysis->arms.size() <= 2 ? exact_count(arms.analysis->events) : std::nullopt;
}

std::optional<LimitRanges> positive_limits_of(const catalogue::Statistic& print) {
    if (!print.lower || !print.upper) return std::nullopt;
    const auto lower = positive_range_of(*print.lower, print.from.approximate),
               upper = positive_range_of(*print.upper, print.from.approximate);
    if (!lower || !upper || !(lower->high < upper->low)) return std::nullopt;
    const auto value = positive_range_of(print.value, print.from.approximate);
    if (!value || value->clearly_below(*lower) || upper->clearly_below(*value)) return std::nullopt;
    return LimitRanges{*lower, *upper};
}

Range se_of_log(const LimitRanges& limits, double level) {
    const Range width = log_of(limits.upper) - log_of(limits.lower);
    const double z = evidence::z_of_level(level);
    return {width.low / (2 * z), width.high / (2 * z)};
}

std::string words(const Range& range) {
    return fmt::format("{} to {}", computed(range.low, 5), computed(range.high, 5));
}

std::vector<StatisticList> statistic_lists(const catalogue::Trial& trial) {
    std::vector<StatisticList> lists;
    for (const auto& analysis : trial.analyses) {
        const auto add = [&](const std::string& arm, const StatisticKey& statistic, const catalogue::Statistics& prints,
                             bool count = false) {
            if (prints.empty()) return;
            Place at;
            at.trial = trial.id;
            at.analysis = analysis.id;
            at.arm = arm;
            at.statistic = statistic;
            lists.push_back({std::move(at), &prints, count});
        };
        add("", {StatisticKind::crossover}, analysis.crossover);
        add("", {StatisticKind::events}, analysis.events, true);
        for (const auto& result : analysis.arms) {
            add(result.arm, {StatisticKind::events}, result.events, true);
            add(result.arm, {StatisticKind::median}, result.median);
            for (const auto& milestone : result.milestones)
                add(result.arm, StatisticKey::milestone_at(milestone.time_months), milestone.survival);
        }
        for (const auto& contrast : analysis.contrasts)
            add(contrast.experimental, {StatisticKind::hazard_ratio}, contrast.hazard_ratio);
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
    if (result.numbers.empty()) result.problem = "the claim names no value";
    return result;
}

}  // namespace hersurv::audit
