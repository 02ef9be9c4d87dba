// Analyses reduced to a control, for curves under proportional hazards.
#include "hersurv/evidence.hpp"
#include "hersurv/study.hpp"

#include <algorithm>

namespace hersurv::study {

Baselines baselines_of(const std::vector<SelectedAnalysis>& analyses) {
    Baselines result;
    for (const SelectedAnalysis& selected : analyses) {
        const catalogue::Analysis& full = *selected.analysis;
        const auto index = static_cast<std::size_t>(selected.analysis - selected.trial->analyses.data());
        for (const catalogue::ArmResult& control : full.arms) {
            const catalogue::Analysis* reduced = nullptr;
            for (const catalogue::Contrast& contrast : full.contrasts) {
                if (contrast.control != control.arm || contrast.hazard_ratio.empty()) continue;
                const catalogue::Statistic ratio = evidence::first_print(contrast.hazard_ratio);
                if (!ratio.value.is_number() || !(ratio.value.value > 0)) continue;
                if (reduced == nullptr) {
                    catalogue::Trial& trial = result.trials.emplace_back(*selected.trial);
                    trial.analyses[index].arms = {control};
                    trial.analyses[index].contrasts.clear();
                    reduced = &trial.analyses[index];
                    result.analyses.push_back({&trial, reduced});
                }
                result.arms.push_back({reduced, contrast.experimental, contrast.control, ratio});
            }
        }
    }
    return result;
}

}  // namespace hersurv::study
