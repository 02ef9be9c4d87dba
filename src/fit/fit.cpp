// Fits the models that were asked for; the families are projections of the flexible fit, which is made once.
#include "hersurv/fit.hpp"

#include <Eigen/Cholesky>

#include "fit/coordinates.hpp"
#include "fit/projection.hpp"
#include "support/once.hpp"
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
        case FitStatus::no_exact_fit:
            return "no-exact-fit";
    }
    return "";
}

std::string_view word(Target target) {
    switch (target) {
        case Target::automatic:
            return "automatic";
        case Target::published:
            return "published";
        case Target::curve:
            return "curve";
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
    if (!natural.allFinite()) return {};  // of parameters at the ends of the range of double
    return {n, {natural.data(), natural.data() + natural.size()}};
}

struct Fitter::Shared {
    FitOptions options;
    FlexibleFit flexible;
    // Made for the first family that is asked for.
    mutable support::Once projector_made;
    mutable std::optional<Projector> projector;
};

Fitter::Fitter(std::shared_ptr<const AnalysisEvidence> evidence, const FitOptions& options) {
    auto shared = std::make_shared<Shared>();
    shared->options = options;
    shared->flexible = fit_flexible(std::move(evidence));
    shared_ = std::move(shared);
}

FittedModel Fitter::fit(const Model& model) const {
    if (model.family == nullptr) return *shared_->flexible.fitted;
    shared_->projector_made.run([this] { shared_->projector.emplace(shared_->flexible); });
    return shared_->projector->project(model, shared_->options);
}

std::vector<FittedModel> fit(std::shared_ptr<const AnalysisEvidence> evidence, std::span<const Model* const> models,
                             const FitOptions& options) {
    std::vector<FittedModel> fits;
    if (models.empty()) return fits;
    const Fitter fitter(std::move(evidence), options);
    for (const Model* model : models) fits.push_back(fitter.fit(*model));
    return fits;
}

FittedModel fit(std::shared_ptr<const AnalysisEvidence> evidence, const Model& model, const FitOptions& options) {
    return Fitter(std::move(evidence), options).fit(model);
}

FittedModel fit_auto(std::shared_ptr<const AnalysisEvidence> evidence, const FitOptions& options) {
    return Fitter(std::move(evidence), options).fit_auto();
}

}  // namespace hersurv::fit
