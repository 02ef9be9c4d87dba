// The parameters of fitted models as rows for programs.
#pragma once

#include "report/fit_report.hpp"
#include <vector>

namespace hersurv::report {

// One row per arm, model and parameter; one row without a parameter if the model has no formula or the arm no curve.
void fill_parameters_table(Table& table, const std::vector<AnalysisFit>& fits, const FitReportOptions& options);

}  // namespace hersurv::report
