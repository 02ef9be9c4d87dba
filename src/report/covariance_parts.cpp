// Lays the matrices out.
#include "report/covariance_parts.hpp"

#include <string>
#include <utility>

namespace hersurv::report {

using support::Json;

Json matrix_json(const fit::SymmetricMatrix& matrix) {
    Json::Array rows;
    for (std::size_t i = 0; i < matrix.size; ++i) {
        Json::Array row;
        for (std::size_t j = 0; j < matrix.size; ++j) row.emplace_back(matrix(i, j));
        rows.emplace_back(std::move(row));
    }
    return rows;
}

void add_covariances(Json::Object& entry, const fit::FittedModel& model, std::size_t arm) {
    const fit::ParameterCovariances covariances = fit::parameter_covariances(model, arm);
    const bool any = !covariances.order.empty();
    const auto matrix = [](const fit::SymmetricMatrix& values) {
        return values.size > 0 ? matrix_json(values) : Json();
    };
    Json::Array order, estimates;
    for (const std::string& name : covariances.order) order.emplace_back(name);
    for (const double estimate : covariances.estimates) estimates.emplace_back(estimate);
    entry.emplace_back("covariance_order", any ? Json(std::move(order)) : Json());
    entry.emplace_back("covariance_scale", any ? Json(std::string(covariance_scale)) : Json());
    entry.emplace_back("estimates_on_that_scale", any ? Json(std::move(estimates)) : Json());
    entry.emplace_back("covariance_sampling", matrix(covariances.sampling));
    entry.emplace_back("covariance_reconstruction", matrix(covariances.reconstruction));
    entry.emplace_back("covariance_population", matrix(covariances.population));
}

}  // namespace hersurv::report
