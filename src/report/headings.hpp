// Headings and paragraphs that several reports share.
#pragma once

#include "report/names.hpp"
#include <string>
#include <vector>

namespace hersurv::report {

// "CLEOPATRA, OS: end of study (os-end-of-study)".
[[nodiscard]] std::string analysis_heading(const evidence::AnalysisEvidence& evidence);
// Beside OS: that patients crossed over or changed treatment, as the record has it for this analysis; else empty. OS
// goes on after the change, other endpoints end before it.
[[nodiscard]] std::string crossover_words(const AnalysisFit& fit);
// The same for programs, "crossover" beside the rows: one object for each analysis that it is said of.
void add_crossover(Report& report, const std::vector<AnalysisFit>& fits);
// Arms with their patients; population, data cut and follow-up.
[[nodiscard]] std::vector<std::string> analysis_paragraphs(const AnalysisFit& fit);
// A section that names the trials that have no survival numbers (none if the list is empty), and
// "without_survival_numbers" beside the rows.
void add_trials_without_numbers(Report& report, const std::vector<const catalogue::Trial*>& trials);

}  // namespace hersurv::report
