// Families fitted to patients: the maxima, and what follows from them.
#include "hersurv/patients.hpp"

#include <Eigen/Cholesky>

#include "patients/likelihood_maximum.hpp"
#include "patients/likelihood_starts.hpp"
#include "support/numbers.hpp"
#include "support/parallel.hpp"
#include "support/words.hpp"
#include "survival/special_functions.hpp"
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

namespace hersurv::patients {
namespace {

using survival::CensoredTime;
using survival::Domain;
using survival::Family;

// Patients in units in which the exponential rate of all arms together is 1, equal times together.
struct ScaledArms {
    std::vector<std::vector<CensoredTime>> times;
    std::vector<std::size_t> n_patients, n_events;
    double log_unit = 0;  // the unit in months
};

ScaledArms scaled(const std::vector<const Arm*>& arms) {
    ScaledArms result;
    double total_time = 0;
    std::size_t events = 0;
    for (const Arm* arm : arms) {
        const auto n = static_cast<std::size_t>(std::ranges::count(arm->patients, true, &Patient::event));
        result.n_patients.push_back(arm->patients.size());
        result.n_events.push_back(n);
        events += n;
        for (const Patient& patient : arm->patients) total_time += patient.time_months;
    }
    const double unit = total_time / static_cast<double>(events);
    result.log_unit = std::log(unit);
    for (const Arm* arm : arms) {
        std::vector<Patient> sorted = arm->patients;
        std::ranges::sort(sorted, {}, &Patient::time_months);
        std::vector<CensoredTime>& times = result.times.emplace_back();
        double last = -1;
        for (const Patient& patient : sorted) {
            if (patient.time_months != last)
                times.push_back({patient.time_months / unit, std::log(patient.time_months / unit), 0, 0});
            last = patient.time_months;
            (patient.event ? times.back().n_events : times.back().n_censored) += 1;
        }
    }
    return result;
}

// The maxima of the families in one arm, each sought once.
class MaximaOfArm {
  public:
    explicit MaximaOfArm(const std::vector<CensoredTime>& times) : times_(&times) {}

    const LikelihoodMaximum& of(const Family& family) {
        const auto known = found_.find(&family);
        if (known != found_.end()) return known->second;
        const auto starts = starts_of(family, *times_, [this](const Family& other) { return coordinates_of(other); });
        LikelihoodProblem problem{&family, {*times_}, {std::vector<std::size_t>(family.parameters.size())}, 0};
        std::iota(problem.index.front().begin(), problem.index.front().end(), std::size_t{0});
        problem.n_coordinates = family.parameters.size();
        return found_.emplace(&family, highest_maximum(problem, starts)).first->second;
    }

  private:
    std::optional<std::vector<double>> coordinates_of(const Family& family) {
        const LikelihoodMaximum& maximum = of(family);
        return maximum.converged ? std::optional(maximum.at) : std::nullopt;
    }

