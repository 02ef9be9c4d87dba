// The rules over the records: arithmetic between published numbers. A rule speaks only where no true values that round
// to the printed ones could satisfy it; the catalogue's notes acknowledge what is known.
#pragma once

#include "hersurv/audit/finding.hpp"
#include "hersurv/audit/place.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::audit {

// What a rule looks at: one trial with its claims, or the catalogue's own claims.
struct Subject {
    const catalogue::Trial* trial = nullptr;          // nullptr: the catalogue's own claims
    const catalogue::Catalogue* catalogue = nullptr;  // where places lead to

    [[nodiscard]] const std::vector<catalogue::Claim>& claims() const {
        return trial != nullptr ? trial->claims : catalogue->claims;
    }
};

// What the numbers say of a claim.
enum class ClaimVerdict {
    holds,         // true numbers that round to the printed ones bear it out
    contradicted,  // none do: a finding
    undecided,     // rounding hides it: a finding, a warning
    uncheckable,   // a number is missing or not reached: a finding, a note
};
// "holds", "contradicted", "undecided", "cannot-be-checked"
[[nodiscard]] std::string_view word(ClaimVerdict verdict);

struct Judgement {
    ClaimVerdict verdict = ClaimVerdict::holds;
    std::string arithmetic;          // in words: "57.1 - 40.8 = 16.3, claimed 16.3"; where it cannot be checked: why
    std::optional<Finding> finding;  // where the claim does not hold
};

// A row of THE table of rules (src/audit/rules.cpp).
struct Rule {
    std::string_view name;
    Severity severity;            // of its findings, unless one of them says otherwise
    std::string_view summary;     // what must hold
    std::string_view arithmetic;  // how it is checked, rounding included
    std::string_view remedy;      // what to do about a finding
    // A rule about numbers has `check`, one about claims of these kinds has `judge`. With neither the rule is about
    // more than one subject (notes, fits, the baseline) and its findings are made elsewhere.
    void (*check)(const Subject& subject, std::vector<Finding>& findings) = nullptr;
    Judgement (*judge)(const Subject& subject, const catalogue::Claim& claim) = nullptr;
    std::span<const std::string_view> kinds = {};

    [[nodiscard]] bool about_records() const { return check != nullptr || judge != nullptr; }
};
[[nodiscard]] std::span<const Rule* const> rules();
extern const Rule baseline_rule;                             // its findings are made by the module study
[[nodiscard]] const Rule* find_rule(std::string_view name);  // nullptr where there is none

// The findings of all rules about one subject, in the order of the table; nothing is acknowledged yet.
[[nodiscard]] std::vector<Finding> check_subject(const Subject& subject);

// A claim with what the numbers say of it.
struct JudgedClaim {
    const catalogue::Claim* claim = nullptr;
    std::string trial;  // that it stands in; empty for a claim of the catalogue
    std::string_view rule;
    ClaimVerdict verdict = ClaimVerdict::holds;
    std::string arithmetic;
    bool acknowledged = false;  // its finding is
};
// The subject's claims in their order; nothing is acknowledged yet.
[[nodiscard]] std::vector<JudgedClaim> judge_claims(const Subject& subject);
// Carries over to the claims what `acknowledge` marked in the findings about them.
void carry_acknowledgements(const std::vector<Finding>& findings, std::vector<JudgedClaim>& claims);

// A note and the trial that it stands in ("" in a document, where its place names the trial of a number, and none for a
// claim of a document).
struct NoteOfRecord {
    const catalogue::Note* note = nullptr;
    std::string trial, file;
};

// A note of kind `discrepancy` acknowledges a finding of its rule where every member that its place gives equals the
// finding's. Without a place, or with an empty one, it acknowledges nothing. A place without a trial means the trial
// that the note stands in.
[[nodiscard]] bool acknowledges(const NoteOfRecord& record, const Finding& finding);

// Marks the findings that a note acknowledges; gives for each note how many findings it met.
std::vector<std::size_t> acknowledge(const std::vector<NoteOfRecord>& notes, std::vector<Finding>& findings);

// Findings of rule `unused-acknowledgement`: notes with a rule that met no finding (`met` as from `acknowledge`, after
// all findings that they could speak of were made) or that could never meet one. A note about a rule that is not
// about records (its findings depend on the model, on the baseline) is left alone.
[[nodiscard]] std::vector<Finding> unused_acknowledgements(const std::vector<NoteOfRecord>& notes,
                                                           const std::vector<std::size_t>& met);

}  // namespace hersurv::audit
