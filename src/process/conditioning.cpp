// Lays out the matrices of a setting, and conditions on anchors and ties.
#include "process/conditioning.hpp"

#include <Eigen/Cholesky>

#include "survival/follow_up.hpp"
#include <algorithm>
#include <cmath>
#include <utility>

namespace hersurv::process {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int most_iterations = 4;  // Gauss-Newton steps
constexpr double settled = 0.002;   // largest change of S on the grid that ends them

// Solves L x = b, by forward substitution: anchors and ties are few, and the blocked one of Eigen would be more work.
void whiten(const MatrixXd& lower, VectorXd& b) {
    for (Index i = 0; i < b.size(); ++i) {
        b[i] /= lower(i, i);
        for (Index j = i + 1; j < b.size(); ++j) b[j] -= b[i] * lower(j, i);
    }
}

double shift(const Component& component, std::size_t arm, double time_months) {
    return component.scans.empty() ? 0 : component.scans[arm].shift(time_months);
}

void lay_anchors(const Problem& problem, Setting& setting) {
    const auto n = static_cast<Index>(problem.placement.anchors.size());
    setting.observed.resize(n);
    setting.anchor_mean.resize(n);
    VectorXd variance(n);
    for (Index i = 0; i < n; ++i) {
        const Anchor& anchor = problem.placement.anchors[static_cast<std::size_t>(i)];
        const double s = anchor.survival, median = setting.median_months[anchor.arm];
        setting.anchors.push_back(problem.priors[setting.prior].point(anchor.arm, anchor.time_months, median));
        setting.observed[i] = std::log((1 - s) / s);
        setting.anchor_mean[i] = problem.priors[setting.prior].mean(setting.anchors.back().u, median);
        variance[i] = std::pow(anchor.sd / (s * (1 - s)), 2);
    }
    MatrixXd known(n, n);
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j <= i; ++j)
            known(i, j) = known(j, i) = covariance(problem, setting, setting.anchors[static_cast<std::size_t>(i)],
                                                   setting.anchors[static_cast<std::size_t>(j)]);
    known.diagonal() += variance;
    setting.anchor_factor = known.llt().matrixL();
    setting.log_determinant = 2 * setting.anchor_factor.diagonal().array().log().sum();
}

void lay_grid(const Problem& problem, Setting& setting) {
    const std::vector<double> times = survival::follow_up_grid(setting.end_months, grid_intervals);
    const auto n_grid = static_cast<Index>(problem.placed.size() * grid_intervals),
               n_anchors = static_cast<Index>(setting.anchors.size());
    setting.grid.reserve(static_cast<std::size_t>(n_grid));
    setting.grid_mean.resize(n_grid);
    for (const std::size_t arm : problem.placed)
        for (std::size_t k = 1; k < times.size(); ++k) {
            const auto row = static_cast<Index>(setting.grid.size());
            setting.grid.push_back(problem.priors[setting.prior].point(arm, times[k], setting.median_months[arm]));
            setting.grid_mean[row] =
                problem.priors[setting.prior].mean(setting.grid.back().u, setting.median_months[arm]);
        }
    setting.grid_columns = PointColumns(setting.grid);
    setting.grid_covariance.resize(n_grid, n_grid);
    for (Index j = 0; j < n_grid; ++j)
        for (Index i = j; i < n_grid; ++i)
            setting.grid_covariance(i, j) = setting.grid_covariance(j, i) = covariance(
                problem, setting, setting.grid[static_cast<std::size_t>(i)], setting.grid[static_cast<std::size_t>(j)]);
    setting.whitened_grid.resize(n_anchors, n_grid);
    for (Index j = 0; j < n_grid; ++j)
        for (Index i = 0; i < n_anchors; ++i)
            setting.whitened_grid(i, j) = covariance(problem, setting, setting.anchors[static_cast<std::size_t>(i)],
                                                     setting.grid[static_cast<std::size_t>(j)]);
    setting.anchor_factor.triangularView<Eigen::Lower>().solveInPlace(setting.whitened_grid);
}

