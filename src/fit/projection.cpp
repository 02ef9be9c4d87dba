// The member of a family that runs closest to the reconstructed curve: least squares of S on an even grid over the
// supported range,
//     minimise over theta   sum over k of (w_k (S(t_k; theta) - S^(t_k)))^2,
// for each arm, or for all arms with one shape; w_k is 1 but at the printed median and milestones, which are points of
// the sum too. At the minimum theta answers to a small change of the curve as
// dtheta = (J'J)^-1 J' w dS^, J = w dS/dtheta (the Gauss-Newton approximation), so that the covariance of theta is that
// of the reconstruction at these points carried over (delta method). docs/method.md, section Families, says why this
// beats fitting the printed numbers directly.
#include "fit/projection.hpp"

#include <Eigen/Cholesky>
#include <fmt/format.h>

#include "evidence/constants.hpp"
#include "fit/coordinates.hpp"
#include "fit/identification.hpp"
#include "fit/outcome.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <unsupported/Eigen/LevenbergMarquardt>

namespace hersurv::fit {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int n_times = 24;            // of the grid
constexpr int most_evaluations = 400;  // of the minimiser
// A family cannot follow every bend of a curve; it should not miss the numbers that people know the trial by. These
// weights (the root of the grid points that a number counts as) cost nothing in the mean error of S (docs/accuracy.md).
constexpr double weight_of_median = 2, weight_of_milestone = 1.5;
// A family of one parameter has one number to give, and gives it to nine digits: the median, or the milestone that
// is all that is known of the arm.
constexpr double weight_of_only_number = 1e5;

std::span<const double> view(const VectorXd& vector) {
    return {vector.data(), static_cast<std::size_t>(vector.size())};
}

// The curves of a family's members.
class ParametricCurves : public Curves {
  public:
    explicit ParametricCurves(const FittedModel& fitted)
        : family_(*fitted.model->family),
          coordinates_(fitted.coordinates),
          covariance_(fitted.covariance),
          estimate_(fitted.free_parameters) {
        for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm)
            at_estimate_.push_back(fitted.fitted(arm) ? fitted.parameters_at(arm, estimate_) : std::vector<double>());
    }

    double cumulative_hazard(std::size_t arm, double time_months, std::span<const double> free) const override {
        return of(arm, free, [&](auto natural) { return survival::cumulative_hazard(family_, time_months, natural); });
    }
    double time_at_survival(std::size_t arm, double s, std::span<const double> free) const override {
        return of(arm, free, [&](auto natural) { return survival::time_at_survival(family_, s, natural); });
    }
    double rmst(std::size_t arm, double horizon_months, std::span<const double> free) const override {
        return of(arm, free, [&](auto natural) { return survival::rmst(family_, horizon_months, natural); });
    }
    double density(std::size_t arm, double time_months, std::span<const double> free) const override {
        return of(arm, free, [&](auto natural) { return survival::density(family_, time_months, natural); });
    }
    double variance(std::span<const double> gradient) const override {
        double sum = 0;
        for (std::size_t i = 0; i < gradient.size(); ++i)
            for (std::size_t j = 0; j < gradient.size(); ++j) sum += gradient[i] * covariance_(i, j) * gradient[j];
        return sum;
    }

  private:
    // Most often the curve is asked for at the estimate.
    template <typename Function>
    double of(std::size_t arm, std::span<const double> free, const Function& function) const {
        if (std::ranges::equal(free, estimate_)) return function(survival::Parameters(at_estimate_[arm]));
        const auto natural = parameters_of(family_, coordinates_[arm], free);
        return function(survival::Parameters(natural));
    }

    const survival::Family& family_;
    std::vector<std::vector<std::size_t>> coordinates_;
    SymmetricMatrix covariance_;
    std::vector<double> estimate_;                  // the free parameters
    std::vector<std::vector<double>> at_estimate_;  // natural parameters, by arm
};

