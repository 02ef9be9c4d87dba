// The maximum of the likelihood of a family in arms that may share coordinates.
#pragma once

#include "survival/log_likelihood.hpp"
#include <cstddef>
#include <string>
#include <vector>

namespace hersurv::patients {

// Arms whose coordinates are places in one vector: index[arm][parameter].
struct LikelihoodProblem {
    const survival::Family* family = nullptr;
    std::vector<std::vector<survival::CensoredTime>> arms;
    std::vector<std::vector<std::size_t>> index;
    std::size_t n_coordinates = 0;
};

// The coordinate of a cured share of 0.
inline constexpr double nobody_cured = -745;

struct LikelihoodMaximum {
    bool converged = false;
    std::string reason;  // if not
    double value = 0;
    std::vector<double> at;           // the coordinates; nobody_cured at that boundary
    std::vector<double> information;  // minus the second derivatives, n * n; 0 where a coordinate is at the boundary
};

// The highest maximum that is found from the starts.
[[nodiscard]] LikelihoodMaximum highest_maximum(const LikelihoodProblem& problem,
                                                const std::vector<std::vector<double>>& starts);

}  // namespace hersurv::patients
