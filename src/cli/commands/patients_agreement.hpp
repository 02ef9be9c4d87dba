// What the forms of `patients simulate` share: numbers of patients, and what is said of the agreement with the
// published estimates.
#pragma once

#include "hersurv/patients.hpp"

#include "cli/command.hpp"
#include "cli/commands/patients_actions.hpp"
#include "report/simulation_report.hpp"
#include "support/json.hpp"
#include <string>
#include <vector>

namespace hersurv::cli {

// One table: of one analysis, or of the two of the same patients.
struct AgreementPart {
    std::string name, caption;
    std::vector<report::SimulationRow> rows;
    std::vector<std::string> notes;
};

// Tells people of each part, and writes all of them to `file` (empty: to none), whose ending says how; returns them for
// JSON.
[[nodiscard]] support::Json tell_agreement(const std::vector<AgreementPart>& parts, const std::string& file,
                                           Context& context);

// What the record says of the numbers of patients and events, and in their place what --n and --events give.
[[nodiscard]] std::vector<patients::ArmNumber> numbers_for(const report::AnalysisFit& fit,
                                                           const PatientsCounts& counts);

}  // namespace hersurv::cli
