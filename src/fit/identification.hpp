// What the published estimates of the arms say of the parameters of a family by themselves, without the curves of
// similar trials.
#pragma once

#include "hersurv/fit.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace hersurv::fit {

// The member of the family nearest to the published points of its arms, weighed by their sampling covariance, and the
// covariance of its free parameters, in the order of `fitted`.
struct Identification {
    std::vector<double> free_parameters;
    SymmetricMatrix covariance;
};

// 95% confidence limits of the natural parameters of an arm, family's order: Wald's, on the log scale of what is
// positive.
[[nodiscard]] std::vector<std::pair<double, double>> parameter_limits(const FittedModel& fitted, std::size_t arm,
                                                                      const Identification& found);

// nullopt if the points are too few or no member is near them. `fitted` has free parameters and coordinates.
[[nodiscard]] std::optional<Identification> identify(const FittedModel& fitted);

constexpr double nobody_cured = 6e-6;  // a cured share that is none: its logit still has a derivative

// Whether published estimates show a curve of the arm that has levelled off.
[[nodiscard]] bool levels_off(const FittedModel& fitted, std::size_t arm);

// Sets status, reason and parameter_limits of an arm whose fit converged. `prior_variance` is that of the free
// parameters by the curves of similar trials.
void judge(FittedModel& fitted, std::size_t arm, const std::optional<Identification>& alone,
           const std::vector<double>& prior_variance);

}  // namespace hersurv::fit
