// The published analysis that a digitised figure is of.
#pragma once

#include "hersurv/patients.hpp"

#include "cli/selection.hpp"
#include <optional>
#include <string>
#include <vector>

namespace hersurv::cli {

// The analysis that the selection names; absent if it names no trial. Throws UsageError if it names several.
[[nodiscard]] std::optional<SelectedAnalysis> published_analysis(const Selection& selection, Context& context);

// The published arm of each arm of a figure, by id or name; nullptr where there is none. Throws UsageError if none is,
// with `remedy` behind the names that are known.
[[nodiscard]] std::vector<const catalogue::ArmResult*> published_results(
    const std::optional<SelectedAnalysis>& published, const std::vector<std::string>& arm_names,
    const Selection& selection, const std::string& remedy);

}  // namespace hersurv::cli
