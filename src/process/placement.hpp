// What the process is conditioned on: the evidence of an analysis as medians that place the time axes, points of the
// curves and ties, and where a median that was not published is looked for.
#pragma once

#include "hersurv/evidence.hpp"

#include "evidence/constants.hpp"
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hersurv::process {

using evidence::NumberInFit;

// A point of a curve.
struct Anchor {
    std::size_t arm = 0;
    double time_months = 0, survival = 0;
    double sd = 0;          // of S
    bool is_limit = false;  // a limit of the median: the curve falls through one of its own steps there
    std::size_t observation = 0;
};

struct Tie {
    std::size_t observation = 0, arm = 0;
    std::optional<std::size_t> control;  // of a hazard ratio; events have none
    double value = 0, sd = 0;
};

struct ArmPlacement {
    bool placed = false;
    std::string reason;                                      // what is missing if it is not placed
    std::optional<double> median_months;                     // published
    double median_rounding_months = 0;                       // sd of its rounding
    double least_median_months = 0, most_median_months = 0;  // where it is looked for otherwise
    bool narrow_search = false;                              // the range may be narrowed to where the numbers want it
    double n_patients = 0;                                   // or the default
    double follow_up_months = 0;                             // or the last published time
};

struct Placement {
    std::vector<ArmPlacement> arms;
    std::vector<Anchor> anchors;
    std::vector<Tie> ties;
    std::vector<NumberInFit> numbers;  // as the observations
    std::vector<std::string> messages;
};

[[nodiscard]] Placement place(const evidence::AnalysisEvidence& evidence);

}  // namespace hersurv::process