// Of the published medians and of the limits that are points of the curve.
double log_crossing_density(const Problem& problem, const Component& component) {
    if (component.scans.empty()) return 0;
    double sum = 0;
    for (const std::size_t arm : problem.placed)
        if (problem.arm(arm).median_months)
            sum += component.scans[arm].log_crossing_density(*problem.arm(arm).median_months);
    for (const Anchor& anchor : problem.placement.anchors)
        if (anchor.is_limit) sum += component.scans[anchor.arm].log_crossing_density(anchor.time_months);
    return sum;
}

// False if the schedule is impossible.
bool lay_schedule(const Problem& problem, const Setting& setting, Component& component) {
    if (!problem.constants.scans || !(component.schedule_months > 0)) return true;
    for (std::size_t arm = 0; arm < problem.placement.arms.size(); ++arm) {
        // An arm that is not placed has no curve; its entry only keeps the positions.
        const bool placed = problem.arm(arm).placed;
        component.scans.emplace_back(*problem.constants.scans, placed ? component.schedule_months : 0,
                                     placed ? setting.median_months[arm] : 1);
        if (!component.scans.back().possible()) return false;
    }
    return true;
}

void condition_on_anchors(const Problem& problem, const Setting& setting, Component& component) {
    component.anchor_part = setting.observed - setting.anchor_mean;
    for (Index i = 0; i < component.anchor_part.size(); ++i) {
        const Anchor& anchor = problem.placement.anchors[static_cast<std::size_t>(i)];
        component.anchor_part[i] -= shift(component, anchor.arm, anchor.time_months);
    }
    whiten(setting.anchor_factor, component.anchor_part);
    component.log_weight -= 0.5 * component.anchor_part.squaredNorm();
}

// Mean of y on the grid given the anchors.
VectorXd expected_on_grid(const Problem& problem, const Setting& setting, const Component& component) {
    const std::vector<double> times = survival::follow_up_grid(setting.end_months, grid_intervals);
    VectorXd expected = setting.grid_mean;
    if (!component.scans.empty())
        for (std::size_t i = 0; i < problem.placed.size(); ++i)
            for (std::size_t k = 1; k < times.size(); ++k)
                expected[static_cast<Index>(i * grid_intervals + k - 1)] +=
                    shift(component, problem.placed[i], times[k]);
    expected += setting.whitened_grid.transpose() * component.anchor_part;
    return expected;
}

void condition_on_ties(const Problem& problem, const Setting& setting, const FollowedShares& followed,
                       Component& component) {
    const std::vector<Tie>& ties = problem.placement.ties;
    const auto n_ties = static_cast<Index>(ties.size());
    const VectorXd expected = expected_on_grid(problem, setting, component);
    VectorXd observed(n_ties), variance(n_ties), value(n_ties);
    for (Index i = 0; i < n_ties; ++i) {
        const Tie& tie = ties[static_cast<std::size_t>(i)];
        observed[i] = tie.value;
        variance[i] = tie.sd * tie.sd;
    }
    VectorXd y = expected, misfit(n_ties);
    for (int iteration = 0; iteration < most_iterations; ++iteration) {
        linearise(problem, followed, y, value, component.ties);
        component.coupling = setting.whitened_grid * component.ties.transpose();
        // H V with V = K_GG - whitened' whitened.
        const MatrixXd reach =
            component.ties * setting.grid_covariance - component.coupling.transpose() * setting.whitened_grid;
        MatrixXd spread = reach * component.ties.transpose();
        spread.diagonal() += variance;
        if (iteration == 0)
            component.tie_surprise = ((observed - value).array() / spread.diagonal().array().sqrt()).matrix();
        component.tie_factor = spread.llt().matrixL();
        misfit = observed - value + component.ties * (y - expected);
        component.tie_part = component.tie_factor.triangularView<Eigen::Lower>().solve(misfit);
        const VectorXd weighted =
            component.tie_factor.transpose().triangularView<Eigen::Upper>().solve(component.tie_part);
        const VectorXd next = expected + reach.transpose() * weighted;
        double most = 0;
        for (Index i = 0; i < y.size(); ++i) most = std::max(most, std::abs(survival_of(next[i]) - survival_of(y[i])));
        y = next;
        if (most < settled) break;
    }
    component.grid_y = y;
    component.log_weight -=
        0.5 * component.tie_part.squaredNorm() + component.tie_factor.diagonal().array().log().sum();
}

}  // namespace

