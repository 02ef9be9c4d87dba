// The tables of `fit` for people: the answer of every arm, published estimates beside fitted ones, and what each
// published estimate says about the curves.
#pragma once

#include "report/fit_report.hpp"

namespace hersurv::report {

// Whether the arm is shown.
[[nodiscard]] bool wanted(const AnalysisFit& fit, std::size_t arm, const FitReportOptions& options);

// A row for the published median of each arm, and one for each model: median, parameters with standard errors, status.
[[nodiscard]] Table answer_table(const AnalysisFit& fit, const FitReportOptions& options);

// The difference of each fitted value from the published one, flagged if it is outside the published interval or,
// without one, further off than the precision of the estimate allows.
[[nodiscard]] Table comparison_table(const AnalysisFit& fit, const FitReportOptions& options);

// What every published number says about the curves, with its tolerance and source.
[[nodiscard]] Table explanation_table(const AnalysisFit& fit, const FitReportOptions& options);

}  // namespace hersurv::report