// Arms that are fitted together, and where their coordinates stand among the unknowns.
struct Block {
    std::vector<const Projector::Target*> targets;
    std::vector<std::vector<std::size_t>> positions;     // by target
    std::vector<std::vector<double>> weights, survival;  // by target and time
    std::size_t n_unknown = 0, n_rows = 0;
};

// The blocks of a family's first `n_coordinates` coordinates.
std::vector<Block> blocks_of(const std::vector<Projector::Target>& targets, const Coordinates& coordinates,
                             std::size_t n_coordinates, Shape shape) {
    std::vector<Block> blocks;
    for (const Projector::Target& target : targets) {
        if (blocks.empty() || shape == Shape::separate) blocks.emplace_back();
        Block& block = blocks.back();
        std::vector<std::size_t> positions;
        for (std::size_t k = 0; k < n_coordinates; ++k) {
            const bool shared = k >= 1 && k <= coordinates.n_shapes() && !block.targets.empty();
            positions.push_back(shared ? block.positions.front()[k] : block.n_unknown++);
        }
        block.targets.push_back(&target);
        block.positions.push_back(std::move(positions));
        block.weights.push_back(target.weight);
        block.survival.push_back(target.survival);
        if (coordinates.size() == 1 && target.only_number) {
            block.weights.back()[*target.only_number] = weight_of_only_number;
            block.survival.back()[*target.only_number] = target.published_survival;
        }
        block.n_rows += target.time_months.size();
    }
    return blocks;
}

// The cured share of an arm whose other patients follow `uncured` (S by time): linear least squares, as
// S = cure + (1 - cure) S0 is linear in it.
double nearest_cured_share(const std::vector<double>& uncured, const Projector::Target& target,
                           const std::vector<double>& weights) {
    double product = 0, square = 0;
    for (std::size_t k = 0; k < uncured.size(); ++k) {
        const double weight = weights[k] * weights[k], fallen = 1 - uncured[k];
        product += weight * fallen * (target.survival[k] - uncured[k]);
        square += weight * fallen * fallen;
    }
    return square > 0 ? std::clamp(product / square, nobody_cured, 1 - nobody_cured) : nobody_cured;
}

// Of a cure model the search is among the members of its uncured family, each with the cured share that brings it
// nearest: separable least squares by variable projection (Golub and Pereyra, SIAM J. Numer. Anal. 10 (1973) 413).
class Distance : public Eigen::DenseFunctor<double> {
  public:
    Distance(const survival::Family& family, const Block& block, bool with_cured = false)
        : DenseFunctor<double>(static_cast<int>(block.n_unknown), static_cast<int>(block.n_rows)),
          family_(family),
          block_(block),
          with_cured_(with_cured) {}

    int operator()(const InputType& x, ValueType& out) const {
        evaluate(x, out);
        last_x_ = x;
        last_ = out;
        return 0;
    }

    // Also gives the cured shares by target (0 for a search without).
    std::vector<double> evaluate(const InputType& x, ValueType& out) const {
        std::vector<double> cured(block_.targets.size()), survived;
        Index row = 0;
        for (std::size_t i = 0; i < block_.targets.size(); ++i) {
            const Projector::Target& target = *block_.targets[i];
            const auto natural = parameters_of(family_, block_.positions[i], view(x));
            survived.clear();
            for (const double time : target.time_months)
                survived.push_back(std::exp(-family_.cumulative_hazard(time, natural)));
            if (with_cured_) cured[i] = nearest_cured_share(survived, target, block_.weights[i]);
            for (std::size_t k = 0; k < survived.size(); ++k)
                out[row++] = block_.weights[i][k] * (cured[i] + (1 - cured[i]) * survived[k] - block_.survival[i][k]);
        }
        return cured;
    }

    // Forward differences lead the search; the derivative at its end is central.
    int df(const InputType& x, JacobianType& jacobian) const {
        constexpr double step = 1e-7;
        InputType moved = x;
        ValueType here(values()), there(values());
        if (last_x_.size() == x.size() && last_x_ == x)
            here = last_;
        else
            evaluate(x, here);
        for (Index j = 0; j < x.size(); ++j) {
            moved[j] = x[j] + step;
            evaluate(moved, there);
            moved[j] = x[j];
            jacobian.col(j) = (there - here) / step;
        }
        return 0;
    }

