// The pipeline as a whole: from a selection of trials to fits and findings, in parallel.
#pragma once

#include "hersurv/audit.hpp"
#include "hersurv/evidence.hpp"
#include "hersurv/fit.hpp"
#include "hersurv/records.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::study {

// ---- fits.cpp ----

// From a selection of analyses to their fitted models: gather, fit, keep PFS below OS; in parallel.

struct SelectedAnalysis {
    const catalogue::Trial* trial = nullptr;
    const catalogue::Analysis* analysis = nullptr;
};

// The default analysis of every endpoint of a trial, in the order of the record.
[[nodiscard]] std::vector<SelectedAnalysis> default_analyses(const catalogue::Trial& trial);

// The models of one analysis. All of them share `evidence`.
struct AnalysisFit {
    const catalogue::Trial* trial = nullptr;
    const catalogue::Analysis* analysis = nullptr;
    std::shared_ptr<const evidence::AnalysisEvidence> evidence;
    std::vector<fit::FittedModel> models;  // `auto` first if it is asked for, then as in FitRequest::models
    // Every family without a cured share, in the order of fit::models(), if FitRequest::families_beside asks for them.
    std::vector<fit::FittedModel> families{};
};

struct FitRequest {
    bool automatic = false;                 // the model that Fitter::fit_auto chooses
    std::vector<const fit::Model*> models;  // rows of fit::models()
    fit::FitOptions options;
    std::shared_ptr<const fit::HazardFloor> hazard_floor;  // nullptr: none
    bool families_beside = false;                          // AnalysisFit::families as well, for the range between them
    // Own for whatever compares fits with published numbers, or an earlier cut with a later one.
    evidence::Cuts cuts = evidence::Cuts::own;
    int threads = 0;  // 0: as many as there are processors
    // Called by any thread after each fit with the number of fits that are done and of all; may be empty.
    std::function<void(std::size_t done, std::size_t total)> progress;
};

// The analyses with the overall survival of the same patients behind them if it is not among them.
[[nodiscard]] std::vector<SelectedAnalysis> with_overall_survival(const std::vector<SelectedAnalysis>& analyses);

// Fits the models to every analysis, in the order given, and caps at overall survival what must not be above it (the
// overall survival of the same trial is fitted too if the selection lacks it). The result does not depend on the
// number of threads. The trials must outlive it.
[[nodiscard]] std::vector<AnalysisFit> fit_analyses(const std::vector<SelectedAnalysis>& analyses,
                                                    const FitRequest& request);

// ---- proportional.cpp ----

// Curves under proportional hazards: that of a control to the power of the published hazard ratio.

struct ProportionalArm {
    const catalogue::Analysis* analysis = nullptr;  // of the control alone, in Baselines::trials
    std::string arm, control;                       // ids
    catalogue::Statistic ratio;                     // published, > 0
};

// Each analysis with the published hazard ratios against one of its controls, reduced to what is published of that
// control: what is known of the other arm, and the ratio itself, say nothing of its curve. Analyses without such a
// ratio are left out.
struct Baselines {
    std::list<catalogue::Trial> trials;
    std::vector<SelectedAnalysis> analyses;
    std::vector<ProportionalArm> arms;
};
[[nodiscard]] Baselines baselines_of(const std::vector<SelectedAnalysis>& analyses);

// ---- selection.cpp ----

// Which analyses of which trials a pipeline takes.

// Which analyses of a trial are taken if none is named.
enum class Unnamed {
    default_analyses,  // the default analysis of every endpoint
    everything,        // all analyses; response rates count as numbers of their endpoint
};

// What analyses must be about: names or globs, in any case; empty takes all.
struct Filter {
    std::string endpoint, analysis, arm;

    [[nodiscard]] bool filters() const { return !endpoint.empty() || !analysis.empty() || !arm.empty(); }
    [[nodiscard]] bool takes_arm(const std::string& arm_id) const;
    // Whether the analysis has an arm that is taken.
    [[nodiscard]] bool has_arm(const catalogue::Analysis& result) const;
    [[nodiscard]] bool takes(const catalogue::Analysis& one, Unnamed unnamed) const;
};

struct Selected {
    std::vector<const catalogue::Trial*> trials;   // as given
    std::vector<SelectedAnalysis> analyses;        // by trial, in its order
    std::vector<const catalogue::Trial*> untaken;  // of the trials, those of which the filter takes nothing
};
[[nodiscard]] Selected select_analyses(std::vector<const catalogue::Trial*> trials, const Filter& filter,
                                       Unnamed unnamed = Unnamed::default_analyses);

// ---- audit.cpp ----

// From a selection to its findings: published numbers against one another, against the claims about them and against
// fitted models.

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

// ---- baseline.cpp ----

// The baseline: reconstructed numbers of an earlier run, so that a change of the method or of the data shows as a
// change of numbers.

// A number has changed where it differs by more than absolute + relative |number of the baseline|.
struct BaselineTolerance {
    double relative = 0, absolute = 0;
    std::string why;
};

// By name: "TRIAL/ANALYSIS/ARM/MODEL/NUMBER", with "~" and "/" inside a part written as in a JSON pointer (~0, ~1); ARM
// is "*" for a number of the whole analysis.
using BaselineNumbers = std::map<std::string, double>;

struct Baseline {
    std::map<std::string, BaselineTolerance> tolerances;  // by kind; all kinds
    BaselineNumbers numbers;
};

// The kinds of numbers with the tolerances of a new baseline.
[[nodiscard]] const std::map<std::string, BaselineTolerance>& default_tolerances();

// For every analysis of the trial and the models exponential, weibull and flexible: parameters, median and the other
// published statistics as fitted, supported_months, the restricted mean up to there, rms_distance. Numbers that are not
// finite are left out.
[[nodiscard]] BaselineNumbers baseline_numbers(const catalogue::Trial& trial);

// Throws support::InputError with all faults. A kind that the file leaves out has its default tolerance.
[[nodiscard]] Baseline read_baseline(std::string_view text, const std::string& file);
// One number a line, keys sorted, 7 significant digits; what is below the absolute tolerance of its kind is 0.
[[nodiscard]] std::string write_baseline(const Baseline& baseline);

// The trial that a name of a number refers to.
[[nodiscard]] std::string trial_of(const std::string& name);

// Findings of rule `baseline`: numbers that changed, that are new or that are gone. Only numbers of these trials are
// compared; an analysis or a trial that is new or gone as a whole is one finding.
[[nodiscard]] std::vector<audit::Finding> compare_baseline(const Baseline& baseline, const BaselineNumbers& now,
                                                           const std::vector<std::string>& trials,
                                                           const std::string& file);

}  // namespace hersurv::study
