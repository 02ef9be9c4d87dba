// The fit: residuals of all observations of an analysis against its arms' curves, minimised by Levenberg-Marquardt.
//
// Minimise over (log median_a, shape coordinate z_a) of every arm a
//     sum over points   ((S_a(t) - s) / sqrt(sd^2 + sd_model^2))^2
//   + sum over bounds   (min(0, S_a(t) - s) / sd)^2
//   + sum over events   ((integral of G dF_a - f) / sd)^2
//   + sum over ratios   ((average log hazard ratio - log HR) / sd)^2
//   + sum over arms     ((z_a - prior mean) / prior sd)^2.
// docs/method.md, section Fitting; the covariance is the inverse of J'J at the minimum, widened where the fit misses
// the numbers (Birge 1932, Phys Rev 40:207).
#include "hersurv/fit/fit.hpp"

#include "hersurv/fit/follow_up.hpp"
#include "hersurv/support/number_text.hpp"

#include <Eigen/Dense>
#include <fmt/format.h>

#include "flexible.hpp"
#include "outcome.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <unsupported/Eigen/LevenbergMarquardt>

namespace hersurv::fit {
namespace {

using evidence::AnalysisEvidence;
using evidence::Kind;
using evidence::Observation;

constexpr double events_gate = 4;       // standard deviations beyond which an event count contradicts the rest
constexpr double shape_alarm = 2;       // prior standard deviations beyond which the numbers' own shape is reported
constexpr double unbounded_prior = 50;  // factor on the prior's sd that leaves the shape to the numbers
constexpr double furthest_log_median =
    9;  // exp(-9) to exp(9) months: no median of a clinical trial is below 5 minutes or beyond 675 years

std::vector<double> member_of(const survival::Family& family, double log_median, double shape) {
    std::vector<double> natural(family.parameters.size());
    family.from_median(std::exp(std::clamp(log_median, -furthest_log_median, furthest_log_median)), shape, natural);
    return natural;
}

// The arms' curves as functions of the free parameters, and what an observation makes of them.
class Problem {
  public:
    Problem(const AnalysisEvidence& evidence, const Model& model, Shape shape)
        : evidence_(evidence), family_(*model.family), constants_(evidence.priors->endpoint(evidence.endpoint)) {
        if (!family_.shape_name.empty()) prior_ = constants_.shape.at(std::string(family_.name));
        find_placed_arms();
        lay_out(shape);
        grid_ = follow_up_grid(evidence_);
    }

    bool placed(std::size_t arm) const { return placed_[arm]; }
    bool has_shape() const { return !family_.shape_name.empty(); }
    std::size_t n_free() const { return n_free_; }
    const std::vector<std::size_t>& log_median_index() const { return log_median_index_; }
    const std::vector<std::size_t>& shape_index() const { return shape_index_; }
    const priors::ShapePrior& prior() const { return prior_; }
    const priors::EndpointConstants& constants() const { return constants_; }
    void widen_prior(double factor) { prior_factor_ = factor; }
    void leave_out(std::size_t observation) { left_out_.insert(observation); }
    bool left_out(std::size_t observation) const { return left_out_.contains(observation); }

    // Whether the objective has a term for this observation.
    bool enters(std::size_t i) const {
        const Observation& o = evidence_.observations[i];
        if (!o.used() || left_out(i) || !placed_[o.arm]) return false;
        return !o.control || placed_[*o.control];
    }

    // Bounds that are met say nothing about how well the model does.
    std::size_t n_idle_bounds(std::span<const double> free) const {
        std::size_t n = 0;
        for (std::size_t i = 0; i < evidence_.observations.size(); ++i)
            n += enters(i) && evidence_.observations[i].kind == Kind::bound &&
                 standardised(evidence_.observations[i], free) == 0;
        return n;
    }

    std::size_t n_residuals() const {
        std::size_t n = n_shapes_;
        for (std::size_t i = 0; i < evidence_.observations.size(); ++i) n += enters(i);
        return n;
    }

