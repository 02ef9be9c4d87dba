// Rule source-years: a source reports nothing that is younger than itself, and its year is that of its citation.
#include <fmt/format.h>

#include "audit/rule_support.hpp"
#include "support/json.hpp"
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <set>

namespace hersurv::audit {

extern const Rule source_years;

namespace {

// The years in a citation: numbers of four digits from 1900 to 2099 that are alone and are not pages
// ("2005;23:1920-5").
std::set<int> years_in(const std::string& text) {
    std::set<int> years;
    for (std::size_t i = 0; i + 4 <= text.size(); ++i) {
        const auto digit = [&](std::size_t at) {
            return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
        };
        if ((i > 0 && (digit(i - 1) || text[i - 1] == '-' || text[i - 1] == ':')) || !digit(i) || !digit(i + 1) ||
            !digit(i + 2) || !digit(i + 3) || digit(i + 4))
            continue;
        const int year = std::stoi(text.substr(i, 4));
        if (year >= 1900 && year < 2100) years.insert(year);
    }
    return years;
}

// The year of a source against its citation.
void check_citations(const catalogue::Trial& trial, std::vector<Finding>& findings) {
    for (const auto& named : trial.sources) {
        const auto& key = named.first;
        const catalogue::Source& source = named.second;
        const std::set<int> cited = years_in(source.citation);
        if (!source.year || cited.empty() || cited.contains(*source.year)) continue;
        catalogue::Provenance from;
        from.source = key;
        from.pointer = support::pointer_append("/sources", key);
        catalogue::Place at;
        at.source = key;
        // Online and in print a paper may be of two years.
        const bool near = std::ranges::any_of(cited, [&](int year) { return std::abs(year - *source.year) == 1; });
        Finding finding = start(source_years, trial, at, from);
        finding.severity = near ? Severity::warning : Severity::error;
        finding.published = std::to_string(*source.year);
        finding.expected = std::to_string(*cited.begin());
        finding.message = fmt::format("the year of source {} is {}, but its citation says {}: {}", key, *source.year,
                                      fmt::join(cited, ", "), source.citation);
        findings.push_back(std::move(finding));
    }
}

// A cut of the data after the year in which a source of its numbers appeared.
void check_cutoffs(const catalogue::Trial& trial, std::vector<Finding>& findings) {
    std::set<std::pair<std::string, std::string>> said;
    for (const auto& analysis : trial.analyses) {
        const std::set<int> cut = years_in(analysis.data_cutoff.substr(0, 4));
        if (cut.empty()) continue;
        const auto look_at = [&](const std::string& arm, const StatisticKey& statistic,
                                 const catalogue::Provenance& from) {
            const auto source = trial.sources.find(from.source);
            if (source == trial.sources.end() || !source->second.year || *cut.begin() <= *source->second.year ||
                !said.emplace(analysis.id, from.source).second)
                return;
            catalogue::Place at;
            at.analysis = analysis.id;
            at.arm = arm;
            at.statistic = statistic;
            at.source = from.source;
            Finding finding = start(source_years, trial, at, from);
            finding.published = analysis.data_cutoff;
            finding.expected = fmt::format("at most {}", *source->second.year);
            finding.message =
                fmt::format("the data cut-off is in {}, but source {}, which reports the results, is of {}",
                            analysis.data_cutoff, from.source, *source->second.year);
            findings.push_back(std::move(finding));
        };
        for (const auto& result : analysis.arms) {
            for (const auto& print : result.median) look_at(result.arm, {StatisticKind::median}, print.from);
            for (const auto& print : result.events) look_at(result.arm, {StatisticKind::events}, print.from);
            for (const auto& milestone : result.milestones)
                for (const auto& print : milestone.survival)
                    look_at(result.arm, StatisticKey::milestone_at(milestone.time_months), print.from);
        }
        for (const auto& contrast : analysis.contrasts)
            for (const auto& print : contrast.hazard_ratio)
                look_at(contrast.experimental, {StatisticKind::hazard_ratio}, print.from);
    }
}

void check(const Subject& subject, std::vector<Finding>& findings) {
    if (subject.trial == nullptr) return;
    check_citations(*subject.trial, findings);
    check_cutoffs(*subject.trial, findings);
}

}  // namespace

const Rule source_years{
    "source-years",
    Severity::error,
    "the year of a source agrees with its citation and is not before the data cut-off of its results",
    "the year is compared with the four-digit years in the citation (a warning if they differ by one); year of "
    "data_cutoff <= year of the source; the rule claim-restatement compares the years that claims state with the "
    "record",
    "correct the year, or the source of the results",
    check,
};

}  // namespace hersurv::audit
