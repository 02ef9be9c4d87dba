// Covariance matrices of parameters as members of JSON.
#pragma once

#include "hersurv/fit.hpp"

#include "support/json.hpp"
#include <cstddef>
#include <string_view>

namespace hersurv::report {

// The scale of all of them.
inline constexpr std::string_view covariance_scale =
    "as in R's flexsurv: logarithm of positive parameters, logit of the cured share, other parameters as they are; "
    "times in months";

// Rows of rows; empty if the matrix is.
[[nodiscard]] support::Json matrix_json(const fit::SymmetricMatrix& matrix);

// covariance_order, covariance_scale, estimates_on_that_scale, covariance_sampling, covariance_reconstruction and
// covariance_population of an arm; null if there is none.
void add_covariances(support::Json::Object& entry, const fit::FittedModel& model, std::size_t arm);

}  // namespace hersurv::report
