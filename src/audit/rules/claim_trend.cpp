// Rule claim-trend: numbers that a source tells as rising or falling do so from each to the next.
#include <fmt/format.h>

#include "audit/rule_support.hpp"

namespace hersurv::audit {

extern const Rule claim_trend;

namespace {

constexpr std::string_view kinds[] = {"trend"};

Judgement judge(const Subject& subject, const catalogue::Claim& claim) {
    const Operands of = operands(subject, claim);
    if (!of.problem.empty()) return cannot_be_checked(claim_trend, subject, claim, of.problem);
    if (of.numbers.size() < 2) return cannot_be_checked(claim_trend, subject, claim, "a trend needs two values");
    const bool rising = claim.direction == "increasing";
    std::string values;
    std::optional<std::size_t> contradiction, not_shown;  // index of the number before the first break
    for (std::size_t i = 0; i < of.numbers.size(); ++i) {
        values += fmt::format("{}{}", values.empty() ? "" : ", ", printed_text(of.numbers[i].value));
        if (i + 1 == of.numbers.size()) break;
        const PlacedNumber &before = rising ? of.numbers[i] : of.numbers[i + 1],
                           &after = rising ? of.numbers[i + 1] : of.numbers[i];
        const Range low = range_of(before), high = range_of(after);
        const bool exact_tie = low.low == low.high && high.low == high.high && low.low == high.low;
        if (high.clearly_below(low) || exact_tie) {
            if (!contradiction) contradiction = i;
        } else if (!clearly_less(before.value.value, after.value.value)) {
            if (!not_shown) not_shown = i;
        }
    }
    Judgement judgement;
    judgement.arithmetic = fmt::format("{}, stated as {}", values, claim.direction);
    if (!contradiction && !not_shown) return judgement;
    judgement.verdict = contradiction ? ClaimVerdict::contradicted : ClaimVerdict::undecided;
    const std::size_t i = contradiction ? *contradiction : *not_shown;
    Finding finding = start(claim_trend, subject, claim);
    // Within rounding the claim may be true: the published numbers do not say.
    if (!contradiction) finding.severity = Severity::warning;
    finding.published = claim.direction;
    finding.expected = values;
    finding.message =
        fmt::format("{}stated as {}, but the values in the stated order are {}; {} from {} ({}) to {} ({})",
                    quoted(claim), claim.direction, values,
                    contradiction ? "the first exception is" : "rounding hides it", printed_text(of.numbers[i].value),
                    of.numbers[i].label, printed_text(of.numbers[i + 1].value), of.numbers[i + 1].label);
    judgement.finding = std::move(finding);
    return judgement;
}

}  // namespace

const Rule claim_trend{
    "claim-trend",
    Severity::error,
    "values stated as increasing or decreasing do so from each to the next (a warning if rounding hides it)",
    "increasing: value - half unit < next + half unit for all neighbours, and the published value is below the next",
    "compare the claim and its values with the source",
    nullptr,
    judge,
    kinds,
};

}  // namespace hersurv::audit
