// Rule claim-arithmetic: what a source computes or compares out of published numbers follows from them.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "support/number_text.hpp"

namespace hersurv::audit {

extern const Rule claim_arithmetic;

namespace {

constexpr std::string_view kinds[] = {"median-difference", "rate-difference", "ratio", "percent-reduction", "exceeds"};

using catalogue::Claim;
using catalogue::Relation;

struct Result {
    Range range;
    double value = 0;     // of the published numbers as they are
    std::string formula;  // "57.1 - 40.8"
    std::string problem;  // not empty: there is no result
};

Result compute(const Claim& claim, const std::vector<PlacedNumber>& of) {
    Result result;
    const Range first = range_of(of[0]);
    const double a = of[0].value.value;
    const std::string left = printed_text(of[0].value);
    if (claim.kind == "percent-reduction" && of.size() == 1) {
        result.range = Range{1, 1} - first;
        result.value = 1 - a;
        result.formula = "1 - " + left;
        return result;
    }
    if (of.size() < 2) {
        result.problem = "it needs two values";
        return result;
    }
    const Range second = range_of(of[1]);
    const double b = of[1].value.value;
    const std::string right = printed_text(of[1].value);
    if (claim.kind == "median-difference" || claim.kind == "rate-difference") {
        result.range = first - second;
        result.value = a - b;
        result.formula = left + " - " + right;
        return result;
    }
    if (second.low <= 0) {
        result.problem = fmt::format("{} may be 0 before rounding, and cannot be divided by", right);
        return result;
    }
    result.range = first / second;
    result.value = a / b;
    result.formula = left + "/" + right;
    if (claim.kind == "percent-reduction") {
        result.range = Range{1, 1} - result.range;
        result.value = 1 - result.value;
        result.formula = "1 - " + result.formula;
    }
    return result;
}

// Whether no true number in the range can be in this relation to the bound. A bound is exact: "below 1" does not
// mean below 1.5.
bool impossible(const Range& range, Relation relation, double bound) {
    const bool exact = range.low == range.high;
    switch (relation) {
        case Relation::greater:
            return clearly_less(range.high, bound) || (exact && range.high == bound);
        case Relation::greater_equal:
            return clearly_less(range.high, bound);
        case Relation::less:
            return clearly_less(bound, range.low) || (exact && range.low == bound);
        case Relation::less_equal:
            return clearly_less(bound, range.low);
        case Relation::equal:
            return clearly_less(range.high, bound) || clearly_less(bound, range.low);
    }
    return false;
}

Judgement judge_bound(const Subject& subject, const Claim& claim, const std::vector<PlacedNumber>& of) {
    const double value = claim.value->value;
    const double allowance = claim.from.approximate ? approximate_share * std::abs(value) : 0;
    const bool above = claim.relation == Relation::greater || claim.relation == Relation::greater_equal;
    const double bound = above ? value - allowance : value + allowance;
    std::string failing, numbers;
    for (const PlacedNumber& number : of) {
        numbers += fmt::format("{}{}", numbers.empty() ? "" : ", ", printed_text(number.value));
        if (impossible(range_of(number), claim.relation, bound))
            failing += fmt::format("{}{} ({})", failing.empty() ? "" : ", ", printed_text(number.value), number.label);
    }
    Judgement judgement;
    judgement.arithmetic = fmt::format("{} {} {}{}", numbers, relation_sign(claim.relation), claimed_text(claim),
                                       of.size() > 1 ? " (each)" : "");
    if (failing.empty()) return judgement;
    Finding finding = start(claim_arithmetic, subject, claim);
    finding.expected = numbers;
    finding.message =
        fmt::format("{}not {} {}: {}", quoted(claim), relation_sign(claim.relation), finding.published, failing);
    if (of.size() > 1) finding.message += fmt::format("; all values in order: {}", numbers);
    judgement.verdict = ClaimVerdict::contradicted;
    judgement.finding = std::move(finding);
    return judgement;
}

Judgement judge(const Subject& subject, const Claim& claim) {
    const Operands of = operands(subject, claim);
    if (!of.problem.empty()) return cannot_be_checked(claim_arithmetic, subject, claim, of.problem);
    if (!claim.value || !claim.value->is_number())
        return cannot_be_checked(claim_arithmetic, subject, claim, "the claim gives no value");
    if (claim.kind == "exceeds") return judge_bound(subject, claim, of.numbers);
    const Result result = compute(claim, of.numbers);
    if (!result.problem.empty()) return cannot_be_checked(claim_arithmetic, subject, claim, result.problem);

    const std::string value = support::shortest(support::rounded_to_digits(result.value, 4));
    Judgement judgement;
    judgement.arithmetic = fmt::format("{} = {}, claimed {}", result.formula, value, claimed_text(claim));
    if (result.range.meets(*range_of(*claim.value, false, claim.from.approximate))) return judgement;
    Finding finding = start(claim_arithmetic, subject, claim);
    finding.expected = value;
    finding.message = fmt::format("{}{} = {} ({} with rounding), but {} is claimed", quoted(claim), result.formula,
                                  value, words(result.range), claimed_text(claim));
    judgement.verdict = ClaimVerdict::contradicted;
    judgement.finding = std::move(finding);
    return judgement;
}

}  // namespace

const Rule claim_arithmetic{
    "claim-arithmetic",
    Severity::error,
    "differences, ratios, reductions and bounds stated by a source follow from the values they refer to",
    "interval arithmetic with the rounding of all values and of the claim; \"about\" allows another 5%; a bound is "
    "taken as exact",
    "compare the claim and its values with the source",
    nullptr,
    judge,
    kinds,
};

}  // namespace hersurv::audit
