// What the commands that audit share: published numbers against one another, against the claims about them and against
// the models of a selection.
#pragma once

#include "hersurv/audit/comparison.hpp"
#include "hersurv/audit/rules.hpp"
#include "hersurv/cli/selection.hpp"
#include "hersurv/report/answers.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hersurv::cli {

// What is found, before it is put into words.
struct Outcome {
    std::size_t n_trials = 0, n_analyses = 0;   // looked at by the rules
    std::size_t n_compared = 0, n_numbers = 0;  // analyses compared with models, and their published numbers
    std::vector<audit::Finding> findings;
    std::vector<audit::JudgedClaim> claims;
    std::vector<audit::Comparison> comparisons;
    std::vector<std::string> subjects;  // trials looked at, and "catalogue" where its own claims are
    bool with_baseline = false;
    std::vector<audit::NoteOfRecord>
        notes;  // of the selected trials and, where the whole catalogue is checked, its own
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
void compare_with_models(const std::vector<report::AnalysisFit>& fits,
                         const std::function<bool(const std::string&)>& takes_arm, Outcome& outcome);

// Adds the findings of the rules about the selected trials and, with `whole_catalogue`, about the catalogue's own
// claims; then marks what notes acknowledge among all findings. `catalogue` is all of it: places lead to any trial, and
// its own notes acknowledge findings of trials.
void audit_records(const Selected& selected, const catalogue::Catalogue& catalogue, bool whole_catalogue, int threads,
                   Outcome& outcome);

// Of all findings; where they stand in their files is left out.
[[nodiscard]] report::Problems problems_of(const Outcome& outcome);

// "2 trials, 6 analyses: 0 errors, 0 warnings, 4 notes; 4 acknowledged"
[[nodiscard]] std::string summary_line(const Outcome& outcome);
// "29 published numbers of 6 analyses compared: 17 met within their rounding, ...", without its full stop.
[[nodiscard]] std::string compared_line(const Outcome& outcome);
// "43 claims: 26 hold, 17 contradicted (all acknowledged), 0 cannot be checked", without its full stop.
[[nodiscard]] std::string claims_line(const Outcome& outcome);

[[nodiscard]] std::string source_and_line(const std::string& source, const std::optional<int>& line);
[[nodiscard]] std::string place_words(const audit::Finding& finding);
// "1 error", "2 errors".
[[nodiscard]] std::string counted(std::size_t count, const std::string& singular, const std::string& plural);
[[nodiscard]] std::string counted(std::size_t count, const std::string& singular);

inline constexpr std::string_view whole_catalogue_subject = "catalogue";

}  // namespace hersurv::cli