    const std::vector<CensoredTime>* times_;
    std::map<const Family*, LikelihoodMaximum> found_;
};

// One vector for all arms: what is common first, then the location and the cured share of each arm.
LikelihoodProblem common_shape(const Family& family, const ScaledArms& arms) {
    LikelihoodProblem problem{&family, arms.times, {}, 0};
    const auto own = [&](std::size_t i) {
        return i == location_of(family) || family.parameters[i].domain == Domain::share;
    };
    std::vector<std::size_t> index(family.parameters.size());
    for (std::size_t i = 0; i < index.size(); ++i)
        if (!own(i)) index[i] = problem.n_coordinates++;
    for (std::size_t arm = 0; arm < arms.times.size(); ++arm) {
        for (std::size_t i = 0; i < index.size(); ++i)
            if (own(i)) index[i] = problem.n_coordinates++;
        problem.index.push_back(index);
    }
    return problem;
}

std::vector<CensoredTime> all_times(const ScaledArms& arms) {
    std::vector<CensoredTime> all;
    for (const auto& times : arms.times) all.insert(all.end(), times.begin(), times.end());
    std::ranges::stable_sort(all, {}, &CensoredTime::time_months);
    return all;
}

// What the patients have as one arm, what the arms have alone with shapes averaged, and each of their shapes in turn.
std::vector<std::vector<double>> starts_of_common(const LikelihoodProblem& problem, std::vector<MaximaOfArm>& alone,
                                                  const LikelihoodMaximum& as_one_arm) {
    std::vector<std::vector<double>> starts;
    std::vector<double>& pooled = starts.emplace_back(problem.n_coordinates);
    for (const auto& index : problem.index)
        for (std::size_t i = 0; i < index.size(); ++i) pooled[index[i]] = as_one_arm.at[i];
    std::vector<double> mean(problem.n_coordinates, 0);
    const Family& family = *problem.family;
    for (std::size_t arm = 0; arm < alone.size(); ++arm) {
        const std::vector<double>& at = alone[arm].of(family).at;
        for (std::size_t i = 0; i < at.size(); ++i) {
            const std::size_t to = problem.index[arm][i];
            const bool shared = alone.size() > 1 && problem.index.front()[i] == problem.index.back()[i];
            mean[to] += shared ? at[i] / static_cast<double>(alone.size()) : at[i];
        }
    }
    starts.push_back(mean);
    for (std::size_t arm = 0; arm < alone.size(); ++arm) {
        std::vector<double> start = mean;
        for (std::size_t i = 0; i < family.parameters.size(); ++i)
            start[problem.index[arm][i]] = alone[arm].of(family).at[i];
        starts.push_back(std::move(start));
    }
    return starts;
}

// The maximum with a common shape. A cure model also starts if nobody, or hardly anybody, is cured in any arm.
LikelihoodMaximum maximum_of_common(const LikelihoodProblem& problem, const ScaledArms& arms,
                                    std::vector<MaximaOfArm>& alone, MaximaOfArm& as_one_arm) {
    auto starts = starts_of_common(problem, alone, as_one_arm.of(*problem.family));
    if (problem.family->uncured != nullptr) {
        const LikelihoodProblem uncured = common_shape(*problem.family->uncured, arms);
        const LikelihoodMaximum others = maximum_of_common(uncured, arms, alone, as_one_arm);
        for (const double share : {nobody_cured, support::logit(0.02)}) {
            std::vector<double>& start = starts.emplace_back(problem.n_coordinates, share);
            for (std::size_t arm = 0; arm < uncured.index.size(); ++arm)
                for (std::size_t i = 0; i < uncured.index[arm].size(); ++i)
                    start[problem.index[arm][i]] = others.at[uncured.index[arm][i]];
        }
        // As the arms have it alone, but with some of each arm cured.
        for (std::size_t i = 0; i < starts.size() - 2; ++i)
            for (const auto& index : problem.index)
                if (starts[i][index.back()] == nobody_cured) starts[i][index.back()] = support::logit(0.02);
    }
    return highest_maximum(problem, starts);
}

class Reading {
  public:
    Reading(const LikelihoodProblem& problem, const LikelihoodMaximum& maximum, double log_unit, double level)
        : problem_(problem), maximum_(maximum), log_unit_(log_unit) {
        z_ = std::numbers::sqrt2 * survival::inverse_erf(level);
        place_coordinates();
        invert_information();
    }

    // `names`: of the arms, if there are several.
    void write(LikelihoodFit& fit, const std::vector<std::size_t>& arms, const std::vector<std::string>& names) const {
        const Family& family = *problem_.family;
        const std::size_t n = free_.size();
        fit.covariance.size = n;
        fit.covariance.values.assign(covariance_.data(), covariance_.data() + covariance_.size());
        fit.coordinates.resize(n);
        fit.estimates.resize(n);
        for (std::size_t a = 0; a < problem_.index.size(); ++a)
            for (std::size_t i = 0; i < family.parameters.size(); ++i) {
                const std::size_t to = problem_.index[a][i];
                const auto place = std::ranges::find(free_, to);
                if (place == free_.end()) continue;
                const bool shared = problem_.index.size() > 1 && problem_.index.front()[i] == problem_.index.back()[i];
                const auto k = static_cast<std::size_t>(place - free_.begin());
                fit.coordinates[k] = survival::coordinate_name(family.parameters[i]) +
                                     (names.empty() || shared ? "" : ", arm " + names[a]);
                fit.estimates[k] = at_[to];
            }
        for (std::size_t a = 0; a < arms.size(); ++a) fit.arms.push_back(arm(a, arms[a]));
    }

