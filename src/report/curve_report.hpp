// The report of `curve`: S(t) of fitted models, or another quantity, at chosen times.
#pragma once

#include "report/curve_series.hpp"
#include <vector>

namespace hersurv::report {

[[nodiscard]] Report curve_report(const std::vector<AnalysisFit>& fits,
                                  const std::vector<const catalogue::Trial*>& without_numbers,
                                  const CurveReportOptions& options);

}  // namespace hersurv::report
