// Newton's method with steps that always climb, from several starts.
#include "patients/likelihood_maximum.hpp"

#include <Eigen/Eigenvalues>

#include "support/number_text.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace hersurv::patients {
namespace {

using survival::CensoredTime;
using survival::Domain;
using survival::Precision;

struct Surface {
    double value = 0;
    Eigen::VectorXd gradient;
    Eigen::MatrixXd hessian;
};

// A coordinate at the boundary is held: its slopes are 0.
Surface surface_at(const LikelihoodProblem& problem, const Eigen::VectorXd& x, Precision precision) {
    const auto n = static_cast<Eigen::Index>(problem.n_coordinates);
    Surface surface{0, Eigen::VectorXd::Zero(n), Eigen::MatrixXd::Zero(n, n)};
    for (std::size_t arm = 0; arm < problem.arms.size(); ++arm) {
        const std::vector<std::size_t>& index = problem.index[arm];
        std::array<double, survival::most_parameters> local{};
        for (std::size_t i = 0; i < index.size(); ++i) local[i] = x[static_cast<Eigen::Index>(index[i])];
        const auto terms = survival::log_likelihood(*problem.family, problem.arms[arm],
                                                    std::span<const double>(local).first(index.size()), precision);
        surface.value += terms.value;
        std::size_t k = 0;
        for (std::size_t i = 0; i < index.size(); ++i) {
            const auto to_i = static_cast<Eigen::Index>(index[i]);
            surface.gradient[to_i] += terms.gradient[i];
            for (std::size_t j = 0; j <= i; ++j, ++k) {
                const auto to_j = static_cast<Eigen::Index>(index[j]);
                surface.hessian(to_i, to_j) += terms.hessian[k];
                if (j != i) surface.hessian(to_j, to_i) += terms.hessian[k];
            }
        }
    }
    for (Eigen::Index i = 0; i < n; ++i) {
        if (x[i] != nobody_cured) continue;
        surface.gradient[i] = 0;
        surface.hessian.row(i).setZero();
        surface.hessian.col(i).setZero();
    }
    return surface;
}

bool usable(const Surface& surface) {
    return std::isfinite(surface.value) && surface.gradient.allFinite() && surface.hessian.allFinite();
}

struct Climb {
    Eigen::VectorXd x;
    Surface surface;
    bool usable = false, converged = false;
    std::string reason;
};

// A hazard that changes with time: Gompertz's shape.
bool is_slope(const survival::ParameterInfo& info) { return info.domain == Domain::real && !info.unit.empty(); }

// How far a coordinate is let go, times being in units of the mean time to an event: beyond it a parameter is on its
// way to infinity, or a cured share to 0.
double farthest(const survival::Family& family, std::size_t parameter) {
    const survival::ParameterInfo& info = family.parameters[parameter];
    if (info.domain == Domain::share || info.name == "q") return 15;
    if (is_slope(info)) return 1e6;
    const bool gompertz = family.name.starts_with("gompertz");  // a late rise of the hazard has a rate near 0
    return gompertz || info.domain == Domain::real ? 300 : 12;
}

// The longest step of each coordinate: e^2 of a parameter above 0, and of the hazard from start to end.
Eigen::VectorXd longest_steps(const LikelihoodProblem& problem) {
    constexpr double longest = 2;
    Eigen::VectorXd steps = Eigen::VectorXd::Constant(static_cast<Eigen::Index>(problem.n_coordinates), longest);
    double last_time = 0;
    for (const auto& times : problem.arms) last_time = std::max(last_time, times.back().time_months);
    for (const std::vector<std::size_t>& index : problem.index)
        for (std::size_t i = 0; i < index.size(); ++i)
            if (is_slope(problem.family->parameters[i]))
                steps[static_cast<Eigen::Index>(index[i])] = longest / last_time;
    return steps;
}

// The parameter that ran away, if any did; a share that runs to 0 is held there.
std::string runaway(const LikelihoodProblem& problem, Climb& climb) {
    for (const std::vector<std::size_t>& index : problem.index)
        for (std::size_t i = 0; i < index.size(); ++i) {
            double& x = climb.x[static_cast<Eigen::Index>(index[i])];
            const survival::ParameterInfo& info = problem.family->parameters[i];
            if (x == nobody_cured || std::fabs(x) <= farthest(*problem.family, i)) continue;
            if (info.domain == Domain::share && x < 0)
                x = nobody_cured;
            else
                return "the likelihood still rises as " + std::string(info.name) +
                       (x > 0                         ? " goes to infinity"
                        : info.domain == Domain::real ? " goes to minus infinity"
                                                      : " goes to 0");
        }
    return "";
}

// Newton's step where the surface is curved downwards, and uphill along every other direction (the eigenvalues by
// their size: Nocedal & Wright, Numerical Optimization, 2nd ed. 2006, 3.4).
Eigen::VectorXd uphill_step(const Surface& surface, bool& maximum) {
    Eigen::MatrixXd information = -surface.hessian;
    // A coordinate that is held has no slopes: any curvature keeps it where it is.
    const double usual = information.diagonal().cwiseAbs().maxCoeff();
    for (Eigen::Index i = 0; i < information.rows(); ++i)
        if (information(i, i) == 0 && surface.gradient[i] == 0) information(i, i) = usual;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(information);
    const Eigen::VectorXd& curvature = solver.eigenvalues();
    const double largest = curvature.cwiseAbs().maxCoeff();
    maximum = true;
    Eigen::VectorXd along = solver.eigenvectors().transpose() * surface.gradient;
    for (Eigen::Index i = 0; i < along.size(); ++i) {
        constexpr double flat = 1e-13;
        maximum = maximum && curvature[i] > flat * largest;
        along[i] /= std::max(std::fabs(curvature[i]), flat * largest);
    }
    return solver.eigenvectors() * along;
}

Climb climb_from(const LikelihoodProblem& problem, const Eigen::VectorXd& start, Precision precision, int most_steps) {
    constexpr double enough = 1e-9;
    const Eigen::VectorXd longest = longest_steps(problem);
    Climb climb{start, surface_at(problem, start, precision), false, false, "no maximum was found"};
    climb.usable = usable(climb.surface);
    for (int i = 0; climb.usable && i < most_steps; ++i) {
        bool maximum = false;
        Eigen::VectorXd step = uphill_step(climb.surface, maximum);
        const double gain = climb.surface.gradient.dot(step);  // twice what the step promises
        step /= std::max(1.0, step.cwiseAbs().cwiseQuotient(longest).maxCoeff());
        const bool last = maximum && gain < enough;
        double share = 1;
        for (;; share /= 2) {
            const Eigen::VectorXd next = climb.x + share * step;
            Surface there = surface_at(problem, next, precision);
            // The last step is within rounding of the top.
            const double asked = last ? climb.surface.value - 1e-12 * std::fabs(climb.surface.value) - 1e-12
                                      : climb.surface.value + 1e-4 * share * climb.surface.gradient.dot(step);
            if (usable(there) && there.value >= asked) {
                climb.x = next;
                climb.surface = std::move(there);
                break;
            }
            if (share < 1e-12) break;
        }
        if (last || share < 1e-12) {
            climb.converged = last;
            break;
        }
        const Eigen::VectorXd before = climb.x;
        if (std::string reason = runaway(problem, climb); !reason.empty()) {
            climb.reason = std::move(reason);
            break;
        }
        if (climb.x != before) climb.surface = surface_at(problem, climb.x, precision);
        climb.usable = usable(climb.surface);
    }
    return climb;
}

// Every k-th of the patients by time: the search for the best start does not need all of a large arm.
std::vector<CensoredTime> thinned(const std::vector<CensoredTime>& times) {
    constexpr double enough = 1000;
    double n_events = 0, n = 0;
    for (const CensoredTime& at : times) {
        n_events += at.n_events;
        n += at.n_events + at.n_censored;
    }
    if (static_cast<double>(times.size()) <= 2 * enough) return times;
    const double share = std::min(1.0, std::max(enough / n, 200 / n_events));
    std::vector<CensoredTime> kept;
    double events = 0, censored = 0;
    const auto whole_more = [share](double& sum, double count) {
        const double before = std::floor(sum);
        sum += share * count;
        return std::floor(sum) - before;
    };
    for (CensoredTime at : times) {
        at.n_events = whole_more(events, at.n_events);
        at.n_censored = whole_more(censored, at.n_censored);
        if (at.n_events + at.n_censored > 0) kept.push_back(at);
    }
    return kept;
}

const Climb& highest(const std::vector<Climb>& climbs) {
    // One without a maximum counts only if none has one.
    const auto rank = [](const Climb& climb) {
        return std::pair(climb.usable ? (climb.converged ? 2 : 1) : 0,
                         std::isnan(climb.surface.value) ? -INFINITY : climb.surface.value);
    };
    return *std::ranges::max_element(climbs, {}, rank);
}

}  // namespace

LikelihoodMaximum highest_maximum(const LikelihoodProblem& problem, const std::vector<std::vector<double>>& starts) {
    constexpr int steps_of_search = 60, most_steps = 200;
    LikelihoodProblem rough = problem;
    for (auto& times : rough.arms) times = thinned(times);
    std::vector<Climb> climbs;
    for (const std::vector<double>& start : starts)
        climbs.push_back(
            climb_from(rough, Eigen::Map<const Eigen::VectorXd>(start.data(), static_cast<Eigen::Index>(start.size())),
                       Precision::search, steps_of_search));
    const Climb best = climb_from(problem, highest(climbs).x, Precision::full, most_steps);
    LikelihoodMaximum maximum;
    maximum.converged = best.converged;
    if (!best.converged) maximum.reason = best.reason;
    maximum.value = best.surface.value;
    maximum.at.assign(best.x.begin(), best.x.end());
    const Eigen::MatrixXd information = -best.surface.hessian;
    maximum.information.assign(information.data(), information.data() + information.size());
    return maximum;
}

}  // namespace hersurv::patients
