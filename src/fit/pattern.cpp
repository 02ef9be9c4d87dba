// THE table of patterns of evidence, and what it takes to have one.
#include "hersurv/fit.hpp"

#include "support/words.hpp"
#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace hersurv::fit {
namespace {

using catalogue::StatisticKey;
using evidence::AnalysisEvidence;
using evidence::Observation;

const Observation* find_observation(const AnalysisEvidence& evidence, std::size_t arm, const StatisticKey& statistic) {
    const auto found =
        std::find_if(evidence.observations.begin(), evidence.observations.end(),
                     [&](const Observation& o) { return o.arm == arm && !o.control && o.statistic == statistic; });
    return found == evidence.observations.end() ? nullptr : &*found;
}

int usable_milestones(const AnalysisEvidence& evidence, std::size_t arm) {
    return static_cast<int>(
        std::count_if(evidence.observations.begin(), evidence.observations.end(), [arm](const Observation& o) {
            return o.arm == arm && o.used() && o.statistic.is(StatisticKey::Kind::milestone);
        }));
}

bool prints(const AnalysisEvidence& evidence, std::size_t arm, const PrintedOfArm& numbers) {
    const auto has = [&](const StatisticKey& statistic) {
        return find_observation(evidence, arm, statistic) != nullptr;
    };
    // A limit or a count that no fit uses adds nothing; a limit that was not reached is not a number that one could
    // use.
    const auto in_use = [&](const StatisticKey& statistic) {
        const Observation* const o = find_observation(evidence, arm, statistic);
        return o != nullptr && (o->used() || !o->published.is_number());
    };
    const auto median = [](StatisticKey::Side side) { return StatisticKey{StatisticKey::Kind::median, side}; };
    using Side = StatisticKey::Side;
    const auto& of_arm = evidence.arms[arm];
    return (!numbers.n_patients || of_arm.n_patients) &&
           (!numbers.events || (of_arm.n_events && in_use({StatisticKey::Kind::events}))) &&
           (!numbers.median || has(median(Side::value))) &&
           (!numbers.limits || (in_use(median(Side::lower)) && in_use(median(Side::upper)))) &&
           (!numbers.follow_up || of_arm.follow_up_months) && usable_milestones(evidence, arm) >= numbers.milestones;
}

bool tied_by_hazard_ratio(const AnalysisEvidence& evidence, std::size_t arm, std::size_t other) {
    return std::any_of(evidence.observations.begin(), evidence.observations.end(), [&](const Observation& o) {
        return o.kind == evidence::Kind::log_hazard_ratio && o.control &&
               ((o.arm == arm && *o.control == other) || (o.arm == other && *o.control == arm));
    });
}

bool includes(const PrintedOfArm& richer, const PrintedOfArm& poorer) {
    return richer.n_patients >= poorer.n_patients && richer.events >= poorer.events && richer.median >= poorer.median &&
           richer.limits >= poorer.limits && richer.follow_up >= poorer.follow_up &&
           richer.milestones >= poorer.milestones;
}

std::vector<std::string> number_words(const PrintedOfArm& printed, MedianCase median) {
    std::vector<std::string> list;
    if (printed.n_patients) list.emplace_back("n");
    if (printed.events) list.emplace_back("events");
    if (printed.median)
        list.push_back(std::string("median") + (median == MedianCase::not_reached ? " not reached" : "") +
                       (printed.limits ? " with 95% CI" : ""));
    if (printed.follow_up) list.emplace_back("follow-up");
    if (printed.milestones == 1) list.emplace_back("one milestone");
    if (printed.milestones == 2) list.emplace_back("two milestones");
    return list;
}

}  // namespace

