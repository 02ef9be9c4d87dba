// The published estimates of survival that a family may be laid through, and the limits that it should stay within
// (private to the module).
#pragma once

#include "hersurv/evidence.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace hersurv::fit {

// A published median (S = 1/2) or milestone.
struct PublishedEstimate {
    double time_months = 0, survival = 0;
    double half_unit = 0;  // S within it rounds to what is published
    // Standard error of S: the published precision, else that of a Kaplan-Meier estimate of this size. With the
    // rounding.
    double standard_error = 0;
    bool is_median = false;
};

// A published confidence limit as a limit of S at a time: of a median the time at which S is to be above (lower limit)
// or below one half (upper).
struct PublishedLimit {
    std::size_t estimate = 0;  // whose limit it is
    double time_months = 0, survival = 0;
    bool above = false;  // S must be at least `survival`, else at most
    [[nodiscard]] bool holds(double s) const { return above ? s >= survival : s <= survival; }
};

struct PublishedEstimates {
    std::vector<PublishedEstimate> estimates;
    std::vector<PublishedLimit> limits;
    bool nothing_else = false;  // is known of the curve of the arm
    // Two of them differ by little more than rounding may have made of them: a curve through both would follow the
    // rounding (a median of 23.9 months beside S(24) = 50% would be level from the start).
    bool too_near = false;
};

// `survival_at`: the reconstructed curve, which says how steep the curve is at the median.
[[nodiscard]] PublishedEstimates published_estimates(const evidence::AnalysisEvidence& evidence, std::size_t arm,
                                                     const std::function<double(double)>& survival_at);

}  // namespace hersurv::fit
