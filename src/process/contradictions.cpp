// Compares every tie with what the mixture makes of it.
#include "process/contradictions.hpp"

#include <Eigen/Core>
#include <fmt/format.h>

#include "process/envelope.hpp"
#include "process/tie_grid.hpp"
#include "support/numbers.hpp"
#include "survival/follow_up.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>

namespace hersurv::process {
namespace {

using catalogue::FollowUp;

constexpr double events_gate = 4;    // sds beyond which an event count contradicts the rest
constexpr double unstated_gate = 2;  // the same, if nobody says of what kind the follow-up is
constexpr double ratio_gate = 3;     // sds by which a compromise may miss a hazard ratio that it tries to have
constexpr double hardly_any = 1e-4;  // share of trials with a hazard ratio so far from what all else leads to

// What the mixture makes of every tie.
std::vector<double> expected_ties(const Problem& problem, const Mixture& mixture) {
    std::vector<double> expected(problem.placement.ties.size(), 0.0);
    FollowedShares followed;
    std::size_t current = mixture.settings.size();
    for (std::size_t c = 0; c < mixture.components.size(); ++c) {
        const Component& component = mixture.components[c];
        if (component.setting != current) {  // components of a setting follow each other
            current = component.setting;
            followed = followed_shares(problem, mixture.settings[current].end_months);
        }
        const std::vector<double> values = tie_values(problem, problem.placement.ties, followed, component.grid_y);
        for (std::size_t i = 0; i < values.size(); ++i) expected[i] += mixture.weights[c] * values[i];
    }
    return expected;
}

// What the finished curves make of every tie.
std::vector<double> finished_ties(const Problem& problem, const Mixture& mixture, const std::vector<Tie>& ties) {
    const double end_months = mixture.settings.front().end_months;
    const std::vector<double> times = survival::follow_up_grid(end_months, grid_intervals);
    Eigen::VectorXd y(static_cast<Eigen::Index>(problem.placed.size() * grid_intervals));
    Eigen::Index row = 0;
    for (const std::size_t arm : problem.placed) {
        const double inflation = problem.inflation(arm);
        const Envelope envelope = make_envelope(problem, mixture, arm, inflation);
        for (std::size_t k = 1; k < times.size(); ++k)
            y[row++] = -support::logit(survival_within(envelope, times[k], moments(problem, mixture, arm, times[k]),
                                                       mixture.weights, inflation));
    }
    return tie_values(problem, ties, followed_shares(problem, end_months), y);
}

// A tie that was left out, and what the curves without it make of it.
std::string message_of(const Problem& problem, const Tie& tie, double expected) {
    constexpr double would_fit = 2;  // sds
    const std::string& arm = problem.evidence.arms[tie.arm].title();
    if (!tie.control)
        return fmt::format(
            "{}: the published number of events, {:.0f}, is left out: all other estimates imply about {:.0f}, whatever "
            "kind of follow-up is published",
            arm, problem.evidence.arms[tie.arm].n_events.value_or(0), expected * problem.arm(tie.arm).n_patients);
    const std::string& control = problem.evidence.arms[*tie.control].title();
    const std::string upside_down =
        std::abs(-tie.value - expected) < would_fit * tie.sd
            ? fmt::format("; as the hazard ratio of {} v {} (inverted) it would agree with them", control, arm)
            : "";
    return fmt::format(
        "{} v {}: the published hazard ratio, {}, is left out: all other estimates of the two arms imply about "
        "{:.2f}{}",
        arm, control, catalogue::printed_text(problem.evidence.observations[tie.observation].published),
        std::exp(expected), upside_down);
}

// The expected fraction with an event of an arm whose follow-up were another, over the mixture.
double expected_events(const Problem& problem, const Mixture& mixture, std::size_t tie, double follow_up_months) {
    Problem changed = problem;
    changed.placement.arms[changed.placement.ties[tie].arm].follow_up_months = follow_up_months;
    return expected_ties(changed, mixture)[tie];
}

// Whether something else than its events says where the curve of an arm runs.
bool placed_by_points(const Problem& problem, std::size_t arm) {
    return problem.arm(arm).median_months ||
           std::ranges::any_of(problem.placement.anchors, [arm](const Anchor& anchor) { return anchor.arm == arm; });
}

// How short the follow-up of an arm can have been: half of what is published, and not much less than the last published
// point of its curve, which somebody was followed up to.
double least_follow_up(const Problem& problem, std::size_t arm) {
    constexpr double share_of_printed = 0.5, share_of_last_point = 0.6;
    double last = problem.arm(arm).median_months.value_or(0);
    for (const Anchor& anchor : problem.placement.anchors)
        if (anchor.arm == arm) last = std::max(last, anchor.time_months);
    return std::max(share_of_printed * problem.evidence.follow_up_or_guess(arm), share_of_last_point * last);
}

// Events that the published follow-up does not allow say that it is of another kind, such as the time on study, of
// which many more have had an event: the follow-up is given up, and the one nearest to it that has the events is taken.
// Looks at ties whose follow-up is still the published one (`given_up` empty) beyond the gate, at others beyond one sd:
// the grid of a mixture ends with its follow-up, so that a much longer one needs another look.
bool follow_events(Problem& problem, const Mixture& mixture, const std::vector<double>& expected,
                   std::vector<bool>& given_up) {
    constexpr double most_log_factor = 1.4, near_enough = 1;
    bool changed = false;
    for (std::size_t i = 0; i < problem.placement.ties.size(); ++i) {
        const Tie& tie = problem.placement.ties[i];
        if (tie.control || !placed_by_points(problem, tie.arm)) continue;
        const bool stated = problem.evidence.arms[tie.arm].follow_up_kind == FollowUp::Kind::reverse_kaplan_meier;
        const double gate = given_up[tie.arm] ? near_enough : stated ? events_gate : unstated_gate;
        if (std::abs(expected[i] - tie.value) <= gate * tie.sd) continue;
        const double direction = expected[i] < tie.value ? 1 : -1;
        double& follow_up = problem.placement.arms[tie.arm].follow_up_months;
        const double from = follow_up;
        const auto left = [&](double log_factor) {
            return direction *
                   (tie.value - expected_events(problem, mixture, i, from * std::exp(direction * log_factor)));
        };
        const double most = direction > 0 ? most_log_factor : std::log(from / least_follow_up(problem, tie.arm));
        if (most <= 0 || left(most) > events_gate * tie.sd) continue;  // no follow-up does it
        const auto crossing = survival::bisect(
            0.0, most, [&](double factor) { return left(factor) > near_enough / 2 * tie.sd ? -1 : 1; }, 20);
        follow_up = from * std::exp(direction * crossing.middle());
        given_up[tie.arm] = changed = true;
    }
    return changed;
}

std::string message_of_follow_up(const Problem& problem, std::size_t arm, double printed) {
    const double taken = problem.arm(arm).follow_up_months;
    const std::string& id = problem.evidence.arms[arm].title();
    return taken > printed
               ? fmt::format(
                     "{}: more patients had an event than a median follow-up of {:.3g} months allows; it may be "
                     "the time on study, so the curve uses the number of events and a follow-up of {:.3g} months",
                     id, printed, taken)
               : fmt::format(
                     "{}: fewer patients had an event than a median follow-up of {:.3g} months implies; it may be that "
                     "of the survivors, so the curve uses the number of events and a follow-up of {:.3g} months",
                     id, printed, taken);
}

// Lets the events tell how long patients were followed where the published follow-up contradicts them.
void keep_events(Problem& problem, const std::vector<WeightedSchedule>& schedules, Mixture& mixture,
                 std::vector<double>& expected) {
    constexpr int most_looks = 4;
    std::vector<bool> given_up(problem.placement.arms.size());
    std::vector<double> printed;
    for (const ArmPlacement& arm : problem.placement.arms) printed.push_back(arm.follow_up_months);
    for (int look = 0; look < most_looks && follow_events(problem, mixture, expected, given_up); ++look) {
        mixture = mix(problem, schedules);
        expected = expected_ties(problem, mixture);
    }
    for (std::size_t arm = 0; arm < given_up.size(); ++arm)
        if (given_up[arm]) problem.placement.messages.push_back(message_of_follow_up(problem, arm, printed[arm]));
}

// Whether the mixture cannot have a tie: the compromise misses it by far, or hardly any trial has one so far from all
// else, and the curves that were bent towards it do not have it in the end, as they must not rise.
std::vector<bool> missed_ties(const Problem& problem, const Mixture& mixture, const std::vector<double>& expected,
                              bool ratios) {
    const std::vector<Tie>& ties = problem.placement.ties;
    std::vector<bool> missed(ties.size());
    std::vector<double> finished;
    for (std::size_t i = 0; i < ties.size(); ++i) {
        if (ties[i].control.has_value() != ratios) continue;
        const double gate = (ratios ? ratio_gate : events_gate) * ties[i].sd;
        missed[i] = std::abs(expected[i] - ties[i].value) > gate;
        if (missed[i] || !ratios || mixture.tie_probability[i] > hardly_any) continue;
        if (finished.empty()) finished = finished_ties(problem, mixture, ties);
        missed[i] = std::abs(finished[i] - ties[i].value) > gate;
    }
    return missed;
}

// Takes out the hazard ratios or the events that the mixture cannot have; which these are.
std::vector<Tie> leave_out(Problem& problem, const Mixture& mixture, const std::vector<double>& expected, bool ratios) {
    Placement& placement = problem.placement;
    const std::vector<bool> missed = missed_ties(problem, mixture, expected, ratios);
    std::set<std::size_t> contradicting;
    std::vector<Tie> left_out;
    for (std::size_t i = 0; i < missed.size(); ++i) {
        if (!missed[i]) continue;
        const Tie& tie = placement.ties[i];
        left_out.push_back(tie);
        contradicting.insert(tie.observation);
        NumberInFit& number = placement.numbers[tie.observation];
        number.use = NumberInFit::Use::not_used;
        number.sd.reset();
        number.derivation = "not used: it contradicts the other estimates";
    }
    std::erase_if(placement.ties, [&](const Tie& tie) { return contradicting.contains(tie.observation); });
    return left_out;
}

}  // namespace

void leave_out_contradictions(Problem& problem, const std::vector<WeightedSchedule>& schedules, Mixture& mixture) {
    // Events first: with the wrong ones every hazard ratio is far.
    if (problem.placement.ties.empty()) return;
    std::vector<double> expected = expected_ties(problem, mixture);
    keep_events(problem, schedules, mixture, expected);
    for (const bool ratios : {false, true}) {
        const std::vector<Tie> left_out = leave_out(problem, mixture, expected, ratios);
        if (left_out.empty()) continue;
        mixture = mix(problem, schedules);
        const std::vector<double> without = finished_ties(problem, mixture, left_out);
        for (std::size_t i = 0; i < left_out.size(); ++i)
            problem.placement.messages.push_back(message_of(problem, left_out[i], without[i]));
        if (problem.placement.ties.empty()) return;
        expected = expected_ties(problem, mixture);
    }
}

}  // namespace hersurv::process
