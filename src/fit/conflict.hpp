// What to say if no curve of the usual kind has all published estimates (private to the module).
#pragma once

#include "hersurv/fit.hpp"

#include <functional>
#include <string>

namespace hersurv::fit {

// The fit of the same analysis with other evidence.
using Refit = std::function<FittedModel(std::shared_ptr<const evidence::AnalysisEvidence>)>;

// The two estimates that conflict, and which of them is likelier wrong: that without which one curve has all others.
// Every estimate of the arms in question is left out in turn. Empty if the curves of `fitted` have all that they
// use; what is left out has its own message.
[[nodiscard]] std::string conflict_message(const FittedModel& fitted, const Refit& refit);

}  // namespace hersurv::fit
