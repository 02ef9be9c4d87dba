// The pipeline of fitting: which fits there are, in which order threads take them, and what caps what.
#include "hersurv/fit.hpp"
#include "hersurv/study.hpp"

#include "fit/coherence.hpp"
#include "support/once.hpp"
#include "support/parallel.hpp"
#include <algorithm>
#include <atomic>
#include <numeric>
#include <optional>
#include <unordered_map>

namespace hersurv::study {

namespace {

// The analyses asked for, then the OS analyses that cap them and were not asked for.
struct Worklist {
    std::vector<SelectedAnalysis> all;
    std::vector<std::optional<std::size_t>> overall;  // for each that is asked for, its OS analysis in `all`
};

Worklist worklist_of(const std::vector<SelectedAnalysis>& analyses) {
    Worklist work{analyses, std::vector<std::optional<std::size_t>>(analyses.size())};
    std::unordered_map<const catalogue::Analysis*, std::size_t> index;
    for (std::size_t i = 0; i < analyses.size(); ++i) index.emplace(analyses[i].analysis, i);
    for (std::size_t i = 0; i < analyses.size(); ++i)
        if (const auto* os = fit::overall_survival_for(*analyses[i].trial, *analyses[i].analysis)) {
            const auto [found, is_new] = index.try_emplace(os, work.all.size());
            if (is_new) work.all.push_back({analyses[i].trial, os});
            work.overall[i] = found->second;
        }
    return work;
}

// Fits all models to all analyses, in parallel.
class Fitting {
  public:
    Fitting(const std::vector<SelectedAnalysis>& all, const FitRequest& request)
        : all_(all),
          request_(request),
          n_models_(request.models.size() + (request.automatic ? 1 : 0)),
          slow_first_(all.size()),
          fitters_(all.size()),
          begun_(all.size()),
          fits_(all.size()) {
        std::iota(slow_first_.begin(), slow_first_.end(), std::size_t{0});
        std::stable_partition(slow_first_.begin(), slow_first_.end(),
                              [&](std::size_t i) { return all_[i].analysis->endpoint != "OS"; });
    }

    // What the models of an analysis share is prepared by the first thread that needs it; endpoints other than OS take
    // longest and are prepared first. Then model by model, so that a single analysis keeps every thread busy too. OS
    // comes first here, while the others are still being prepared; the last models of the table take longest.
    std::vector<AnalysisFit> run() {
        const std::size_t n_fits = all_.size() * n_models_;
        support::parallel_for(all_.size() + 1 + n_fits, request_.threads, [&](std::size_t task) {
            if (task < all_.size()) {
                begin_once(slow_first_[task]);
            } else if (task == all_.size()) {
                // Every report of fits needs the record of accuracy: it is read in parallel.
                if (n_fits > 0) static_cast<void>(fit::accuracy_record());
            } else {
                const std::size_t from_last = n_fits - (task - all_.size());
                fit_model(slow_first_[from_last / n_models_], from_last % n_models_);
                const std::size_t done = ++n_done_;
                if (request_.progress) request_.progress(done, n_fits);
            }
        });
        return std::move(fits_);
    }

  private:
    void begin_once(std::size_t i) {
        begun_[i].run([&] {
            AnalysisFit& result = fits_[i];
            result.trial = all_[i].trial;
            result.analysis = all_[i].analysis;
            result.evidence = std::make_shared<const evidence::AnalysisEvidence>(
                evidence::gather(*result.trial, *result.analysis, evidence::builtin_constants(), request_.cuts));
            result.models.resize(n_models_);
            if (n_models_ > 0) fitters_[i].emplace(result.evidence, request_.options);
        });
    }

    void fit_model(std::size_t i, std::size_t m) {
        begin_once(i);
        const std::size_t first_listed = request_.automatic ? 1 : 0;
        fit::FittedModel model =
            m < first_listed ? fitters_[i]->fit_auto() : fitters_[i]->fit(*request_.models[m - first_listed]);
        fits_[i].models[m] = request_.hazard_floor != nullptr
                                 ? fit::with_hazard_floor(std::move(model), request_.hazard_floor)
                                 : std::move(model);
    }

    const std::vector<SelectedAnalysis>& all_;
    const FitRequest& request_;
    std::size_t n_models_;
    std::vector<std::size_t> slow_first_;  // the order in which analyses are begun
    std::vector<std::optional<fit::Fitter>> fitters_;
    std::vector<support::Once> begun_;
    std::vector<AnalysisFit> fits_;
    std::atomic<std::size_t> n_done_ = 0;
};

}  // namespace

std::vector<SelectedAnalysis> default_analyses(const catalogue::Trial& trial) {
    std::vector<SelectedAnalysis> analyses;
    for (const catalogue::Analysis& analysis : trial.analyses)
        if (analysis.is_default) analyses.push_back({&trial, &analysis});
    return analyses;
}

std::vector<SelectedAnalysis> with_overall_survival(const std::vector<SelectedAnalysis>& analyses) {
    return worklist_of(analyses).all;
}

namespace {

std::vector<AnalysisFit> fit_asked(const std::vector<SelectedAnalysis>& analyses, const FitRequest& request) {
    const Worklist work = worklist_of(analyses);
    std::vector<AnalysisFit> fits = Fitting(work.all, request).run();
    const std::size_t n_models = fits.empty() ? 0 : fits.front().models.size();
    support::parallel_for(analyses.size() * n_models, request.threads, [&](std::size_t task) {
        const std::size_t i = task / n_models, m = task % n_models;
        if (work.overall[i])
            fits[i].models[m] = fit::lowered_to(fits[*work.overall[i]].models[m], std::move(fits[i].models[m]));
    });
    fits.resize(analyses.size());
    return fits;
}

}  // namespace

std::vector<AnalysisFit> fit_analyses(const std::vector<SelectedAnalysis>& analyses, const FitRequest& request) {
    if (!request.families_beside) return fit_asked(analyses, request);
    FitRequest with_families = request;
    std::vector<std::size_t> places;  // of the families among the models
    const std::size_t first_listed = request.automatic ? 1 : 0;
    for (const fit::Model& model : fit::parametric_models()) {
        if (model.family->uncured != nullptr) continue;
        auto found = std::ranges::find(with_families.models, &model);
        if (found == with_families.models.end()) found = with_families.models.insert(found, &model);
        places.push_back(first_listed + static_cast<std::size_t>(found - with_families.models.begin()));
    }
    std::vector<AnalysisFit> fits = fit_asked(analyses, with_families);
    for (AnalysisFit& fit : fits) {
        for (const std::size_t place : places) fit.families.push_back(fit.models[place]);
        fit.models.resize(first_listed + request.models.size());
    }
    return fits;
}

}  // namespace hersurv::study