    std::vector<double> parameters(std::size_t arm, std::span<const double> free) const {
        return member(free[log_median_index_[arm]], has_shape() ? free[shape_index_[arm]] : 0);
    }

    std::vector<double> member(double log_median, double shape) const { return member_of(family_, log_median, shape); }

    // What the model makes of an observation, on the scale of its `survival` or `value`.
    double predict(const Observation& o, std::span<const double> free) const {
        switch (o.kind) {
            case Kind::point:
            case Kind::bound:
                return std::exp(-family_.cumulative_hazard(o.time_months, parameters(o.arm, free)));
            case Kind::events:
                return expected_events_fraction(followed(o.arm, free));
            case Kind::log_hazard_ratio:
                return average_log_hazard_ratio(followed(o.arm, free), followed(*o.control, free));
            case Kind::only_compared:
                break;
        }
        return 0;
    }

    double standardised(const Observation& o, std::span<const double> free) const {
        const double predicted = predict(o, free);
        switch (o.kind) {
            case Kind::point:
                return (predicted - o.survival) / std::hypot(o.sd, evidence_.priors->reading().sd_model);
            case Kind::bound:
                return std::min(0.0, predicted - o.survival) / o.sd;
            default:
                return (predicted - o.value) / o.sd;
        }
    }

    void residuals(std::span<const double> free, Eigen::VectorXd& out) const {
        Eigen::Index row = 0;
        for (std::size_t i = 0; i < evidence_.observations.size(); ++i)
            if (enters(i)) out[row++] = standardised(evidence_.observations[i], free);
        if (!has_shape()) return;
        for (const std::size_t index : std::set<std::size_t>(shape_index_.begin(), shape_index_.end()))
            if (index != FittedModel::npos) out[row++] = (free[index] - prior_.mean) / (prior_.sd * prior_factor_);
    }

    Eigen::VectorXd start() const {
        Eigen::VectorXd free = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(n_free_));
        std::vector<std::optional<double>> log_median(evidence_.arms.size());
        const double typical_shape = std::exp(constants_.shape.at("weibull").mean);
        for (const Observation& o : evidence_.observations)
            if (o.kind == Kind::point && !log_median[o.arm])
                log_median[o.arm] =
                    std::log(o.time_months) + std::log(std::log(2.0) / -std::log(o.survival)) / typical_shape;
        for (const Observation& o : evidence_.observations)
            if (o.kind == Kind::events && !log_median[o.arm]) {
                // The curve of the usual shape that has these events: far from it S hardly depends on the median, and
                // the minimiser would lose its way.
                const double log_follow_up = std::log(*evidence_.arms[o.arm].follow_up_months);
                double early = log_follow_up - 7, late = log_follow_up + 7;
                for (int i = 0; i < 50; ++i) {
                    const double middle = 0.5 * (early + late);
                    (expected_events_fraction(follow(evidence_, o.arm, family_, member(middle, prior_.mean), grid_)) >
                             o.value
                         ? early
                         : late) = middle;
                }
                log_median[o.arm] = 0.5 * (early + late);
            }
        for (std::size_t pass = 0; pass < evidence_.arms.size(); ++pass)
            for (const Observation& o : evidence_.observations) {
                if (o.kind != Kind::log_hazard_ratio) continue;
                auto &experimental = log_median[o.arm], &control = log_median[*o.control];
                if (!experimental && control) experimental = *control - o.value / typical_shape;
                if (!control && experimental) control = *experimental + o.value / typical_shape;
            }
        for (std::size_t arm = 0; arm < evidence_.arms.size(); ++arm) {
            if (!placed_[arm]) continue;
            free[static_cast<Eigen::Index>(log_median_index_[arm])] = log_median[arm].value_or(0);
            if (has_shape()) free[static_cast<Eigen::Index>(shape_index_[arm])] = prior_.mean;
        }
        return free;
    }

