// Headings and paragraphs that several reports share.
#include "report/headings.hpp"

#include <fmt/format.h>

#include "support/number_text.hpp"
#include <algorithm>

namespace hersurv::report {

std::string analysis_heading(const evidence::AnalysisEvidence& evidence) {
    return fmt::format("{}, {} ({})", evidence.trial, evidence.endpoint, evidence.analysis);
}

std::vector<std::string> analysis_paragraphs(const AnalysisFit& fit) {
    const auto& evidence = *fit.evidence;
    std::vector<std::string> parts;
    for (const std::string& part :
         {evidence.label, evidence.population,
          evidence.data_cutoff.empty() ? std::string() : "data cut-off " + evidence.data_cutoff})
        if (!part.empty()) parts.push_back(part);
    for (const auto& arm : evidence.arms) {
        const bool known = arm.n_patients || arm.n_events || arm.published_follow_up;
        if (!known && (arm.name.empty() || arm.name == arm.id)) continue;
        std::string about = arm.title();
        if (arm.id != arm.title()) about += " (" + arm.id + ")";  // which --arm takes
        if (arm.name != arm.id && arm.name != arm.title()) about += ": " + arm.name;
        if (arm.n_patients) about += fmt::format(", n {}", *arm.n_patients);
        if (arm.n_events) about += fmt::format(", {} events", support::shortest(*arm.n_events));
        if (arm.published_follow_up) {
            const catalogue::PrintedNumber& median = *arm.published_follow_up;
            about += fmt::format(", median follow-up {} months", support::shortest(median.value));
            if (median.unit != catalogue::TimeUnit::months) about += fmt::format(" ({})", printed_text(median));
        }
        parts.push_back(std::move(about));
    }
    if (parts.empty()) return {};
    return {fmt::format("{}.", fmt::join(parts, "; "))};
}

std::string crossover_words(const AnalysisFit& fit) {
    const catalogue::Analysis& analysis = *fit.analysis;
    if (analysis.endpoint != "OS") return "";
    if (!analysis.crossover.empty()) {
        std::string control;
        for (const catalogue::Arm& arm : fit.trial->arms)
            if (arm.role == "control") control = arm.id;
        if (!analysis.contrasts.empty()) control = analysis.contrasts.front().control;
        if (!control.empty()) control = " (" + arm_label(*fit.trial, control) + ")";
        const catalogue::Statistic& share = analysis.crossover.front();
        return fmt::format("{}{}% of the control arm{} crossed over: its OS is that of treatment followed by crossover",
                           share.from.approximate ? "about " : "",
                           support::fixed(100 * share.value.value, std::max(0, share.value.decimals - 2)), control);
    }
    for (const catalogue::Note& note : fit.trial->notes) {
        if (note.kind != "crossover" || (note.at && note.at->analysis != analysis.id)) continue;
        const std::string text = note.text.ends_with('.') ? note.text : note.text + ".";
        return text + " OS is that of the treatment as assigned, followed by crossover";
    }
    return "";
}

void add_crossover(Report& report, const std::vector<AnalysisFit>& fits) {
    support::Json::Array all;
    for (const AnalysisFit& fit : fits) {
        std::string words = crossover_words(fit);
        if (words.empty()) continue;
        const auto& share = fit.analysis->crossover;
        all.push_back(support::Json::Object{
            {"trial", fit.evidence->trial},
            {"analysis", fit.evidence->analysis},
            {"share_of_control", share.empty() ? support::Json() : support::Json(share.front().value.value)},
            {"statement", std::move(words)}});
    }
    report.beside.emplace_back("crossover", std::move(all));
}

void add_trials_without_numbers(Report& report, const std::vector<const catalogue::Trial*>& trials) {
    support::Json::Array names;
    for (const catalogue::Trial* trial : trials) {
        Section section;
        section.heading = trial->id;
        section.paragraphs = {"The catalogue has no survival results of this study: nothing to fit. `hersurv show " +
                              trial->id + "` prints its record."};
        report.sections.push_back(std::move(section));
        names.emplace_back(trial->id);
    }
    report.beside.emplace_back("without_survival_numbers", std::move(names));
}

}  // namespace hersurv::report
