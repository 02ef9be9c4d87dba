// The points of the curves of a figure: what they are, and what hands do to them.
#pragma once

#include "hersurv/patients.hpp"

#include "tables/series.hpp"
#include <vector>

namespace hersurv::patients {

// A point that is off by no more than this has been clicked badly; one that is off by more is wrong.
constexpr double most_beyond_axis = 0.03;

struct PointsRead {
    std::vector<DigitisedArm> arms{};
    bool any_percent = false;
};

// The arms of one file; `failures`: they are cumulative incidences. What is unlikely or repaired goes to `digitised`.
// Throws InputError for what is not a survival curve.
[[nodiscard]] PointsRead read_points(const tables::Series& series, bool failures, Digitised& digitised);

}  // namespace hersurv::patients
