// THE table of rules, and the notes that acknowledge findings. One more rule = one file rules/NAME.cpp and one
// name here.
#include "hersurv/audit.hpp"

#include <fmt/format.h>

#include "support/words.hpp"
#include <algorithm>

namespace hersurv::audit {

extern const Rule interval_holds_value, milestones_decrease, median_limits_milestones, median_precision,
    events_within_n, events_follow_up, hazard_ratio_symmetric, hazard_ratio_precision, hazard_ratio_medians,
    proportional_hazards, p_value_hazard_ratio, pfs_not_above_os, response_arithmetic, response_limits,
    sources_disagree, number_reused, look_alike_numbers, source_years, claim_arithmetic, claim_trend, claim_restatement,
    unused_acknowledgement, not_reproduced_rule, hazard_ratio_direction, events_exchanged, events_of_endpoints,
    hazard_ratios_close, median_standard_error;

namespace {

const Rule* const table[] = {
    &interval_holds_value,
    &milestones_decrease,
    &median_limits_milestones,
    &median_precision,
    &median_standard_error,
    &events_within_n,
    &events_follow_up,
    &events_of_endpoints,
    &events_exchanged,
    &hazard_ratio_symmetric,
    &hazard_ratio_precision,
    &hazard_ratio_direction,
    &hazard_ratio_medians,
    &hazard_ratios_close,
    &proportional_hazards,
    &p_value_hazard_ratio,
    &pfs_not_above_os,
    &response_arithmetic,
    &response_limits,
    &sources_disagree,
    &number_reused,
    &look_alike_numbers,
    &source_years,
    &claim_arithmetic,
    &claim_trend,
    &claim_restatement,
    &unused_acknowledgement,
    &not_reproduced_rule,
    &baseline_rule,
};

bool judges(const Rule& rule, const catalogue::Claim& claim) {
    return std::ranges::find(rule.kinds, claim.kind) != rule.kinds.end();
}

}  // namespace

std::span<const Rule* const> rules() { return table; }

const Rule* find_rule(std::string_view name) {
    const auto* found = std::ranges::find_if(table, [&](const Rule* rule) { return rule->name == name; });
    return found == std::end(table) ? nullptr : *found;
}

std::string_view word(Severity severity) {
    switch (severity) {
        case Severity::note:
            return "note";
        case Severity::warning:
            return "warning";
        case Severity::error:
            return "error";
    }
    return "";
}

std::string_view word(Verdict verdict) {
    switch (verdict) {
        case Verdict::within_rounding:
            return "within-rounding";
        case Verdict::within_tolerance:
            return "within-tolerance";
        case Verdict::outside:
            return "outside";
        case Verdict::not_comparable:
            return "not-comparable";
    }
    return "";
}

std::string_view word(ClaimVerdict verdict) {
    switch (verdict) {
        case ClaimVerdict::holds:
            return "holds";
        case ClaimVerdict::contradicted:
            return "contradicted";
        case ClaimVerdict::undecided:
            return "undecided";
        case ClaimVerdict::uncheckable:
            return "cannot-be-checked";
    }
    return "";
}

std::vector<Finding> check_subject(const Subject& subject) {
    std::vector<Finding> findings;
    for (const Rule* rule : rules()) {
        const std::size_t before = findings.size();
        if (rule->check != nullptr) rule->check(subject, findings);
        if (rule->judge != nullptr) {
            for (const auto& claim : subject.claims()) {
                if (!judges(*rule, claim)) continue;
                if (auto finding = rule->judge(subject, claim).finding) findings.push_back(std::move(*finding));
            }
        }
        // The remedy closes the message of what somebody has to do something about.
        for (std::size_t i = before; i < findings.size(); ++i)
            if (findings[i].severity != Severity::note) findings[i].message += fmt::format("; {}", rule->remedy);
    }
    return findings;
}

std::vector<JudgedClaim> judge_claims(const Subject& subject) {
    std::vector<JudgedClaim> judged;
    for (const auto& claim : subject.claims()) {
        for (const Rule* rule : rules()) {
            if (rule->judge == nullptr || !judges(*rule, claim)) continue;
            Judgement judgement = rule->judge(subject, claim);
            judged.push_back({&claim, subject.trial != nullptr ? subject.trial->id : "", rule->name, judgement.verdict,
                              std::move(judgement.arithmetic)});
        }
    }
    return judged;
}

void carry_acknowledgements(const std::vector<Finding>& findings, std::vector<JudgedClaim>& claims) {
    for (JudgedClaim& judged : claims)
        judged.acknowledged = std::ranges::any_of(findings, [&](const Finding& finding) {
            return finding.acknowledged && finding.rule == judged.rule && finding.at.trial == judged.trial &&
                   finding.at.claim == judged.claim->id;
        });
}

bool acknowledges(const NoteOfRecord& record, const Finding& finding) {
    const catalogue::Note& note = *record.note;
    if (note.kind != "discrepancy" || note.rule != finding.rule || !note.at || *note.at == catalogue::Place{})
        return false;
    if (!support::equal_any_case(note.at->trial.empty() ? record.trial : note.at->trial, finding.at.trial))
        return false;
    const auto fits = [](const std::string& wanted, const std::string& found) {
        return wanted.empty() || wanted == found;
    };
    const catalogue::Place &at = *note.at, &is = finding.at;
    return fits(at.analysis, is.analysis) && fits(at.arm, is.arm) &&
           (at.statistic.empty() || at.statistic == is.statistic) && fits(at.response, is.response) &&
           fits(at.measure, is.measure) && fits(at.claim, is.claim) && fits(at.source, is.source);
}

std::vector<std::size_t> acknowledge(const std::vector<NoteOfRecord>& notes, std::vector<Finding>& findings) {
    std::vector<std::size_t> met(notes.size());
    for (Finding& finding : findings) {
        // No note can do away with the finding that a note is wrong.
        if (finding.rule == unused_acknowledgement.name) continue;
        for (std::size_t i = 0; i < notes.size(); ++i) {
            if (!acknowledges(notes[i], finding)) continue;
            ++met[i];
            if (finding.acknowledged) continue;
            finding.acknowledged = true;
            finding.acknowledgement = notes[i].note->text;
        }
    }
    return met;
}

}  // namespace hersurv::audit
