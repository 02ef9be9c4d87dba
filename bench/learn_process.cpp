// Likelihood of the curves of a figure: y = logit(1 - S) at some thirty times of both arms is Gaussian with the mean,
// kernel and sampling noise of docs/method.md; where the class has scan schedules, a mixture over them.
//
// For given hyperparameters the mean is linear in its coefficients: generalised least squares inside the likelihood
// (Rasmussen & Williams 2006, section 2.7); the weights of the schedules and the mean of a mixture by the EM algorithm
// (Dempster, Laird & Rubin 1977, J R Stat Soc B 39:1). Both need only the whitened cross-products of a figure.
#include "learn_process.hpp"

#include <Eigen/Dense>

#include "learn_minimise.hpp"
#include "process/prior.hpp"
#include "process/schedules.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace hersurv::bench {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using evidence::ProcessConstants;
using support::expit;
using support::logit;

constexpr int points_per_arm = 30;
constexpr double crowding = 0.7;            // t_i = T (i / n)^.7: sparser where S rests on the first few events
constexpr double least_survival = 0.01;     // S nearer to 0 or 1 is a matter of one or two patients
constexpr double rounding_of_months = 0.1;  // of a printed median
constexpr double sd_of_logs = 1;            // of a hyperparameter about its order of magnitude, log scale
constexpr double sd_of_covariates = 0.1;    // of the changes of the slopes with the median, about 0
constexpr double weight_of_pooled = 4;      // figures that the schedules of all cancers count for within a cancer

// A hyperparameter on the scale of the search.
struct Hyperparameter {
    double ProcessConstants::*member = nullptr;
    double evidence::ScanConstants::*scan = nullptr;
    bool share = false;  // in (0, 1): logit; else positive: log

    double& of(ProcessConstants& c) const { return member ? c.*member : (*c.scans).*scan; }
    double get(ProcessConstants c) const { return share ? logit(of(c)) : std::log(of(c)); }
    void set(ProcessConstants& c, double x) const { of(c) = share ? expit(x) : std::exp(x); }
};

std::vector<Hyperparameter> hyperparameters(const ProcessConstants& design) {
    using P = ProcessConstants;
    using S = evidence::ScanConstants;
    std::vector<Hyperparameter> list = {
        {&P::slope_variance},    {&P::curvature_variance}, {&P::walk_variance},
        {&P::wiggle_variance},   {&P::wiggle_length},      {&P::arm_correlation, nullptr, true},
        {&P::noise_per_patient}, {&P::nugget_sd},          {&P::median_rounding_factor}};
    if (design.scans) {
        list.push_back({nullptr, &S::share_at_assessments, true});
        list.push_back({nullptr, &S::assessment_sd});
        list.push_back({nullptr, &S::progression_shape});
    }
    return list;
}

// The coefficients of the mean: values at the knots with B(0) = 0, then the changes of the slopes with the
// median (b5 to b8 of docs/method.md). The spline has one dimension less
// than knots: the unit splines, each less its value at 0, sum to nothing, and one of them is left out.
class Mean {
  public:
    explicit Mean(const ProcessConstants& design) : knots_(design.knots) {
        left_out_ = knots_.size() / 2;
        for (std::size_t i = 0; i < knots_.size(); ++i) {
            if (i == left_out_) continue;
            std::vector<double> unit(knots_.size(), 0.0);
            unit[i] = 1;
            basis_.emplace_back(knots_, unit);
        }
    }
    Index size() const { return static_cast<Index>(basis_.size()) + 4; }
    VectorXd row(const ProcessConstants& c, double u, double median_months) const {
        VectorXd result(size());
        Index i = 0;
        for (const auto& spline : basis_) result[i++] = spline(u);
        const double x = std::clamp(std::log(median_months / c.typical_median_months), -c.largest_log_median_ratio,
                                    c.largest_log_median_ratio);
        const double before = std::min(u, 0.0), after = std::max(u, 0.0);
        result.tail(4) << x * before, x * after, x * x * before, x * x * after;
        return result;
    }
    VectorXd precision() const {
        VectorXd result = VectorXd::Constant(size(), 1e-6);
        result.tail(4).setConstant(1 / (sd_of_covariates * sd_of_covariates));
        return result;
    }
    void store(const VectorXd& coefficients, ProcessConstants& c) const {
        for (std::size_t k = 0; k < knots_.size(); ++k) {
            c.values[k] = 0;
            for (std::size_t i = 0; i < basis_.size(); ++i)
                c.values[k] += coefficients[static_cast<Index>(i)] * basis_[i](knots_[k]);
        }
        const VectorXd b = coefficients.tail(4);
        c.early_slope_by_median = b[0];
        c.late_slope_by_median = b[1];
        c.early_slope_by_median_squared = b[2];
        c.late_slope_by_median_squared = b[3];
    }
    VectorXd load(const ProcessConstants& c) const {
        // B less its value at the knot that is left out is the combination with those differences as coefficients.
        VectorXd result(size());
        Index i = 0;
        for (std::size_t k = 0; k < knots_.size(); ++k)
            if (k != left_out_) result[i++] = c.values[k] - c.values[left_out_];
        result.tail(4) << c.early_slope_by_median, c.late_slope_by_median, c.early_slope_by_median_squared,
            c.late_slope_by_median_squared;
        return result;
    }

