// What `list` says of a trial.
#pragma once

#include "hersurv/records.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hersurv::report {

struct TrialSummary {
    std::string id, aliases, drug_class, agent, design, line, population;  // aliases and endpoints separated by blanks
    std::string endpoints;  // those with an analysis, then those of response rates, in the order of the record
    // Of what other commands show, and of the first report.
    std::optional<int> shown_year, year;
    std::optional<long> n_patients, n_analyses;  // each patient counted once; nothing: not reported
    bool patients_summed = false;                // over arms
    bool patients_of_analysis = false;           // of the arms that the main analysis compares
};

[[nodiscard]] TrialSummary summary_of(const catalogue::Trial& trial);

// Of the built-in trials, without reading their records; nothing if data/catalogue_index.csv was made of other
// documents than those of this program (`hersurv __index` writes it anew, and a test compares it).
[[nodiscard]] std::optional<std::vector<TrialSummary>> builtin_summaries();
// That file, of the built-in trials among these.
[[nodiscard]] std::string summaries_index(const std::vector<const catalogue::Trial*>& trials);

}  // namespace hersurv::report