    [[nodiscard]] bool at_boundary() const { return free_.size() < at_.size(); }
    [[nodiscard]] bool has_covariance() const { return sound_; }

  private:
    // In months, and by how much each slope is multiplied for it.
    void place_coordinates() {
        at_.resize(problem_.n_coordinates);
        slopes_.resize(problem_.n_coordinates);
        for (const std::vector<std::size_t>& index : problem_.index) {
            std::vector<double> local;
            for (const std::size_t to : index) local.push_back(maximum_.at[to]);
            survival_months(local);
            for (std::size_t i = 0; i < index.size(); ++i) {
                at_[index[i]] = local[i];
                slopes_[index[i]] = stretch_slope(problem_.family->parameters[i], log_unit_);
            }
        }
        for (std::size_t i = 0; i < at_.size(); ++i)
            if (maximum_.at[i] != nobody_cured) free_.push_back(i);
    }

    void survival_months(std::vector<double>& coordinates) const {
        stretch_time(*problem_.family, coordinates, log_unit_);
    }

    void invert_information() {
        const auto n = static_cast<Eigen::Index>(free_.size());
        Eigen::MatrixXd information(n, n);
        for (Eigen::Index i = 0; i < n; ++i)
            for (Eigen::Index j = 0; j < n; ++j) {
                const std::size_t row = free_[static_cast<std::size_t>(i)], column = free_[static_cast<std::size_t>(j)];
                information(i, j) = maximum_.information[row * at_.size() + column] / slopes_[row] / slopes_[column];
            }
        const Eigen::LDLT<Eigen::MatrixXd> solver(information);
        sound_ = solver.info() == Eigen::Success && solver.isPositive();
        covariance_ = solver.solve(Eigen::MatrixXd::Identity(n, n));
        covariance_ = (0.5 * (covariance_ + covariance_.transpose())).eval();
        sound_ = sound_ && covariance_.allFinite() && covariance_.diagonal().minCoeff() > 0;
    }

    [[nodiscard]] double variance(const Eigen::VectorXd& slope) const { return slope.dot(covariance_ * slope); }

    [[nodiscard]] Eigen::Index place_of(std::size_t coordinate) const {
        const auto found = std::ranges::find(free_, coordinate);
        return found == free_.end() ? -1 : static_cast<Eigen::Index>(found - free_.begin());
    }

    [[nodiscard]] LikelihoodArm arm(std::size_t a, std::size_t number) const {
        LikelihoodArm result;
        result.arm = number;
        const auto& parameters = problem_.family->parameters;
        std::vector<double> natural;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const std::size_t to = problem_.index[a][i];
            const Eigen::Index place = place_of(to);
            LikelihoodEstimate estimate;
            if (place >= 0) {
                const double se = std::sqrt(covariance_(place, place));
                estimate.value = survival::to_natural(parameters[i], at_[to]);
                estimate.standard_error = se * std::fabs(survival::natural_slope(parameters[i], at_[to]));
                estimate.limits = {survival::to_natural(parameters[i], at_[to] - z_ * se),
                                   survival::to_natural(parameters[i], at_[to] + z_ * se)};
            }
            natural.push_back(estimate.value);
            result.parameters.push_back(estimate);
        }
        result.median = median(a, natural);
        return result;
    }

