// Searches the nearest member by Levenberg and Marquardt's method, of a cure model by variable projection.
#include "fit/nearest_member.hpp"

#include <Eigen/Cholesky>

#include "fit/identification.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <unsupported/Eigen/LevenbergMarquardt>

namespace hersurv::fit {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int most_evaluations = 400;  // of the minimiser

std::span<const double> view(const VectorXd& vector) {
    return {vector.data(), static_cast<std::size_t>(vector.size())};
}

// The cured share of an arm whose other patients follow `uncured` (S by time): linear least squares, as
// S = cure + (1 - cure) S0 is linear in it.
double nearest_cured_share(const std::vector<double>& uncured, const ArmTarget& target) {
    double product = 0, square = 0;
    for (std::size_t k = 0; k < uncured.size(); ++k) {
        const double weight = target.weight[k] * target.weight[k], fallen = 1 - uncured[k];
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
            const ArmTarget& target = block_.targets[i];
            const auto natural = parameters_of(family_, block_.positions[i], view(x));
            survived.clear();
            for (const double time : target.time_months)
                survived.push_back(std::exp(-family_.cumulative_hazard(time, natural)));
            if (with_cured_) cured[i] = nearest_cured_share(survived, target);
            for (std::size_t k = 0; k < survived.size(); ++k)
                out[row++] = target.weight[k] * (cured[i] + (1 - cured[i]) * survived[k] - target.survival[k]);
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
std::vector<double> start(const survival::Family& family, const ArmTarget& target, double cure) {
    const Coordinates coordinates(family);
    std::vector<double> shapes{-0.6, 0.0, 0.4, 0.9};
    if (!coordinates.has_cure() && std::isfinite(family.last_shape_with_median))
        for (const double below : {0.5, 1.5, 3.0}) shapes.push_back(family.last_shape_with_median - below);
    static constexpr std::array held{-0.3, 0.4, 1.0};
    const auto time_at = [&target](double s) {
        const auto below = std::ranges::find_if(target.grid_survival, [s](double at) { return at <= s; });
        if (below != target.grid_survival.end())
            return target.grid_months[static_cast<std::size_t>(below - target.grid_survival.begin())];
        // Not reached: as an exponential curve goes on.
        return target.grid_months.back() * std::log(s) / std::log(std::min(target.grid_survival.back(), 0.999));
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
            for (std::size_t k = 3; k < target.grid_months.size(); k += 5) {
                const double survived = std::exp(-family.cumulative_hazard(target.grid_months[k], natural));
                sum += std::pow(added + (1 - added) * survived - target.grid_survival[k], 2);
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
        const auto own = start(family, block.targets[i], cured * block.targets[i].grid_survival.back());
        // Of a coordinate that arms share the last one's start counts.
        for (std::size_t k = 0; k < own.size(); ++k) unknown[static_cast<Index>(block.positions[i][k])] = own[k];
    }
    return unknown;
}

// Whether a target has estimates that are to be met exactly.
bool has_exact_estimates(const Block& block) {
    constexpr double far_more = 1e3;
    return std::ranges::any_of(block.targets, [](const ArmTarget& target) {
        return std::ranges::any_of(target.weight, [](double weight) { return weight > far_more; });
    });
}

// Moves the unknowns to the minimum; false if it was not found within the evaluations.
bool minimise(Distance& functor, VectorXd& unknown, double tolerance, int evaluations) {
    Eigen::LevenbergMarquardt<Distance> minimiser(functor);
    minimiser.setMaxfev(evaluations);
    minimiser.setXtol(tolerance);
    minimiser.setFtol(tolerance);
    const auto status = minimiser.minimize(unknown);
    using namespace Eigen::LevenbergMarquardtSpace;
    return status != TooManyFunctionEvaluation && status != UserAsked && status != ImproperInputParameters;
}

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

}  // namespace

std::vector<Block> blocks_of(const std::vector<ArmTarget>& targets, const Coordinates& coordinates,
                             std::size_t n_coordinates, Shape shape) {
    std::vector<Block> blocks;
    for (const ArmTarget& target : targets) {
        if (blocks.empty() || shape == Shape::separate) blocks.emplace_back();
        Block& block = blocks.back();
        std::vector<std::size_t> positions;
        for (std::size_t k = 0; k < n_coordinates; ++k) {
            const bool shared = k >= 1 && k <= coordinates.n_shapes() && !block.targets.empty();
            positions.push_back(shared ? block.positions.front()[k] : block.n_unknown++);
        }
        block.targets.push_back(target);
        block.positions.push_back(std::move(positions));
        block.n_rows += target.time_months.size();
    }
    return blocks;
}

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
    // Estimates that weigh far more than the curve make a narrow valley, in which a search may stop on its way: it goes
    // on until it stays.
    constexpr int most_restarts = 12;
    constexpr double stays = 1e-3;  // share of the sum that another search may still take away
    double before = infinity;
    for (int restart = 0; restart < most_restarts; ++restart) {
        solution.converged = minimise(functor, nearest, accuracy, most_evaluations);
        functor(nearest, solution.distance);
        const double sum = solution.distance.squaredNorm();
        if (!(sum < (1 - stays) * before)) break;
        before = sum;
        if (!has_exact_estimates(block)) break;
    }
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

}  // namespace hersurv::fit
