// Families as projections of the reconstructed curves: the member that is nearest to the curve on an even grid over the
// supported range, or to the published estimates of survival (docs/method.md, section Families).
//
// At the minimum theta answers to a small change of what it is compared with as dtheta = (J'J)^-1 J' w dS,
// J = w dS/dtheta (the Gauss-Newton approximation), so that the covariance of theta is that of the reconstruction at
// these points carried over (delta method).
#include "fit/projection.hpp"

#include <Eigen/Cholesky>
#include <fmt/format.h>

#include "fit/identification.hpp"
#include "fit/monotone_limits.hpp"
#include "fit/nearest_member.hpp"
#include "fit/outcome.hpp"
#include "fit/parametric_curves.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>
#include <utility>

namespace hersurv::fit {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

constexpr int n_times = 24;  // of the grid
// A family cannot follow every bend of a curve; it should not miss the numbers that people know the trial by. These
// weights (the root of the grid points that a number counts as) cost nothing in the mean error of S (docs/accuracy.md).
constexpr double weight_of_median = 2, weight_of_milestone = 1.5;
// So much that an estimate is met to nine digits.
constexpr double weight_of_exact = 1e5;

// d unknowns of the block / d y at the points of all targets; dS / dy = -S (1 - S).
MatrixXd response(const Block& block, std::span<const std::size_t> first_points, const Solution& solution,
                  Index n_points) {
    const auto n = static_cast<Index>(block.n_unknown);
    MatrixXd information = solution.jacobian.transpose() * solution.jacobian;
    // Keeps the inverse finite along a direction that the curve says nothing about (a cured share that goes to 0).
    information.diagonal().array() += 1e-10;
    const MatrixXd to_unknown = information.ldlt().solve(solution.jacobian.transpose());
    MatrixXd all = MatrixXd::Zero(n, n_points);
    Index row = 0;
    for (std::size_t i = 0; i < block.targets.size(); ++i) {
        const ArmTarget& target = block.targets[i];
        for (std::size_t k = 0; k < target.time_months.size(); ++k, ++row)
            all.col(static_cast<Index>(first_points[i] + k)) =
                to_unknown.col(row) * (-target.weight[k] * target.survival[k] * (1 - target.survival[k]));
    }
    return all;
}

// The model with what needs no search; arms without a curve have their reason.
FittedModel before_search(const Model& model, const FitOptions& options,
                          const std::shared_ptr<const FittedModel>& flexible) {
    FittedModel fitted;
    fitted.model = &model;
    fitted.shape = options.shape;
    fitted.evidence = flexible->evidence;
    fitted.reconstruction = flexible;
    fitted.messages = flexible->messages;
    fitted.arms.resize(flexible->arms.size());
    fitted.coordinates.resize(flexible->arms.size());
    for (std::size_t arm = 0; arm < flexible->arms.size(); ++arm)
        if (!flexible->fitted(arm)) fitted.arms[arm].reason = flexible->arms[arm].reason;
    return fitted;
}

// How each arm is to be laid, one after the other.
enum class Lay { near_curve, near_estimates, through_estimates };

// Through the estimates if there are just as many as parameters and nothing else is known, or where somebody asks
// for it; what was measured to be nearer to digitised curves otherwise (docs/accuracy.md).
Lay way_of(const Projector::ArmPoints& points, std::size_t n_parameters, bool alone, Target target) {
    const std::size_t n = points.published.estimates.size();
    if (target == Target::curve || n == 0) return Lay::near_curve;
    const bool as_many = alone && n <= n_parameters && !points.published.too_near;
    if (target == Target::published) return as_many ? Lay::through_estimates : Lay::near_estimates;
    return as_many && n == n_parameters && points.published.nothing_else ? Lay::through_estimates : Lay::near_curve;
}

ArmTarget target_of(const Projector::ArmPoints& points, Lay way) {
    // Beside estimates the curve only decides between members that meet these alike.
    constexpr double weight_of_curve_beside_estimates = 0.03;
    ArmTarget target;
    target.time_months = points.time_months;
    target.survival = points.survival;
    target.weight.assign(n_times, way == Lay::near_estimates ? weight_of_curve_beside_estimates : 1);
    target.grid_months.assign(points.time_months.begin(), points.time_months.begin() + n_times);
    target.grid_survival.assign(points.survival.begin(), points.survival.begin() + n_times);
    const auto& estimates = points.published.estimates;
    double least_error = infinity;
    for (const PublishedEstimate& estimate : estimates) least_error = std::min(least_error, estimate.standard_error);
    for (std::size_t i = 0; i < estimates.size(); ++i) {
        if (way != Lay::near_curve) target.survival[n_times + i] = estimates[i].survival;
        target.weight.push_back(way == Lay::through_estimates ? weight_of_exact
                                : way == Lay::near_estimates  ? least_error / estimates[i].standard_error
                                : estimates[i].is_median      ? weight_of_median
                                                              : weight_of_milestone);
    }
    return target;
}

// The block and the same without cured shares, which are searched together.
struct Search {
    Block whole, uncured;
    std::vector<const Projector::ArmPoints*> arms;
    std::vector<Lay> ways;
    std::vector<std::size_t> first_points;
};

std::vector<Search> searches_of(const std::vector<Projector::ArmPoints>& arms, const Coordinates& coordinates,
                                const FitOptions& options) {
    const bool alone = options.shape == Shape::separate || arms.size() == 1 || coordinates.n_shapes() == 0;
    std::vector<ArmTarget> targets;
    std::vector<Lay> ways;
    for (const Projector::ArmPoints& arm : arms) {
        ways.push_back(way_of(arm, coordinates.size(), alone, options.target));
        targets.push_back(target_of(arm, ways.back()));
        // A family of one parameter gives the median, whatever else is published.
        if (coordinates.size() == 1 && ways.back() == Lay::near_curve && options.target == Target::automatic)
            for (std::size_t i = 0; i < arm.published.estimates.size(); ++i)
                if (arm.published.estimates[i].is_median) {
                    targets.back().weight[n_times + i] = weight_of_exact;
                    targets.back().survival[n_times + i] = arm.published.estimates[i].survival;
                }
    }
    const auto whole = blocks_of(targets, coordinates, coordinates.size(), options.shape),
               uncured = blocks_of(targets, coordinates, coordinates.size() - (coordinates.has_cure() ? 1 : 0),
                                   options.shape);
    std::vector<Search> searches;
    std::size_t next = 0;
    for (std::size_t b = 0; b < whole.size(); ++b) {
        Search search{whole[b], uncured[b], {}, {}, {}};
        for (std::size_t i = 0; i < whole[b].targets.size(); ++i, ++next) {
            search.arms.push_back(&arms[next]);
            search.ways.push_back(ways[next]);
            search.first_points.push_back(arms[next].first);
        }
        searches.push_back(std::move(search));
    }
    return searches;
}

// By target the estimates of which a published limit does not hold the member.
std::vector<std::pair<std::size_t, std::size_t>> estimates_missed(const survival::Family& family, const Search& search,
                                                                  const Solution& solution) {
    std::vector<std::pair<std::size_t, std::size_t>> missed;
    for (std::size_t i = 0; i < search.arms.size(); ++i) {
        const auto natural =
            parameters_of(family, search.whole.positions[i],
                          {solution.unknown.data(), static_cast<std::size_t>(solution.unknown.size())});
        for (const PublishedLimit& limit : search.arms[i]->published.limits)
            if (!limit.holds(std::exp(-family.cumulative_hazard(limit.time_months, natural))))
                missed.emplace_back(i, limit.estimate);
    }
    return missed;
}

// The nearest member; where it lies outside a published confidence interval and a member near it does not, that one.
Solution solve_within_limits(const survival::Family& family, Search& search, Target target) {
    constexpr int most_rounds = 7;
    constexpr double growth = 1.6;
    Solution nearest = solve(family, search.whole, search.uncured);
    auto missed = estimates_missed(family, search, nearest);
    if (missed.empty() || target == Target::curve) return nearest;
    Search heavier = search;
    for (int round = 0; round < most_rounds; ++round) {
        for (const auto& [target, estimate] : missed)
            for (Block* const block : {&heavier.whole, &heavier.uncured})
                block->targets[target].weight[n_times + estimate] *= growth;
        Solution solution = solve(family, heavier.whole, heavier.uncured);
        missed = estimates_missed(family, heavier, solution);
        if (!missed.empty()) continue;
        search = heavier;
        return solution;
    }
    return nearest;
}

// The largest distance of S from the estimates that an arm was to go through.
double largest_miss(const Search& search, std::size_t target, const Solution& solution, Index first_row) {
    double most = 0;
    const std::vector<double>& weight = search.whole.targets[target].weight;
    for (std::size_t k = n_times; k < weight.size(); ++k)
        most = std::max(most, std::abs(solution.distance[first_row + static_cast<Index>(k)]) / weight[k]);
    return most;
}

// Appends the unknowns of a block to the free parameters.
void take_over(const Solution& solution, const Search& search, FittedModel& fitted) {
    constexpr double met = 1e-5;  // of S
    const std::size_t first = fitted.free_parameters.size();
    fitted.free_parameters.insert(fitted.free_parameters.end(), solution.unknown.begin(), solution.unknown.end());
    Index row = 0;
    for (std::size_t i = 0; i < search.arms.size(); ++i) {
        const std::size_t arm = search.arms[i]->arm;
        for (const std::size_t position : search.whole.positions[i])
            fitted.coordinates[arm].push_back(first + position);
        ArmFit& result = fitted.arms[arm];
        result.target = search.ways[i] == Lay::near_curve ? Target::curve : Target::published;
        result.status = solution.converged ? FitStatus::determined : FitStatus::not_converged;
        if (!solution.converged) result.reason = "the least-squares fit did not converge";
        if (solution.converged && search.ways[i] == Lay::through_estimates &&
            largest_miss(search, i, solution, row) > met) {
            result.status = FitStatus::no_exact_fit;
            result.reason = "no curve of this family was found through all published estimates; this is the closest";
        }
        const double weight_of_grid = search.whole.targets[i].weight.front();
        const auto distance = solution.distance.segment(row, n_times);
        result.rms_distance = std::sqrt(distance.squaredNorm() / n_times) / weight_of_grid;
        Index furthest = 0;
        distance.cwiseAbs().maxCoeff(&furthest);
        result.largest_distance = distance[furthest] / weight_of_grid;
        result.largest_distance_months = search.arms[i]->time_months[static_cast<std::size_t>(furthest)];
        row += static_cast<Index>(search.whole.targets[i].time_months.size());
    }
}

// "fitted exactly to the published survival estimates of A"; empty if every arm is fitted to its curve.
std::string message_of_ways(const std::vector<Search>& searches, const FittedModel& fitted) {
    std::vector<std::string> exact, near;
    for (const Search& search : searches)
        for (std::size_t i = 0; i < search.arms.size(); ++i) {
            const std::size_t arm = search.arms[i]->arm;
            const std::string& id = fitted.evidence->arms[arm].title();
            if (search.ways[i] == Lay::through_estimates && fitted.arms[arm].status != FitStatus::no_exact_fit)
                exact.push_back(id);
            if (search.ways[i] == Lay::near_estimates) near.push_back(id);
        }
    std::vector<std::string> parts;
    if (!exact.empty()) parts.push_back("exactly to the published survival estimates of " + support::joined(exact));
    if (!near.empty())
        parts.push_back("to the published survival estimates of " + support::joined(near) +
                        ", weighted by their precision");
    return parts.empty() ? "" : "fitted " + support::joined(parts, "; ");
}

MatrixXd stacked(const std::vector<MatrixXd>& parts, std::size_t n_rows, Index n_columns) {
    MatrixXd all(static_cast<Index>(n_rows), n_columns);
    Index row = 0;
    for (const MatrixXd& part : parts) {
        all.middleRows(row, part.rows()) = part;
        row += part.rows();
    }
    return all;
}

// The nearest member with nobody cured in these arms, as it is found of the family without cured share.
FittedModel uncured_member(const FittedModel& fitted, const FittedModel& uncured, const std::vector<bool>& in_arm) {
    FittedModel member = fitted;
    const std::size_t n = fitted.free_parameters.size();
    std::vector<std::size_t> source(n, FittedModel::npos);  // of a free parameter: which one of `uncured`
    std::vector<bool> moved(n, false);
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) {
        if (!in_arm[arm]) continue;
        const std::vector<std::size_t>& from = uncured.coordinates[arm];
        for (std::size_t k = 0; k < from.size(); ++k) {
            source[fitted.coordinates[arm][k]] = from[k];
            member.free_parameters[fitted.coordinates[arm][k]] = uncured.free_parameters[from[k]];
        }
        member.free_parameters[fitted.coordinates[arm].back()] = support::logit(nobody_cured);
        for (const std::size_t position : fitted.coordinates[arm]) moved[position] = true;
    }
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            double& covariance = member.covariance.values[i * n + j];
            if (source[i] != FittedModel::npos && source[j] != FittedModel::npos)
                covariance = uncured.covariance(source[i], source[j]);
            else if (moved[i] || moved[j])
                covariance = 0;
        }
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm)
        if (in_arm[arm]) member.arms[arm].parameters = member.parameters_at(arm, member.free_parameters);
    member.curves = parametric_curves(member);
    member.limits = nullptr;
    return member;
}

