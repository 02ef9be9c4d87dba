// Sampling covariance out of the expected information of a trial of this size and follow-up, and that of the
// reconstruction carried over to the same coordinates.
#include "hersurv/fit.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "evidence/constants.hpp"
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
    constexpr int halvings = 40;
    const auto found = survival::bisect(
        std::log(least_factor), std::log(most_factor),
        [&](double log_factor) { return expected_events(with(log_factor)) < n_events ? -1 : 1; }, halvings);
    arm = with(found.middle());
}

SymmetricMatrix matrix_of(const MatrixXd& matrix) {
    if (!matrix.allFinite()) return {};
    return {static_cast<std::size_t>(matrix.rows()), {matrix.data(), matrix.data() + matrix.size()}};
}

// The inverse of the expected information (of the log-likelihood's second derivatives at the curve's own parameters,
// over the patients that the trial is expected to see). Size 0 where these do not determine every parameter.
SymmetricMatrix sampling_covariance(const survival::Family& family, const FollowedArm& arm,
                                    const std::vector<double>& coordinates) {
    const auto likelihood =
        survival::log_likelihood(family, expected_patients(arm), coordinates, survival::Precision::full);
    const auto n = static_cast<Index>(coordinates.size());
    MatrixXd information(n, n);
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j <= i; ++j)
            information(i, j) = information(j, i) = -likelihood.hessian[static_cast<std::size_t>(i * (i + 1) / 2 + j)];
    if (!information.allFinite()) return {};
    const Eigen::LLT<MatrixXd> factors(information);
    constexpr double least_rcond = 1e-12;
    if (factors.info() != Eigen::Success || factors.rcond() < least_rcond) return {};
    return matrix_of(factors.solve(MatrixXd::Identity(n, n)));
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

}  // namespace

ParameterCovariances parameter_covariances(const FittedModel& fitted, std::size_t arm) {
    ParameterCovariances result;
    if (fitted.model->family == nullptr || !fitted.fitted(arm)) return result;
    const survival::Family& family = *fitted.model->family;
    const std::vector<double>& natural = fitted.arms[arm].parameters;
    std::vector<double> coordinates;
    for (std::size_t i = 0; i < natural.size(); ++i) {
        result.order.push_back(survival::coordinate_name(family.parameters[i]));
        coordinates.push_back(survival::to_coordinate(family.parameters[i], natural[i]));
    }
    result.estimates = coordinates;
    result.reconstruction = reconstruction_covariance(fitted, arm, coordinates);
    const evidence::ArmEvidence& record = fitted.evidence->arms[arm];
    if (record.n_patients.value_or(0) <= 0) return result;
    FollowedArm followed;
    followed.survival = [&](double time) { return std::exp(-survival::cumulative_hazard(family, time, natural)); };
    followed.n_patients = *record.n_patients;
    followed.follow_up_months = fitted.evidence->follow_up_or_guess(arm);
    followed.gamma = fitted.evidence->constants->endpoint(fitted.evidence->endpoint).censoring_gamma;
    followed.end_months = std::max(1.7 * followed.follow_up_months, 1.05 * record.last_printed_month.value_or(0));
    if (record.n_events && *record.n_events > 0 && *record.n_events < followed.n_patients)
        follow_as_long_as_events_say(followed, *record.n_events);
    result.sampling = sampling_covariance(family, followed, coordinates);
    if (result.sampling.size == 0 || result.reconstruction.size == 0) return result;
    result.population = result.sampling;
    for (std::size_t i = 0; i < result.population.values.size(); ++i)
        result.population.values[i] += result.reconstruction.values[i];
    return result;
}

}  // namespace hersurv::fit
