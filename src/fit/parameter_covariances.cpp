// Sampling covariance out of the expected information of a trial of this size and follow-up, and that of the
// reconstruction carried over to the same coordinates.
#include "fit/parameter_covariances.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "evidence/constants.hpp"
#include "fit/coordinates.hpp"
#include "fit/identification.hpp"
#include "survival/follow_up.hpp"
#include "survival/log_likelihood.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <functional>

namespace hersurv::fit {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

// The curve of an arm and how long its patients are followed.
struct FollowedArm {
    std::function<double(double)> survival;
    double n_patients = 0, follow_up_months = 0, gamma = 0, end_months = 0;
};

// The patients that are expected to have the event, and to be censored, about each of many times. Until the end of the
// follow-up: later ones are censored there.
std::vector<survival::CensoredTime> expected_patients(const FollowedArm& arm) {
    constexpr int n_intervals = 400;
    const std::vector<double> times = survival::follow_up_grid(arm.end_months, n_intervals);
    std::vector<survival::CensoredTime> patients;
    double survived = 1, followed = 1;
    for (std::size_t k = 1; k < times.size(); ++k) {
        const double middle = 0.5 * (times[k - 1] + times[k]);
        const double next_survived = arm.survival(times[k]),
                     next_followed = k + 1 == times.size()
                                         ? 0.0
                                         : survival::still_followed(times[k], arm.follow_up_months, arm.gamma);
        const double events = (survived - next_survived) * 0.5 * (followed + next_followed),
                     censored = (followed - next_followed) * 0.5 * (survived + next_survived);
        patients.push_back({middle, std::log(middle), arm.n_patients * events, arm.n_patients * censored});
        survived = next_survived;
        followed = next_followed;
    }
    return patients;
}

double expected_events(const FollowedArm& arm) {
    double sum = 0;
    for (const survival::CensoredTime& time : expected_patients(arm)) sum += time.n_events;
    return sum;
}

// The follow-up under which the curve gives the published number of events.
void follow_as_long_as_events_say(FollowedArm& arm, double n_events) {
    constexpr double least_factor = 0.1, most_factor = 10, of_end = 1.7;
    const double printed = arm.follow_up_months;
    const auto with = [&](double log_factor) {
        FollowedArm changed = arm;
        changed.follow_up_months = printed * std::exp(log_factor);
        changed.end_months = std::max(arm.end_months, of_end * changed.follow_up_months);
        return changed;
    };
    const auto excess = [&](double log_factor) { return expected_events(with(log_factor)) - n_events; };
    const survival::Guess least{std::log(least_factor), excess(std::log(least_factor))},
        most{std::log(most_factor), excess(std::log(most_factor))};
    constexpr double near_enough = 1e-7;  // of the events
    constexpr int most_steps = 60;
    const double found = least.value >= 0 ? least.x
                         : most.value <= 0
                             ? most.x
                             : survival::false_position(excess, least, most, near_enough * n_events, most_steps).x;
    arm = with(found);
}

SymmetricMatrix matrix_of(const MatrixXd& matrix) {
    if (!matrix.allFinite()) return {};
    return {static_cast<std::size_t>(matrix.rows()), {matrix.data(), matrix.data() + matrix.size()}};
}

// The parameters of an arm on the scale of flexsurv.
std::vector<double> on_scale(const survival::Family& family, const std::vector<double>& natural) {
    std::vector<double> coordinates;
    for (std::size_t i = 0; i < natural.size(); ++i)
        coordinates.push_back(survival::to_coordinate(family.parameters[i], natural[i]));
    return coordinates;
}

// The patients of an arm as the curve and its published number of events have them.
FollowedArm followed_arm(const evidence::AnalysisEvidence& evidence, std::size_t arm, const survival::Family& family,
                         const std::vector<double>& natural) {
    const evidence::ArmEvidence& record = evidence.arms[arm];
    FollowedArm followed;
    followed.survival = [&family, natural](double time) {
        return std::exp(-survival::cumulative_hazard(family, time, natural));
    };
    followed.n_patients = *record.n_patients;
    followed.follow_up_months = evidence.follow_up_or_guess(arm);
    followed.gamma = evidence.constants->endpoint(evidence.endpoint).censoring_gamma;
    followed.end_months = std::max(1.7 * followed.follow_up_months, 1.05 * record.last_printed_month.value_or(0));
    if (record.n_events && *record.n_events > 0 && *record.n_events < followed.n_patients)
        follow_as_long_as_events_say(followed, *record.n_events);
    return followed;
}

// The expected information of an arm (of the log-likelihood's second derivatives at the curve's own parameters, over
// the patients that the trial is expected to see).
MatrixXd information_of(const survival::Family& family, const FollowedArm& arm,
                        const std::vector<double>& coordinates) {
    const auto likelihood =
        survival::log_likelihood(family, expected_patients(arm), coordinates, survival::Precision::full);
    const auto n = static_cast<Index>(coordinates.size());
    MatrixXd information(n, n);
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j <= i; ++j)
            information(i, j) = information(j, i) = -likelihood.hessian[static_cast<std::size_t>(i * (i + 1) / 2 + j)];
    return information;
}

