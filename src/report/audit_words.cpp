// What an audit looked at and found, in words.
#include "report/audit_words.hpp"

#include "hersurv/records.hpp"

#include "support/words.hpp"
#include <algorithm>

namespace hersurv::report {

using audit::Finding;
using audit::Severity;
using audit::Verdict;
using catalogue::Trial;
using support::counted;

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

Problems problems_of(const study::Audit& audit) {
    Problems problems;
    for (const hersurv::audit::Rule* rule : hersurv::audit::rules())
        if (rule->name != "baseline" || audit.with_baseline)
            problems.rules.push_back({std::string(rule->name), std::string(hersurv::audit::word(rule->severity)),
                                      std::string(rule->summary), std::string(rule->arithmetic),
                                      std::string(rule->remedy)});
    problems.subjects = audit.subjects;
    for (const Finding& finding : audit.findings) {
        Problem problem;
        problem.level = hersurv::audit::word(finding.severity);
        problem.rule = finding.rule;
        problem.subject = finding.at.trial.empty() ? study::whole_catalogue_subject : finding.at.trial;
        problem.place = place_words(finding);
        problem.message = finding.message;
        problem.file = finding.file;
        problem.pointer = finding.pointer;
        problem.source = source_and_line(finding.source, finding.line);
        problem.published = finding.published;
        problem.expected = finding.expected;
        problem.fails = audit.fails(finding);
        problem.acknowledged = finding.acknowledged;
        problem.acknowledgement = finding.acknowledgement;
        // A trial that only the baseline knows.
        if (std::ranges::find(problems.subjects, problem.subject) == problems.subjects.end())
            problems.subjects.push_back(problem.subject);
        problems.found.push_back(std::move(problem));
    }
    return problems;
}

std::string summary_line(const study::Audit& audit) {
    return counted(audit.n_trials, "trial") + ", " + counted(audit.n_analyses, "analysis", "analyses") + ": " +
           counted(audit.count(Severity::error), "error") + ", " + counted(audit.count(Severity::warning), "warning") +
           ", " + counted(audit.count(Severity::note), "note") + "; " + std::to_string(audit.acknowledged()) +
           " acknowledged";
}

std::string compared_line(const study::Audit& audit) {
    std::string text = counted(audit.n_numbers, "published value") + " of " +
                       counted(audit.n_compared, "analysis", "analyses") + " compared";
    // With several models each number is compared with each.
    if (audit.comparisons.size() != audit.n_numbers) text += " in " + counted(audit.comparisons.size(), "comparison");
    if (audit.comparisons.empty()) return text;
    return text + ": " + std::to_string(audit.count(Verdict::within_rounding)) + " reproduced to within rounding, " +
           std::to_string(audit.count(Verdict::within_tolerance)) + " within tolerance, " +
           std::to_string(audit.count(Verdict::outside)) + " outside, " +
           std::to_string(audit.count(Verdict::not_comparable)) + " not comparable";
}

std::string claims_line(const study::Audit& audit) {
    using hersurv::audit::ClaimVerdict;
    const auto failed = [&](ClaimVerdict verdict, const std::string& what) {
        const std::size_t count = audit.count(verdict), acknowledged = audit.acknowledged(verdict);
        std::string text = ", " + std::to_string(count) + " " + what;
        if (acknowledged > 0)
            text += " (" + (acknowledged == count ? "all" : std::to_string(acknowledged)) + " acknowledged)";
        return text;
    };
    const std::size_t hold = audit.count(ClaimVerdict::holds);
    std::string text = counted(audit.claims.size(), "claim") + ": " + counted(hold, "holds", "hold") +
                       failed(ClaimVerdict::contradicted, "contradicted");
    if (audit.count(ClaimVerdict::undecided) > 0) text += failed(ClaimVerdict::undecided, "hidden by rounding");
    return text + failed(ClaimVerdict::uncheckable, "cannot be checked");
}

std::vector<std::string> audit_sentences(const study::Audit& audit) {
    std::vector<std::string> sentences = {summary_line(audit) + ".", compared_line(audit) + "."};
    if (!audit.claims.empty()) sentences.push_back(claims_line(audit) + ".");
    return sentences;
}

}  // namespace hersurv::report
