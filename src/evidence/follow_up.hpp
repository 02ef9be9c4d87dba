// What a published median follow-up says about how long patients were followed (private to the module).
#pragma once

#include "hersurv/evidence.hpp"

#include "evidence/constants.hpp"
#include <optional>
#include <string>

namespace hersurv::evidence {

struct AssumedFollowUp {
    double median_months = 0;  // of the follow-up that patients would have had without an event
    double log_sd = 0;         // of its logarithm; 0 where it is taken as published
    std::string why;           // if it is not the published one
};

// The expected fraction of patients with an event by the end of the trial, the integral of G dF, for a log-logistic
// curve of the typical shape with this median and the follow-up G(t) = 1 / (1 + (t / follow-up)^gamma).
[[nodiscard]] double expected_events_fraction(const EndpointConstants& constants, double median_months,
                                              double follow_up_months);

// `rough_median_months`: the median of a log-logistic curve of the typical shape through what is published; absent if
// nothing places it. `events_fraction`: absent if no number of events is published.
//
// Where half the patients are on study longer than M, S(M) G(M) = 1/2, so that (M / F)^gamma = 2 S(M) - 1 gives the
// median F of G. A median of unknown kind is taken as that of G unless more patients had an event than it allows.
[[nodiscard]] AssumedFollowUp assumed_follow_up(const EndpointConstants& constants,
                                                const catalogue::PrintedNumber& printed, catalogue::FollowUp::Kind kind,
                                                std::optional<double> rough_median_months,
                                                std::optional<double> events_fraction);

}  // namespace hersurv::evidence
