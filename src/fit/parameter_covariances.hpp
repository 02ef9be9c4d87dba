// What another trial of this size would vary of the free parameters of a family (private to the module).
#pragma once

#include "hersurv/fit.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace hersurv::fit {

// Inverse of the expected information of all arms together; `coordinates` as FittedModel::coordinates. NaN where the
// number of patients is not published, or where such a trial does not determine every parameter. The share of a cure
// model that has none is not varied: the member is that of the family without it.
[[nodiscard]] SymmetricMatrix sampling_covariance(const evidence::AnalysisEvidence& evidence,
                                                  const survival::Family& family,
                                                  const std::vector<std::vector<std::size_t>>& coordinates,
                                                  std::span<const double> free);

}  // namespace hersurv::fit
