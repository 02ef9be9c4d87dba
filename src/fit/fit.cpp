// Fits the models that were asked for; the families are projections of the flexible fit, which is made once.
#include "hersurv/fit/fit.hpp"

#include <Eigen/Dense>

#include "coordinates.hpp"
#include "projection.hpp"
#include <algorithm>

namespace hersurv::fit {

using evidence::AnalysisEvidence;

std::string_view word(FitStatus status) {
    switch (status) {
        case FitStatus::determined:
            return "determined";
        case FitStatus::prior:
            return "prior";
        case FitStatus::not_enough_data:
            return "not-enough-data";
        case FitStatus::not_converged:
            return "not-converged";
    }
    return "";
}

std::vector<double> FittedModel::parameters_at(std::size_t arm, std::span<const double> free) const {
    return parameters_of(*model->family, coordinates[arm], free);
}

SymmetricMatrix FittedModel::natural_covariance(std::size_t arm) const {
    const std::size_t n = model->family->parameters.size(), n_free = free_parameters.size();
    Eigen::MatrixXd jacobian(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n_free));
    std::vector<double> moved = free_parameters;
    for (std::size_t j = 0; j < n_free; ++j) {
        constexpr double step = 1e-5;
        moved[j] = free_parameters[j] + step;
        const auto above = parameters_at(arm, moved);
        moved[j] = free_parameters[j] - step;
        const auto below = parameters_at(arm, moved);
        moved[j] = free_parameters[j];
        for (std::size_t i = 0; i < n; ++i)
            jacobian(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = (above[i] - below[i]) / (2 * step);
    }
    const Eigen::Map<const Eigen::MatrixXd> free_covariance(covariance.values.data(), static_cast<Eigen::Index>(n_free),
                                                            static_cast<Eigen::Index>(n_free));
    const Eigen::MatrixXd natural = jacobian * free_covariance * jacobian.transpose();
    return {n, {natural.data(), natural.data() + natural.size()}};
}

std::vector<FittedModel> fit(std::shared_ptr<const AnalysisEvidence> evidence, std::span<const Model* const> models,
                             const FitOptions& options) {
    std::vector<FittedModel> fits;
    if (models.empty()) return fits;
    const FlexibleFit flexible = fit_flexible(std::move(evidence));
    std::optional<Projector> projector;
    for (const Model* model : models) {
        if (model->family == nullptr) {
            fits.push_back(*flexible.fitted);
            continue;
        }
        if (!projector) projector.emplace(flexible);
        fits.push_back(projector->project(*model, options));
    }
    return fits;
}

FittedModel fit(std::shared_ptr<const AnalysisEvidence> evidence, const Model& model, const FitOptions& options) {
    const Model* const one[] = {&model};
    return std::move(fit(std::move(evidence), one, options).front());
}

}  // namespace hersurv::fit
