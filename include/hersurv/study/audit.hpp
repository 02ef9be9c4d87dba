// From a selection to its findings: published numbers against one another, against the claims about them and against
// fitted models.
#pragma once

#include "hersurv/audit/comparison.hpp"
#include "hersurv/audit/rules.hpp"
#include "hersurv/study/fits.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::study {

// The subject of findings about a catalogue's own claims.
inline constexpr std::string_view whole_catalogue_subject = "catalogue";

// What is found, before it is put into words.
struct Audit {
    std::size_t n_trials = 0, n_analyses = 0;   // looked at by the rules
    std::size_t n_compared = 0, n_numbers = 0;  // analyses compared with models, and their published numbers
    std::vector<audit::Finding> findings;
    std::vector<audit::JudgedClaim> claims;
    std::vector<audit::Comparison> comparisons;
    std::vector<std::string> subjects;  // trials looked at, and whole_catalogue_subject
    bool with_baseline = false;
    // Of the selected trials and, if the whole catalogue is audited, its own.
    std::vector<audit::NoteOfRecord> notes;
    std::optional<audit::Severity> fail_level = audit::Severity::error;  // none: nothing fails

    [[nodiscard]] bool fails(const audit::Finding& finding) const {
        return fail_level && !finding.acknowledged && finding.severity >= *fail_level;
    }
    [[nodiscard]] bool fails() const {
        return std::ranges::any_of(findings, [&](const audit::Finding& finding) { return fails(finding); });
    }
    [[nodiscard]] std::size_t count(audit::Severity severity) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            findings, [&](const audit::Finding& f) { return !f.acknowledged && f.severity == severity; }));
    }
    [[nodiscard]] std::size_t count(audit::ClaimVerdict verdict) const {
        return static_cast<std::size_t>(std::ranges::count(claims, verdict, &audit::JudgedClaim::verdict));
    }
    // Claims with a finding of this verdict that a note acknowledges.
    [[nodiscard]] std::size_t acknowledged(audit::ClaimVerdict verdict) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            claims, [&](const audit::JudgedClaim& c) { return c.acknowledged && c.verdict == verdict; }));
    }
    [[nodiscard]] std::size_t acknowledged() const {
        return static_cast<std::size_t>(std::ranges::count_if(findings, &audit::Finding::acknowledged));
    }
    [[nodiscard]] std::size_t count(audit::Verdict verdict) const {
        return static_cast<std::size_t>(std::ranges::count(comparisons, verdict, &audit::Comparison::verdict));
    }
};

// Adds the comparisons of the fits with the published numbers, and the findings about them; `takes_arm` empty: of every
// arm.
void compare_with_models(const std::vector<AnalysisFit>& fits, const std::function<bool(const std::string&)>& takes_arm,
                         Audit& audit);

// Adds the findings of the rules about these trials and, with `whole_catalogue`, about the catalogue's own claims; then
// marks what notes acknowledge among all findings. `catalogue` is all of it: places lead to any trial, and its own
// notes acknowledge findings of trials. `threads` 0: as many as there are processors.
void audit_records(const std::vector<const catalogue::Trial*>& trials, const catalogue::Catalogue& catalogue,
                   bool whole_catalogue, int threads, Audit& audit);

}  // namespace hersurv::study