    FollowedCurve followed(std::size_t arm, std::span<const double> free) const {
        return follow(evidence_, arm, family_, parameters(arm, free), grid_);
    }

  private:
    // A curve is placed by a point, by its events, or by a hazard ratio against an arm that is placed. A bound places
    // nothing, nor do events that nearly every patient had: any curve that falls early enough has as many.
    void find_placed_arms() {
        placed_.assign(evidence_.arms.size(), false);
        for (const Observation& o : evidence_.observations)
            if (o.kind == Kind::point || (o.kind == Kind::events && o.value < 1 - o.sd)) placed_[o.arm] = true;
        for (std::size_t pass = 0; pass < evidence_.arms.size(); ++pass)
            for (const Observation& o : evidence_.observations)
                if (o.kind == Kind::log_hazard_ratio && placed_[o.arm] != placed_[*o.control])
                    placed_[o.arm] = placed_[*o.control] = true;
    }

    void lay_out(Shape shape) {
        log_median_index_.assign(evidence_.arms.size(), FittedModel::npos);
        shape_index_.assign(evidence_.arms.size(), FittedModel::npos);
        for (std::size_t arm = 0; arm < evidence_.arms.size(); ++arm)
            if (placed_[arm]) log_median_index_[arm] = n_free_++;
        if (!has_shape()) return;
        for (std::size_t arm = 0; arm < evidence_.arms.size(); ++arm) {
            if (!placed_[arm]) continue;
            if (shape == Shape::common && n_shapes_ == 1) {
                shape_index_[arm] = n_free_ - 1;
            } else {
                shape_index_[arm] = n_free_++;
                ++n_shapes_;
            }
        }
    }

