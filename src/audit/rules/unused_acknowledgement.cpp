// Rule unused-acknowledgement: a note that acknowledges a finding has one.
#include "hersurv/records.hpp"

#include <fmt/format.h>

#include "audit/rule_support.hpp"

namespace hersurv::audit {

extern const Rule unused_acknowledgement;
const Rule unused_acknowledgement{
    "unused-acknowledgement",
    Severity::error,
    "every note that names a rule acknowledges a finding of that rule at that place",
    "a note acknowledges a finding if the rule and all members of its \"at\" are the same",
    "remove the rule from the note, or correct its place",
    nullptr,
};

std::vector<Finding> unused_acknowledgements(const std::vector<NoteOfRecord>& notes,
                                             const std::vector<std::size_t>& met) {
    std::vector<Finding> findings;
    for (std::size_t i = 0; i < notes.size(); ++i) {
        const catalogue::Note& note = *notes[i].note;
        if (note.rule.empty()) continue;
        const Rule* rule = find_rule(note.rule);
        std::string problem;
        if (rule == nullptr) {
            std::string names;
            for (const Rule* other : rules())
                if (other != &unused_acknowledgement)
                    names += fmt::format("{}{}", names.empty() ? "" : ", ", other->name);
            problem = fmt::format("unknown rule {}; known: {}", note.rule, names);
        } else if (rule == &unused_acknowledgement) {
            problem = "findings of this rule cannot be acknowledged";
        } else if (note.kind != "discrepancy") {
            problem =
                fmt::format("only notes of kind discrepancy acknowledge findings, not those of kind {}", note.kind);
        } else if (!note.at || *note.at == catalogue::Place{}) {
            problem = fmt::format("the note names the rule {} but no place", note.rule);
        } else if (rule->about_records() && met[i] == 0) {
            problem = fmt::format("the rule {} has no finding at {}", note.rule, catalogue::describe(*note.at));
        }
        if (problem.empty()) continue;
        Finding finding;
        finding.rule = unused_acknowledgement.name;
        finding.severity = unused_acknowledgement.severity;
        if (note.at) finding.at = *note.at;
        if (finding.at.trial.empty()) finding.at.trial = notes[i].trial;
        finding.file = note.file.empty() ? notes[i].file : note.file;
        finding.pointer = note.from.pointer;
        finding.source = note.from.source;
        finding.line = note.from.line;
        finding.message = fmt::format("{}; {}", problem, unused_acknowledgement.remedy);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace hersurv::audit
