// What draws of parameters and of curves share.
#pragma once

#include "report/draws.hpp"
#include "report/shared_columns.hpp"
#include <functional>
#include <string>
#include <vector>

namespace hersurv::report {

// The arms that are asked for and of which there are draws (`why_none` is empty); the others are told in `without`.
[[nodiscard]] std::vector<ArmOfModel> arms_with_draws(const AnalysisFit& fit, const fit::FittedModel& model,
                                                      const DrawsOptions& options,
                                                      const std::function<std::string(std::size_t)>& why_none,
                                                      std::vector<ArmWithoutDraws>& without);

}  // namespace hersurv::report
