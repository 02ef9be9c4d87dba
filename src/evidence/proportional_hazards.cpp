// Whether the published estimates of two arms can have a constant hazard ratio.
//
// Under proportional hazards d(t) = log H1(t) - log H0(t), H = -log S, is the log hazard ratio at every t (Klein,
// Logan, Harhoff & Andersen 2007, Stat Med 26:4505, compare arms at a fixed time by it). Medians, their limits and
// milestones are points of both published curves; d is taken at their times, between two points of an arm by
// interpolation of log H in log t. By the martingales M of the arms (Andersen, Borgan, Gill & Keiding 1993, Statistical
// Models Based on Counting Processes, eq. 4.1.2 and 7.2.17), Y at risk, p = Y1 r / (Y0 + Y1 r) and I the information of
// Cox's model,
//     d(t) - log r     ~ int_0^t dM1 / (Y1 H1(t)) - int_0^t dM0 / (Y0 H0(t)),
//     Cox's log r^ - log r ~ (int (1 - p) dM1 - int p dM0) / I,
// so that for s <= t, with V = int dH / Y the variance of the estimate of H,
//     cov(d(s), d(t))  = V1(s) / (H1(s) H1(t)) + V0(s) / (H0(s) H0(t)),
//     cov(log r^, d(t)) = (int_0^t (1 - p) dH1 / H1(t) + int_0^t p dH0 / H0(t)) / I = 1 / I = var(log r^),
// the last because dH1 / H1(t) = dH0 / H0(t) under proportional hazards (Hausman 1978, Econometrica 46:1251, has it of
// every efficient estimate; Lin 1991, JASA 86:725, tests proportional hazards in this way). V and I come from one
// expected trial with the published curves and numbers of events: of their difference little is left where each is
// worked out in its own way. All estimate one number: Cochran's Q (1954, Biometrics 10:101) with their covariance is
// chi-squared with one degree of freedom fewer than there are estimates.
#include "hersurv/evidence.hpp"

#include <Eigen/Cholesky>
#include <fmt/format.h>

#include "evidence/constants.hpp"
#include "evidence/followed_arm.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include "survival/chi_squared.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <array>
#include <cmath>

