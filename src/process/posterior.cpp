// Conditions the process on the evidence of an analysis, and reads curves off the mixture.
#include "process/posterior.hpp"

#include <fmt/format.h>

#include "process/contradictions.hpp"
#include "process/envelope.hpp"
#include "process/mixture.hpp"
#include "process/problem.hpp"
#include <algorithm>
#include <stdexcept>

namespace hersurv::process {
namespace {

// The schedules of scans that the class of endpoint has, or that of the protocol.
std::vector<WeightedSchedule> choose_schedules(Problem& problem, const Options& options) {
    if (!problem.constants.scans) return {{}};
    const evidence::ScanConstants& scans = *problem.constants.scans;
    if (options.assessment_interval_months && *options.assessment_interval_months > 0) {
        const double interval = *options.assessment_interval_months;
        const bool possible = std::all_of(problem.placed.begin(), problem.placed.end(), [&](std::size_t arm) {
            const auto& median = problem.arm(arm).median_months;
            return !median || ScanSchedule(scans, interval, *median).possible();
        });
        if (possible) return {{interval, 1}};
        problem.placement.messages.push_back(
            fmt::format("the median is before the first assessment at {:.3g} months: the assessment schedule of the "
                        "protocol is not used",
                        interval));
    }
    const auto found = scans.prior.find(options.cancer);
    const std::vector<double>& shares = (found != scans.prior.end() ? *found : *scans.prior.find("other")).second;
    std::vector<WeightedSchedule> schedules;
    for (std::size_t i = 0; i < shares.size(); ++i) schedules.push_back({scans.months[i], shares[i]});
    return schedules;
}

std::vector<Arm> arms_of(const Problem& problem) {
    std::vector<Arm> arms;
    for (std::size_t i = 0; i < problem.placement.arms.size(); ++i) {
        const ArmPlacement& placement = problem.arm(i);
        Arm& arm = arms.emplace_back();
        arm.placed = placement.placed;
        arm.reason = placement.reason;
        arm.median_months = placement.median_months;
        arm.follow_up_months = placement.follow_up_months;
        if (problem.evidence.arms[i].n_patients.value_or(0) > 0) arm.n_patients = problem.evidence.arms[i].n_patients;
        arm.inflation = problem.inflation(i);
    }
    return arms;
}

}  // namespace

struct Posterior::State {
    State(std::shared_ptr<const evidence::AnalysisEvidence> data, const Options& options)
        : evidence(std::move(data)), problem(*evidence), arms(arms_of(problem)) {
        if (problem.placed.empty()) return;
        const std::vector<WeightedSchedule> schedules = choose_schedules(problem, options);
        mixture = mix(problem, schedules);
        leave_out_contradictions(problem, schedules, mixture);
        for (std::size_t arm = 0; arm < arms.size(); ++arm)
            arms[arm].follow_up_months = problem.arm(arm).follow_up_months;
        for (std::size_t c = 0; c < mixture.components.size(); ++c) {
            const Component& component = mixture.components[c];
            components.push_back(
                {mixture.weights[c], component.schedule_months, mixture.settings[component.setting].median_months});
        }
        // What only the conditioning needed.
        for (Setting& setting : mixture.settings) {
            setting.grid_covariance.resize(0, 0);
            setting.whitened_grid.resize(0, 0);
        }
        envelopes.resize(arms.size());
        for (const std::size_t arm : problem.placed)
            envelopes[arm] = make_envelope(problem, mixture, arm, arms[arm].inflation);
    }

    void require(std::size_t arm) const {
        if (arm >= arms.size() || !arms[arm].placed) throw std::invalid_argument("this arm has no curve");
    }

    void require(std::size_t arm, double time_months) const {
        require(arm);
        if (!(time_months > 0)) throw std::invalid_argument("logit(1 - S) needs a time after 0");
    }

    double survival(std::size_t arm, double time_months, const std::vector<Moments>& at) const {
        return survival_within(envelopes[arm], time_months, at, mixture.weights, arms[arm].inflation);
    }

    // S where y has its quantile: the larger y, the smaller S.
    double survival_at_quantile(std::size_t arm, const std::vector<Moments>& at, double p_of_y) const {
        return survival_of(quantile(at, mixture.weights, arms[arm].inflation, p_of_y));
    }

