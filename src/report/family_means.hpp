// The mean of every family side by side: how much of it the choice of a family decides.
#pragma once

#include "report/fit_report.hpp"
#include "support/json.hpp"

namespace hersurv::report {

// Of the families of the fit (AnalysisFit::families), with the range between them as last row. No table without them.
[[nodiscard]] Section family_means_section(const AnalysisFit& fit, const FitReportOptions& options);

// One object for each arm: every family's mean with its limits, and the range.
void add_family_means(support::Json::Array& list, const AnalysisFit& fit, const FitReportOptions& options);

}  // namespace hersurv::report