    // Log median by the delta method: log S(m) stays at -log 2 as the coordinates change, so that d log m is their
    // slope of log S over m h(m).
    [[nodiscard]] std::optional<LikelihoodEstimate> median(std::size_t a, const std::vector<double>& natural) const {
        const Family& family = *problem_.family;
        LikelihoodEstimate estimate;
        estimate.value = survival::time_at_survival(family, 0.5, natural);
        if (!std::isfinite(estimate.value)) return std::nullopt;
        std::vector<double> local;
        for (const std::size_t to : problem_.index[a]) local.push_back(at_[to]);
        const CensoredTime there{estimate.value, std::log(estimate.value), 0, 1};
        const auto slopes =
            survival::log_likelihood(family, std::span(&there, 1), local, survival::Precision::full).gradient;
        const double by_log_time = estimate.value * survival::hazard(family, estimate.value, natural);
        Eigen::VectorXd slope = Eigen::VectorXd::Zero(covariance_.rows());
        for (std::size_t i = 0; i < local.size(); ++i)
            if (const Eigen::Index place = place_of(problem_.index[a][i]); place >= 0)
                slope[place] = slopes[i] / by_log_time;
        const double se = std::sqrt(variance(slope));
        estimate.standard_error = estimate.value * se;
        estimate.limits = {estimate.value * std::exp(-z_ * se), estimate.value * std::exp(z_ * se)};
        return estimate;
    }

    const LikelihoodProblem& problem_;
    const LikelihoodMaximum& maximum_;
    double log_unit_, z_ = 0;
    std::vector<double> at_, slopes_;  // coordinates in months
    std::vector<std::size_t> free_;    // not at a boundary
    Eigen::MatrixXd covariance_;       // of these
    bool sound_ = false;
};

std::string boundary_reason(const LikelihoodProblem& problem, const LikelihoodMaximum& maximum,
                            const std::vector<std::string>& names) {
    std::vector<std::string> uncured;
    for (std::size_t arm = 0; arm < names.size(); ++arm)
        if (maximum.at[problem.index[arm].back()] == nobody_cured) uncured.push_back(names[arm]);
    return "the likelihood is largest with a cured share of 0" +
           (uncured.size() < names.size() ? " in " + support::joined(uncured) : std::string());
}

LikelihoodFit fit_of(const LikelihoodProblem& problem, const LikelihoodMaximum& maximum, const ScaledArms& scaled,
                     const std::vector<std::size_t>& arms, const std::vector<std::string>& names, double level) {
    LikelihoodFit fit;
    fit.family = problem.family;
    fit.n_parameters = problem.n_coordinates;
    fit.n_patients = std::accumulate(scaled.n_patients.begin(), scaled.n_patients.end(), std::size_t{0});
    fit.n_events = std::accumulate(scaled.n_events.begin(), scaled.n_events.end(), std::size_t{0});
    fit.reason = maximum.reason;
    if (!maximum.converged) return fit;
    const Reading reading(problem, maximum, scaled.log_unit, level);
    if (!reading.has_covariance()) {
        fit.reason = "the likelihood has a ridge: the data do not identify all parameters";
        return fit;
    }
    fit.status = reading.at_boundary() ? LikelihoodStatus::at_boundary : LikelihoodStatus::converged;
    if (reading.at_boundary()) fit.reason = boundary_reason(problem, maximum, names);
    // A density per month is one per unit over the unit in months.
    fit.log_likelihood = maximum.value - static_cast<double>(fit.n_events) * scaled.log_unit;
    reading.write(fit, arms, names);
    return fit;
}

std::vector<FamilyFits> fit_separately(const std::vector<Arm>& arms, const std::vector<const Family*>& families,
                                       const LikelihoodOptions& options) {
    std::vector<FamilyFits> result;
    for (const Family* family : families) result.push_back({family, std::vector<LikelihoodFit>(arms.size())});
    support::parallel_for(arms.size(), options.threads, [&](std::size_t arm) {
        const ScaledArms alone = scaled({&arms[arm]});
        MaximaOfArm maxima(alone.times.front());
        for (FamilyFits& of : result) {
            LikelihoodProblem problem{of.family, {}, {std::vector<std::size_t>(of.family->parameters.size())}, 0};
            std::iota(problem.index.front().begin(), problem.index.front().end(), std::size_t{0});
            problem.n_coordinates = of.family->parameters.size();
            of.fits[arm] = fit_of(problem, maxima.of(*of.family), alone, {arm}, {}, options.level);
        }
    });
    return result;
}

std::vector<FamilyFits> fit_together(const std::vector<Arm>& arms, const std::vector<const Family*>& families,
                                     const LikelihoodOptions& options) {
    std::vector<const Arm*> all;
    std::vector<std::string> names;
    std::vector<std::size_t> numbers;
    for (const Arm& arm : arms) {
        numbers.push_back(all.size());
        all.push_back(&arm);
        names.push_back(arm.name);
    }
    const ScaledArms together = scaled(all);
    const std::vector<CensoredTime> pooled = all_times(together);
    std::vector<MaximaOfArm> alone(together.times.begin(), together.times.end());
    alone.emplace_back(pooled);
    support::parallel_for(alone.size(), options.threads, [&](std::size_t arm) {
        for (const Family* family : families) {
            (void)alone[arm].of(*family);
            if (family->uncured != nullptr) (void)alone[arm].of(*family->uncured);
        }
    });
    MaximaOfArm as_one_arm = std::move(alone.back());
    alone.pop_back();
    std::vector<FamilyFits> result(families.size());
    support::parallel_for(families.size(), options.threads, [&](std::size_t i) {
        const LikelihoodProblem problem = common_shape(*families[i], together);
        const LikelihoodMaximum maximum = maximum_of_common(problem, together, alone, as_one_arm);
        result[i] = {families[i], {fit_of(problem, maximum, together, numbers, names, options.level)}};
    });
    return result;
}

}  // namespace

