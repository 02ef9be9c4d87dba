// The range between families beyond the supported range, where the interval of one of them says nothing of the others.
#pragma once

#include "report/curve_series.hpp"
#include <string>
#include <vector>

namespace hersurv::report {

// Sets SeriesPoint::families. `overall`: as series_of has it.
void add_family_ranges(std::vector<CurveSeries>& series, const AnalysisFit& fit, const AnalysisFit* overall,
                       const CurveReportOptions& options);

// Whether any point has one.
[[nodiscard]] bool has_family_range(const CurveSeries& series);

// "exponential, weibull, lognormal, loglogistic, gompertz, gamma and gengamma".
[[nodiscard]] std::string names_of_families();

}  // namespace hersurv::report
