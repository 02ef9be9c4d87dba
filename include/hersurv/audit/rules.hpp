// The rules over the records: arithmetic between published numbers. A rule speaks only where no true values that round
// to the printed ones could satisfy it; the catalogue's notes acknowledge what is known.
#pragma once

#include "hersurv/audit/finding.hpp"
#include "hersurv/audit/place.hpp"

#include <cstddef>
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

// A row of THE table of rules (src/audit/rules.cpp).
struct Rule {
    std::string_view name;
    Severity severity;            // of its findings, unless one of them says otherwise
    std::string_view summary;     // what must hold
    std::string_view arithmetic;  // how it is checked, rounding included
    std::string_view remedy;      // what to do about a finding
    // nullptr: the rule is about more than one subject (notes, fits, the baseline) and its findings are made elsewhere.
    void (*check)(const Subject& subject, std::vector<Finding>& findings);
};
[[nodiscard]] std::span<const Rule* const> rules();
[[nodiscard]] const Rule* find_rule(std::string_view name);  // nullptr where there is none

// The findings of all rules about one subject, in the order of the table; nothing is acknowledged yet.
[[nodiscard]] std::vector<Finding> check_subject(const Subject& subject);

// A note and the trial that it stands in ("" in a document, where its place names the trial of a number, and none for a
// claim of a document).
struct NoteOfRecord {
    const catalogue::Note* note = nullptr;
    std::string trial, file;
};

// A note of kind `discrepancy` acknowledges a finding of its rule where every member that its place gives equals the
// finding's. Without a place, or with an empty one, it acknowledges nothing. A place without a trial means the trial
// that the note stands in.
[[nodiscard]] bool acknowledges(const NoteOfRecord& note, const Finding& finding);

// Marks the findings that a note acknowledges; gives for each note how many findings it met.
std::vector<std::size_t> acknowledge(const std::vector<NoteOfRecord>& notes, std::vector<Finding>& findings);

// Findings of rule `unused-acknowledgement`: notes with a rule that met no finding (`met` as from `acknowledge`, after
// all findings that they could speak of were made) or that could never meet one. A note about a rule that has no
// `check` of its own (its findings depend on the model, on the baseline) is left alone.
[[nodiscard]] std::vector<Finding> unused_acknowledgements(const std::vector<NoteOfRecord>& notes,
                                                           const std::vector<std::size_t>& met);

}  // namespace hersurv::audit