double covariance(const Problem& problem, const Setting& setting, const Point& a, const Point& b) {
    return problem.priors[setting.prior].covariance(a, b, setting.noise[a.arm], setting.rounding[a.arm]);
}

Setting make_setting(const Problem& problem, std::size_t prior, std::vector<double> median_months) {
    Setting setting;
    setting.prior = prior;
    setting.median_months = std::move(median_months);
    double latest_follow_up = 0, latest_median = 0;
    for (const std::size_t arm : problem.placed) {
        latest_follow_up = std::max(latest_follow_up, problem.arm(arm).follow_up_months);
        latest_median = std::max(latest_median, setting.median_months[arm]);
    }
    setting.end_months = std::max(1.7 * latest_follow_up, 1.05 * latest_median);
    for (std::size_t i = 0; i < problem.placement.arms.size(); ++i) {
        const ArmPlacement& arm = problem.arm(i);
        setting.noise.push_back(problem.constants.noise_per_patient / arm.n_patients);
        const double relative =
            arm.placed && arm.median_months
                ? problem.constants.median_rounding_factor * arm.median_rounding_months / setting.median_months[i]
                : 0;
        setting.rounding.push_back(relative * relative);
    }
    lay_anchors(problem, setting);
    if (!problem.placement.ties.empty()) lay_grid(problem, setting);
    return setting;
}

std::optional<Component> condition(const Problem& problem, const Setting& setting, const FollowedShares& followed,
                                   const WeightedSchedule& schedule) {
    Component component;
    component.schedule_months = schedule.months;
    if (!lay_schedule(problem, setting, component)) return std::nullopt;
    component.log_weight =
        std::log(problem.priors[setting.prior].share() * schedule.probability) - 0.5 * setting.log_determinant;
    if (problem.constants.scans)
        component.log_weight += problem.constants.scans->crossing_weight * log_crossing_density(problem, component);
    condition_on_anchors(problem, setting, component);
    component.log_weight_of_anchors = component.log_weight;
    if (!problem.placement.ties.empty()) condition_on_ties(problem, setting, followed, component);
    return component;
}

KnownPoint known_point(const Problem& problem, const Setting& setting, std::size_t arm, double time_months) {
    KnownPoint known;
    known.point = problem.priors[setting.prior].point(arm, time_months, setting.median_months[arm]);
    known.time_months = time_months;
    known.with_anchors.resize(static_cast<Index>(setting.anchors.size()));
    for (std::size_t i = 0; i < setting.anchors.size(); ++i)
        known.with_anchors[static_cast<Index>(i)] = covariance(problem, setting, known.point, setting.anchors[i]);
    whiten(setting.anchor_factor, known.with_anchors);
    known.with_grid = problem.priors[setting.prior].covariances(known.point, setting.grid_columns, setting.noise[arm],
                                                                setting.rounding[arm]);
    return known;
}

VectorXd with_ties(const Component& component, const KnownPoint& known) {
    if (component.ties.rows() == 0) return {};
    VectorXd q = component.ties * known.with_grid - component.coupling.transpose() * known.with_anchors;
    whiten(component.tie_factor, q);
    return q;
}

double mean(const Problem& problem, const Setting& setting, const Component& component, const KnownPoint& known,
            const VectorXd& q_z) {
    const std::size_t arm = known.point.arm;
    double m = problem.priors[setting.prior].mean(known.point.u, setting.median_months[arm]) +
               shift(component, arm, known.time_months);
    m += known.with_anchors.dot(component.anchor_part);
    if (q_z.size() > 0) m += q_z.dot(component.tie_part);
    return m;
}

}  // namespace hersurv::process