    [[nodiscard]] MatrixXd central_derivative(const VectorXd& x) const {
        constexpr double step = 1e-5;
        VectorXd moved = x, above(values()), below(values());
        MatrixXd derivative(values(), inputs());
        for (Index j = 0; j < x.size(); ++j) {
            moved[j] = x[j] + step;
            evaluate(moved, above);
            moved[j] = x[j] - step;
            evaluate(moved, below);
            moved[j] = x[j];
            derivative.col(j) = (above - below) / (2 * step);
        }
        return derivative;
    }

  private:
    const survival::Family& family_;
    const Block& block_;
    bool with_cured_;
    mutable InputType last_x_;  // the derivative is mostly asked for where the function was
    mutable ValueType last_;
};

// Shares of the last S of the curve that a search starts with as cured: a small one and a large one can end at
// different minima (a Gompertz curve levels off by itself).
constexpr std::array cured_of_last{0.1, 0.5, 0.9};

// Where the search for one arm starts: the nearest of a few members with the reconstruction's own median, where this
// share of the patients is cured. `family` is the model or its uncured family.
std::vector<double> start(const survival::Family& family, const Projector::Target& target, double cure) {
    static constexpr std::array shapes{-0.6, 0.0, 0.4, 0.9};
    static constexpr std::array held{-0.3, 0.4, 1.0};
    const Coordinates coordinates(family);
    const auto time_at = [&target](double s) {
        const auto below = std::ranges::find_if(target.survival, [s](double at) { return at <= s; });
        if (below != target.survival.end())
            return target.time_months[static_cast<std::size_t>(below - target.survival.begin())];
        // Not reached: as an exponential curve goes on.
        return target.time_months[n_times - 1] * std::log(s) / std::log(std::min(target.survival[n_times - 1], 0.999));
    };
    std::vector<double> best, tried(coordinates.size());
    double least = infinity;
    const std::size_t n_shape_values = coordinates.n_shapes() > 0 ? shapes.size() : 1,
                      n_held_values = coordinates.n_shapes() > 1 ? held.size() : 1;
    tried[0] = std::log(time_at(cure + (1 - cure) / 2));
    if (coordinates.has_cure()) tried.back() = support::logit(cure);
    const double added = coordinates.has_cure() ? 0 : cure;
    for (std::size_t i = 0; i < n_shape_values; ++i)
        for (std::size_t j = 0; j < n_held_values; ++j) {
            if (coordinates.n_shapes() > 0) tried[1] = shapes[i];
            if (coordinates.n_shapes() > 1) tried[2] = held[j];
            const auto natural = coordinates.parameters(tried);
            double sum = 0;
            for (std::size_t k = 3; k < target.time_months.size(); k += 5) {
                const double survived = std::exp(-family.cumulative_hazard(target.time_months[k], natural));
                sum += std::pow(added + (1 - added) * survived - target.survival[k], 2);
            }
            if (sum < least) {
                least = sum;
                best = tried;
            }
        }
    return best;
}

VectorXd start(const survival::Family& family, const Block& block, double cured) {
    VectorXd unknown(static_cast<Index>(block.n_unknown));
    for (std::size_t i = 0; i < block.targets.size(); ++i) {
        const auto own = start(family, *block.targets[i], cured * block.targets[i]->survival[n_times - 1]);
        // Of a coordinate that arms share the last one's start counts.
        for (std::size_t k = 0; k < own.size(); ++k) unknown[static_cast<Index>(block.positions[i][k])] = own[k];
    }
    return unknown;
}

// Moves the unknowns to the minimum; false where it was not found within the evaluations.
bool minimise(Distance& functor, VectorXd& unknown, double tolerance, int evaluations) {
    Eigen::LevenbergMarquardt<Distance> minimiser(functor);
    minimiser.setMaxfev(evaluations);
    minimiser.setXtol(tolerance);
    minimiser.setFtol(tolerance);
    const auto status = minimiser.minimize(unknown);
    using namespace Eigen::LevenbergMarquardtSpace;
    return status != TooManyFunctionEvaluation && status != UserAsked && status != ImproperInputParameters;
}

