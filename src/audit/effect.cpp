// Log hazard ratios that medians, survival and events imply, with their sampling variances.
#include "audit/effect.hpp"

#include "hersurv/evidence.hpp"

#include <fmt/format.h>

#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::audit {
namespace {

using catalogue::ArmResult;

constexpr double square(double x) { return x * x; }

// Nearer to 0 and 1 a published percentage says too little of log S.
constexpr double lowest_survival = 0.02, highest_survival = 0.98;

std::optional<ImpliedEffect> by_medians(const ArmResult& first, const ArmResult& second) {
    if (first.median.empty() || second.median.empty()) return std::nullopt;
    const auto &a = first.median.front(), &b = second.median.front();
    const auto mine = positive_range_of(a.value, a.from.approximate),
               theirs = positive_range_of(b.value, b.from.approximate);
    if (!mine || !theirs) return std::nullopt;
    return ImpliedEffect{ImpliedEffect::By::medians, log_of(*theirs / *mine),
                         square(se_of_log_median(first)) + square(se_of_log_median(second)),
                         fmt::format("medians of {} v {}",
                                     a.value.unit == b.value.unit ? printed_text(a.value) : printed_time_text(a.value),
                                     printed_time_text(b.value))};
}

std::optional<ImpliedEffect> by_milestones(const ArmResult& first, const ArmResult& second) {
    std::optional<ImpliedEffect> best;
    for (const auto& mine : first.milestones) {
        const auto theirs = std::ranges::find(second.milestones, mine.time_months, &catalogue::Milestone::time_months);
        if (theirs == second.milestones.end() || mine.survival.empty() || theirs->survival.empty()) continue;
        const auto &a = mine.survival.front(), &b = theirs->survival.front();
        const auto s1 = positive_range_of(a.value, a.from.approximate),
                   s0 = positive_range_of(b.value, b.from.approximate);
        if (!s1 || !s0 || std::min(s1->low, s0->low) < lowest_survival ||
            std::max(s1->high, s0->high) > highest_survival)
            continue;
        const double variance = variance_of_log_hazard(a.value.value, first.n_patients) +
                                variance_of_log_hazard(b.value.value, second.n_patients);
        if (best && variance >= best->variance) continue;
        // -log S falls with S: the ends of the ranges change places.
        const Range hazard{-std::log(s1->high), -std::log(s1->low)},
            of_control{-std::log(s0->high), -std::log(s0->low)};
        best = ImpliedEffect{ImpliedEffect::By::milestones, log_of(hazard / of_control), variance,
                             fmt::format("survival of {} v {} at {} months", printed_text(a.value),
                                         printed_text(b.value), support::shortest(mine.time_months))};
    }
    return best;
}

Range absolute(const Range& range) {
    if (range.low <= 0 && range.high >= 0) return {0, std::max(-range.low, range.high)};
    const double a = std::abs(range.low), b = std::abs(range.high);
    return {std::min(a, b), std::max(a, b)};
}

bool holds(const Range& range, double value) { return range.low - slack <= value && value <= range.high + slack; }

// The corners of what is left of a box of log limits once their middle must be in `middle`: z is monotone in either
// limit, so that its extremes are there.
std::vector<std::pair<double, double>> corners(const Range& lower, const Range& upper, const Range& middle) {
    std::vector<std::pair<double, double>> points;
    for (const double a : {lower.low, lower.high}) {
        for (const double b : {upper.low, upper.high})
            if (holds(middle, (a + b) / 2)) points.emplace_back(a, b);
        for (const double m : {middle.low, middle.high})
            if (holds(upper, 2 * m - a)) points.emplace_back(a, 2 * m - a);
    }
    for (const double b : {upper.low, upper.high})
        for (const double m : {middle.low, middle.high})
            if (holds(lower, 2 * m - b)) points.emplace_back(2 * m - b, b);
    return points;
}

}  // namespace

