// Moves drawn patients so that their Kaplan-Meier curves and hazard ratios meet published numbers.
#pragma once

#include "hersurv/patients.hpp"

#include "patients/censoring.hpp"
#include <cstddef>
#include <optional>
#include <vector>

namespace hersurv::patients {

enum class PinKind {
    median,
    milestone,
    limit,  // S at a limit of the median, as it was read: not as exact as the others, and gives way to them
};

// A published point of a Kaplan-Meier curve.
struct Pin {
    double time_months = 0, survival = 0;
    double tolerance = 0;  // of the time of a median, else of the survival
    PinKind kind = PinKind::milestone;
};

// One arm as it was drawn.
struct DrawnArm {
    std::vector<double> events;    // times, sorted, none beyond the end
    std::vector<double> censored;  // times, sorted; beyond the end: still at risk there
    double end_months = 0;
    std::vector<Pin> pins;          // by time, before the end
    bool stays_above_half = false;  // the median was not reached
    std::optional<FollowUpTarget> follow_up;
};

// A published hazard ratio; `experimental` and `control` are indices of arms.
struct RatioTarget {
    std::size_t experimental = 0, control = 0;
    double hazard_ratio = 1, half_unit = 0;

    // Of its logarithm, well within the rounding.
    [[nodiscard]] double tolerance() const { return 0.8 * half_unit / hazard_ratio; }
};

// The patients of every arm, by time: their number and their events stay as drawn.
//
// 1. Time is stretched and squeezed between the pins, so that the curve goes through them: the Kaplan-Meier estimate is
//    a function of the ranks alone. The censored are moved, all by one factor, before that, so that beyond the last pin
//    the curve falls by as much as it did in the draw.
//    The median follow-up is a function of ranks as well: its time is laid over the published one.
// 2. Where a hazard ratio is published, the hazard beyond the last pin is multiplied, up in one arm and down in the
//    other, and events are moved earlier or later between the pins, by as little as brings Cox's estimate within its
//    rounding.
[[nodiscard]] std::vector<std::vector<Patient>> calibrated(const std::vector<DrawnArm>& arms,
                                                           const std::vector<RatioTarget>& ratios);

}  // namespace hersurv::patients