const Model* model_of(const survival::Family* family) {
    const auto models = parametric_models();
    const auto found = std::ranges::find(models, family, &Model::family);
    return found == models.end() ? nullptr : &*found;
}

}  // namespace

Projector::Projector(FlexibleFit flexible) : flexible_(std::move(flexible)) {
    if (flexible_.curves == nullptr) return;
    const FittedModel& fitted = *flexible_.fitted;
    std::vector<process::ArmTime> points;
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) {
        if (!fitted.fitted(arm)) continue;
        const auto survival_at = [&](double time_months) {
            return std::exp(-flexible_.curves->cumulative_hazard(arm, time_months, fitted.free_parameters));
        };
        ArmPoints of_arm;
        of_arm.arm = arm;
        of_arm.first = points.size();
        of_arm.published = published_estimates(*fitted.evidence, arm, survival_at);
        for (int k = 1; k <= n_times; ++k)
            of_arm.time_months.push_back(fitted.arms[arm].supported_months * k / n_times);
        for (const PublishedEstimate& estimate : of_arm.published.estimates)
            of_arm.time_months.push_back(estimate.time_months);
        for (const double time : of_arm.time_months) {
            of_arm.survival.push_back(survival_at(time));
            points.push_back({arm, time});
        }
        arms_.push_back(std::move(of_arm));
    }
    covariance_ = flexible_.curves->covariance(points);
    prior_ = flexible_.curves->prior_covariance(points);
}

