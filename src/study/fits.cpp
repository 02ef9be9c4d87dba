// The pipeline of fitting: which fits there are, in which order threads take them, and what caps what.
#include "hersurv/study/fits.hpp"

#include "hersurv/fit/accuracy.hpp"
#include "hersurv/fit/coherence.hpp"
#include "hersurv/support/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <optional>
#include <unordered_map>

namespace hersurv::study {

std::vector<SelectedAnalysis> default_analyses(const catalogue::Trial& trial) {
    std::vector<SelectedAnalysis> analyses;
    for (const catalogue::Analysis& analysis : trial.analyses)
        if (analysis.is_default) analyses.push_back({&trial, &analysis});
    return analyses;
}

std::vector<AnalysisFit> fit_analyses(const std::vector<SelectedAnalysis>& analyses, const FitRequest& request) {
    // What is asked for, then the OS analyses that it must stay below and has not got.
    std::vector<SelectedAnalysis> all = analyses;
    constexpr auto none = static_cast<std::size_t>(-1);
    std::vector<std::size_t> overall(analyses.size(), none);
    std::unordered_map<const catalogue::Analysis*, std::size_t> index;
    for (std::size_t i = 0; i < analyses.size(); ++i) index.emplace(analyses[i].analysis, i);
    for (std::size_t i = 0; i < analyses.size(); ++i)
        if (const auto* os = fit::overall_survival_for(*analyses[i].trial, *analyses[i].analysis)) {
            const auto [found, is_new] = index.try_emplace(os, all.size());
            if (is_new) all.push_back({analyses[i].trial, os});
            overall[i] = found->second;
        }
    std::vector<AnalysisFit> fits(all.size());
    const std::size_t n_models = request.models.size() + (request.automatic ? 1 : 0);
    // What the models of an analysis share is made by whoever needs it first; endpoints other than OS take longest and
    // begin. Then model by model, so that a single analysis keeps every thread busy too, OS while the others are still
    // being begun; the last models of the table take longest.
    std::vector<std::size_t> slow_first(all.size());
    std::iota(slow_first.begin(), slow_first.end(), std::size_t{0});
    std::stable_partition(slow_first.begin(), slow_first.end(),
                          [&](std::size_t i) { return all[i].analysis->endpoint != "OS"; });
    std::vector<std::optional<fit::Fitter>> fitters(all.size());
    std::vector<std::once_flag> begun(all.size());
    const auto begin = [&](std::size_t i) {
        AnalysisFit& result = fits[i];
        result.trial = all[i].trial;
        result.analysis = all[i].analysis;
        result.evidence =
            std::make_shared<const evidence::AnalysisEvidence>(evidence::gather(*result.trial, *result.analysis));
        result.models.resize(n_models);
        if (n_models > 0) fitters[i].emplace(result.evidence, request.options);
    };
    const std::size_t n_fits = all.size() * n_models, first_listed = request.automatic ? 1 : 0;
    std::atomic<std::size_t> n_done = 0;
    support::parallel_for(all.size() + 1 + n_fits, request.threads, [&](std::size_t task) {
        // Whoever prints fits needs the record of accuracy; it is read on the way.
        if (task == all.size()) {
            if (n_fits > 0) static_cast<void>(fit::accuracy_record());
            return;
        }
        if (task < all.size()) {
            const std::size_t i = slow_first[task];
            std::call_once(begun[i], begin, i);
            return;
        }
        const std::size_t from_last = n_fits - (task - all.size()), i = slow_first[from_last / n_models],
                          m = from_last % n_models;
        std::call_once(begun[i], begin, i);
        fits[i].models[m] =
            m < first_listed ? fitters[i]->fit_auto() : fitters[i]->fit(*request.models[m - first_listed]);
        const std::size_t done = ++n_done;
        if (request.progress) request.progress(done, n_fits);
    });
    support::parallel_for(analyses.size() * n_models, request.threads, [&](std::size_t task) {
        const std::size_t i = task / n_models, m = task % n_models;
        if (overall[i] == none) return;
        fits[i].models[m] = fit::lowered_to(fits[overall[i]].models[m], std::move(fits[i].models[m]));
    });
    fits.resize(analyses.size());
    return fits;
}

}  // namespace hersurv::study
