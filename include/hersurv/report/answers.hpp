// The reports of `fit` and `curve`: fitted models in, finished tables out.
#pragma once

#include "hersurv/catalogue/records.hpp"
#include "hersurv/curve/curve.hpp"
#include "hersurv/fit/fit.hpp"
#include "hersurv/report/table.hpp"
#include "hersurv/study/fits.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hersurv::report {

using study::AnalysisFit;

struct FitReportOptions {
    bool for_people = true, for_programs = true;  // whether sections, and rows and JSON, are made
    bool explain = false;
    bool summaries = false;  // medians, means, restricted means, survival and hazard ratios of every model
    std::function<bool(const std::string&)> takes_arm;  // which arms (ids) are printed; empty: all
    curve::IntervalOptions interval;
};

// `without_numbers`: selected trials that have no analysis to fit; they are named in the report.
[[nodiscard]] Report fit_report(const std::vector<AnalysisFit>& fits,
                                const std::vector<const catalogue::Trial*>& without_numbers,
                                const FitReportOptions& options);

struct CurveReportOptions {
    std::vector<double> times_months;  // empty: 0 to the end of the supported range of each arm by 1 month
    std::function<bool(const std::string&)> takes_arm;
    curve::IntervalOptions interval;
};

[[nodiscard]] Report curve_report(const std::vector<AnalysisFit>& fits,
                                  const std::vector<const catalogue::Trial*>& without_numbers,
                                  const CurveReportOptions& options);

}  // namespace hersurv::report