void Projector::add_uncured(FittedModel& fitted, const FitOptions& options) const {
    const Model* const uncured_model = model_of(fitted.model->family->uncured);
    if (uncured_model == nullptr) return;
    std::vector<bool> in_arm;
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm)
        in_arm.push_back(fitted.fitted(arm) && fitted.arms[arm].parameters.back() >= 2 * nobody_cured &&
                         !levels_off(fitted, arm));
    if (std::ranges::find(in_arm, true) == in_arm.end()) return;
    if (options.shape == Shape::common)
        for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) in_arm[arm] = fitted.fitted(arm);
    const FittedModel uncured = project_alone(*uncured_model, options);
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm)
        if (in_arm[arm] && uncured.arms[arm].status == FitStatus::not_converged) return;
    fitted.with_nobody_cured = std::make_shared<const FittedModel>(uncured_member(fitted, uncured, in_arm));
}

FittedModel Projector::project(const Model& model, const FitOptions& options) const {
    FittedModel fitted = project_alone(model, options);
    const auto not_identified = [&](std::size_t arm) {
        return model.family->uncured != nullptr && fitted.fitted(arm) && !fitted.arms[arm].parameters.empty() &&
               !levels_off(fitted, arm);
    };
    bool any = false;
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) any = any || not_identified(arm);
    if (!any) return fitted;
    for (const Model& other : parametric_models()) {
        if (other.family->uncured == nullptr) continue;
        const FittedModel of_family = &other == &model ? fitted : project_alone(other, options);
        for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) {
            if (!not_identified(arm) || of_family.arms[arm].status == FitStatus::not_converged) continue;
            const double found = of_family.arms[arm].parameters.back(), share = found < 2 * nobody_cured ? 0 : found;
            auto& range = fitted.arms[arm].cured_share_range;
            if (!range) range.emplace(share, share);
            range->first = std::min(range->first, share);
            range->second = std::max(range->second, share);
        }
    }
    add_uncured(fitted, options);
    for (ArmFit& arm : fitted.arms)
        if (arm.cured_share_range)
            arm.reason += fmt::format("; the cure families give shares from {} to {}",
                                      support::fixed(arm.cured_share_range->first, 2),
                                      support::fixed(arm.cured_share_range->second, 2));
    return fitted;
}

