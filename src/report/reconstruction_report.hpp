// How well patients out of a digitised figure agree with it and with what is published of its arms.
#pragma once

#include "hersurv/patients.hpp"

#include "report/names.hpp"
#include <cstddef>
#include <vector>

namespace hersurv::report {

// `rebuilt` as `arms`, which have their numbers of patients.
[[nodiscard]] Report reconstruction_report(const std::vector<patients::DigitisedArm>& arms,
                                           const std::vector<patients::ReconstructedArm>& rebuilt,
                                           const patients::PublishedFigure& published, std::size_t control);

}  // namespace hersurv::report
