// Makes the `flexible` model (private to the module).
#pragma once

#include "hersurv/fit/fit.hpp"

namespace hersurv::fit {

[[nodiscard]] FittedModel fit_flexible(std::shared_ptr<const evidence::AnalysisEvidence> evidence, const Model& model);

}  // namespace hersurv::fit