std::optional<Range> wald_z(const catalogue::Statistic& ratio) {
    const auto value = positive_range_of(ratio.value, ratio.from.approximate);
    const auto limits = positive_limits_of(ratio);
    if (!value || !limits) return std::nullopt;
    const auto points = corners(log_of(limits->lower), log_of(limits->upper), log_of(*value));
    if (points.empty()) return absolute(log_of(*value)) / se_of_log(*limits, ratio.level);
    Range z{infinity, -infinity};
    for (const auto& point : points) {
        // ((a + b) / 2) / ((b - a) / (2 z of the level))
        const double each =
            evidence::z_of_level(ratio.level) * (point.first + point.second) / (point.second - point.first);
        z = {std::min(z.low, each), std::max(z.high, each)};
    }
    return absolute(z);
}

Range z_of_p(const Range& p, int sides) {
    const auto z = [&](double value) {
        const double two_sided = value * (sides == 1 ? 2 : 1);
        if (two_sided <= 0) return infinity;
        return two_sided >= 1 ? 0.0 : evidence::z_of_two_sided_p(two_sided);
    };
    return {z(p.high), z(p.low)};
}

double gap(const Range& a, const Range& b) { return std::max({0.0, a.low - b.high, b.low - a.high}); }

double se_of_log_median(const ArmResult& arm) {
    const auto& print = arm.median.front();
    if (const auto limits = positive_limits_of(print)) return se_of_log(*limits, print.level).high;
    if (arm.n_patients && *arm.n_patients > 0) return 1 / (std::log(2.0) * std::sqrt(*arm.n_patients));
    return infinity;
}

double variance_of_log_hazard(double survival, const std::optional<int>& n_patients) {
    if (!n_patients) return infinity;
    return (1 - survival) / (*n_patients * survival * square(std::log(survival)));
}

std::optional<ArmCounts> arm_counts(const ComparedArms& arms, const catalogue::Trial& trial) {
    if (!trial.design.empty() && trial.design != "randomised") return std::nullopt;
    if (arms.experimental == nullptr || arms.control == nullptr) return std::nullopt;
    const auto first = exact_count(arms.experimental->events), second = exact_count(arms.control->events);
    if (!first || !second || !arms.experimental->n_patients || !arms.control->n_patients) return std::nullopt;
    const double n1 = *arms.experimental->n_patients, n0 = *arms.control->n_patients;
    if (*first <= 0 || *second <= 0 || *first >= n1 || *second >= n0) return std::nullopt;
    return ArmCounts{{*first, *second}, {n1, n0}};
}

LogRatio log_ratio_of_events(const ArmCounts& counts) {
    LogRatio ratio{0, 0};
    for (int arm = 0; arm < 2; ++arm) {
        const double share = counts.events[arm] / counts.patients[arm], hazard = -std::log1p(-share);
        ratio.value += (arm == 0 ? 1 : -1) * std::log(hazard);
        ratio.variance += share / (counts.patients[arm] * (1 - share) * square(hazard));
    }
    return ratio;
}

std::vector<ImpliedEffect> implied_effects(const ComparedArms& arms, const catalogue::Trial& trial) {
    std::vector<ImpliedEffect> effects;
    if (arms.experimental == nullptr || arms.control == nullptr) return effects;
    const auto add = [&](const std::optional<ImpliedEffect>& effect) {
        if (effect && std::isfinite(effect->variance)) effects.push_back(*effect);
    };
    add(by_medians(*arms.experimental, *arms.control));
    add(by_milestones(*arms.experimental, *arms.control));
    if (const auto counts = arm_counts(arms, trial)) {
        const LogRatio ratio = log_ratio_of_events(*counts);
        add(ImpliedEffect{ImpliedEffect::By::events,
                          {ratio.value, ratio.value},
                          ratio.variance,
                          fmt::format("events of {} of {} v {} of {} patients", computed(counts->events[0], 6),
                                      computed(counts->patients[0], 6), computed(counts->events[1], 6),
                                      computed(counts->patients[1], 6))});
    }
    return effects;
}

}  // namespace hersurv::audit
