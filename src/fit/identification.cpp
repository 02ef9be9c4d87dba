// Generalised least squares of log H at the published points of the Kaplan-Meier curves.
//
// Medians, their limits and milestones are points of the Kaplan-Meier curve, so that log H there has the sampling
// covariance V(s) / (H(s) H(t)), s <= t, V = (1 - S) / (n share S) (Greenwood; evidence::effective_share). About them
// the family's log H(t; theta) is fitted by Gauss-Newton steps; at the end (J' C^-1 J)^-1 is the covariance of theta,
// under the family (Seber & Wild 1989, Nonlinear Regression, 2.1.4). The prior of the reconstruction has no part in it.
#include "fit/identification.hpp"

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <fmt/format.h>

#include "evidence/constants.hpp"
#include "evidence/followed_arm.hpp"
#include "fit/coordinates.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::fit {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Points {
    std::vector<std::size_t> arm;
    std::vector<double> time_months;
    VectorXd log_hazard;
    MatrixXd covariance;
};

// The covariance of the points of an arm, which are from `first` on.
void add_covariance(const evidence::AnalysisEvidence& data, std::size_t arm,
                    const std::vector<evidence::CurvePoint>& points, Index first, MatrixXd& covariance) {
    std::vector<double> greenwood;
    for (const evidence::CurvePoint& point : points) {
        const double survival = std::exp(-std::exp(point.g));
        const double share = evidence::effective_share(data.constants->endpoint(data.endpoint), data.arms[arm],
                                                       std::exp(point.log_time), survival);
        const double variance = (1 - survival) / (survival * *data.arms[arm].n_patients * share);
        greenwood.push_back(greenwood.empty() ? variance : std::max(variance, greenwood.back()));
    }
    for (std::size_t i = 0; i < points.size(); ++i)
        for (std::size_t j = 0; j < points.size(); ++j) {
            double& value = covariance(first + static_cast<Index>(i), first + static_cast<Index>(j));
            value = greenwood[std::min(i, j)] * std::exp(-points[i].g - points[j].g);
            if (i == j) value += points[i].variance;
        }
}

Points points_of(const FittedModel& fitted) {
    const evidence::AnalysisEvidence& data = *fitted.evidence;
    std::vector<std::vector<evidence::CurvePoint>> by_arm(fitted.arms.size());
    Points points;
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) {
        if (!fitted.fitted(arm) || data.arms[arm].n_patients.value_or(0) <= 0) continue;
        by_arm[arm] = evidence::curve_points(data, arm);
        for (const evidence::CurvePoint& point : by_arm[arm]) {
            points.arm.push_back(arm);
            points.time_months.push_back(std::exp(point.log_time));
        }
    }
    const auto n = static_cast<Index>(points.arm.size());
    points.log_hazard.resize(n);
    points.covariance = MatrixXd::Zero(n, n);
    Index first = 0;
    for (std::size_t arm = 0; arm < by_arm.size(); ++arm) {
        for (std::size_t i = 0; i < by_arm[arm].size(); ++i)
            points.log_hazard[first + static_cast<Index>(i)] = by_arm[arm][i].g;
        add_covariance(data, arm, by_arm[arm], first, points.covariance);
        first += static_cast<Index>(by_arm[arm].size());
    }
    return points;
}

bool within_domain(const survival::Family& family, const std::vector<double>& natural) {
    for (std::size_t p = 0; p < natural.size(); ++p) {
        const survival::Domain domain = family.parameters[p].domain;
        if (domain == survival::Domain::positive && !(natural[p] > 0)) return false;
        if (domain == survival::Domain::share && !(natural[p] >= 0 && natural[p] < 1)) return false;
    }
    return true;
}

