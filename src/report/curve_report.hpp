// The report of `curve`: S(t) of fitted models at chosen times.
#pragma once

#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"
#include "hersurv/records.hpp"

#include "report/intervals.hpp"
#include "report/names.hpp"
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hersurv::report {

struct CurveReportOptions {
    std::vector<double> times_months;  // empty: 0 to the end of the supported range of each arm by 1 month
    std::function<bool(const std::string&)> takes_arm;
    Intervals interval;
};

[[nodiscard]] Report curve_report(const std::vector<AnalysisFit>& fits,
                                  const std::vector<const catalogue::Trial*>& without_numbers,
                                  const CurveReportOptions& options);

}  // namespace hersurv::report
