// Names of arms: from the legend, or written beside the curves.
#pragma once

#include "digitise/curves.hpp"
#include "digitise/vector/chains.hpp"
#include <string>
#include <vector>

namespace hersurv::digitise {

// The name of each curve, empty where none can be read without doubt. `curves` are all that are drawn, so that what
// belongs to two of them belongs to none.
[[nodiscard]] std::vector<std::string> arm_names(const Drawing& drawing, const std::vector<Chain>& curves,
                                                 const CurveFrame& frame, double least_certainty);

}  // namespace hersurv::digitise