struct Solution {
    VectorXd unknown;
    MatrixXd jacobian;
    VectorXd distance;
    bool converged = false;
};

// The unknowns of a cure model, from those of its uncured family and the shares.
VectorXd with_shares(const VectorXd& uncured, const std::vector<double>& cured, const Block& search,
                     const Block& block) {
    VectorXd unknown(static_cast<Index>(block.n_unknown));
    for (std::size_t i = 0; i < block.targets.size(); ++i) {
        for (std::size_t k = 0; k < search.positions[i].size(); ++k)
            unknown[static_cast<Index>(block.positions[i][k])] = uncured[static_cast<Index>(search.positions[i][k])];
        unknown[static_cast<Index>(block.positions[i].back())] = support::logit(cured[i]);
    }
    return unknown;
}

// `uncured` is `block` without the coordinates of cured shares.
Solution solve(const survival::Family& family, const Block& block, const Block& uncured) {
    constexpr double accuracy = 1e-10, first_look = 1e-4;
    constexpr int looks_with_projection = 5, looks = 10;
    // A cured share and a parameter that from_median holds (the q of the generalised gamma) can stand for one another:
    // of members that are all but equally near, the nearest share of a poor one would always lead to none.
    const bool cure = family.uncured != nullptr, projected = cure && family.uncured->n_held == 0;
    const survival::Family& searched = projected ? *family.uncured : family;
    const Block& search = projected ? uncured : block;
    Distance functor(searched, search, projected);
    Solution solution;
    solution.distance.resize(functor.values());
    VectorXd nearest;
    if (cure) {
        double least = infinity;
        for (const double cured : cured_of_last) {
            VectorXd tried = start(searched, search, cured);
            minimise(functor, tried, projected ? accuracy : first_look, projected ? looks_with_projection : looks);
            functor(tried, solution.distance);
            const double sum = solution.distance.squaredNorm();
            if (nearest.size() != 0 && !(sum < least)) continue;
            least = sum;
            nearest = tried;
        }
    } else {
        nearest = start(searched, search, 0);
    }
    solution.converged = minimise(functor, nearest, accuracy, most_evaluations);
    solution.unknown =
        projected ? with_shares(nearest, functor.evaluate(nearest, solution.distance), search, block) : nearest;
    const Distance whole(family, block);
    whole.evaluate(solution.unknown, solution.distance);
    // Along a valley so flat that nobody could tell its members apart any of them will do.
    constexpr double nobody_sees = 1e-4;
    const double rms = std::sqrt(solution.distance.squaredNorm() / static_cast<double>(block.n_rows));
    solution.converged = solution.distance.allFinite() && (solution.converged || rms < nobody_sees);
    solution.jacobian = whole.central_derivative(solution.unknown);
    return solution;
}

