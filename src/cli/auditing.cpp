// What the commands that audit share.
#include "auditing.hpp"

#include "hersurv/catalogue/places.hpp"
#include "hersurv/support/parallel.hpp"
#include "hersurv/support/words.hpp"

#include <algorithm>
#include <iterator>

namespace hersurv::cli {

using audit::Finding;
using audit::Severity;
using audit::Verdict;
using catalogue::Trial;

std::string counted(std::size_t count, const std::string& singular, const std::string& plural) {
    return std::to_string(count) + " " + (count == 1 ? singular : plural);
}
std::string counted(std::size_t count, const std::string& singular) { return counted(count, singular, singular + "s"); }

std::string source_and_line(const std::string& source, const std::optional<int>& line) {
    std::string text = source;
    if (line) text += (text.empty() ? "line " : ", line ") + std::to_string(*line);
    return text;
}

std::string place_words(const Finding& finding) {
    catalogue::Place at = finding.at;
    at.source.clear();  // is told with its line
    return at == catalogue::Place{} ? "the catalogue" : catalogue::describe(at);
}

void compare_with_models(const std::vector<report::AnalysisFit>& fits,
                         const std::function<bool(const std::string&)>& takes_arm, Outcome& outcome) {
    for (const auto& fitted : fits) {
        std::size_t n_numbers = 0;  // the same for every model
        for (const fit::FittedModel& model : fitted.models) {
            auto rows = audit::compare(model);
            if (takes_arm) std::erase_if(rows, [&](const audit::Comparison& row) { return !takes_arm(row.arm); });
            n_numbers = rows.size();
            auto findings = audit::not_reproduced(rows, fitted.trial->file);
            std::ranges::move(rows, std::back_inserter(outcome.comparisons));
            std::ranges::move(findings, std::back_inserter(outcome.findings));
        }
        outcome.n_numbers += n_numbers;
        if (n_numbers > 0) ++outcome.n_compared;
    }
}

void audit_records(const Selected& selected, const catalogue::Catalogue& catalogue, bool whole_catalogue, int threads,
                   Outcome& outcome) {
    outcome.n_trials = selected.trials.size();
    for (const Trial* trial : selected.trials) {
        outcome.n_analyses += trial->analyses.size();
        outcome.subjects.push_back(trial->id);
    }
    if (whole_catalogue) outcome.subjects.emplace_back(whole_catalogue_subject);
    std::vector<audit::Subject> subjects;
    for (const Trial* trial : selected.trials) subjects.push_back({trial, &catalogue});
    if (whole_catalogue) subjects.push_back({nullptr, &catalogue});
    std::vector<std::vector<Finding>> found(subjects.size());
    std::vector<std::vector<audit::JudgedClaim>> judged(subjects.size());
    support::parallel_for(subjects.size(), threads, [&](std::size_t i) {
        found[i] = audit::check_subject(subjects[i]);
        judged[i] = audit::judge_claims(subjects[i]);
    });
    // Records first, then what the models say of them.
    std::vector<Finding> findings;
    for (auto& some : found) std::ranges::move(some, std::back_inserter(findings));
    for (auto& some : judged) std::ranges::move(some, std::back_inserter(outcome.claims));
    std::ranges::move(outcome.findings, std::back_inserter(findings));
    outcome.findings = std::move(findings);

    for (const Trial* trial : selected.trials)
        for (const auto& note : trial->notes) outcome.notes.push_back({&note, trial->id, trial->file});
    std::vector<audit::NoteOfRecord> all_notes = outcome.notes;
    for (const auto& note : catalogue.notes) all_notes.push_back({&note, "", catalogue.file});
    const auto met = audit::acknowledge(all_notes, outcome.findings);
    audit::carry_acknowledgements(outcome.findings, outcome.claims);
    // A note about a trial that is not looked at now has no chance to meet its finding.
    std::vector<audit::NoteOfRecord> looked_at;
    std::vector<std::size_t> met_there;
    for (std::size_t i = 0; i < all_notes.size(); ++i) {
        const auto& [note, home, file] = all_notes[i];
        const std::string& about = note->at && !note->at->trial.empty() ? note->at->trial : home;
        const bool there = whole_catalogue || std::ranges::any_of(selected.trials, [&](const Trial* trial) {
                               return support::equal_any_case(trial->id, about);
                           });
        if (!there) continue;
        looked_at.push_back(all_notes[i]);
        met_there.push_back(met[i]);
    }
    std::ranges::move(audit::unused_acknowledgements(looked_at, met_there), std::back_inserter(outcome.findings));
    if (whole_catalogue) outcome.notes = std::move(all_notes);
}

report::Problems problems_of(const Outcome& outcome) {
    report::Problems problems;
    for (const audit::Rule* rule : audit::rules())
        if (rule->name != "baseline" || outcome.with_baseline)
            problems.rules.push_back({std::string(rule->name), std::string(audit::word(rule->severity)),
                                      std::string(rule->summary), std::string(rule->arithmetic),
                                      std::string(rule->remedy)});
    problems.subjects = outcome.subjects;
    for (const Finding& finding : outcome.findings) {
        report::Problem problem;
        problem.level = audit::word(finding.severity);
        problem.rule = finding.rule;
        problem.subject = finding.at.trial.empty() ? whole_catalogue_subject : finding.at.trial;
        problem.place = place_words(finding);
        problem.message = finding.message;
        problem.file = finding.file;
        problem.pointer = finding.pointer;
        problem.source = source_and_line(finding.source, finding.line);
        problem.published = finding.published;
        problem.expected = finding.expected;
        problem.fails = outcome.fails(finding);
        problem.acknowledged = finding.acknowledged;
        problem.acknowledgement = finding.acknowledgement;
        // A trial that only the baseline knows.
        if (std::ranges::find(problems.subjects, problem.subject) == problems.subjects.end())
            problems.subjects.push_back(problem.subject);
        problems.found.push_back(std::move(problem));
    }
    return problems;
}

std::string summary_line(const Outcome& outcome) {
    return counted(outcome.n_trials, "trial") + ", " + counted(outcome.n_analyses, "analysis", "analyses") + ": " +
           counted(outcome.count(Severity::error), "error") + ", " +
           counted(outcome.count(Severity::warning), "warning") + ", " +
           counted(outcome.count(Severity::note), "note") + "; " + std::to_string(outcome.acknowledged()) +
           " acknowledged";
}

std::string compared_line(const Outcome& outcome) {
    std::string text = counted(outcome.n_numbers, "published number") + " of " +
                       counted(outcome.n_compared, "analysis", "analyses") + " compared";
    // With several models each number is compared with each.
    if (outcome.comparisons.size() != outcome.n_numbers)
        text += " in " + counted(outcome.comparisons.size(), "comparison");
    if (outcome.comparisons.empty()) return text;
    return text + ": " + std::to_string(outcome.count(Verdict::within_rounding)) + " met within their rounding, " +
           std::to_string(outcome.count(Verdict::within_tolerance)) + " within tolerance, " +
           std::to_string(outcome.count(Verdict::outside)) + " outside, " +
           std::to_string(outcome.count(Verdict::not_comparable)) + " not comparable";
}

std::string claims_line(const Outcome& outcome) {
    using audit::ClaimVerdict;
    const auto failed = [&](ClaimVerdict verdict, const std::string& what) {
        const std::size_t count = outcome.count(verdict), acknowledged = outcome.acknowledged(verdict);
        std::string text = ", " + std::to_string(count) + " " + what;
        if (acknowledged > 0)
            text += " (" + (acknowledged == count ? "all" : std::to_string(acknowledged)) + " acknowledged)";
        return text;
    };
    const std::size_t hold = outcome.count(ClaimVerdict::holds);
    std::string text = counted(outcome.claims.size(), "claim") + ": " + counted(hold, "holds", "hold") +
                       failed(ClaimVerdict::contradicted, "contradicted");
    if (outcome.count(ClaimVerdict::undecided) > 0) text += failed(ClaimVerdict::undecided, "hidden by rounding");
    return text + failed(ClaimVerdict::uncheckable, "cannot be checked");
}

}  // namespace hersurv::cli