  private:
    std::vector<double> knots_;
    std::size_t left_out_ = 0;
    std::vector<process::NaturalSpline> basis_;
};

struct CurvePoint {
    std::size_t arm = 0;
    double time_months = 0, y = 0, survival = 0;
};

// Both arms of a figure.
struct Curves {
    std::string cancer;
    std::vector<double> median, n_patients;  // by arm
    std::vector<CurvePoint> points;
    MatrixXd design;  // of the mean
    // Shift and log crossing density of the schedules under the scan constants of `scanned`.
    std::vector<double> scanned;
    MatrixXd shift;
    VectorXd log_crossing;  // -infinity: impossible
};

double rounded(double months) { return std::round(months / rounding_of_months) * rounding_of_months; }

std::vector<Curves> curves_of(std::span<const SampleFigure* const> sample, const ProcessConstants& design,
                              const Mean& mean) {
    std::vector<Curves> result;
    for (const SampleFigure* figure : sample) {
        if (figure->figure->endpoint != design.endpoint_class) continue;
        Curves curves;
        curves.cancer = figure->cancer;
        for (const SampleArm& arm : figure->arms) {
            if (!arm.printed->median_months) continue;
            const std::size_t index = curves.median.size();
            curves.median.push_back(rounded(*arm.printed->median_months));
            curves.n_patients.push_back(arm.printed->n_patients);
            for (int i = 0; i < points_per_arm; ++i) {
                const double time = arm.printed->horizon_months * std::pow((i + 0.5) / points_per_arm, crowding),
                             s = arm.curve.survival(time);
                if (s >= least_survival && s <= 1 - least_survival)
                    curves.points.push_back({index, time, logit(1 - s), s});
            }
        }
        if (curves.points.empty()) continue;
        curves.design.resize(static_cast<Index>(curves.points.size()), mean.size());
        for (std::size_t i = 0; i < curves.points.size(); ++i) {
            const CurvePoint& p = curves.points[i];
            const double median = curves.median[p.arm];
            curves.design.row(static_cast<Index>(i)) = mean.row(design, std::log(p.time_months / median), median);
        }
        result.push_back(std::move(curves));
    }
    return result;
}

class Likelihood {
  public:
    Likelihood(std::span<const SampleFigure* const> sample, const ProcessConstants& design)
        : mean_(design), curves_(curves_of(sample, design, mean_)) {}

    const Mean& mean() const { return mean_; }
    const std::vector<Curves>& curves() const { return curves_; }

    // Whitens every figure under the hyperparameters of `c`.
    void whiten(const ProcessConstants& c) {
        const process::Prior prior(c);
        products_.resize(curves_.size());
        log_determinant_.resize(curves_.size());
        for (std::size_t f = 0; f < curves_.size(); ++f) {
            Curves& figure = curves_[f];
            lay_schedules(c, figure);
            const auto n = static_cast<Index>(figure.points.size());
            std::vector<process::Point> at;
            for (const CurvePoint& p : figure.points)
                at.push_back(prior.point(p.arm, p.time_months, figure.median[p.arm]));
            MatrixXd covariance(n, n);
            for (Index j = 0; j < n; ++j) {
                const CurvePoint& p = figure.points[static_cast<std::size_t>(j)];
                const double pin =
                    c.median_rounding_factor * 0.5 * rounding_of_months / std::sqrt(3.0) / figure.median[p.arm];
                for (Index i = j; i < n; ++i)
                    covariance(i, j) =
                        prior.covariance(at[static_cast<std::size_t>(i)], at[static_cast<std::size_t>(j)],
                                         c.noise_per_patient / figure.n_patients[p.arm], pin * pin);
                covariance(j, j) += std::pow(c.nugget_sd / (p.survival * (1 - p.survival)), 2);
            }
            const Eigen::LLT<MatrixXd> factor(covariance);
            MatrixXd all(n, 1 + mean_.size() + figure.shift.cols());
            for (Index i = 0; i < n; ++i) all(i, 0) = figure.points[static_cast<std::size_t>(i)].y;
            all.middleCols(1, mean_.size()) = figure.design;
            all.rightCols(figure.shift.cols()) = figure.shift;
            factor.matrixL().solveInPlace(all);
            products_[f] = all.transpose() * all;
            log_determinant_[f] = 2 * factor.matrixLLT().diagonal().array().log().sum();
        }
    }