    std::shared_ptr<const evidence::AnalysisEvidence> evidence;
    Problem problem;
    std::vector<Arm> arms;
    Mixture mixture;
    std::vector<WeightedComponent> components;
    std::vector<Envelope> envelopes;  // by arm
};

Posterior::Posterior(std::shared_ptr<const evidence::AnalysisEvidence> evidence, const Options& options)
    : state_(std::make_shared<const State>(std::move(evidence), options)) {}
const evidence::AnalysisEvidence& Posterior::evidence() const { return *state_->evidence; }
const std::vector<Arm>& Posterior::arms() const { return state_->arms; }
const std::vector<NumberInFit>& Posterior::numbers() const { return state_->problem.placement.numbers; }
const std::vector<WeightedComponent>& Posterior::components() const { return state_->components; }
const std::vector<std::string>& Posterior::messages() const { return state_->problem.placement.messages; }

std::vector<Moments> Posterior::moments(std::size_t arm, double time_months) const {
    state_->require(arm, time_months);
    return process::moments(state_->problem, state_->mixture, arm, time_months);
}

JointMoments Posterior::joint_moments(std::size_t component, std::span<const ArmTime> points) const {
    const Problem& problem = state_->problem;
    const Component& chosen = state_->mixture.components.at(component);
    const Setting& setting = state_->mixture.settings[chosen.setting];
    std::vector<KnownPoint> known;
    std::vector<Eigen::VectorXd> q_z;
    JointMoments result;
    for (const ArmTime& point : points) {
        state_->require(point.arm, point.time_months);
        known.push_back(known_point(problem, setting, point.arm, point.time_months));
        q_z.push_back(with_ties(chosen, known.back()));
        result.mean.push_back(mean(problem, setting, chosen, known.back(), q_z.back()));
    }
    const std::size_t n = points.size();
    result.covariance.resize(n * n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j)
            result.covariance[i * n + j] = result.covariance[j * n + i] =
                covariance(problem, setting, known[i].point, known[j].point) -
                known[i].with_anchors.dot(known[j].with_anchors) - q_z[i].dot(q_z[j]);
    return result;
}

std::vector<double> Posterior::prior_covariance(std::span<const ArmTime> points) const {
    const Problem& problem = state_->problem;
    const Mixture& mixture = state_->mixture;
    for (const ArmTime& point : points) state_->require(point.arm);
    const std::vector<double>& medians = mixture.settings.at(mixture.components.front().setting).median_months;
    std::vector<double> result(points.size() * points.size());
    double shares = 0;
    // All kinds of curves have the same mean, so that the covariance of their mixture is the mean of theirs.
    for (const Setting& setting : mixture.settings) {
        if (setting.median_months != medians) continue;
        const Prior& prior = problem.priors[setting.prior];
        std::vector<Point> at;
        for (const ArmTime& point : points) at.push_back(prior.point(point.arm, point.time_months, medians[point.arm]));
        shares += prior.share();
        for (std::size_t i = 0; i < points.size(); ++i)
            for (std::size_t j = 0; j < points.size(); ++j)
                result[i * points.size() + j] += prior.share() * covariance(problem, setting, at[i], at[j]);
    }
    for (double& value : result) value /= shares;
    return result;
}

double Posterior::survival_quantile(std::size_t arm, double time_months, double p) const {
    state_->require(arm);
    if (!(p > 0 && p < 1)) throw std::invalid_argument("a quantile needs 0 < p < 1");
    if (!(time_months > 0)) return 1;
    return state_->survival_at_quantile(arm, moments(arm, time_months), 1 - p);
}

double Posterior::survival(std::size_t arm, double time_months) const {
    state_->require(arm);
    if (!(time_months > 0)) return 1;
    return state_->survival(arm, time_months, moments(arm, time_months));
}

Interval Posterior::reconstruction_interval(std::size_t arm, double time_months, double level) const {
    state_->require(arm);
    if (!(time_months > 0)) return {1, 1, 1};
    const auto at = moments(arm, time_months);
    const double tail = 0.5 * (1 - level);
    Interval result;
    result.value = state_->survival(arm, time_months, at);
    result.lower = state_->survival_at_quantile(arm, at, 1 - tail);
    result.upper = state_->survival_at_quantile(arm, at, tail);
    return result;
}

}  // namespace hersurv::process
