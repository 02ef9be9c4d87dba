// The report of `fit`: fitted models in, finished tables out.
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

// What the rows of machine formats are.
enum class FitRows {
    fitted,      // each published value beside the fitted one
    parameters,  // of every model, with standard errors
    summaries,   // medians, restricted means, survival and hazard ratios of every model
};

struct FitReportOptions {
    bool for_people = true, for_programs = true;  // whether sections, and rows and JSON, are made
    FitRows rows = FitRows::fitted;
    bool explain = false;
    bool ranking = false;    // of the families, by their misfit of the published estimates
    bool summaries = false;  // medians, means, restricted means, survival and hazard ratios of every model
    std::function<bool(const std::string&)> takes_arm;  // ids of the arms that are shown; empty: all
    Intervals interval;
};

// `without_numbers`: selected trials that have no analysis to fit; they are named in the report.
[[nodiscard]] Report fit_report(const std::vector<AnalysisFit>& fits,
                                const std::vector<const catalogue::Trial*>& without_numbers,
                                const FitReportOptions& options);

}  // namespace hersurv::report