// Of the parameters of an arm on the scale of flexsurv, by the free parameters (central differences).
MatrixXd jacobian_of(const survival::Family& family, const std::vector<std::size_t>& positions,
                     std::span<const double> free) {
    constexpr double step = 1e-5;
    MatrixXd jacobian = MatrixXd::Zero(static_cast<Index>(family.parameters.size()), static_cast<Index>(free.size()));
    std::vector<double> moved(free.begin(), free.end());
    for (const std::size_t j : positions) {
        moved[j] = free[j] + step;
        const auto above = on_scale(family, parameters_of(family, positions, moved));
        moved[j] = free[j] - step;
        const auto below = on_scale(family, parameters_of(family, positions, moved));
        moved[j] = free[j];
        for (std::size_t i = 0; i < above.size(); ++i)
            jacobian(static_cast<Index>(i), static_cast<Index>(j)) = (above[i] - below[i]) / (2 * step);
    }
    return jacobian;
}

// Inverse of the rows and columns that are wanted; NaN elsewhere, and everywhere if there is none.
MatrixXd inverse_of(const MatrixXd& information, const std::vector<Index>& wanted) {
    MatrixXd inverse = MatrixXd::Constant(information.rows(), information.cols(), std::nan(""));
    if (wanted.empty()) return inverse;
    const MatrixXd known = information(wanted, wanted);
    if (!known.allFinite()) return inverse;
    const Eigen::LLT<MatrixXd> factors(known);
    constexpr double least_rcond = 1e-12;
    if (factors.info() != Eigen::Success || factors.rcond() < least_rcond) return inverse;
    const MatrixXd solved = factors.solve(MatrixXd::Identity(known.rows(), known.cols()));
    inverse(wanted, wanted) = solved;
    return inverse;
}

SymmetricMatrix reconstruction_covariance(const FittedModel& fitted, std::size_t arm,
                                          const std::vector<double>& coordinates) {
    const SymmetricMatrix natural = fitted.natural_covariance(arm);
    if (natural.size == 0) return {};
    const auto n = static_cast<Index>(natural.size);
    MatrixXd result(n, n);
    const auto slope = [&](Index i) {
        const auto k = static_cast<std::size_t>(i);
        return survival::natural_slope(fitted.model->family->parameters[k], coordinates[k]);
    };
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < n; ++j)
            result(i, j) = natural(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) / (slope(i) * slope(j));
    return matrix_of(result);
}

// The arms that share no free parameter with others are inverted by themselves: what one of them leaves open is nothing
// to the others.
std::vector<std::vector<Index>> blocks_of(const std::vector<std::vector<std::size_t>>& coordinates) {
    std::vector<std::vector<Index>> blocks;
    for (const std::vector<std::size_t>& positions : coordinates) {
        if (positions.empty()) continue;
        std::vector<Index> own(positions.begin(), positions.end());
        std::erase_if(blocks, [&](const std::vector<Index>& block) {
            const bool shared = std::ranges::any_of(
                block, [&](Index position) { return std::ranges::find(positions, position) != positions.end(); });
            if (shared) own.insert(own.end(), block.begin(), block.end());
            return shared;
        });
        std::ranges::sort(own);
        own.erase(std::unique(own.begin(), own.end()), own.end());
        blocks.push_back(std::move(own));
    }
    return blocks;
}

// The coordinates of the arms that share a free parameter with an arm, directly or through others; none for the rest.
std::vector<std::vector<std::size_t>> coordinates_about(const std::vector<std::vector<std::size_t>>& coordinates,
                                                        std::size_t arm) {
    std::vector<std::vector<std::size_t>> about(coordinates.size());
    for (const std::vector<Index>& block : blocks_of(coordinates)) {
        const auto holds = [&](const std::vector<std::size_t>& positions) {
            return !positions.empty() && std::ranges::binary_search(block, static_cast<Index>(positions.front()));
        };
        if (!holds(coordinates[arm])) continue;
        for (std::size_t other = 0; other < coordinates.size(); ++other)
            if (holds(coordinates[other])) about[other] = coordinates[other];
    }
    return about;
}

}  // namespace

