// Compares every tie with what the mixture makes of it.
#include "process/contradictions.hpp"

#include <fmt/format.h>

#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>

namespace hersurv::process {
namespace {

using catalogue::FollowUp;

constexpr double events_gate = 4;    // sds beyond which an event count contradicts the rest
constexpr double unstated_gate = 2;  // the same, where nobody says of what kind the follow-up is
constexpr double ratio_gate = 3;     // sds by which a compromise may miss a hazard ratio that it tries to have

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
        const std::vector<double> values = tie_values(problem, followed, component.grid_y);
        for (std::size_t i = 0; i < values.size(); ++i) expected[i] += mixture.weights[c] * values[i];
    }
    return expected;
}

std::string message_of(const Problem& problem, const Tie& tie, double sds_away) {
    const std::string& arm = problem.evidence.arms[tie.arm].id;
    return tie.control
               ? fmt::format(
                     "{}: the hazard ratio is left out: the best compromise with all other numbers misses it by "
                     "{:.1f} sd",
                     arm, sds_away)
               : fmt::format(
                     "{}: the number of events is left out: it is {:.1f} sd away from what all other numbers "
                     "lead to",
                     arm, sds_away);
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

// How short the follow-up of an arm can have been: half of what is printed, and not much less than the last published
// point of its curve, which somebody was followed up to.
double least_follow_up(const Problem& problem, std::size_t arm) {
    constexpr double share_of_printed = 0.5, share_of_last_point = 0.6;
    double last = problem.arm(arm).median_months.value_or(0);
    for (const Anchor& anchor : problem.placement.anchors)
        if (anchor.arm == arm) last = std::max(last, anchor.time_months);
    return std::max(share_of_printed * problem.evidence.follow_up_or_guess(arm), share_of_last_point * last);
}

// Events that the printed follow-up does not allow say that it is of another kind, such as the time on study, of which
// many more have had an event: the follow-up is given up, and the one nearest to it that has the events is taken. Looks
// at ties whose follow-up is still the printed one (`given_up` empty) beyond the gate, at others beyond one sd: the
// grid of a mixture ends with its follow-up, so that a much longer one needs another look.
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
    const std::string& id = problem.evidence.arms[arm].id;
    return taken > printed
               ? fmt::format(
                     "{}: more patients had an event than a median follow-up of {:.3g} months allows; it may be "
                     "the time on study, so the curve uses the number of events and a follow-up of {:.3g} months",
                     id, printed, taken)
               : fmt::format(
                     "{}: fewer patients had an event than a median follow-up of {:.3g} months leads to; it may "
                     "be that of the survivors, so the curve uses the number of events and a follow-up of {:.3g} "
                     "months",
                     id, printed, taken);
}

// Lets the events tell how long patients were followed where the printed follow-up contradicts them.
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

// Takes out the hazard ratios or the events that are too far from what is expected; whether there were any.
bool leave_out(Problem& problem, const std::vector<double>& expected, bool ratios) {
    Placement& placement = problem.placement;
    std::set<std::size_t> contradicting;
    for (std::size_t i = 0; i < placement.ties.size(); ++i) {
        const Tie& tie = placement.ties[i];
        if (tie.control.has_value() != ratios) continue;
        const double away = std::abs(expected[i] - tie.value) / tie.sd;
        if (away <= (ratios ? ratio_gate : events_gate)) continue;
        contradicting.insert(tie.observation);
        placement.messages.push_back(message_of(problem, tie, away));
        NumberInFit& number = placement.numbers[tie.observation];
        number.use = NumberInFit::Use::not_used;
        number.sd.reset();
        number.derivation = "not used: it contradicts the other numbers";
    }
    std::erase_if(placement.ties, [&](const Tie& tie) { return contradicting.contains(tie.observation); });
    return !contradicting.empty();
}

}  // namespace

void leave_out_contradictions(Problem& problem, const std::vector<WeightedSchedule>& schedules, Mixture& mixture) {
    // Events first: with the wrong ones every hazard ratio is far.
    if (problem.placement.ties.empty()) return;
    std::vector<double> expected = expected_ties(problem, mixture);
    keep_events(problem, schedules, mixture, expected);
    for (const bool ratios : {false, true}) {
        if (!leave_out(problem, expected, ratios)) continue;
        mixture = mix(problem, schedules);
        if (problem.placement.ties.empty()) return;
        expected = expected_ties(problem, mixture);
    }
}

}  // namespace hersurv::process
