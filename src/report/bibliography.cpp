// Collects sources and writes one @misc each: a record has the citation as one text, not authors and journal apart.
#include "report/bibliography.hpp"

#include <map>

namespace hersurv::report {
namespace {

using Sources = std::map<std::string, const catalogue::Source*>;

void add(Sources& sources, const catalogue::Trial& trial, const catalogue::Provenance& from) {
    const auto found = trial.sources.find(from.source);
    if (found != trial.sources.end()) sources.emplace(found->first, &found->second);
}

void add(Sources& sources, const catalogue::Trial& trial, const catalogue::Statistics& statistics) {
    for (const catalogue::Statistic& statistic : statistics) {
        add(sources, trial, statistic.from);
        if (statistic.limits_from) add(sources, trial, *statistic.limits_from);
    }
}

void add_analysis(Sources& sources, const catalogue::Trial& trial, const catalogue::Analysis& analysis) {
    add(sources, trial, analysis.events);
    for (const catalogue::ArmResult& arm : analysis.arms) {
        add(sources, trial, arm.events);
        add(sources, trial, arm.median);
        for (const catalogue::Milestone& milestone : arm.milestones) add(sources, trial, milestone.survival);
        for (const catalogue::FollowUp& follow_up : arm.follow_up) add(sources, trial, follow_up.from);
    }
    for (const catalogue::Contrast& contrast : analysis.contrasts) {
        add(sources, trial, contrast.hazard_ratio);
        for (const catalogue::PValue& p_value : contrast.p_values) add(sources, trial, p_value.from);
    }
}

// What TeX would take for a command. The braces of a field must match.
std::string bibtex_escaped(const std::string& text) {
    std::string result;
    for (const char letter : text) {
        if (letter == '&' || letter == '%' || letter == '#' || letter == '_' || letter == '$') result += '\\';
        if (letter == '{' || letter == '}' || letter == '\\') continue;
        if (letter == '~')
            result += "\\~{}";
        else if (letter == '^')
            result += "\\^{}";
        else
            result += letter;
    }
    return result;
}

std::string entry(const catalogue::Source& source) {
    std::string key;
    for (const char letter : source.key) {
        const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9') || letter == '-' || letter == ':';
        key += plain ? letter : '-';
    }
    std::string text = "@misc{" + key;
    const auto field = [&text](const char* name, const std::string& value) {
        if (!value.empty()) text += ",\n  " + std::string(name) + " = {" + value + "}";
    };
    field("title", bibtex_escaped(source.citation));
    field("year", source.year ? std::to_string(*source.year) : "");
    field("doi", source.doi);
    field("url", source.url);
    std::string note = source.pmid.empty() ? "" : "PMID " + source.pmid;
    if (!source.nct.empty()) note += (note.empty() ? "" : ", ") + source.nct;
    field("note", bibtex_escaped(note));
    return text + "\n}\n";
}

}  // namespace

std::string bibliography(const ComparisonInput& input, const std::string& response_endpoint) {
    Sources sources;
    if (response_endpoint.empty()) {
        for (const AnalysisFit& fit : input.fits) add_analysis(sources, *fit.trial, *fit.analysis);
    } else {
        for (const catalogue::Trial* trial : input.trials)
            for (const catalogue::Response& response : trial->responses)
                if (response.endpoint == response_endpoint) add(sources, *trial, response.from);
    }
    std::string text;
    for (const auto& [key, source] : sources) text += (text.empty() ? "" : "\n") + entry(*source);
    return text;
}

}  // namespace hersurv::report
