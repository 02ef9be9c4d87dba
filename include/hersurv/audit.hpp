// Rules over published numbers, and published numbers compared with fitted models.
#pragma once

#include "hersurv/fit.hpp"
#include "hersurv/records.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::audit {

// ---- finding ----

// What a check says: comparisons of published and reconstructed numbers, and findings of rules, each with its place.

enum class Severity { note, warning, error };
[[nodiscard]] std::string_view word(Severity severity);

struct Finding {
    std::string rule;
    Severity severity = Severity::error;
    catalogue::Place at;  // trial, analysis, arm, statistic, response, measure, claim: ids
    std::string file, pointer, source;
    std::optional<int> line;
    std::string published;  // as published
    std::string expected;   // what the arithmetic gives
    std::string message;    // problem, the arithmetic in words, remedy
    bool acknowledged = false;
    std::string acknowledgement;  // the reason that the note gives
};

enum class Verdict { within_rounding, within_tolerance, outside, not_comparable };
// "within-rounding", "within-tolerance", "outside", "not-comparable"
[[nodiscard]] std::string_view word(Verdict verdict);

struct Comparison {
    std::string trial, analysis, endpoint, arm, model;
    catalogue::StatisticKey statistic;
    std::string control;  // of a hazard ratio or p-value, else empty
    catalogue::PrintedNumber published;
    std::optional<double> reconstructed, difference, tolerance;
    Verdict verdict = Verdict::not_comparable;
    std::string source, pointer;
    std::optional<int> line;
    std::string remark;  // if it is not comparable: why
};

// ---- rules.cpp ----

// The rules over the records: arithmetic between published numbers. A rule reports a finding only if no true values
// that round to the published ones could satisfy it; the catalogue's notes acknowledge what is known.

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
    holds,         // consistent with the rounding of the published values
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
[[nodiscard]] const Rule* find_rule(std::string_view name);  // nullptr if there is none

// The findings of all rules about one subject, in the order of the table; nothing is acknowledged yet.
[[nodiscard]] std::vector<Finding> check_subject(const Subject& subject);

// A claim with what the numbers say of it.
struct JudgedClaim {
    const catalogue::Claim* claim = nullptr;
    std::string trial;  // that it is in; empty for a claim of the catalogue
    std::string_view rule;
    ClaimVerdict verdict = ClaimVerdict::holds;
    std::string arithmetic;
    bool acknowledged = false;  // its finding is
};
// The subject's claims in their order; nothing is acknowledged yet.
[[nodiscard]] std::vector<JudgedClaim> judge_claims(const Subject& subject);
// Carries over to the claims what `acknowledge` marked in the findings about them.
void carry_acknowledgements(const std::vector<Finding>& findings, std::vector<JudgedClaim>& claims);

// A note and the trial that it is in ("" in a document, where its place names the trial of a number, and none for a
// claim of a document).
struct NoteOfRecord {
    const catalogue::Note* note = nullptr;
    std::string trial, file;
};

// A note of kind `discrepancy` acknowledges a finding of its rule where every member that its place gives equals the
// finding's. Without a place, or with an empty one, it acknowledges nothing. A place without a trial means the trial
// that the note is in.
[[nodiscard]] bool acknowledges(const NoteOfRecord& record, const Finding& finding);

// Marks the findings that a note acknowledges; gives for each note how many findings it met.
std::vector<std::size_t> acknowledge(const std::vector<NoteOfRecord>& notes, std::vector<Finding>& findings);

// Findings of rule `unused-acknowledgement`: notes with a rule that met no finding (`met` as from `acknowledge`, after
// all findings that they could refer to were made) or that could never meet one. A note about a rule that is not
// about records (its findings depend on the model, on the baseline) is left alone.
[[nodiscard]] std::vector<Finding> unused_acknowledgements(const std::vector<NoteOfRecord>& notes,
                                                           const std::vector<std::size_t>& met);

// ---- comparison.cpp ----

// Published numbers against what a fitted model makes of them.

// How far beyond its rounding a number may be missed before that is said. The tolerance of a number is half a unit of
// its last published digit plus the allowance of its kind, or the half width of the estimate's own 95% interval if that
// is larger.
struct Allowances {
    // Medians and their limits, share of the published time: curves of two parameters miss medians of digitised trials
    // by about as much.
    double time_relative = 0.05;
    // Milestones, absolute: about the error of a parametric S(t) against digitised curves (docs/accuracy.md).
    double survival = 0.03;
    // Share of the published ratio: the spread between stratified, adjusted and crude hazard ratios of one trial.
    double hazard_ratio_relative = 0.05;
    // Share of the published count: what not knowing the pattern of censoring costs.
    double events_relative = 0.05;
};

// One row for every observation of the evidence, in its order; one that the model says nothing about is not comparable.
[[nodiscard]] std::vector<Comparison> compare(const fit::FittedModel& model, const Allowances& allowances = {});

// Findings of rule `not-reproduced`, one for each number outside its tolerance. `file` is that of the trial.
[[nodiscard]] std::vector<Finding> not_reproduced(const std::vector<Comparison>& comparisons, const std::string& file);

}  // namespace hersurv::audit