FittedModel Projector::project_alone(const Model& model, const FitOptions& options) const {
    const survival::Family& family = *model.family;
    FittedModel fitted = before_search(model, options, flexible_.fitted);
    if (arms_.empty()) return fitted;

    std::vector<Search> searches = searches_of(arms_, Coordinates(family), options);
    const auto n_points = static_cast<Index>(arms_.back().first + arms_.back().time_months.size());
    std::vector<MatrixXd> responses;
    for (Search& search : searches) {
        const Solution solution = solve_within_limits(family, search, options.target);
        responses.push_back(response(search.whole, search.first_points, solution, n_points));
        take_over(solution, search, fitted);
    }
    if (const std::string message = message_of_ways(searches, fitted); !message.empty())
        fitted.messages.push_back(message);
    const std::size_t n_free = fitted.free_parameters.size();
    const MatrixXd all = stacked(responses, n_free, n_points);
    const MatrixXd covariance =
        all * Eigen::Map<const MatrixXd>(covariance_.data(), n_points, n_points) * all.transpose();
    const Eigen::Map<const MatrixXd> prior(prior_.data(), n_points, n_points);
    fitted.covariance = {n_free, {covariance.data(), covariance.data() + covariance.size()}};
    fitted.curves = parametric_curves(fitted);
    if (const auto& limits = fitted.reconstruction->limits)
        fitted.limits = std::make_shared<const MonotoneLimits>(limits->times_months());
    std::vector<double> before;  // variance of a free parameter by the prior
    for (Index at = 0; at < static_cast<Index>(n_free); ++at)
        before.push_back(all.row(at) * prior * all.row(at).transpose());
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) {
        if (!fitted.fitted(arm)) continue;
        fitted.arms[arm].parameters = fitted.parameters_at(arm, fitted.free_parameters);
        fitted.arms[arm].supported_from_months = fitted.reconstruction->arms[arm].supported_from_months;
        fitted.arms[arm].supported_months = fitted.reconstruction->arms[arm].supported_months;
    }
    const auto alone = identify(fitted);
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm)
        if (fitted.fitted(arm)) judge(fitted, arm, alone, before);
    fitted.residuals = published_beside_fitted(fitted);
    return fitted;
}

}  // namespace hersurv::fit