    const AnalysisEvidence& evidence_;
    const survival::Family& family_;
    const priors::EndpointConstants& constants_;
    priors::ShapePrior prior_;
    double prior_factor_ = 1;
    std::vector<bool> placed_;
    std::set<std::size_t> left_out_;
    std::vector<std::size_t> log_median_index_, shape_index_;
    std::size_t n_free_ = 0, n_shapes_ = 0;
    std::vector<double> grid_;
};

// Residuals and their central differences, in the form that Eigen's module wants.
struct Functor : Eigen::DenseFunctor<double> {
    explicit Functor(const Problem& p)
        : DenseFunctor<double>(static_cast<int>(p.n_free()), static_cast<int>(std::max(p.n_residuals(), p.n_free()))),
          problem(p) {}
    int operator()(const InputType& x, ValueType& f) const {
        f.setZero(
            values());  // more free parameters than residuals cannot happen with a proper prior; the rows would be zero
        problem.residuals({x.data(), static_cast<std::size_t>(x.size())}, f);
        return 0;
    }
    int df(const InputType& x, JacobianType& jacobian) const {
        InputType moved = x;
        ValueType above(values()), below(values());
        for (Eigen::Index j = 0; j < x.size(); ++j) {
            constexpr double step = 1e-5;
            moved[j] = x[j] + step;
            (*this)(moved, above);
            moved[j] = x[j] - step;
            (*this)(moved, below);
            moved[j] = x[j];
            jacobian.col(j) = (above - below) / (2 * step);
        }
        return 0;
    }
    const Problem& problem;
};

struct Solution {
    Eigen::VectorXd free;
    Eigen::MatrixXd jacobian;
    double objective = 0;
    bool converged = false;
};

Solution solve(const Problem& problem, int most_evaluations) {
    Functor functor(problem);
    Eigen::LevenbergMarquardt<Functor> minimiser(functor);
    minimiser.setMaxfev(most_evaluations);
    minimiser.setXtol(1e-10);
    minimiser.setFtol(1e-12);
    Solution solution;
    solution.free = problem.start();
    const auto status = minimiser.minimize(solution.free);
    using namespace Eigen::LevenbergMarquardtSpace;
    solution.converged = status == RelativeReductionTooSmall || status == RelativeErrorTooSmall ||
                         status == RelativeErrorAndReductionTooSmall || status == CosinusTooSmall ||
                         status == FtolTooSmall || status == XtolTooSmall || status == GtolTooSmall;
    Functor::ValueType residuals(functor.values());
    functor(solution.free, residuals);
    solution.objective = residuals.squaredNorm();
    solution.converged = solution.converged && std::isfinite(solution.objective);
    solution.jacobian.resize(functor.values(), functor.inputs());
    functor.df(solution.free, solution.jacobian);
    return solution;
}

std::span<const double> view(const Eigen::VectorXd& vector) {
    return {vector.data(), static_cast<std::size_t>(vector.size())};
}

// An event count that the rest of the evidence contradicts says something about how follow-up was reported (patients'
// times until death or censoring instead of reverse Kaplan-Meier), not about the curve.
void gate_events(Problem& problem, const AnalysisEvidence& evidence, const FitOptions& options,
                 std::vector<std::string>& messages) {
    std::vector<std::size_t> events;
    for (std::size_t i = 0; i < evidence.observations.size(); ++i)
        if (evidence.observations[i].kind == Kind::events && problem.enters(i)) events.push_back(i);
    if (events.empty()) return;
    AnalysisEvidence others = evidence;
    for (const std::size_t i : events) others.observations[i].kind = Kind::only_compared;
    const Problem without(others, *find_model("weibull"), options.shape);
    if (without.n_free() == 0) return;
    const Solution solution = solve(without, options.most_evaluations);
    for (const std::size_t i : events) {
        const Observation& o = evidence.observations[i];
        if (!without.placed(o.arm)) continue;
        const double predicted = expected_events_fraction(without.followed(o.arm, view(solution.free)));
        if (std::abs(predicted - o.value) <= events_gate * o.sd) continue;
        problem.leave_out(i);
        const double n = *evidence.arms[o.arm].n_patients;
        messages.push_back(fmt::format(
            "{}: the {} events are not used: with the other numbers and a median follow-up of {} months about {:.0f} "
            "would be expected, so the "
            "follow-up is not the potential (reverse Kaplan-Meier) one, or the two belong to different data cuts",
            evidence.arms[o.arm].id, support::shortest(o.published.value),
            support::shortest(*evidence.arms[o.arm].follow_up_months),
            std::max(0.0, n * (predicted - problem.constants().events_offset))));
    }
}

// How many different times pin the curve of an arm.
std::size_t n_points(const AnalysisEvidence& evidence, std::size_t arm) {
    std::set<double> times;
    for (const Observation& o : evidence.observations)
        if (o.arm == arm && o.kind == Kind::point) times.insert(o.time_months);
    return times.size();
}

}  // namespace

std::string_view word(FitStatus status) {
    switch (status) {
        case FitStatus::determined:
            return "determined";
        case FitStatus::prior:
            return "prior";
        case FitStatus::not_enough_data:
            return "not-enough-data";
        case FitStatus::not_converged:
            return "not-converged";
    }
    return "";
}

namespace {

// The curves of a family's members.
class ParametricCurves : public Curves {
  public:
    explicit ParametricCurves(const FittedModel& fitted)
        : family_(*fitted.model->family),
          log_median_index_(fitted.log_median_index),
          shape_index_(fitted.shape_index),
          covariance_(fitted.covariance) {}

    std::vector<double> parameters(std::size_t arm, std::span<const double> free) const {
        return member_of(family_, free[log_median_index_[arm]],
                         shape_index_[arm] == FittedModel::npos ? 0 : free[shape_index_[arm]]);
    }
    double cumulative_hazard(std::size_t arm, double time_months, std::span<const double> free) const override {
        return survival::cumulative_hazard(family_, time_months, parameters(arm, free));
    }
    double time_at_survival(std::size_t arm, double s, std::span<const double> free) const override {
        return survival::time_at_survival(family_, s, parameters(arm, free));
    }
    double rmst(std::size_t arm, double horizon_months, std::span<const double> free) const override {
        return survival::rmst(family_, horizon_months, parameters(arm, free));
    }
    double density(std::size_t arm, double time_months, std::span<const double> free) const override {
        return survival::density(family_, time_months, parameters(arm, free));
    }
    double variance(std::span<const double> gradient) const override {
        double sum = 0;
        for (std::size_t i = 0; i < gradient.size(); ++i)
            for (std::size_t j = 0; j < gradient.size(); ++j) sum += gradient[i] * covariance_(i, j) * gradient[j];
        return sum;
    }

