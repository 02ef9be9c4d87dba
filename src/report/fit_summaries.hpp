// What people ask of a fitted curve, for the report of `fit`: medians, means, restricted means, survival and hazard
// ratios with their intervals.
#pragma once

#include "report/fit_report.hpp"
#include "report/names.hpp"
#include <vector>

namespace hersurv::report {

// Tables of a few models each.
[[nodiscard]] std::vector<Section> summaries_sections(const AnalysisFit& fit, const FitReportOptions& options);
// The same, one row per number and model.
void fill_summaries_table(Table& table, const std::vector<AnalysisFit>& fits, const FitReportOptions& options);
// The same, an object for each number.
void add_summaries(support::Json::Array& list, const AnalysisFit& fit, const FitReportOptions& options);

}  // namespace hersurv::report