    // Log likelihood at given coefficients and schedule probabilities; `responsibility` (figure x schedule) is what the
    // E step gives.
    double evaluate(const ProcessConstants& c, const VectorXd& coefficients, MatrixXd& responsibility) const {
        const Index n_schedules = c.scans ? static_cast<Index>(c.scans->months.size()) : 1;
        responsibility.resize(static_cast<Index>(curves_.size()), n_schedules);
        const double log_2pi = std::log(2 * 3.14159265358979323846);
        double sum = 0;
        for (std::size_t f = 0; f < curves_.size(); ++f) {
            const Curves& figure = curves_[f];
            const MatrixXd& g = products_[f];
            VectorXd weight(n_schedules);
            for (Index d = 0; d < n_schedules; ++d) {
                VectorXd combination = VectorXd::Zero(g.rows());
                combination[0] = 1;
                combination.segment(1, mean_.size()) = -coefficients;
                if (c.scans) combination[1 + mean_.size() + d] = -1;
                weight[d] = -0.5 * combination.dot(g * combination);
                if (c.scans)
                    weight[d] += std::log(probabilities(*c.scans, figure.cancer)[static_cast<std::size_t>(d)]) +
                                 figure.log_crossing[d];
            }
            const double heaviest = weight.maxCoeff();
            const VectorXd relative = (weight.array() - heaviest).exp();
            responsibility.row(static_cast<Index>(f)) = relative / relative.sum();
            sum += heaviest + std::log(relative.sum()) - 0.5 * log_determinant_[f] -
                   0.5 * static_cast<double>(figure.points.size()) * log_2pi;
        }
        return sum;
    }

    // The coefficients that maximise the expected log likelihood under the responsibilities.
    VectorXd coefficients(const ProcessConstants& c, const MatrixXd& responsibility) const {
        MatrixXd normal = mean_.precision().asDiagonal();
        VectorXd right = VectorXd::Zero(mean_.size());
        for (std::size_t f = 0; f < curves_.size(); ++f) {
            const MatrixXd& g = products_[f];
            normal += g.block(1, 1, mean_.size(), mean_.size());
            right += g.block(1, 0, mean_.size(), 1);
            if (c.scans)
                right -= g.block(1, 1 + mean_.size(), mean_.size(), responsibility.cols()) *
                         responsibility.row(static_cast<Index>(f)).transpose();
        }
        return normal.llt().solve(right);
    }

    // Shares of the schedules: of all cancers together, and of each drawn towards them. One figure that none was seen
    // in is added to each schedule, spread evenly.
    void store_schedules(const MatrixXd& responsibility, ProcessConstants& c) const {
        if (!c.scans) return;
        const Index n = responsibility.cols();
        const VectorXd total = responsibility.colwise().sum();
        const VectorXd pooled = (total.array() + 1.0 / static_cast<double>(n)) / (total.sum() + 1);
        for (auto& [cancer, shares] : c.scans->prior) {
            VectorXd seen = VectorXd::Zero(n);
            if (cancer != "other")
                for (std::size_t f = 0; f < curves_.size(); ++f)
                    if (curves_[f].cancer == cancer) seen += responsibility.row(static_cast<Index>(f)).transpose();
            const VectorXd mixed = (seen + weight_of_pooled * pooled) / (seen.sum() + weight_of_pooled);
            shares.assign(mixed.data(), mixed.data() + n);
        }
    }

    // EM (or, without schedules, least squares once) under whitened figures; returns the log likelihood.
    double settle(ProcessConstants& c, VectorXd& coefficients_of_mean) const {
        MatrixXd responsibility;
        double before = -std::numeric_limits<double>::infinity();
        const int most = c.scans ? 200 : 2;
        for (int iteration = 0; iteration < most; ++iteration) {
            const double now = evaluate(c, coefficients_of_mean, responsibility);
            if (std::abs(now - before) < 1e-7) break;
            before = now;
            coefficients_of_mean = coefficients(c, responsibility);
            store_schedules(responsibility, c);
        }
        return evaluate(c, coefficients_of_mean, responsibility) -
               0.5 * coefficients_of_mean.cwiseAbs2().dot(mean_.precision());
    }