  private:
    const survival::Family& family_;
    std::vector<std::size_t> log_median_index_, shape_index_;
    SymmetricMatrix covariance_;
};

}  // namespace

std::vector<double> FittedModel::parameters_at(std::size_t arm, std::span<const double> free) const {
    return member_of(*model->family, free[log_median_index[arm]],
                     shape_index[arm] == npos ? 0 : free[shape_index[arm]]);
}

SymmetricMatrix FittedModel::natural_covariance(std::size_t arm) const {
    const std::size_t n = model->family->parameters.size(), n_free = free_parameters.size();
    Eigen::MatrixXd jacobian(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n_free));
    std::vector<double> moved = free_parameters;
    for (std::size_t j = 0; j < n_free; ++j) {
        constexpr double step = 1e-5;
        moved[j] = free_parameters[j] + step;
        const auto above = parameters_at(arm, moved);
        moved[j] = free_parameters[j] - step;
        const auto below = parameters_at(arm, moved);
        moved[j] = free_parameters[j];
        for (std::size_t i = 0; i < n; ++i)
            jacobian(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = (above[i] - below[i]) / (2 * step);
    }
    const Eigen::Map<const Eigen::MatrixXd> free_covariance(covariance.values.data(), static_cast<Eigen::Index>(n_free),
                                                            static_cast<Eigen::Index>(n_free));
    const Eigen::MatrixXd natural = jacobian * free_covariance * jacobian.transpose();
    return {n, {natural.data(), natural.data() + natural.size()}};
}

