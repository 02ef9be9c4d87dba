// Rule claim-restatement: a number that a source repeats is the number, and is repeated of the same patients, endpoint
// and trial.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "support/words.hpp"
#include <charconv>

namespace hersurv::audit {

extern const Rule claim_restatement;

namespace {

constexpr std::string_view kinds[] = {"restatement"};

// What the number really is, under a key of `stated`; empty if the record does not say.
std::string really(const std::string& key, const PlacedNumber& number) {
    if (key == "population") return number.population;
    if (key == "endpoint") return number.endpoint;
    if (key == "time") return number.time;
    if (key == "trial") return number.trial;
    if (key == "evaluable") return number.evaluable;
    if (key == "phase") return number.phase;
    if (key == "year") return number.year;
    return "";
}

// Of NR and NE no difference is made; a word against a number is one.
bool differs(const catalogue::PrintedNumber& repeated, bool approximate, const PlacedNumber& number) {
    if (!repeated.is_number() || !number.value.is_number()) return repeated.is_number() != number.value.is_number();
    return !range_of(repeated, number.count, approximate)->meets(range_of(number));
}

Judgement judge(const Subject& subject, const catalogue::Claim& claim) {
    const Operands of = operands(subject, claim);
    if (!of.problem.empty()) return cannot_be_checked(claim_restatement, subject, claim, of.problem);
    const PlacedNumber& number = of.numbers.front();
    const std::string printed = printed_text(number.value);
    std::vector<std::string> problems;
    if (claim.value && differs(*claim.value, claim.from.approximate, number))
        problems.push_back(fmt::format("states {}, but the {} is {}", claimed_text(claim), number.label, printed));
    Judgement judgement;
    judgement.arithmetic = claim.value ? fmt::format("{}, restated as {}", printed, claimed_text(claim)) : printed;
    std::string stated, as_told, impossible;  // what is not as in the record, and all of it
    for (const auto& [key, text] : claim.stated) {
        const std::string real = really(key, number);
        bool same = !real.empty() && support::equal_any_case(real, text);
        if (key == "evaluable" && number.value.is_number()) {
            int n = 0;
            const auto read = std::from_chars(text.data(), text.data() + text.size(), n);
            if (read.ec == std::errc{} && read.ptr == text.data() + text.size() && n > 0) {
                const auto near = impossible_rate(number.value, range_of(number), n);
                if (near)
                    impossible =
                        fmt::format("no number of responders among {} patients gives {}: {}", n, printed, *near);
                // Where the record does not say of how many, a number that can be right is as good as any.
                same = same || real.empty();
            }
        }
        const std::string told = fmt::format("{} \"{}\"{}", key, text,
                                             same || real.empty() ? "" : fmt::format(" (the record: \"{}\")", real));
        as_told += fmt::format("{}{}", as_told.empty() ? " for " : ", ", told);
        if (!same) stated += fmt::format("{}{}", stated.empty() ? "" : ", ", told);
    }
    judgement.arithmetic += as_told;
    if (!stated.empty())
        problems.push_back(fmt::format("{} is restated for {}; it is the {}", printed, stated, number.label));
    if (!impossible.empty()) problems.push_back(impossible);
    if (problems.empty()) return judgement;
    judgement.verdict = ClaimVerdict::contradicted;
    Finding finding = start(claim_restatement, subject, claim);
    finding.expected = printed;
    finding.message = quoted(claim) + support::joined(problems, "; ");
    judgement.finding = std::move(finding);
    return judgement;
}

}  // namespace

const Rule claim_restatement{
    "claim-restatement",
    Severity::error,
    "a restated value equals the original, and has the same population, endpoint, label, time, trial, phase, year and "
    "number of evaluable patients",
    "the values agree within the rounding of both; \"about\" allows 5%; each statement of the claim that differs from "
    "the record is reported",
    "compare both places in the source",
    nullptr,
    judge,
    kinds,
};

}  // namespace hersurv::audit
