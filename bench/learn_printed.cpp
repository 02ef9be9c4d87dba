// Regressions with Student's t on 4 degrees of freedom (Lange, Little & Taylor 1989, J Am Stat Assoc 84:881): one
// figure whose digitised numbers contradict each other is no reason to trust all others less.
#include "learn_printed.hpp"

#include "hersurv/evidence.hpp"

#include "fit/follow_up.hpp"
#include "learn_minimise.hpp"
#include "process/ties.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <string>

namespace hersurv::bench {
namespace {

using Eigen::VectorXd;

constexpr double degrees_of_freedom = 4;
constexpr int n_intervals = 40;  // of the grid that the fit lays

// -log density of a residual, but for a constant.
double t_loss(double residual, double scale) {
    const double z = residual / scale;
    return std::log(scale) + 0.5 * (degrees_of_freedom + 1) * std::log1p(z * z / degrees_of_freedom);
}

using support::rounded;

struct Limit {
    double z = 0;
    evidence::ArmEvidence arm;
    double months = 0;           // as printed
    double survival = 0;         // of the curve there
    double of_all_patients = 0;  // what the formula gives with all of them
};

constexpr double half_unit_of_months = 0.05;  // of a printed limit

std::vector<Limit> limits_of(std::span<const SampleFigure* const> sample, const std::string& endpoint) {
    const double z = evidence::z_of_level(0.95);
    std::vector<Limit> limits;
    for (const SampleFigure* figure : sample) {
        if (figure->figure->endpoint != endpoint) continue;
        for (const SampleArm& arm : figure->arms) {
            const DigitisedArm& p = *arm.printed;
            if (!p.median_months || !p.median_follow_up_months) continue;
            for (const bool lower : {true, false}) {
                const auto& at = lower ? p.median_lower_months : p.median_upper_months;
                if (!at || rounded(*at, 1) <= 0) continue;
                Limit limit;
                limit.z = lower ? z : -z;
                limit.arm.n_patients = p.n_patients;
                limit.arm.n_events = p.n_events;
                limit.arm.follow_up_months = rounded(*p.median_follow_up_months, 1);
                limit.months = rounded(*at, 1);
                limit.survival = arm.curve.survival(limit.months);
                const auto of_all =
                    evidence::survival_at_median_limit(limit.z, p.n_patients, catalogue::LimitsTransform::log_log);
                if (!of_all) continue;
                limit.of_all_patients = *of_all;
                limits.push_back(limit);
            }
        }
    }
    return limits;
}

// `constants` with the learnt censoring.
std::optional<double> formula(const Limit& limit, const evidence::EndpointConstants& constants) {
    const double share = evidence::effective_share(constants, limit.arm, limit.months, limit.of_all_patients);
    return evidence::survival_at_median_limit(limit.z, *limit.arm.n_patients * share,
                                              catalogue::LimitsTransform::log_log);
}

// What a sd has to be widened by, in quadrature and as a multiple of `unit`, so that it holds residuals of a poorer
// reading: `sd` and `unit` of every residual.
struct Widened {
    double residual = 0, sd = 0, unit = 1;
};
double learn_widening(const std::vector<Widened>& all, double usual) {
    const VectorXd start = VectorXd::Constant(1, std::log(usual));
    const Minimum best = minimise(
        [&](const VectorXd& x) {
            double sum = 0.5 * (x - start).squaredNorm();
            for (const Widened& one : all) sum += t_loss(one.residual, std::hypot(one.sd, std::exp(x[0]) * one.unit));
            return sum;
        },
        start, 1e-6);
    return std::exp(best.at[0]);
}

double sd_of(const Limit& limit, double solved, const LearntLimits& c, const evidence::ProcessConstants& kernel,
             double typical_slope) {
    const double s = solved - (limit.z > 0 ? c.offset_lower : c.offset_upper);
    const double by_rounding =
        c.rounding_factor * typical_slope * half_unit_of_months / std::sqrt(3.0) / limit.months * s * (1 - s);
    return std::hypot(std::hypot(c.sd, c.sd_by_censoring * (solved - limit.of_all_patients)),
                      std::hypot(kernel.nugget_sd, by_rounding));
}

// The same limits as if neither events nor follow-up were printed.
double sd_by_guess(const std::vector<Limit>& limits, const LearntLimits& c, const evidence::ProcessConstants& kernel,
                   const evidence::EndpointConstants& constants) {
    constexpr double usual = 0.1;
    std::vector<Widened> all;
    for (Limit limit : limits) {
        limit.arm.n_events.reset();
        limit.arm.follow_up_months.reset();
        const auto solved = formula(limit, constants);
        if (!solved) continue;
        const double s = *solved - (limit.z > 0 ? c.offset_lower : c.offset_upper);
        all.push_back({limit.survival - s, sd_of(limit, *solved, c, kernel, constants.typical_slope), *solved - 0.5});
    }
    return learn_widening(all, usual);
}

}  // namespace

LearntLimits learn_limits(std::span<const SampleFigure* const> sample, const evidence::ProcessConstants& kernel) {
    const auto limits = limits_of(sample, kernel.endpoint_class);
    evidence::EndpointConstants constants =
        evidence::builtin_constants()->endpoint(kernel.endpoint_class);  // for its shape
    const auto at = [](const VectorXd& x) {
        LearntLimits learnt;
        learnt.information_gamma = std::exp(x[0]);
        learnt.offset_lower = 0.01 * x[1];
        learnt.offset_upper = 0.01 * x[2];
        learnt.sd = std::exp(x[3]);
        learnt.sd_by_censoring = std::exp(x[4]);
        learnt.rounding_factor = std::exp(x[5]);
        return learnt;
    };
    // Where the limits say nothing: the usual gamma of a follow-up, as that of the ties; offsets of half a hundredth.
    VectorXd usual(6);
    usual << std::log(3.0), 0.5, 0.5, std::log(0.004), std::log(0.1), std::log(2.0);
    const Minimum best = minimise(
        [&](const VectorXd& x) {
            const LearntLimits c = at(x);
            constants.information_gamma = c.information_gamma;
            double sum = 0.5 * (x - usual).squaredNorm();
            for (const Limit& limit : limits) {
                const auto solved = formula(limit, constants);
                if (!solved) continue;
                const double s = *solved - (limit.z > 0 ? c.offset_lower : c.offset_upper);
                sum += t_loss(limit.survival - s, sd_of(limit, *solved, c, kernel, constants.typical_slope));
            }
            return sum;
        },
        usual, 1e-6);
    LearntLimits result = at(best.at);
    result.n_limits = static_cast<int>(limits.size());
    constants.information_gamma = result.information_gamma;
    result.sd_by_guess = sd_by_guess(limits, result, kernel, constants);
    return result;
}

namespace {

// A pair of true curves on the grid of the fit, and who is followed.
struct Pair {
    std::vector<std::vector<double>> survival;  // by arm, from t = 0
    std::vector<double> grid;
    std::vector<double> follow_up, n_patients, events_fraction;
    double log_hazard_ratio = 0;
};

// `guessed`: with the follow-up that is taken where none is printed, the later of the medians.
std::vector<Pair> pairs_of(std::span<const SampleFigure* const> sample, const std::string& endpoint, bool guessed) {
    std::vector<Pair> pairs;
    for (const SampleFigure* figure : sample) {
        if (figure->figure->endpoint != endpoint) continue;
        Pair pair;
        double end = 0;
        bool followed = true;
        for (const SampleArm& arm : figure->arms) {
            const DigitisedArm& p = *arm.printed;
            followed = followed && p.median_follow_up_months && (!guessed || p.median_months);
            if (!followed) break;
            pair.follow_up.push_back(rounded(guessed ? *p.median_months : *p.median_follow_up_months, 1));
            pair.n_patients.push_back(p.n_patients);
            pair.events_fraction.push_back(static_cast<double>(p.n_events) / p.n_patients);
            end = std::max({end, 1.7 * pair.follow_up.back(), 1.05 * p.median_months.value_or(0)});
        }
        if (!followed) continue;
        if (guessed) {
            const double latest = *std::max_element(pair.follow_up.begin(), pair.follow_up.end());
            pair.follow_up.assign(pair.follow_up.size(), latest);
            end = 1.7 * latest;
        }
        pair.grid = fit::follow_up_grid(end, n_intervals);
        for (const SampleArm& arm : figure->arms) {
            pair.survival.emplace_back();
            for (const double time : pair.grid) pair.survival.back().push_back(arm.curve.survival(time));
        }
        pair.log_hazard_ratio = std::log(rounded(figure->figure->hazard_ratio, 2));
        pairs.push_back(std::move(pair));
    }
    return pairs;
}

struct TieResiduals {
    // Of the true curves less the printed: the events as the mean of the two arms.
    std::vector<double> events, log_hazard_ratio;
};

TieResiduals residuals_of(const std::vector<Pair>& pairs, double gamma) {
    TieResiduals result;
    for (const Pair& pair : pairs) {
        std::vector<std::vector<double>> followed;
        for (const double follow_up : pair.follow_up)
            followed.push_back(survival::mean_followed(pair.grid, follow_up, gamma));
        std::vector<double> gradient(pair.grid.size()), other_gradient(pair.grid.size());
        const auto arm = [&](std::size_t i) {
            return process::GridArm{pair.survival[i], followed[i], pair.n_patients[i]};
        };
        double both = 0;
        for (std::size_t i = 0; i < followed.size(); ++i)
            both += process::events_fraction(arm(i), gradient) - pair.events_fraction[i];
        result.events.push_back(both / static_cast<double>(followed.size()));
        result.log_hazard_ratio.push_back(process::log_hazard_ratio(arm(1), arm(0), gradient, other_gradient) -
                                          pair.log_hazard_ratio);
    }
    return result;
}

}  // namespace

LearntTies learn_ties(std::span<const SampleFigure* const> sample, const std::string& endpoint) {
    const auto pairs = pairs_of(sample, endpoint, false);
    // log gamma, offset of the events in hundredths, log sds.
    VectorXd start(4);
    start << std::log(3.0), 0.5, std::log(0.04), std::log(0.03);
    const VectorXd centre = start;
    const Minimum best = minimise(
        [&](const VectorXd& x) {
            const TieResiduals residuals = residuals_of(pairs, std::exp(x[0]));
            double sum = 0.5 * (x - centre).squaredNorm();
            for (const double residual : residuals.events) sum += t_loss(residual - 0.01 * x[1], std::exp(x[2]));
            for (const double residual : residuals.log_hazard_ratio) sum += t_loss(residual, std::exp(x[3]));
            return sum;
        },
        start, 1e-6);
    LearntTies result;
    result.censoring_gamma = std::exp(best.at[0]);
    result.events_offset = 0.01 * best.at[1];
    // The sd of t on 4 degrees of freedom is sqrt(2) times its scale.
    const double sd_of_scale = std::sqrt(degrees_of_freedom / (degrees_of_freedom - 2));
    // What the censoring G misses of a trial it misses of both arms: their residuals correlate by .6 to .7. The fit
    // takes them for independent; with the sd that makes their mean as uncertain as it is, the two do not say more
    // together than they know.
    result.sd_events = std::sqrt(2.0) * sd_of_scale * std::exp(best.at[2]);
    result.sd_log_hr = sd_of_scale * std::exp(best.at[3]);
    constexpr double usual = 0.1;
    std::vector<Widened> by_guess;
    for (const double residual :
         residuals_of(pairs_of(sample, endpoint, true), result.censoring_gamma).log_hazard_ratio)
        by_guess.push_back({residual, std::exp(best.at[3]), 1});
    result.sd_log_hr_by_guess = sd_of_scale * learn_widening(by_guess, usual);
    result.n_pairs = static_cast<int>(pairs.size());
    result.n_arms = 2 * result.n_pairs;
    return result;
}

}  // namespace hersurv::bench
