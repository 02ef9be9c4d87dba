// Which analysis of the catalogue a figure shows, and which of its arms are those of the figure.
#include "cli/published_figure.hpp"

#include "hersurv/error.hpp"

#include "cli/options.hpp"
#include <algorithm>

namespace hersurv::cli {

using support::UsageError;

std::optional<SelectedAnalysis> published_analysis(const Selection& selection, Context& context) {
    if (selection.trials.empty() && !selection.typed()) return std::nullopt;
    const Selected selected = select(selection, context);
    if (selected.analyses.size() == 1) return selected.analyses.front();
    if (selected.analyses.empty())
        throw support::NotFoundError(selected.trials.front()->id + " has no survival results to compare with");
    std::vector<std::string> ids;
    for (const auto& one : selected.analyses) ids.push_back(one.trial->id + " " + one.analysis->id);
    throw UsageError("a curve belongs to one analysis; name it with --endpoint or --analysis: " + joined(ids));
}

std::vector<const catalogue::ArmResult*> published_results(const std::optional<SelectedAnalysis>& published,
                                                           const std::vector<std::string>& arm_names,
                                                           const Selection& selection, const std::string& remedy) {
    std::vector<const catalogue::ArmResult*> results(arm_names.size(), nullptr);
    if (!published) return results;
    std::vector<std::string> ids;
    bool any = false;
    for (const auto& result : published->analysis->arms) {
        if (!selection.filter.takes_arm(result.arm)) continue;
        ids.push_back(result.arm);
        const catalogue::Arm* const record = published->trial->find_arm(result.arm);
        for (std::size_t i = 0; i < arm_names.size(); ++i)
            if (equal_any_case(arm_names[i], result.arm) ||
                (record != nullptr && equal_any_case(arm_names[i], record->name))) {
                results[i] = &result;
                any = true;
            }
    }
    // One curve, one arm asked for: nothing else can be meant.
    if (!any && arm_names.size() == 1 && ids.size() == 1) {
        results[0] = &*std::ranges::find(published->analysis->arms, ids.front(), &catalogue::ArmResult::arm);
        any = true;
    }
    if (!any)
        throw UsageError("no arm of the curve is one of " + published->trial->id + ": name them " + joined(ids) +
                         remedy);
    return results;
}

}  // namespace hersurv::cli
