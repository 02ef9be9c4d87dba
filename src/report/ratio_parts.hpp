// What `fit` says for programs of hazard ratios: whether hazards are proportional, and ratios that are not published.
#pragma once

#include "hersurv/evidence.hpp"

#include "report/names.hpp"
#include "support/json.hpp"

namespace hersurv::report {

[[nodiscard]] support::Json derived_ratio_json(const AnalysisFit& fit, const evidence::DerivedHazardRatio& derived);
[[nodiscard]] support::Json proportional_json(const AnalysisFit& fit, const evidence::ProportionalHazards& result);

}  // namespace hersurv::report
