// What the printed numbers say about the curve itself: the survival at the limits of a median, the events and the
// hazard ratio, learnt by regression on the Kaplan-Meier curves.
#pragma once

#include "evidence/constants.hpp"
#include "learn_sample.hpp"
#include <span>

namespace hersurv::bench {

// S at a limit of the median: the censoring behind it and the offsets; the sd of what is left, and the share of it that
// the rounding of the limit has.
struct LearntLimits {
    double information_gamma = 1, offset_lower = 0, offset_upper = 0;
    double sd = 0, sd_by_censoring = 0, rounding_factor = 0;
    double sd_by_guess = 0;  // besides, where neither events nor follow-up are printed
    int n_limits = 0;
};

// `kernel.nugget_sd` is part of the sd.
[[nodiscard]] LearntLimits learn_limits(std::span<const SampleFigure* const> sample,
                                        const evidence::ProcessConstants& kernel);

// The fraction with an event and the log hazard ratio of the true curves under the censoring G against the printed
// ones.
struct LearntTies {
    double censoring_gamma = 1, events_offset = 0, sd_events = 0, sd_log_hr = 0;
    double sd_log_hr_by_guess = 0;  // besides, where no follow-up is printed
    int n_arms = 0, n_pairs = 0;
};

[[nodiscard]] LearntTies learn_ties(std::span<const SampleFigure* const> sample, const std::string& endpoint);

}  // namespace hersurv::bench