std::string_view word(LikelihoodStatus status) {
    switch (status) {
        case LikelihoodStatus::converged:
            return "converged";
        case LikelihoodStatus::at_boundary:
            return "at-boundary";
        case LikelihoodStatus::not_converged:
            break;
    }
    return "not-converged";
}

double LikelihoodFit::aic() const { return 2 * static_cast<double>(n_parameters) - 2 * log_likelihood; }
double LikelihoodFit::bic() const {
    return std::log(static_cast<double>(n_patients)) * static_cast<double>(n_parameters) - 2 * log_likelihood;
}

bool FamilyFits::fitted() const { return std::ranges::all_of(fits, &LikelihoodFit::fitted); }

LikelihoodStatus FamilyFits::status() const { return std::ranges::max(fits, {}, &LikelihoodFit::status).status; }

std::size_t FamilyFits::n_parameters() const {
    return std::transform_reduce(fits.begin(), fits.end(), std::size_t{0}, std::plus<>(),
                                 [](const LikelihoodFit& fit) { return fit.n_parameters; });
}

double FamilyFits::log_likelihood() const {
    return std::transform_reduce(fits.begin(), fits.end(), 0.0, std::plus<>(),
                                 [](const LikelihoodFit& fit) { return fit.log_likelihood; });
}

double FamilyFits::aic() const { return 2 * static_cast<double>(n_parameters()) - 2 * log_likelihood(); }

double FamilyFits::bic() const {
    double n_patients = 0;
    for (const LikelihoodFit& fit : fits) n_patients += static_cast<double>(fit.n_patients);
    return std::log(n_patients) * static_cast<double>(n_parameters()) - 2 * log_likelihood();
}

std::vector<FamilyFits> fit_patients(const std::vector<Arm>& arms, const std::vector<const Family*>& families,
                                     const LikelihoodOptions& options) {
    if (options.shape == fit::Shape::common && arms.size() > 1) return fit_together(arms, families, options);
    return fit_separately(arms, families, options);
}

}  // namespace hersurv::patients
