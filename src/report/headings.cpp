// Headings and paragraphs that several reports share.
#include "report/headings.hpp"

#include <fmt/format.h>

#include "support/number_text.hpp"

namespace hersurv::report {

std::string analysis_heading(const evidence::AnalysisEvidence& evidence) {
    if (evidence.label.empty()) return fmt::format("{}, {} ({})", evidence.trial, evidence.endpoint, evidence.analysis);
    return fmt::format("{}, {}: {} ({})", evidence.trial, evidence.endpoint, evidence.label, evidence.analysis);
}

std::vector<std::string> analysis_paragraphs(const AnalysisFit& fit) {
    const auto& evidence = *fit.evidence;
    std::string about = evidence.population;
    if (!evidence.data_cutoff.empty()) about += (about.empty() ? "" : "; ") + ("data cut-off " + evidence.data_cutoff);
    for (const auto& arm : evidence.arms) {
        about += fmt::format("{}{}", about.empty() ? "" : "; ", arm.id);
        if (arm.name != arm.id) about += ": " + arm.name;
        if (arm.n_patients) about += fmt::format(", n {}", *arm.n_patients);
        if (arm.n_events) about += fmt::format(", {} events", support::shortest(*arm.n_events));
        if (arm.published_follow_up_months)
            about += fmt::format(", median follow-up {} months", support::shortest(*arm.published_follow_up_months));
    }
    return {about + "."};
}

void add_trials_without_numbers(Report& report, const std::vector<const catalogue::Trial*>& trials) {
    support::Json::Array names;
    for (const catalogue::Trial* trial : trials) {
        Section section;
        section.heading = trial->id;
        section.paragraphs = {
            "The catalogue holds no survival numbers of this study: there is nothing to fit. `hersurv show " +
            trial->id + "` prints what it holds."};
        report.sections.push_back(std::move(section));
        names.emplace_back(trial->id);
    }
    report.beside.emplace_back("without_survival_numbers", std::move(names));
}

}  // namespace hersurv::report