// d unknowns of the block / d y at the points of all targets; dS / dy = -S (1 - S).
MatrixXd response(const Block& block, const Solution& solution, Index n_points) {
    const auto n = static_cast<Index>(block.n_unknown);
    MatrixXd information = solution.jacobian.transpose() * solution.jacobian;
    // Keeps the inverse finite along a direction that the curve says nothing about (a cured share that goes to 0).
    information.diagonal().array() += 1e-10;
    const MatrixXd to_unknown = information.ldlt().solve(solution.jacobian.transpose());
    MatrixXd all = MatrixXd::Zero(n, n_points);
    Index row = 0;
    for (std::size_t i = 0; i < block.targets.size(); ++i) {
        const Projector::Target& target = *block.targets[i];
        for (std::size_t k = 0; k < target.time_months.size(); ++k, ++row)
            all.col(static_cast<Index>(target.first + k)) =
                to_unknown.col(row) * (-block.weights[i][k] * target.survival[k] * (1 - target.survival[k]));
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

// Appends the unknowns of a block to the free parameters.
void take_over(const Solution& solution, const Block& block, FittedModel& fitted) {
    const std::size_t first = fitted.free_parameters.size();
    fitted.free_parameters.insert(fitted.free_parameters.end(), solution.unknown.begin(), solution.unknown.end());
    Index row = 0;
    for (std::size_t i = 0; i < block.targets.size(); ++i) {
        const std::size_t arm = block.targets[i]->arm;
        for (const std::size_t position : block.positions[i]) fitted.coordinates[arm].push_back(first + position);
        ArmFit& result = fitted.arms[arm];
        result.status = solution.converged ? FitStatus::determined : FitStatus::not_converged;
        if (!solution.converged) result.reason = "the least squares did not converge";
        result.rms_distance = std::sqrt(solution.distance.segment(row, n_times).squaredNorm() / n_times);
        row += static_cast<Index>(block.targets[i]->time_months.size());
    }
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

}  // namespace

Projector::Projector(FlexibleFit flexible) : flexible_(std::move(flexible)) {
    if (flexible_.curves == nullptr) return;
    const FittedModel& fitted = *flexible_.fitted;
    std::vector<process::ArmTime> points;
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) {
        if (!fitted.fitted(arm)) continue;
        Target target;
        target.arm = arm;
        target.first = points.size();
        const auto look_at = [&](double time_months, double weight) {
            target.time_months.push_back(time_months);
            target.weight.push_back(weight);
            target.survival.push_back(
                std::exp(-flexible_.curves->cumulative_hazard(arm, time_months, fitted.free_parameters)));
            points.push_back({arm, time_months});
        };
        for (int k = 1; k <= n_times; ++k) look_at(fitted.arms[arm].supported_months * k / n_times, 1);
        std::vector<std::pair<std::size_t, double>> milestones;  // where, survival
        for (const evidence::Observation& o : fitted.evidence->observations) {
            if (o.arm != arm || o.kind != evidence::Kind::point) continue;
            const bool median = o.statistic.is(catalogue::StatisticKey::Kind::median);
            if (!median && !o.statistic.is(catalogue::StatisticKey::Kind::milestone)) continue;
            if (median) {
                target.only_number = target.time_months.size();
                target.published_survival = o.survival;
            } else {
                milestones.emplace_back(target.time_months.size(), o.survival);
            }
            look_at(o.time_months, median ? weight_of_median : weight_of_milestone);
        }
        const auto n_numbers = std::ranges::count_if(fitted.evidence->observations, [arm](const auto& o) {
            return o.used() && (o.arm == arm || o.control == arm);
        });
        if (n_numbers == 1 && milestones.size() == 1)
            std::tie(target.only_number, target.published_survival) = milestones.front();
        targets_.push_back(std::move(target));
    }
    covariance_ = flexible_.curves->covariance(points);
    prior_ = flexible_.curves->prior_covariance(points);
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
    if (targets_.empty()) return fitted;

    const Coordinates coordinates(family);
    const auto blocks = blocks_of(targets_, coordinates, coordinates.size(), options.shape),
               searched = blocks_of(targets_, coordinates, coordinates.size() - (coordinates.has_cure() ? 1 : 0),
                                    options.shape);
    const auto n_points = static_cast<Index>(targets_.back().first + targets_.back().time_months.size());
    std::vector<MatrixXd> responses;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        const Solution solution = solve(family, blocks[b], searched[b]);
        responses.push_back(response(blocks[b], solution, n_points));
        take_over(solution, blocks[b], fitted);
    }
    const std::size_t n_free = fitted.free_parameters.size();
    const MatrixXd all = stacked(responses, n_free, n_points);
    const MatrixXd covariance =
        all * Eigen::Map<const MatrixXd>(covariance_.data(), n_points, n_points) * all.transpose();
    const Eigen::Map<const MatrixXd> prior(prior_.data(), n_points, n_points);
    fitted.covariance = {n_free, {covariance.data(), covariance.data() + covariance.size()}};
    fitted.curves = std::make_shared<const ParametricCurves>(fitted);
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
