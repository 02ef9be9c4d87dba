// Lays measured extrapolations out as tables, and compares them with a record.
#pragma once

#include "csv.hpp"
#include "extrapolation_catalogue.hpp"
#include "extrapolation_measure.hpp"
#include "output.hpp"
#include "render/table.hpp"
#include <string>
#include <vector>

namespace hersurv::bench {

[[nodiscard]] render::Report extrapolation_report(const ExtrapolationOptions& options,
                                                  const std::vector<ExtrapolationLine>& lines,
                                                  const std::vector<LaterNumber>& later, bool held_out);

// The lines that later runs are compared with.
[[nodiscard]] render::Report extrapolation_record(const std::vector<ExtrapolationLine>& lines, bool held_out);

// A loss: an absolute error more than 2% above the record, a mean error further from 0 by more than .002, coverage of
// the population band more than .01 below, or fewer arms. Lines of models that `lines` lacks are not compared.
[[nodiscard]] RecordComparison compare_extrapolation(const CsvTable& record,
                                                     const std::vector<ExtrapolationLine>& lines, bool held_out);

}  // namespace hersurv::bench
