// The evidence of an analysis in the terms of the process: medians that place the time axes, points of the curves,
// ties.
#pragma once

#include "hersurv/fit/process.hpp"

#include "evidence/constants.hpp"
#include <optional>
#include <string>
#include <vector>

namespace hersurv::fit {

struct ProcessAnchor {
    std::size_t arm = 0;
    double time_months = 0, survival = 0;
    double sd = 0;          // of S, with the rounding of the time and what the process leaves open at a point
    bool is_limit = false;  // a limit of the median: the curve falls through one of its own steps there
};

struct ProcessTie {
    std::size_t observation = 0, arm = 0;
    std::optional<std::size_t> control;  // of a hazard ratio
    double value = 0, sd = 0;
};

struct ProcessArmData {
    bool placed = false;
    std::optional<double> median;              // printed
    double median_rounding = 0;                // sd of its rounding, months
    double least_median = 0, most_median = 0;  // where it is looked for otherwise
    bool narrow_search = false;                // the range may be narrowed to where the numbers want the median
    double n_patients = 0;                     // or the default
    double follow_up = 0;                      // or the last printed time
};

struct ProcessData {
    std::vector<ProcessArmData> arms;
    std::vector<ProcessAnchor> anchors;
    std::vector<ProcessTie> ties;
    std::vector<NumberInFit> numbers;  // as the observations
    std::vector<std::string> reasons;  // by arm, of those that are not placed
    std::vector<std::string> messages;
};

[[nodiscard]] ProcessData process_data(const evidence::AnalysisEvidence& evidence,
                                       const evidence::ProcessConstants& constants);

}  // namespace hersurv::fit
