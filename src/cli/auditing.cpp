// What the commands that audit share.
#include "cli/auditing.hpp"

#include "hersurv/catalogue/places.hpp"
#include "hersurv/support/words.hpp"

#include <algorithm>

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

render::Problems problems_of(const Outcome& outcome) {
    render::Problems problems;
    for (const audit::Rule* rule : audit::rules())
        if (rule->name != "baseline" || outcome.with_baseline)
            problems.rules.push_back({std::string(rule->name), std::string(audit::word(rule->severity)),
                                      std::string(rule->summary), std::string(rule->arithmetic),
                                      std::string(rule->remedy)});
    problems.subjects = outcome.subjects;
    for (const Finding& finding : outcome.findings) {
        render::Problem problem;
        problem.level = audit::word(finding.severity);
        problem.rule = finding.rule;
        problem.subject = finding.at.trial.empty() ? study::whole_catalogue_subject : finding.at.trial;
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
