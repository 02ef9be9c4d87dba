// Compares every tie with what the mixture makes of it.
#include "process/contradictions.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <set>

namespace hersurv::process {
namespace {

constexpr double events_gate = 4;  // sds beyond which an event count contradicts the rest
constexpr double ratio_gate = 3;   // sds by which a compromise may miss a hazard ratio that it tries to have

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
    for (const bool ratios : {false, true}) {
        if (!leave_out(problem, expected, ratios)) continue;
        mixture = mix(problem, schedules);
        if (problem.placement.ties.empty()) return;
        expected = expected_ties(problem, mixture);
    }
}

}  // namespace hersurv::process
