// What `fit` says of hazard ratios: whether hazards are proportional, and ratios that are not published.
#pragma once

#include "hersurv/evidence.hpp"

#include "report/names.hpp"
#include "support/json.hpp"
#include <string>

namespace hersurv::report {

// The statement with the arms as people call them.
[[nodiscard]] std::string derived_ratio_words(const catalogue::Trial& trial,
                                              const evidence::DerivedHazardRatio& derived);
[[nodiscard]] support::Json derived_ratio_json(const AnalysisFit& fit, const evidence::DerivedHazardRatio& derived);
[[nodiscard]] support::Json proportional_json(const AnalysisFit& fit, const evidence::ProportionalHazards& result);
// One line for people; empty if the estimates cannot tell.
[[nodiscard]] std::string proportional_words(const AnalysisFit& fit, const evidence::ProportionalHazards& result);

}  // namespace hersurv::report
