// What was read of figures: the curves as points, numbers at risk, censor marks, and how far each curve can be trusted.
#pragma once

#include "hersurv/digitise.hpp"

#include "report/names.hpp"
#include "support/json.hpp"
#include <optional>
#include <string>
#include <vector>

namespace hersurv::report {

struct DigitisedFigure {
    std::string file{};
    digitise::Reading reading{};
    bool failure = false;  // its curves are cumulative incidences
};

// S of an arm at a time, and when it comes down to one half, in the unit of the axis; absent if it does not.
[[nodiscard]] double read_survival(const digitise::Arm& arm, double time);
[[nodiscard]] std::optional<double> read_median(const digitise::Arm& arm);

// The points of all curves as rows, S in shares (1 - incidence of curves that rise), times in months if the unit of
// each figure is known; for people the axes, each arm with its verdict, and a small picture of the curves.
[[nodiscard]] Report digitise_report(const std::vector<DigitisedFigure>& figures);

// Rows of the numbers at risk that could be read, and of the censor marks, in the columns that `patients reconstruct`
// reads.
[[nodiscard]] Report digitised_at_risk(const std::vector<DigitisedFigure>& figures);
[[nodiscard]] Report digitised_censored(const std::vector<DigitisedFigure>& figures);

}  // namespace hersurv::report
