// The constants that each digitised figure is scored with.
#pragma once

#include "accuracy_figures.hpp"
#include "evidence/constants.hpp"
#include <memory>
#include <string>
#include <vector>

namespace hersurv::bench {

using PriorsOfFigures = std::vector<std::shared_ptr<const evidence::Constants>>;

// The built-in ones; those of the document `priors`; or of the folder `folds`, for every figure the document whose
// held_out names it. At most one of the two is not empty. Throws support::UsageError if a figure is held out by no
// document, or by two.
[[nodiscard]] PriorsOfFigures constants_of(const Figures& figures, const std::string& priors, const std::string& folds);

}  // namespace hersurv::bench
