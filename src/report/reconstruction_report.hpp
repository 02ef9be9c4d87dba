// How well patients out of a digitised figure agree with it and with what is published of its arms.
#pragma once

#include "hersurv/patients.hpp"

#include "report/names.hpp"
#include "support/json.hpp"
#include <cstddef>
#include <vector>

namespace hersurv::report {

// `rebuilt` as `arms`, which have their numbers of patients.
[[nodiscard]] Report reconstruction_report(const std::vector<patients::DigitisedArm>& arms,
                                           const std::vector<patients::ReconstructedArm>& rebuilt,
                                           const patients::PublishedFigure& published, std::size_t control);

// How the files of a figure were read: file, encoding, separator, decimal, percent, layout, time_unit, unused_columns,
// notes.
[[nodiscard]] support::Json files_json(const std::vector<tables::FileRead>& files);

}  // namespace hersurv::report