SymmetricMatrix sampling_covariance(const evidence::AnalysisEvidence& evidence, const survival::Family& family,
                                    const std::vector<std::vector<std::size_t>>& coordinates,
                                    std::span<const double> free) {
    const auto n = static_cast<Index>(free.size());
    MatrixXd information = MatrixXd::Zero(n, n);
    std::vector<bool> informed(free.size(), false), fixed(free.size(), false);
    for (std::size_t arm = 0; arm < coordinates.size(); ++arm) {
        if (coordinates[arm].empty() || evidence.arms[arm].n_patients.value_or(0) <= 0) continue;
        const std::vector<double> natural = parameters_of(family, coordinates[arm], free);
        const MatrixXd jacobian = jacobian_of(family, coordinates[arm], free);
        information += jacobian.transpose() *
                       information_of(family, followed_arm(evidence, arm, family, natural), on_scale(family, natural)) *
                       jacobian;
        for (const std::size_t position : coordinates[arm]) informed[position] = true;
        if (family.uncured != nullptr && natural.back() < 2 * nobody_cured) fixed[coordinates[arm].back()] = true;
    }
    MatrixXd covariance = MatrixXd::Zero(n, n);
    for (const std::vector<Index>& block : blocks_of(coordinates)) {
        std::vector<Index> wanted;
        for (const Index position : block)
            if (informed[static_cast<std::size_t>(position)] && !fixed[static_cast<std::size_t>(position)])
                wanted.push_back(position);
        const MatrixXd inverse = inverse_of(information, wanted);
        for (const Index i : block)
            for (const Index j : block)
                covariance(i, j) =
                    fixed[static_cast<std::size_t>(i)] || fixed[static_cast<std::size_t>(j)] ? 0 : inverse(i, j);
    }
    return {free.size(), {covariance.data(), covariance.data() + covariance.size()}};
}

ParameterCovariances parameter_covariances(const FittedModel& fitted, std::size_t arm) {
    ParameterCovariances result;
    if (fitted.model->family == nullptr || !fitted.fitted(arm)) return result;
    const survival::Family& family = *fitted.model->family;
    const std::vector<double>& natural = fitted.arms[arm].parameters;
    for (const auto& parameter : family.parameters) result.order.push_back(survival::coordinate_name(parameter));
    result.estimates = on_scale(family, natural);
    result.reconstruction = reconstruction_covariance(fitted, arm, result.estimates);
    if (fitted.evidence->arms[arm].n_patients.value_or(0) <= 0) return result;
    // A share of nobody has no distribution on its scale.
    if (family.uncured != nullptr && natural.back() < 2 * nobody_cured) return result;
    std::size_t n_own = 0;  // without those of overall survival, where the curve was lowered to it
    for (const auto& positions : fitted.coordinates)
        for (const std::size_t position : positions) n_own = std::max(n_own, position + 1);
    const std::span own = std::span(fitted.free_parameters).first(n_own);
    const SymmetricMatrix of_free =
        sampling_covariance(*fitted.evidence, family, coordinates_about(fitted.coordinates, arm), own);
    const MatrixXd jacobian = jacobian_of(family, fitted.coordinates[arm], own);
    MatrixXd sampling = MatrixXd::Zero(jacobian.rows(), jacobian.rows());
    for (const std::size_t i : fitted.coordinates[arm])
        for (const std::size_t j : fitted.coordinates[arm])
            sampling +=
                of_free(i, j) * jacobian.col(static_cast<Index>(i)) * jacobian.col(static_cast<Index>(j)).transpose();
    result.sampling = matrix_of(sampling);
    if (result.sampling.size == 0 || result.reconstruction.size == 0) return result;
    result.population = result.sampling;
    for (std::size_t i = 0; i < result.population.values.size(); ++i)
        result.population.values[i] += result.reconstruction.values[i];
    return result;
}

JointCovariance joint_covariance(const FittedModel& fitted) {
    JointCovariance result;
    if (fitted.model->family == nullptr) return result;
    const survival::Family& family = *fitted.model->family;
    std::size_t n_own = 0;  // without those of overall survival, where the curve was lowered to it
    for (const auto& positions : fitted.coordinates)
        for (const std::size_t position : positions) n_own = std::max(n_own, position + 1);
    const std::span own = std::span(fitted.free_parameters).first(n_own);
    const SymmetricMatrix sampling = sampling_covariance(*fitted.evidence, family, fitted.coordinates, own);
    std::vector<MatrixXd> jacobians;
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) {
        const ParameterCovariances of_arm = parameter_covariances(fitted, arm);
        if (of_arm.population.size == 0) continue;
        result.arms.push_back(arm);
        result.estimates.insert(result.estimates.end(), of_arm.estimates.begin(), of_arm.estimates.end());
        jacobians.push_back(jacobian_of(family, fitted.coordinates[arm], own));
    }
    const auto n_each = static_cast<Index>(family.parameters.size());
    const Index n = n_each * static_cast<Index>(jacobians.size());
    MatrixXd all = MatrixXd::Zero(n, n);
    for (std::size_t a = 0; a < jacobians.size(); ++a)
        for (std::size_t b = 0; b < jacobians.size(); ++b)
            for (const std::size_t i : fitted.coordinates[result.arms[a]])
                for (const std::size_t j : fitted.coordinates[result.arms[b]])
                    all.block(static_cast<Index>(a) * n_each, static_cast<Index>(b) * n_each, n_each, n_each) +=
                        (sampling(i, j) + fitted.covariance(i, j)) * jacobians[a].col(static_cast<Index>(i)) *
                        jacobians[b].col(static_cast<Index>(j)).transpose();
    result.population = matrix_of(all);
    if (result.population.size == 0) return {};
    return result;
}

}  // namespace hersurv::fit
