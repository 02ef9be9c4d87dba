// Summaries of trials, as `list` prints them.
#pragma once

#include "hersurv/records.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hersurv::report {

struct TrialSummary {
    std::string id, aliases, drug_class, agent, design, line, population;  // aliases and endpoints separated by blanks
    std::string endpoints;  // those with an analysis, then those of response rates, in the order of the record
    // Year of the analysis that other commands show, and year of the first report.
    std::optional<int> shown_year, year;
    std::optional<long> n_patients, n_analyses;  // each patient counted once; absent: not reported
    bool patients_summed = false;                // over arms
    bool patients_of_analysis = false;           // only those in the main analysis
};

[[nodiscard]] TrialSummary summary_of(const catalogue::Trial& trial);

// The built-in trials, without parsing their records; nothing if data/catalogue_index.csv was made from other
// documents than those in this program (`hersurv __index` writes the index, and a test compares it).
[[nodiscard]] std::optional<std::vector<TrialSummary>> builtin_summaries();
// The content of that file for the built-in trials among these.
[[nodiscard]] std::string summaries_index(const std::vector<const catalogue::Trial*>& trials);

}  // namespace hersurv::report