VectorXd log_hazard_of(const FittedModel& fitted, const Points& points, const VectorXd& free) {
    VectorXd values(points.log_hazard.size());
    const std::span<const double> view(free.data(), static_cast<std::size_t>(free.size()));
    for (std::size_t i = 0; i < points.arm.size(); ++i) {
        const auto natural = fitted.parameters_at(points.arm[i], view);
        // A step may lead out of what a family allows.
        if (!std::ranges::all_of(natural, [](double p) { return std::isfinite(p); }) ||
            !within_domain(*fitted.model->family, natural))
            return VectorXd::Constant(values.size(), infinity);
        values[static_cast<Index>(i)] =
            std::log(survival::cumulative_hazard(*fitted.model->family, points.time_months[i], natural));
    }
    return values;
}

MatrixXd derivative_of(const FittedModel& fitted, const Points& points, const VectorXd& free) {
    constexpr double step = 1e-5;
    MatrixXd derivative(points.log_hazard.size(), free.size());
    VectorXd moved = free;
    for (Index j = 0; j < free.size(); ++j) {
        moved[j] = free[j] + step;
        const VectorXd above = log_hazard_of(fitted, points, moved);
        moved[j] = free[j] - step;
        derivative.col(j) = (above - log_hazard_of(fitted, points, moved)) / (2 * step);
        moved[j] = free[j];
    }
    return derivative;
}

}  // namespace

std::vector<std::pair<double, double>> parameter_limits(const FittedModel& fitted, std::size_t arm,
                                                        const Identification& found) {
    FittedModel alone = fitted;
    alone.free_parameters = found.free_parameters;
    alone.covariance = found.covariance;
    const std::vector<double> natural = alone.parameters_at(arm, alone.free_parameters);
    const SymmetricMatrix covariance = alone.natural_covariance(arm);
    if (covariance.size == 0) return {};
    const double z = evidence::z_of_level(parameter_level);
    std::vector<std::pair<double, double>> limits;
    for (std::size_t p = 0; p < natural.size(); ++p) {
        const double error = std::sqrt(std::max(covariance(p, p), 0.0));
        if (fitted.model->family->parameters[p].domain == survival::Domain::positive && natural[p] > 0) {
            const double factor = std::exp(z * error / natural[p]);
            limits.emplace_back(natural[p] / factor, natural[p] * factor);
        } else {
            limits.emplace_back(natural[p] - z * error, natural[p] + z * error);
        }
    }
    return limits;
}

std::optional<Identification> identify(const FittedModel& fitted) {
    const Points points = points_of(fitted);
    const auto n_free = static_cast<Index>(fitted.free_parameters.size());
    if (points.arm.empty() || n_free == 0) return std::nullopt;
    const auto factors = points.covariance.ldlt();
    VectorXd free = Eigen::Map<const VectorXd>(fitted.free_parameters.data(), n_free);
    const auto misfit = [&](const VectorXd& at) -> double {
        const VectorXd away = points.log_hazard - log_hazard_of(fitted, points, at);
        return away.allFinite() ? away.dot(factors.solve(away)) : infinity;
    };
    // Keeps the steps finite along a direction of which the points say nothing: no step is longer than about 1.
    constexpr double damping = 1e-3, found = 1e-5;
    constexpr int most_steps = 60;
    double best = misfit(free);
    MatrixXd information;
    bool converged = false;
    for (int step = 0; step < most_steps && !converged; ++step) {
        const MatrixXd derivative = derivative_of(fitted, points, free);
        if (!derivative.allFinite()) return std::nullopt;
        information = derivative.transpose() * factors.solve(derivative);
        information.diagonal().array() += damping;
        const VectorXd away = points.log_hazard - log_hazard_of(fitted, points, free);
        VectorXd move = information.ldlt().solve(derivative.transpose() * factors.solve(away));
        double next = misfit(free + move);
        for (int halving = 0; halving < 12 && !(next <= best); ++halving) {
            move *= 0.5;
            next = misfit(free + move);
        }
        converged = !(next < best - found);
        if (next <= best) {
            free += move;
            best = next;
        }
    }
    if (!converged || !std::isfinite(best)) return std::nullopt;
    const MatrixXd covariance = information.inverse();
    const auto n = static_cast<std::size_t>(n_free);
    return Identification{{free.data(), free.data() + n_free},
                          {n, {covariance.data(), covariance.data() + covariance.size()}}};
}

