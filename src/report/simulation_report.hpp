// Published estimates beside those of simulated patients, for people and machines.
#pragma once

#include "hersurv/patients.hpp"
#include "hersurv/study.hpp"

#include "report/names.hpp"
#include <cstddef>
#include <string>
#include <vector>

namespace hersurv::report {

// How a number of drawn patients compares with the published one.
enum class Agreement {
    as_published,      // exactly
    within_rounding,   // the published number is what it rounds to
    within_tolerance,  // further off, but by no more than calibration (or, of plain draws, sampling) allows
    differs,           // by more
    estimated,         // nothing is published, the number is what the fitted curves lead to
    given,             // by the user
    assumed,           // nothing is known
};

struct SimulationRow {
    std::string trial, analysis, arm, control;
    std::string key, title;  // of the statistic: "median_lower", "lower limit of the median"
    std::optional<double> time_months;
    Number published, drawn;
    std::optional<double> difference, tolerance;  // of a probability in shares
    Agreement agreement = Agreement::as_published;
};

// A simulated analysis, and the arms of the simulation that were asked for.
struct SimulatedAnalysis {
    const study::AnalysisFit* fit = nullptr;
    const patients::Simulation* simulation = nullptr;
    std::vector<std::size_t> arms;
};

// Arm by arm, then the hazard ratios. `drawn` are the patients of all arms of the simulation.
[[nodiscard]] std::vector<SimulationRow> simulation_rows(const SimulatedAnalysis& of,
                                                         const std::vector<patients::Arm>& drawn, double level);
// What is not from the paper, one sentence each.
[[nodiscard]] std::vector<std::string> simulation_notes(const SimulatedAnalysis& of);

// Of one analysis for people; of all of them for machines.
[[nodiscard]] Report simulation_report(const std::vector<SimulationRow>& rows, const std::vector<std::string>& notes);

// {"agreement": [...], "notes": [...]}, for JSON of patients.
[[nodiscard]] support::Json simulation_json(const Report& report, const std::vector<std::string>& notes);

}  // namespace hersurv::report