FittedModel fit(std::shared_ptr<const AnalysisEvidence> evidence, const Model& model, const FitOptions& options) {
    if (model.family == nullptr) return fit_flexible(std::move(evidence), model);
    FittedModel fitted;
    fitted.model = &model;
    fitted.shape = options.shape;
    fitted.evidence = std::move(evidence);
    const AnalysisEvidence& data = *fitted.evidence;
    fitted.arms.resize(data.arms.size());
    Problem problem(data, model, options.shape);
    fitted.log_median_index = problem.log_median_index();
    fitted.shape_index = problem.shape_index();
    for (std::size_t arm = 0; arm < data.arms.size(); ++arm)
        if (!problem.placed(arm)) fitted.arms[arm].reason = what_is_missing(data.arms[arm]);
    if (problem.n_free() == 0) return fitted;

    gate_events(problem, data, options, fitted.messages);
    const Solution solution = solve(problem, options.most_evaluations);
    fitted.free_parameters.assign(solution.free.begin(), solution.free.end());
    fitted.objective = solution.objective;

    const auto n = static_cast<Eigen::Index>(problem.n_free());
    // A tiny ridge keeps the inverse finite where an arm hangs on one tie alone.
    const Eigen::MatrixXd information =
        solution.jacobian.transpose() * solution.jacobian + 1e-12 * Eigen::MatrixXd::Identity(n, n);
    const Eigen::MatrixXd inverse = information.ldlt().solve(Eigen::MatrixXd::Identity(n, n));
    const double degrees = static_cast<double>(problem.n_residuals() - problem.n_idle_bounds(view(solution.free))) -
                           static_cast<double>(problem.n_free());
    fitted.inflation = degrees > 0 ? std::max(1.0, solution.objective / degrees) : 1.0;
    const Eigen::MatrixXd covariance = fitted.inflation * inverse;
    fitted.covariance = {problem.n_free(), {covariance.data(), covariance.data() + covariance.size()}};
    fitted.curves = std::make_shared<const ParametricCurves>(fitted);

    for (std::size_t arm = 0; arm < data.arms.size(); ++arm) {
        if (!problem.placed(arm)) continue;
        ArmFit& result = fitted.arms[arm];
        result.parameters = problem.parameters(arm, view(solution.free));
        result.supported_months = supported_months(
            data, arm, [&](double time) { return model.family->cumulative_hazard(time, result.parameters); });
        result.status = FitStatus::determined;
        if (problem.has_shape()) {
            const auto index = static_cast<Eigen::Index>(problem.shape_index()[arm]);
            // Less than half of the information on the shape is the numbers' own.
            if (inverse(index, index) > 0.5 * problem.prior().sd * problem.prior().sd) {
                result.status = FitStatus::prior;
                result.reason =
                    fmt::format("the numbers hardly determine the shape; it comes mostly from published {} curves",
                                problem.constants().endpoint_class);
            }
        }
        if (!solution.converged) {
            result.status = FitStatus::not_converged;
            result.reason = "the minimisation did not converge";
        } else if (std::abs(fitted.free_parameters[fitted.log_median_index[arm]]) >= furthest_log_median) {
            result.status = FitStatus::not_converged;
            result.reason = "the numbers drive the median beyond all bounds; they contradict each other";
        }
    }

    if (problem.has_shape()) {
        Problem free_shape = problem;
        free_shape.widen_prior(unbounded_prior);
        const Solution own = solve(free_shape, options.most_evaluations);
        for (std::size_t arm = 0; own.converged && arm < data.arms.size(); ++arm) {
            if (!problem.placed(arm) || n_points(data, arm) < 2) continue;
            const double z = own.free[static_cast<Eigen::Index>(problem.shape_index()[arm])];
            fitted.arms[arm].shape_coordinate_without_prior = z;
            const double away = (z - problem.prior().mean) / problem.prior().sd;
            if (std::abs(away) <= shape_alarm) continue;
            const auto natural = problem.parameters(arm, view(own.free));
            std::vector<double> typical(natural.size());
            model.family->from_median(1, problem.prior().mean, typical);
            std::string numbers, usual;
            bool below =
                false;  // of the parameter that is named: a large shape coordinate of the lognormal is a small sdlog
            for (std::size_t p = 0; p < natural.size(); ++p) {
                const auto& info = model.family->parameters[p];
                if (!info.unit.empty() || info.name == "meanlog")
                    continue;  // the shape-like parameters are pure numbers
                numbers += fmt::format("{}{} {:.2f}", numbers.empty() ? "" : ", ", info.name, natural[p]);
                usual += fmt::format("{}{:.2f}", usual.empty() ? "" : ", ", typical[p]);
                below = natural[p] < typical[p];
            }
            fitted.messages.push_back(
                fmt::format("{}: the numbers alone want {}, {:.1f} prior standard deviations {} what published {} "
                            "curves show ({}): the {} curve is a compromise between the two",
                            data.arms[arm].id, numbers, std::abs(away), below ? "below" : "above",
                            problem.constants().endpoint_class, usual, model.family->title));
        }
    }
    fitted.residuals = published_beside_fitted(fitted);
    for (Residual& residual : fitted.residuals)
        if (problem.enters(residual.observation))
            residual.standardised =
                problem.standardised(data.observations[residual.observation], fitted.free_parameters);
    return fitted;
}

FittedModel fit_auto(std::shared_ptr<const AnalysisEvidence> evidence, const FitOptions& options) {
    FittedModel flexible = fit(evidence, *find_model("flexible"), options);
    if (flexible.curves != nullptr)
        flexible.messages.insert(flexible.messages.begin(),
                                 "auto took flexible: it bends to every printed number, and where medians are reached "
                                 "it is the most accurate model on "
                                 "digitised curves, whatever is printed (docs/accuracy.md)");
    return flexible;
}

}  // namespace hersurv::fit
