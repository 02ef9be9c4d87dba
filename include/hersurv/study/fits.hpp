// From a selection of analyses to their fitted models: gather, fit, keep PFS below OS; in parallel.
#pragma once

#include "hersurv/catalogue/records.hpp"
#include "hersurv/evidence/observation.hpp"
#include "hersurv/fit/fit.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace hersurv::study {

struct SelectedAnalysis {
    const catalogue::Trial* trial = nullptr;
    const catalogue::Analysis* analysis = nullptr;
};

// The default analysis of every endpoint of a trial, in the order of the record.
[[nodiscard]] std::vector<SelectedAnalysis> default_analyses(const catalogue::Trial& trial);

// The models of one analysis. All of them share `evidence`.
struct AnalysisFit {
    const catalogue::Trial* trial = nullptr;
    const catalogue::Analysis* analysis = nullptr;
    std::shared_ptr<const evidence::AnalysisEvidence> evidence;
    std::vector<fit::FittedModel> models;  // `auto` first if it is asked for, then as in FitRequest::models
};

struct FitRequest {
    bool automatic = false;                 // the model that Fitter::fit_auto chooses
    std::vector<const fit::Model*> models;  // rows of fit::models()
    fit::FitOptions options;
    int threads = 0;  // 0: as many as there are processors
    // Called by any thread after each fit with the number of fits that are done and of all; may be empty.
    std::function<void(std::size_t done, std::size_t total)> progress;
};

// Fits the models to every analysis, in the order given, and caps at overall survival what must not be above it (the
// overall survival of the same trial is fitted too where the selection lacks it). The result does not depend on the
// number of threads. The trials must outlive it.
[[nodiscard]] std::vector<AnalysisFit> fit_analyses(const std::vector<SelectedAnalysis>& analyses,
                                                    const FitRequest& request);

}  // namespace hersurv::study
