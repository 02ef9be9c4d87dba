// The factor on the sds of a finished curve, learnt from how often bands of curves that were not learnt from hold.
#pragma once

#include "accuracy_figures.hpp"
#include "support/json.hpp"
#include <map>
#include <string>
#include <vector>

namespace hersurv::bench {

// A figure and the document of constants that did not see it.
struct HeldOutFigure {
    const DigitisedFigure* figure = nullptr;
    const support::Json* document = nullptr;
};

// By class of endpoint: the least factor with which the 95% bands of the flexible model, widened by one Kaplan-Meier
// step, hold 95% of the points of the published curves of reached median, over the patterns of evidence median,
// limits, A and C.
[[nodiscard]] std::map<std::string, double> learn_inflation(const std::vector<HeldOutFigure>& held_out, int threads);

}  // namespace hersurv::bench
