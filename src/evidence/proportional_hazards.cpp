// A chi-squared test of proportional hazards on printed numbers alone.
//
// Under proportional hazards d(t) = log(-log S1(t)) - log(-log S0(t)) is the log hazard ratio at every t (Klein, Logan,
// Harhoff & Andersen 2007, Stat Med 26:4505, compare arms at a fixed time by it). Medians, their limits and milestones
// are points of both published curves; d is taken at their times, between two points of an arm by interpolation of
// log(-log S) in log t. Their covariance is that of Kaplan-Meier estimates: -log S has independent increments with
// variance (1 - S) / (n ra S) up to t (Greenwood; Kalbfleisch & Prentice 2002, 1.4), beside what reading and rounding
// leave. The printed hazard ratio is the efficient estimate, so that its covariance with every d is its own variance
// (Hausman 1978, Econometrica 46:1251; Lin 1991, JASA 86:725, tests proportional hazards in this way). All estimate one
// number: Cochran's Q (1954, Biometrics 10:101) with their covariance is chi-squared with one degree of freedom fewer
// than there are estimates.
#include "hersurv/evidence.hpp"

#include <Eigen/Cholesky>
#include <fmt/format.h>

#include "evidence/constants.hpp"
#include "support/number_text.hpp"
#include "survival/special_functions.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::evidence {
namespace {

// Two times that are nearer say the same of the curves.
constexpr double next_time = 1.1;

// A printed point of a curve on the scale g = log(-log S).
struct Point {
    double log_time = 0, g = 0;
    double cumulative_hazard = 0;  // -log S
    double greenwood = 0;          // variance of -log S by sampling
    double reading = 0;            // variance of g by reading and rounding
};

double variance_of_g(double survival, double sd) {
    const double slope = 1 / (survival * std::log(survival));
    return sd * sd * slope * slope;
}

// The points of an arm, by time; one that does not lie below those before it contradicts them and is left out.
std::vector<Point> points_of(const AnalysisEvidence& evidence, std::size_t arm) {
    std::vector<const Observation*> printed;
    for (const Observation& o : evidence.observations)
        if (o.arm == arm && o.kind == Kind::point) printed.push_back(&o);
    std::ranges::stable_sort(printed, {}, &Observation::time_months);
    const ArmEvidence& record = evidence.arms[arm];
    const double n = *record.n_patients;
    std::vector<Point> points;
    for (const Observation* o : printed) {
        if (!points.empty() && std::log(-std::log(o->survival)) <= points.back().g) continue;
        if (!points.empty() && std::log(o->time_months) <= points.back().log_time) continue;
        const double effective =
            n * effective_share(evidence.constants->endpoint(evidence.endpoint), record, o->time_months, o->survival);
        Point point;
        point.log_time = std::log(o->time_months);
        point.cumulative_hazard = -std::log(o->survival);
        point.g = std::log(point.cumulative_hazard);
        point.greenwood = (1 - o->survival) / (o->survival * effective);
        if (!points.empty()) point.greenwood = std::max(point.greenwood, points.back().greenwood);
        point.reading = variance_of_g(o->survival, o->sd);
        points.push_back(point);
    }
    return points;
}

// g of an arm at a time as a mean of two printed points.
struct Reading {
    std::size_t before = 0, after = 0;
    double weight_after = 0;
    double between = 0;  // variance of what the curve does between the two
};

Reading read_at(const std::vector<Point>& points, double log_time, double sd_between) {
    constexpr double same = 1e-9;
    std::size_t after = 0;
    while (points[after].log_time < log_time - same) ++after;
    if (points[after].log_time < log_time + same) return {after, after, 0, 0};
    const Point &a = points[after - 1], &b = points[after];
    Reading reading{after - 1, after, (log_time - a.log_time) / (b.log_time - a.log_time), 0};
    const double g = a.g + reading.weight_after * (b.g - a.g);
    reading.between = variance_of_g(std::exp(-std::exp(g)), sd_between);
    return reading;
}

double value(const std::vector<Point>& points, const Reading& r) {
    return (1 - r.weight_after) * points[r.before].g + r.weight_after * points[r.after].g;
}

double covariance(const std::vector<Point>& points, const Reading& a, const Reading& b) {
    const auto of_points = [&](std::size_t i, std::size_t j) {
        const Point &p = points[i], &q = points[j];
        return std::min(p.greenwood, q.greenwood) / (p.cumulative_hazard * q.cumulative_hazard) +
               (i == j ? p.reading : 0);
    };
    return (1 - a.weight_after) * (1 - b.weight_after) * of_points(a.before, b.before) +
           (1 - a.weight_after) * b.weight_after * of_points(a.before, b.after) +
           a.weight_after * (1 - b.weight_after) * of_points(a.after, b.before) +
           a.weight_after * b.weight_after * of_points(a.after, b.after);
}

// The variance of the log hazard ratio: by its limits, else its p-value, else the events (docs/method.md).
std::optional<double> variance_of_log_hr(const catalogue::Contrast& contrast, const AnalysisEvidence& evidence,
                                         std::size_t arm, std::size_t control) {
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
    const auto &a = evidence.arms[arm].n_events, &b = evidence.arms[control].n_events;
    if (a && b && *a > 0 && *b > 0) return 1 / *a + 1 / *b;
    return std::nullopt;
}

std::string ratio_text(double log_ratio) { return support::fixed(std::exp(log_ratio), 2); }

// Log times at which both arms have a printed point or one on either side, far enough from one another.
std::vector<double> common_times(const std::vector<Point>& experimental, const std::vector<Point>& control) {
    if (experimental.empty() || control.empty()) return {};
    const double first = std::max(experimental.front().log_time, control.front().log_time) - 1e-9,
                 last = std::min(experimental.back().log_time, control.back().log_time) + 1e-9;
    std::vector<double> times;
    for (const auto* points : {&experimental, &control})
        for (const Point& point : *points)
            if (point.log_time >= first && point.log_time <= last) times.push_back(point.log_time);
    std::ranges::sort(times);
    std::vector<double> apart;
    for (const double time : times)
        if (apart.empty() || time > apart.back() + std::log(next_time)) apart.push_back(time);
    return apart;
}

// Estimates of one log hazard ratio if hazards are proportional, with their covariance.
struct Estimates {
    Eigen::VectorXd values;
    Eigen::MatrixXd covariance;
};

// The difference of g between the arms at each time.
Estimates differences(const std::vector<Point>& experimental, const std::vector<Point>& control,
                      const std::vector<double>& times, double sd_between) {
    const auto k = static_cast<Eigen::Index>(times.size());
    Estimates estimates{Eigen::VectorXd(k), Eigen::MatrixXd::Zero(k, k)};
    std::vector<Reading> of_experimental, of_control;
    for (Eigen::Index i = 0; i < k; ++i) {
        const double time = times[static_cast<std::size_t>(i)];
        of_experimental.push_back(read_at(experimental, time, sd_between));
        of_control.push_back(read_at(control, time, sd_between));
        estimates.values[i] = value(experimental, of_experimental.back()) - value(control, of_control.back());
    }
    for (Eigen::Index i = 0; i < k; ++i)
        for (Eigen::Index j = 0; j < k; ++j) {
            const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
            estimates.covariance(i, j) = covariance(experimental, of_experimental[a], of_experimental[b]) +
                                         covariance(control, of_control[a], of_control[b]);
            if (i == j) estimates.covariance(i, j) += of_experimental[a].between + of_control[a].between;
        }
    return estimates;
}

// Adds the printed log hazard ratio: an efficient estimate, so that its covariance with any other is its own variance.
void add_printed(Estimates& estimates, double log_ratio, double sd, double variance) {
    // The variance that the efficient estimate has less than the best mean of the others is a small difference of two
    // numbers of which one is approximate: it is taken to be a fifth of the larger at least.
    constexpr double most_efficient = 0.8;
    const Eigen::Index k = estimates.values.size();
    const double best = 1 / estimates.covariance.ldlt().solve(Eigen::VectorXd::Ones(k)).sum();
    const double efficient = std::min(variance, most_efficient * best);
    estimates.values.conservativeResize(k + 1);
    estimates.covariance.conservativeResize(k + 1, k + 1);
    estimates.values[k] = log_ratio;
    estimates.covariance.row(k).setConstant(efficient);
    estimates.covariance.col(k).setConstant(efficient);
    estimates.covariance(k, k) = efficient + sd * sd;
}

// Whether all estimate the same: their weighted squares about the best mean are chi-squared then (Cochran 1954,
// Biometrics 10:101).
void test_equality(const Estimates& estimates, ProportionalHazards& result) {
    const Eigen::VectorXd ones = Eigen::VectorXd::Ones(estimates.values.size());
    const auto factors = estimates.covariance.ldlt();
    const Eigen::VectorXd weights = factors.solve(ones);
    const double mean = weights.dot(estimates.values) / weights.sum();
    const Eigen::VectorXd away = estimates.values - mean * ones;
    result.chi_squared = std::max(0.0, away.dot(factors.solve(away)));
    result.degrees_of_freedom = static_cast<int>(estimates.values.size() - 1);
    result.p_value = survival::upper_incomplete_gamma(0.5 * result.degrees_of_freedom, 0.5 * result.chi_squared);
    result.verdict =
        *result.p_value < proportionality_level ? Proportionality::contradicted : Proportionality::not_contradicted;
}

std::string statement_of(const ProportionalHazards& result, const std::string& arms, const Observation& hr) {
    const auto up_to = [&](const RatioUpTo& ratio) {
        return fmt::format("{} up to month {}", ratio_text(ratio.log_ratio),
                           support::shortest(std::round(10 * ratio.time_months) / 10));
    };
    const std::size_t k = result.ratios.size();
    std::string ratios = up_to(result.ratios.front());
    if (k > 1) ratios += (k > 2 ? " ... " : " and ") + up_to(result.ratios.back());
    return fmt::format(
        "{}: proportional hazards is {}contradicted by the printed numbers: the ratio of the cumulative hazards is {}, "
        "the printed hazard ratio {} (chi-squared {} on {} df, p {})",
        arms, result.verdict == Proportionality::contradicted ? "" : "not ", ratios,
        catalogue::printed_text(hr.published), support::fixed(result.chi_squared, 1), result.degrees_of_freedom,
        *result.p_value < 0.001 ? "< 0.001" : "= " + support::fixed(*result.p_value, 3));
}

ProportionalHazards check(const catalogue::Contrast& contrast, const AnalysisEvidence& evidence,
                          const Observation& hr) {
    ProportionalHazards result;
    result.arm = hr.arm;
    result.control = *hr.control;
    const std::string arms = evidence.arms[hr.arm].id + " v " + evidence.arms[*hr.control].id;
    const auto not_testable = [&](const std::string& why) {
        result.statement =
            fmt::format("{}: the printed numbers cannot tell whether hazards are proportional: {}", arms, why);
        return result;
    };
    for (const std::size_t arm : {result.arm, result.control})
        if (evidence.arms[arm].n_patients.value_or(0) <= 0)
            return not_testable("the number of patients is not printed");
    const auto experimental = points_of(evidence, result.arm), control = points_of(evidence, result.control);
    const std::vector<double> times = common_times(experimental, control);
    if (times.empty()) return not_testable("there is no time at which they give both curves");
    const auto variance = variance_of_log_hr(contrast, evidence, result.arm, result.control);
    if (times.size() == 1 && !variance)
        return not_testable("they give both curves at one time only, and not how precise the hazard ratio is");

    Estimates estimates = differences(experimental, control, times, evidence.constants->reading().sd_model);
    for (std::size_t i = 0; i < times.size(); ++i) {
        const auto at = static_cast<Eigen::Index>(i);
        result.ratios.push_back({std::exp(times[i]), estimates.values[at], std::sqrt(estimates.covariance(at, at))});
    }
    if (variance) add_printed(estimates, hr.value, hr.sd, *variance);
    test_equality(estimates, result);
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
