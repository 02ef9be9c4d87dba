// The pipeline of the audit: rules over records, models against published numbers, and what notes acknowledge.
#include "hersurv/study.hpp"

#include "support/parallel.hpp"
#include "support/words.hpp"
#include <iterator>

namespace hersurv::study {

using audit::Finding;
using catalogue::Trial;

void compare_with_models(const std::vector<AnalysisFit>& fits, const std::function<bool(const std::string&)>& takes_arm,
                         Audit& audit) {
    for (const auto& fitted : fits) {
        std::size_t n_numbers = 0;  // the same for every model
        for (const fit::FittedModel& model : fitted.models) {
            auto rows = hersurv::audit::compare(model);
            if (takes_arm) std::erase_if(rows, [&](const audit::Comparison& row) { return !takes_arm(row.arm); });
            n_numbers = rows.size();
            auto findings = audit::not_reproduced(rows, fitted.trial->file);
            std::ranges::move(rows, std::back_inserter(audit.comparisons));
            std::ranges::move(findings, std::back_inserter(audit.findings));
        }
        audit.n_numbers += n_numbers;
        if (n_numbers > 0) ++audit.n_compared;
    }
}

void audit_records(const std::vector<const Trial*>& trials, const catalogue::Catalogue& catalogue, bool whole_catalogue,
                   int threads, Audit& audit) {
    audit.n_trials = trials.size();
    for (const Trial* trial : trials) {
        audit.n_analyses += trial->analyses.size();
        audit.subjects.push_back(trial->id);
    }
    if (whole_catalogue) audit.subjects.emplace_back(whole_catalogue_subject);
    std::vector<audit::Subject> subjects;
    for (const Trial* trial : trials) subjects.push_back({trial, &catalogue});
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
    for (auto& some : judged) std::ranges::move(some, std::back_inserter(audit.claims));
    std::ranges::move(audit.findings, std::back_inserter(findings));
    audit.findings = std::move(findings);

    for (const Trial* trial : trials)
        for (const auto& note : trial->notes) audit.notes.push_back({&note, trial->id, trial->file});
    std::vector<audit::NoteOfRecord> all_notes = audit.notes;
    for (const auto& note : catalogue.notes) all_notes.push_back({&note, "", catalogue.file});
    const auto met = audit::acknowledge(all_notes, audit.findings);
    audit::carry_acknowledgements(audit.findings, audit.claims);
    // A note about a trial that is not looked at now has no chance to meet its finding.
    std::vector<audit::NoteOfRecord> looked_at;
    std::vector<std::size_t> met_there;
    for (std::size_t i = 0; i < all_notes.size(); ++i) {
        const auto& [note, home, file] = all_notes[i];
        const std::string& about = note->at && !note->at->trial.empty() ? note->at->trial : home;
        const bool there = whole_catalogue || std::ranges::any_of(trials, [&](const Trial* trial) {
                               return support::equal_any_case(trial->id, about);
                           });
        if (!there) continue;
        looked_at.push_back(all_notes[i]);
        met_there.push_back(met[i]);
    }
    std::ranges::move(audit::unused_acknowledgements(looked_at, met_there), std::back_inserter(audit.findings));
    if (whole_catalogue) audit.notes = std::move(all_notes);
}

}  // namespace hersurv::study