// Whether what is published shows a curve that has levelled off: its last published point lies at a share that is no
// remainder of a long tail, and from an earlier one, at most so early, hardly any of the fall is left. A cured share is
// identified only then (Maller & Zhou 1992, Biometrika 79:731: follow-up must go well beyond the last event).
bool levels_off(const FittedModel& fitted, std::size_t arm) {
    const std::vector<NumberInFit>& numbers = fitted.numbers_in_fit();
    constexpr double least_survivors = 0.1, earlier = 0.7, most_of_fall = 0.06;
    using Use = NumberInFit::Use;
    const NumberInFit* last = nullptr;
    for (const NumberInFit& number : numbers)
        if (number.arm == arm && (number.use == Use::anchor || number.use == Use::median) &&
            (last == nullptr || number.time_months > last->time_months))
            last = &number;
    if (last == nullptr || last->survival < least_survivors) return false;
    return std::ranges::any_of(numbers, [&](const NumberInFit& number) {
        return number.arm == arm && number.use == Use::anchor && number.time_months <= earlier * last->time_months &&
               number.survival - last->survival <= most_of_fall * (1 - last->survival);
    });
}

namespace {

// What the curve says of a cured share that no published estimates identify; empty if they do.
std::string why_no_cured_share(const FittedModel& fitted, std::size_t arm) {
    if (fitted.arms[arm].parameters.back() < 2 * nobody_cured)
        return fmt::format(
            "the best fit of this family has no cured share: it equals the {} model and does not show whether patients "
            "are cured",
            fitted.model->family->uncured->name);
    if (!levels_off(fitted, arm))
        return "the cured share is not identified: no published estimates show a curve that has levelled off";
    return "";
}

}  // namespace

// Whether the published estimates alone say as much of every parameter but the cured share as the curves of similar
// trials, and agree with the value that was found with their help.
void judge(FittedModel& fitted, std::size_t arm, const std::optional<Identification>& alone,
           const std::vector<double>& prior_variance) {
    const Coordinates coordinates(*fitted.model->family);
    ArmFit& result = fitted.arms[arm];
    if (result.status != FitStatus::determined) return;
    if (coordinates.has_cure()) {
        result.reason = why_no_cured_share(fitted, arm);
        if (!result.reason.empty() && !levels_off(fitted, arm)) result.status = FitStatus::prior;
        if (!result.reason.empty()) return;
    }
    const double z = evidence::z_of_level(parameter_level);
    // Of a cure model the status is that of the share: a shape that the curve of the uncured cannot quite have, as
    // under any law that is not the family's, does not make a plateau doubtful.
    const bool of_share = coordinates.has_cure();
    constexpr double most_left = 0.5;  // of the variance by the prior
    bool precise = of_share || alone.has_value(), agrees = alone.has_value();
    for (std::size_t k = 0; precise && k < coordinates.size(); ++k) {
        const std::size_t at = fitted.coordinates[arm][k];
        if (k > 0)
            precise = of_share ? fitted.covariance(at, at) < most_left * prior_variance[at]
                               : alone->covariance(at, at) < prior_variance[at];
        if (!agrees) continue;
        const double away = fitted.free_parameters[at] - alone->free_parameters[at];
        agrees = away * away <= z * z * alone->covariance(at, at);
    }
    if (precise && of_share && !agrees) return;
    if (precise && agrees) {
        result.parameter_limits = parameter_limits(fitted, arm, *alone);
        if (!result.parameter_limits.empty()) return;  // else the parameters are at the ends of the range of double
    }
    result.status = FitStatus::prior;
    result.reason =
        precise && !of_share
            ? std::string("not identified: under this family the published estimates alone give different parameters")
            : fmt::format(
                  "not identified by the published estimates alone: the shape comes mostly from "
                  "published {} curves",
                  fitted.evidence->constants->endpoint(fitted.evidence->endpoint).endpoint_class);
}

}  // namespace hersurv::fit