std::span<const Pattern> patterns() {
    using enum ArmsOfPattern;
    //                 n      events median limits follow-up milestones   hazard ratio
    static constexpr std::array<Pattern, 25> table = {{
        {"A", {true, true, true, true, true, 0}, true},
        {"B", {true, true, true, true, true, 1}, true},
        {"C", {true, true, true, true, true, 2}, true},
        {"median", {false, false, true, false, false, 0}},
        {"median-hr", {false, false, true, false, false, 0}, true},
        {"median-hr-1", {false, false, true, false, false, 1}, true},
        {"median-hr-2", {false, false, true, false, false, 2}, true},
        {"median-fu-hr", {false, false, true, false, true, 0}, true},
        {"limits", {true, false, true, true, false, 0}},
        {"limits-1", {true, false, true, true, false, 1}},
        {"limits-2", {true, false, true, true, false, 2}},
        {"limits-hr", {true, false, true, true, false, 0}, true},
        {"limits-hr-1", {true, false, true, true, false, 1}, true},
        {"limits-hr-2", {true, false, true, true, false, 2}, true},
        {"limits-fu-hr", {true, false, true, true, true, 0}, true},
        {"limits-fu-hr-1", {true, false, true, true, true, 1}, true},
        {"A-alone", {true, true, true, true, true, 0}, false, alone},
        {"limits-alone", {true, false, true, true, false, 0}, false, alone},
        {"median-1-alone", {false, false, true, false, false, 1}, false, alone},
        {"milestone", {false, false, false, false, false, 1}, false, alone},
        {"median-alone", {false, false, true, false, false, 0}, false, alone},
        {"events", {true, true, false, false, true, 0}, false, alone},
        {"hr-only", {true, true, true, true, true, 0}, true, by_hazard_ratio},
        {"hr-median", {false, false, true, false, false, 0}, true, by_hazard_ratio},
        {"hr-milestone", {false, false, false, false, false, 1}, true, by_hazard_ratio},
    }};
    return table;
}

const Pattern* find_pattern(std::string_view name) {
    for (const Pattern& pattern : patterns())
        if (pattern.name == name) return &pattern;
    return nullptr;
}

MedianCase median_case(const AnalysisEvidence& evidence, std::size_t arm) {
    if (find_observation(evidence, arm, {StatisticKey::Kind::median}) == nullptr) return MedianCase::not_printed;
    return evidence.arms[arm].median_not_reached ? MedianCase::not_reached : MedianCase::reached;
}

std::string words(const Pattern& pattern, MedianCase median) {
    if (pattern.arms == ArmsOfPattern::by_hazard_ratio)
        return std::string(pattern.printed.n_patients ? "n, " : "") + "hazard ratio (of the other arm: " +
               support::joined(number_words(pattern.printed, MedianCase::reached)) + ")";
    auto list = number_words(pattern.printed, median);
    if (pattern.hazard_ratio) list.emplace_back("hazard ratio");
    return support::joined(list) + (pattern.arms == ArmsOfPattern::alone ? " (this arm alone)" : "");
}

bool holds(const Pattern& pattern, const AnalysisEvidence& evidence, std::size_t arm) {
    PrintedOfArm own = pattern.printed;
    if (pattern.arms == ArmsOfPattern::by_hazard_ratio) {
        own = {};
        own.n_patients = pattern.printed.n_patients;
    }
    if (!prints(evidence, arm, own)) return false;
    if (pattern.arms == ArmsOfPattern::alone) return true;
    for (std::size_t other = 0; other < evidence.arms.size(); ++other)
        if (other != arm && (!pattern.hazard_ratio || tied_by_hazard_ratio(evidence, arm, other)) &&
            prints(evidence, other, pattern.printed))
            return true;
    return false;
}

bool includes(const Pattern& richer, const Pattern& poorer) {
    using enum ArmsOfPattern;
    if (richer.hazard_ratio < poorer.hazard_ratio || !includes(richer.printed, poorer.printed)) return false;
    // Both arms' numbers are one arm's, and the other one's; neither says anything of the rest.
    return richer.arms == poorer.arms || richer.arms == both;
}

}  // namespace hersurv::fit
