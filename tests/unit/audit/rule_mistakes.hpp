// The mistakes that each rule is measured on, by size.
#pragma once

#include "unit/audit/single_mistakes.hpp"
#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace {

// A mistake of a size; false where the trial has nothing that it could be made of.
struct Mistake {
    std::string rule, words;
    std::vector<double> sizes;
    std::string unit;
    std::function<bool(simulated::Trial&, double size)> make;
};

void scale(simulated::Estimate& estimate, double factor) {
    estimate.value *= factor;
    estimate.lower *= factor;
    estimate.upper *= factor;
}

// Moves both limits to `factor` of their distance from the value, on the log scale.
void stretch(simulated::Estimate& estimate, double factor) {
    estimate.lower = estimate.value * std::pow(estimate.lower / estimate.value, factor);
    estimate.upper = estimate.value * std::pow(estimate.upper / estimate.value, factor);
}

bool reached(const simulated::Estimate& estimate) { return std::isfinite(estimate.upper); }

const std::vector<Mistake>& mistakes() {
    using simulated::Trial;
    static const std::vector<Mistake> all = {
        {"interval-holds-value",
         "the median is published too high by",
         {0.1, 0.2, 0.3, 0.5},
         "of itself",
         [](Trial& t, double x) {
             auto& median = t.analyses[0].arm[0].median;
             if (!reached(median)) return false;
             median.value *= 1 + x;
             return true;
         }},
        {"milestones-decrease",
         "survival at the second milestone is published too high by",
         {0.05, 0.1, 0.2, 0.3},
         "",
         [](Trial& t, double x) {
             auto& milestones = t.analyses[0].arm[0].milestones;
             if (milestones.size() < 2 || milestones[1].survival.value + x > 1) return false;
             milestones[1].survival.value += x;
             milestones[1].survival.upper = 1;
             return true;
         }},
        {"median-limits-milestones",
         "the limits of survival at 24 months are both too high by",
         {0.05, 0.1, 0.2, 0.3},
         "",
         [](Trial& t, double x) {
             for (auto& milestone : t.analyses[0].arm[0].milestones) {
                 if (milestone.time != 24 || milestone.survival.upper + x > 1) continue;
                 milestone.survival.lower += x;
                 milestone.survival.upper += x;
                 return true;
             }
             return false;
         }},
        {"median-precision",
         "the interval of the median is wider, on the log scale, by a factor of",
         {2, 3, 4, 6},
         "",
         [](Trial& t, double x) {
             auto& median = t.analyses[0].arm[0].median;
             if (!reached(median)) return false;
             stretch(median, x);
             return true;
         }},
        {"median-precision",
         "the interval of the median is narrower by a factor of",
         {2, 4, 8},
         "",
         [](Trial& t, double x) {
             auto& median = t.analyses[0].arm[0].median;
             if (!reached(median)) return false;
             stretch(median, 1 / x);
             return true;
         }},
        {"events-within-n",
         "the events of all arms are too many by",
         {1, 5},
         "",
         [](Trial& t, double x) {
             t.analyses[0].total_events += static_cast<int>(x);
             return true;
         }},
        {"events-follow-up",
         "events are missing, of all patients",
         {0.2, 0.4, 0.6},
         "",
         [](Trial& t, double x) {
             auto& arm = t.analyses[0].arm[0];
             const int fewer = static_cast<int>(x * arm.n);
             if (fewer > arm.events || !std::isfinite(arm.median.value)) return false;
             arm.events -= fewer;
             t.analyses[0].total_events -= fewer;
             return true;
         }},
        {"hazard-ratio-symmetric",
         "the hazard ratio alone is too high by",
         {0.01, 0.02, 0.05, 0.1},
         "",
         [](Trial& t, double x) {
             t.analyses[0].hazard_ratio.value += x;
             t.claimed_reduction -= x;
             return true;
         }},
        {"hazard-ratio-precision",
         "the limits of the hazard ratio are closer by a factor of",
         {1.1, 1.25, 1.5, 2},
         "",
         [](Trial& t, double x) {
             stretch(t.analyses[0].hazard_ratio, 1 / x);
             return true;
         }},
        {"hazard-ratio-precision",
         "the limits of the hazard ratio are further apart by a factor of",
         {1.25, 1.5, 2},
         "",
         [](Trial& t, double x) {
             stretch(t.analyses[0].hazard_ratio, x);
             return true;
         }},
        {"p-value-hazard-ratio",
         "the p-value is smaller by a factor of",
         {2, 5, 10, 100},
         "",
         [](Trial& t, double x) {
             auto& p = t.analyses[0].p;
             if (p < 0.02) return false;
             p /= x;
             return true;
         }},
        {"hazard-ratio-medians",
         "the hazard ratio and its limits are too high by a factor of",
         {1.5, 2, 3},
         "",
         [](Trial& t, double x) {
             scale(t.analyses[0].hazard_ratio, x);
             t.claimed_reduction = 1 - t.analyses[0].hazard_ratio.value;
             return true;
         }},
        {"proportional-hazards",
         "the hazard ratio and its limits are too high by a factor of",
         {1.5, 2, 3},
         "",
         [](Trial& t, double x) {
             scale(t.analyses[0].hazard_ratio, x);
             t.claimed_reduction = 1 - t.analyses[0].hazard_ratio.value;
             return true;
         }},
        {"hazard-ratio-direction",
         "the hazard ratio is inverted with its CI",
         {1},
         "",
         [](Trial& t, double) {
             auto& ratio = t.analyses[0].hazard_ratio;
             if (!simulated::finite(ratio)) return false;
             simulated::invert(ratio);
             t.claimed_reduction = -1;
             return true;
         }},
        {"events-exchanged",
         "the events of the arms are exchanged",
         {1},
         "",
         [](Trial& t, double) {
             auto &a = t.analyses[0].arm[0], &b = t.analyses[0].arm[1];
             std::swap(a.events, b.events);
             return a.events != b.events && a.events <= a.n && b.events <= b.n;
         }},
        {"events-of-endpoints",
         "OS has the events of PFS",
         {1},
         "",
         [](Trial& t, double) {
             t.analyses[0].total_events = t.analyses[1].total_events;
             for (int a = 0; a < 2; ++a) t.analyses[0].arm[a].events = t.analyses[1].arm[a].events;
             return true;
         }},
        {"hazard-ratios-close",
         "of three ratios one, with its limits, is too high by a factor of",
         {1.2, 1.5, 2},
         "",
         [](Trial& t, double x) {
             if (!std::ranges::all_of(t.three_arms.hazard_ratio, simulated::finite)) return false;
             scale(t.three_arms.hazard_ratio[2], x);
             return true;
         }},
        {"median-standard-error",
         "the limits of the median are one standard error away",
         {1},
         "",
         [](Trial& t, double) {
             auto& median = t.analyses[0].arm[0].median;
             if (!simulated::finite(median)) return false;
             const double se = (median.upper - median.lower) / (2 * simulated::z95);
             median = {median.value, median.value - se, median.value + se};
             return true;
         }},
        {"pfs-not-above-os",
         "PFS is published too long by a factor of",
         {1.5, 2, 3, 5},
         "",
         [](Trial& t, double x) {
             auto& median = t.analyses[1].arm[0].median;
             if (!reached(median)) return false;
             scale(median, x);
             return true;
         }},
        {"response-arithmetic",
         "a response rate is off by",
         {0.001, 0.002, 0.01},
         "",
         [](Trial& t, double x) {
             t.response[0].rate.value += x;
             return t.response[0].rate.value < 1;
         }},
        {"response-limits",
         "the lower limit of a response rate is off by",
         {0.01, 0.02, 0.05, 0.1},
         "",
         [](Trial& t, double x) {
             auto& rate = t.response[0].rate;
             if (rate.lower + x > rate.value) return false;
             rate.lower += x;
             return true;
         }},
        {"sources-disagree",
         "another source gives the median, without decimals, too high by",
         {0.5, 1, 2},
         "months",
         [](Trial& t, double x) {
             if (!std::isfinite(t.second_source_median)) return false;
             t.second_source_median += x;
             return true;
         }},
        {"number-reused",
         "the subgroup has the medians of all",
         {1},
         "",
         [](Trial& t, double) {
             if (!reached(t.analyses[0].arm[0].median)) return false;
             for (int a = 0; a < 2; ++a) t.analyses[2].arm[a].median = t.analyses[0].arm[a].median;
             return true;
         }},
        {"claim-arithmetic",
         "the difference of the medians is claimed too large by",
         {0.1, 0.2, 0.3},
         "months",
         [](Trial& t, double x) {
             if (!std::isfinite(t.claimed_difference)) return false;
             t.claimed_difference += x;
             return true;
         }},
        {"claim-arithmetic",
         "the reduction of the hazard is claimed too large by",
         {0.01, 0.02},
         "",
         [](Trial& t, double x) {
             t.claimed_reduction += x;
             return true;
         }},
    };
    return all;
}

}  // namespace