  private:
    static const std::vector<double>& probabilities(const evidence::ScanConstants& scans, const std::string& cancer) {
        const auto found = scans.prior.find(cancer);
        return (found != scans.prior.end() ? *found : *scans.prior.find("other")).second;
    }

    void lay_schedules(const ProcessConstants& c, Curves& figure) const {
        const auto n = static_cast<Index>(figure.points.size());
        if (!c.scans) {
            figure.shift.resize(n, 0);
            return;
        }
        const std::vector<double> scanned = {c.scans->share_at_assessments, c.scans->assessment_sd,
                                             c.scans->progression_shape};
        if (scanned == figure.scanned) return;
        figure.scanned = scanned;
        const auto n_schedules = static_cast<Index>(c.scans->months.size());
        figure.shift.setZero(n, n_schedules);
        figure.log_crossing.setZero(n_schedules);
        for (Index d = 0; d < n_schedules; ++d) {
            std::vector<process::ScanSchedule> schedules;
            for (const double median : figure.median) {
                schedules.emplace_back(*c.scans, c.scans->months[static_cast<std::size_t>(d)], median);
                // What is printed as the median is where the curve crosses one half.
                if (schedules.back().possible())
                    figure.log_crossing[d] += c.scans->crossing_weight * schedules.back().log_crossing_density(median);
                else
                    figure.log_crossing[d] = -std::numeric_limits<double>::infinity();
            }
            if (!std::isfinite(figure.log_crossing[d])) continue;
            for (Index i = 0; i < n; ++i) {
                const CurvePoint& p = figure.points[static_cast<std::size_t>(i)];
                figure.shift(i, d) = schedules[p.arm].shift(p.time_months);
            }
        }
    }

    Mean mean_;
    std::vector<Curves> curves_;
    std::vector<MatrixXd> products_;  // of the whitened y, design and shifts
    std::vector<double> log_determinant_;
};

}  // namespace

LearntProcess learn_process(std::span<const SampleFigure* const> sample, const ProcessConstants& design) {
    Likelihood likelihood(sample, design);
    const auto searched = hyperparameters(design);
    VectorXd start(static_cast<Index>(searched.size()));
    for (std::size_t i = 0; i < searched.size(); ++i) start[static_cast<Index>(i)] = searched[i].get(design);
    const VectorXd centre = start;

    LearntProcess result;
    result.constants = design;
    VectorXd coefficients = likelihood.mean().load(design);
    const auto at = [&](const VectorXd& x, ProcessConstants& c) {
        for (std::size_t i = 0; i < searched.size(); ++i) searched[i].set(c, x[static_cast<Index>(i)]);
    };
    // Every evaluation starts its EM from the same place, so that the value is a function of the hyperparameters alone.
    // Where the plug-in survival of the sampling noise is the mean's, it lags one round behind.
    const int rounds = design.plug_in_slope && !design.scans ? 1 : 3;
    for (int round = 0; round < rounds; ++round) {
        const ProcessConstants before = result.constants;
        const VectorXd before_coefficients = coefficients;
        const Minimum best = minimise(
            [&](const VectorXd& x) {
                ProcessConstants c = before;
                at(x, c);
                VectorXd b = before_coefficients;
                likelihood.whiten(c);
                return -likelihood.settle(c, b) + 0.5 * (x - centre).squaredNorm() / (sd_of_logs * sd_of_logs);
            },
            start, round + 1 < rounds ? 0.05 : 1e-3);
        start = best.at;
        at(best.at, result.constants);
        likelihood.whiten(result.constants);
        result.log_likelihood = likelihood.settle(result.constants, coefficients);
        likelihood.mean().store(coefficients, result.constants);
        result.converged = best.converged;
    }
    for (const Curves& figure : likelihood.curves()) {
        result.n_arms += static_cast<int>(figure.median.size());
        result.n_points += static_cast<int>(figure.points.size());
    }
    return result;
}

double log_likelihood(std::span<const SampleFigure* const> sample, const ProcessConstants& constants) {
    Likelihood likelihood(sample, constants);
    likelihood.whiten(constants);
    Eigen::MatrixXd responsibility;
    return likelihood.evaluate(constants, likelihood.mean().load(constants), responsibility);
}

}  // namespace hersurv::bench