namespace hersurv::evidence {
namespace {

// Two times that are nearer say the same of the curves.
constexpr double next_time = 1.3;
// The variance that an efficient estimate has less than the best mean of others cannot be nothing.
constexpr double most_efficient = 0.98;
// The output warns of a test with less power than this.
constexpr double little_power = 0.8;

// The two arms of a comparison; experimental first.
struct Comparison {
    std::array<std::vector<CurvePoint>, 2> points;
    std::vector<double> log_times;  // at which both curves are known
    std::vector<FollowedArm> arms;
    double gamma = 1;
    std::array<double, 2> n_patients{}, follow_up_months{};
    double end_months = 0;
    bool followed = false;  // something tells for how long
    double log_ratio = 0;   // the published one
};

// The variance of the log hazard ratio by its limits, else by its p-value (docs/method.md).
std::optional<double> published_variance(const catalogue::Contrast& contrast) {
    const catalogue::Statistic ratio = first_print(contrast.hazard_ratio);
    if (ratio.lower && ratio.upper && ratio.lower->is_number() && ratio.upper->is_number() && ratio.lower->value > 0) {
        const double width = std::log(ratio.upper->value / ratio.lower->value);
        if (width > 0) return std::pow(width / (2 * z_of_level(ratio.level)), 2);
    }
    if (!contrast.p_values.empty()) {
        const auto& p = contrast.p_values.front();
        if (p.relation == catalogue::Relation::equal && p.value.is_number() && p.value.value > 0 && p.value.value < 1 &&
            ratio.value.value != 1)
            return std::pow(std::log(ratio.value.value) / z_of_two_sided_p(p.value.value), 2);
    }
    return std::nullopt;
}

// Log times at which both arms have a point or one on either side, far enough from one another; those at which both
// have one go first, as nothing is interpolated there.
std::vector<double> common_times(const std::vector<CurvePoint>& experimental, const std::vector<CurvePoint>& control) {
    constexpr double same = 1e-9;
    if (experimental.empty() || control.empty()) return {};
    const double first = std::max(experimental.front().log_time, control.front().log_time) - same,
                 last = std::min(experimental.back().log_time, control.back().log_time) + same;
    std::vector<double> of_both, of_one;
    for (const CurvePoint& point : experimental)
        (std::ranges::any_of(control,
                             [&](const CurvePoint& other) { return std::abs(other.log_time - point.log_time) < same; })
             ? of_both
             : of_one)
            .push_back(point.log_time);
    for (const CurvePoint& point : control) of_one.push_back(point.log_time);
    std::ranges::sort(of_one);
    std::vector<double> times;
    for (const auto* candidates : {&of_both, &of_one})
        for (const double time : *candidates)
            if (time >= first && time <= last &&
                std::ranges::all_of(times, [&](double other) { return std::abs(time - other) > std::log(next_time); }))
                times.push_back(time);
    std::ranges::sort(times);
    return times;
}

// The log time between curves that are known one after the other, half-way, if neither has to be continued far. In
// the middle what the bend of log H in log t does to one of them, it does to the other.
std::optional<double> time_between(const std::vector<CurvePoint>& a, const std::vector<CurvePoint>& b) {
    constexpr double furthest = 1.6;  // times the last known time, or divided by the first one
    if (a.size() < 2 || b.size() < 2) return std::nullopt;
    const double from = std::min(a.back().log_time, b.back().log_time),
                 to = std::max(a.front().log_time, b.front().log_time);
    if (to < from || to - from > 2 * std::log(furthest)) return std::nullopt;
    return 0.5 * (from + to);
}

FollowedArm follow(const Comparison& comparison, std::size_t arm) {
    return {[&](double time) { return cumulative_hazard(comparison.points[arm], time); }, comparison.n_patients[arm],
            comparison.follow_up_months[arm], comparison.gamma, comparison.end_months};
}

// The follow-up with which `excess`, which rises with it, is 0; near `start`.
template <typename Function>
double calibrated(double start, const Function& excess) {
    constexpr double furthest = 10, narrowest = 1e-12;
    const auto at = [&](double log_months) { return survival::Guess{log_months, excess(std::exp(log_months))}; };
    return std::exp(survival::narrow([&](double log_months) { return at(log_months).value; },
                                     at(std::log(start / furthest)), at(std::log(start * furthest)), narrowest)
                        .middle());
}

// Follows the arms for as long as gives the published events, else the published precision of the hazard ratio, else
// for the published follow-up.
void follow_arms(Comparison& comparison, const AnalysisEvidence& evidence, const ProportionalHazards& result,
                 std::optional<double> variance) {
    const std::array arms{result.arm, result.control};
    double last = 0;
    for (std::size_t i = 0; i < 2; ++i) {
        comparison.follow_up_months[i] = evidence.follow_up_or_guess(arms[i]);
        last =
            std::max({last, 2 * comparison.follow_up_months[i], 1.5 * std::exp(comparison.points[i].back().log_time)});
    }
    comparison.end_months = last;
    for (std::size_t i = 0; i < 2; ++i) comparison.arms.push_back(follow(comparison, i));
    const auto follow_for = [&](std::size_t i, double months) -> FollowedArm& {
        comparison.arms[i].follow_for(months, comparison.gamma);
        return comparison.arms[i];
    };
    bool events_of_both = true;
    for (std::size_t i = 0; i < 2; ++i) {
        const ArmEvidence& arm = evidence.arms[arms[i]];
        comparison.followed = comparison.followed || arm.n_events || arm.follow_up_months;
        events_of_both = events_of_both && arm.n_events;
        if (arm.n_events)
            comparison.follow_up_months[i] = calibrated(comparison.follow_up_months[i], [&](double months) {
                return follow_for(i, months).events() - *arm.n_events;
            });
    }
    if (!events_of_both && variance) {
        comparison.followed = true;
        const double factor = calibrated(1, [&](double times) {
            for (std::size_t i = 0; i < 2; ++i) follow_for(i, times * comparison.follow_up_months[i]);
            return expected_cox(comparison.arms[0], comparison.arms[1]).information - 1 / *variance;
        });
        for (double& months : comparison.follow_up_months) months *= factor;
    }
    for (std::size_t i = 0; i < 2; ++i) follow_for(i, comparison.follow_up_months[i]);
}

// Estimates of one log hazard ratio if hazards are proportional, with their covariance.
struct Estimates {
    Eigen::VectorXd values;
    Eigen::MatrixXd covariance;
};

// The weights of an arm's points in log H at a time: linear in log t between two of them; beyond them on with the slope
// from the first to the last.
Eigen::RowVectorXd weights_at(const std::vector<CurvePoint>& points, double log_time) {
    constexpr double same = 1e-9;
    Eigen::RowVectorXd weights = Eigen::RowVectorXd::Zero(static_cast<Eigen::Index>(points.size()));
    const auto between = [&](std::size_t a, std::size_t b) {
        const double share = (log_time - points[a].log_time) / (points[b].log_time - points[a].log_time);
        weights[static_cast<Eigen::Index>(a)] = 1 - share;
        weights[static_cast<Eigen::Index>(b)] = share;
    };
    std::size_t after = 0;
    while (after < points.size() && points[after].log_time < log_time - same) ++after;
    if (after < points.size() && points[after].log_time < log_time + same)
        weights[static_cast<Eigen::Index>(after)] = 1;
    else if (after == 0 || after == points.size())
        between(0, points.size() - 1);
    else
        between(after - 1, after);
    return weights;
}

Eigen::MatrixXd interpolation(const std::vector<CurvePoint>& points, const std::vector<double>& log_times) {
    Eigen::MatrixXd weights(static_cast<Eigen::Index>(log_times.size()), static_cast<Eigen::Index>(points.size()));
    for (std::size_t i = 0; i < log_times.size(); ++i)
        weights.row(static_cast<Eigen::Index>(i)) = weights_at(points, log_times[i]);
    return weights;
}

// Covariance of log H at the points of an arm.
Eigen::MatrixXd covariance_of_points(const std::vector<CurvePoint>& points, const FollowedArm& arm) {
    const std::vector<double> variance = arm.variance_of_hazard();
    const auto n = static_cast<Eigen::Index>(points.size());
    std::vector<double> at;
    for (const CurvePoint& point : points) at.push_back(arm.at(variance, std::exp(point.log_time)));
    Eigen::MatrixXd covariance(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < n; ++j) {
            const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
            covariance(i, j) = at[std::min(a, b)] * std::exp(-points[a].g - points[b].g);
            if (i == j) covariance(i, j) += points[a].variance;
        }
    return covariance;
}

// The difference of log H between the arms at each time.
Estimates differences(const Comparison& comparison) {
    const auto k = static_cast<Eigen::Index>(comparison.log_times.size());
    Estimates estimates{Eigen::VectorXd::Zero(k), Eigen::MatrixXd::Zero(k, k)};
    for (std::size_t arm = 0; arm < 2; ++arm) {
        const auto& points = comparison.points[arm];
        const Eigen::MatrixXd weights = interpolation(points, comparison.log_times);
        Eigen::VectorXd g(static_cast<Eigen::Index>(points.size()));
        for (std::size_t i = 0; i < points.size(); ++i) g[static_cast<Eigen::Index>(i)] = points[i].g;
        estimates.values += (arm == 0 ? 1 : -1) * (weights * g);
        estimates.covariance += weights * covariance_of_points(points, comparison.arms[arm]) * weights.transpose();
    }
    return estimates;
}

// Adds the published log hazard ratio: an efficient estimate, so that its covariance with any other is its own
// variance. `beside` is the variance of what else moves it.
void add_published(Estimates& estimates, double log_ratio, double variance, double beside) {
    const Eigen::Index k = estimates.values.size();
    const double best = 1 / estimates.covariance.ldlt().solve(Eigen::VectorXd::Ones(k)).sum();
    const double efficient = std::min(variance, most_efficient * best);
    estimates.values.conservativeResize(k + 1);
    estimates.covariance.conservativeResize(k + 1, k + 1);
    estimates.values[k] = log_ratio;
    estimates.covariance.row(k).setConstant(efficient);
    estimates.covariance.col(k).setConstant(efficient);
    estimates.covariance(k, k) = efficient + beside;
}

// The weighted squares of numbers about their best mean.
double homogeneity(const Eigen::VectorXd& values, const Eigen::MatrixXd& covariance) {
    const Eigen::VectorXd ones = Eigen::VectorXd::Ones(values.size());
    const auto factors = covariance.ldlt();
    const Eigen::VectorXd weights = factors.solve(ones);
    const Eigen::VectorXd away = values - weights.dot(values) / weights.sum() * ones;
    return std::max(0.0, away.dot(factors.solve(away)));
}

// What the estimates would be, in expectation, if the hazard ratio were multiplied by `factor` at a time, and were the
// published one as the geometric mean of before and after.
Eigen::VectorXd expected_estimates(const Comparison& comparison, double change_months, double factor,
                                   bool with_published) {
    const double before = std::exp(comparison.log_ratio) / std::sqrt(factor), after = before * factor;
    const auto of_control = [&](double time) { return cumulative_hazard(comparison.points[1], time); };
    const auto hazard = [&](double time) {
        return before * of_control(std::min(time, change_months)) +
               after * std::max(0.0, of_control(time) - of_control(change_months));
    };
    const std::size_t k = comparison.log_times.size();
    Eigen::VectorXd values(static_cast<Eigen::Index>(k + (with_published ? 1 : 0)));
    for (std::size_t i = 0; i < k; ++i) {
        const double time = std::exp(comparison.log_times[i]);
        values[static_cast<Eigen::Index>(i)] = std::log(hazard(time) / of_control(time));
    }
    if (with_published) {
        const FollowedArm experimental(hazard, comparison.n_patients[0], comparison.follow_up_months[0],
                                       comparison.gamma, comparison.end_months);
        values[static_cast<Eigen::Index>(k)] = expected_cox(experimental, comparison.arms[1]).log_hazard_ratio;
    }
    return values;
}

// How often a hazard ratio that doubles, or halves, half-way through the follow-up would be contradicted: the mean of
// both.
void add_power(ProportionalHazards& result, const Comparison& comparison, const Eigen::MatrixXd& covariance) {
    const auto k = static_cast<Eigen::Index>(comparison.log_times.size());
    const auto df = static_cast<double>(covariance.rows() - 1);
    const double change = 0.25 * (comparison.follow_up_months[0] + comparison.follow_up_months[1]),
                 limit = survival::chi_squared_limit(proportionality_level, df);
    double power = 0;
    for (const double factor : {2.0, 0.5}) {
        const double noncentrality =
            homogeneity(expected_estimates(comparison, change, factor, covariance.rows() > k), covariance);
        power += survival::noncentral_chi_squared_above(limit, df, noncentrality) / 2;
    }
    result.power = power;
    result.change_months = change;
}

std::string ratio_text(double log_ratio) { return support::fixed(std::exp(log_ratio), 2); }

std::string statement_of(const ProportionalHazards& result, const std::string& arms, const Observation& hr) {
    const auto up_to = [&](const RatioUpTo& ratio) {
        return fmt::format("{} up to month {}", ratio_text(ratio.log_ratio),
                           support::shortest(std::round(10 * ratio.time_months) / 10));
    };
    const std::size_t k = result.ratios.size();
    std::string ratios = up_to(result.ratios.front());
    if (k > 1) ratios += (k > 2 ? " ... " : " and ") + up_to(result.ratios.back());
    std::string test = "no p-value, as the published ratio may be stratified or adjusted";
    if (result.p_value)
        test = fmt::format("{}chi-squared {} on {} df, p {}", result.of_curves_alone ? "curves alone: " : "",
                           support::fixed(result.chi_squared, 1), result.degrees_of_freedom,
                           *result.p_value < 0.001 ? "< 0.001" : "= " + support::fixed(*result.p_value, 3));
    const bool contradicted = result.verdict == Proportionality::contradicted;
    std::string statement = fmt::format(
        "{}: the published estimates are {}consistent with proportional hazards: the ratio of the cumulative hazards "
        "is {}, the published hazard ratio {} ({})",
        arms, contradicted ? "not " : "", ratios, catalogue::printed_text(hr.published), test);
    if (!contradicted)
        statement +=
            fmt::format("; {}: a hazard ratio that doubles or halves at month {} would be found in {}% of such trials",
                        *result.power < little_power ? "they have little power" : "power",
                        support::fixed(result.change_months, 0), support::fixed(100 * *result.power, 0));
    return statement;
}

// Whether it is Cox's estimate with the arm as its only term. A stratified or adjusted ratio is another quantity: where
// hazards are proportional in every stratum, those of the arms are not, and it lies further from 1 than their ratio.
bool of_arms_alone(const catalogue::Statistic& ratio) { return ratio.stratified == false && ratio.adjusted != true; }

// The variance of the published log hazard ratio beside that of Cox's estimate of the arms alone.
double variance_beside(const catalogue::Statistic& ratio, double variance, double log_ratio_of_curves,
                       std::optional<double> published) {
    // What strata explain: of the variance, and of the log hazard ratio, which is 0 with and without them if the arms
    // are alike (simulated: four strata whose log hazards have a standard deviation of 0.6).
    constexpr double of_variance = 0.1, of_log_ratio = 0.2;
    constexpr double rounded_limits = 1.25;
    double beside = std::pow(support::sd_of_rounding(ratio.value.half_unit()) / ratio.value.value, 2);
    if (!of_arms_alone(ratio)) beside += of_variance * variance + std::pow(of_log_ratio * log_ratio_of_curves, 2);
    if (published && *published > rounded_limits * variance) beside += *published - variance;
    return beside;
}

double p_value_of(const Estimates& estimates) {
    return survival::chi_squared_above(homogeneity(estimates.values, estimates.covariance),
                                       static_cast<double>(estimates.values.size() - 1));
}

// The time as it was published, where it was.
double months_of(const Comparison& comparison, double log_time) {
    constexpr double same = 1e-9;
    for (const auto& points : comparison.points)
        for (const CurvePoint& point : points)
            if (std::abs(point.log_time - log_time) < same) return point.time_months;
    return std::exp(log_time);
}

// The verdict counts the published hazard ratio; the p-value only if it is that of the arms alone.
void test(ProportionalHazards& result, const Comparison& comparison, const catalogue::Statistic& ratio,
          std::optional<double> variance) {
    const Estimates curves = differences(comparison);
    for (std::size_t i = 0; i < comparison.log_times.size(); ++i) {
        const auto at = static_cast<Eigen::Index>(i);
        result.ratios.push_back(
            {months_of(comparison, comparison.log_times[i]), curves.values[at], std::sqrt(curves.covariance(at, at))});
    }
    Estimates all = curves;
    if (comparison.followed) {
        const double of_cox = 1 / expected_cox(comparison.arms[0], comparison.arms[1]).information;
        add_published(all, comparison.log_ratio, of_cox,
                      variance_beside(ratio, of_cox, curves.values.mean(), variance));
    }
    result.of_curves_alone = !comparison.followed || !of_arms_alone(ratio);
    const Estimates& tested = result.of_curves_alone ? curves : all;
    double least = p_value_of(all);
    if (tested.values.size() > 1) {
        result.chi_squared = homogeneity(tested.values, tested.covariance);
        result.degrees_of_freedom = static_cast<int>(tested.values.size() - 1);
        result.p_value = p_value_of(tested);
        least = std::min(least, *result.p_value);
    }
    result.verdict = least < proportionality_level ? Proportionality::contradicted : Proportionality::not_contradicted;
    add_power(result, comparison, all.covariance);
}

ProportionalHazards check(const catalogue::Contrast& contrast, const AnalysisEvidence& evidence,
                          const Observation& hr) {
    ProportionalHazards result;
    result.arm = hr.arm;
    result.control = *hr.control;
    const std::string arms = evidence.arms[hr.arm].title() + " v " + evidence.arms[*hr.control].title();
    const auto not_testable = [&](const std::string& why) {
        result.statement =
            fmt::format("{}: the published estimates do not show whether hazards are proportional: {}", arms, why);
        return result;
    };
    Comparison comparison;
    for (std::size_t i = 0; i < 2; ++i) {
        const std::size_t arm = i == 0 ? result.arm : result.control;
        comparison.n_patients[i] = evidence.arms[arm].n_patients.value_or(0);
        if (comparison.n_patients[i] <= 0) return not_testable("the number of patients is not published");
        comparison.points[i] = curve_points(evidence, arm);
    }
    comparison.log_times = common_times(comparison.points[0], comparison.points[1]);
    if (comparison.log_times.empty())
        if (const auto between = time_between(comparison.points[0], comparison.points[1]))
            comparison.log_times = {*between};
    if (comparison.log_times.empty()) return not_testable("they give both curves at no common time");
    comparison.gamma = evidence.constants->endpoint(evidence.endpoint).censoring_gamma;
    comparison.log_ratio = hr.value;
    const auto variance = published_variance(contrast);
    follow_arms(comparison, evidence, result, variance);
    if (comparison.log_times.size() == 1 && !comparison.followed)
        return not_testable("they give both curves at one time only, and the hazard ratio has no CI");

    test(result, comparison, first_print(contrast.hazard_ratio), variance);
    result.statement = statement_of(result, arms, hr);
    return result;
}

}  // namespace

std::string_view word(Proportionality verdict) {
    switch (verdict) {
        case Proportionality::not_contradicted:
            return "not-contradicted";
        case Proportionality::contradicted:
            return "contradicted";
        case Proportionality::not_testable:
            break;
    }
    return "not-testable";
}

std::vector<ProportionalHazards> check_proportional_hazards(const catalogue::Analysis& analysis,
                                                            const AnalysisEvidence& evidence) {
    std::vector<ProportionalHazards> results;
    for (const Observation& o : evidence.observations) {
        if (o.kind != Kind::log_hazard_ratio) continue;
        for (const catalogue::Contrast& contrast : analysis.contrasts)
            if (contrast.experimental == evidence.arms[o.arm].id && contrast.control == evidence.arms[*o.control].id)
                results.push_back(check(contrast, evidence, o));
    }
    return results;
}

}  // namespace hersurv::evidence
