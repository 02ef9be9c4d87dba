// Whether the numbers of a figure agree with its curves.
#pragma once

#include "hersurv/patients.hpp"

#include <span>
#include <string>
#include <vector>

namespace hersurv::patients {

// The patients who are alive at the time of a number at risk, by the curve through the points.
struct AliveAtMost {
    double expected = 0;
    double likely = 0;    // with what points and times of sound figures are off by
    double possible = 0;  // with what they may be off by
};
// Needs a first number at risk.
[[nodiscard]] AliveAtMost alive_at_most(std::span<const Click> clicks, std::span<const AtRisk> at_risk, std::size_t i);

// The share of the patients who are alive at the time of a number at risk that is still followed: n(t) / (n S(t)).
[[nodiscard]] double share_followed(std::span<const Click> clicks, std::span<const AtRisk> at_risk, std::size_t i);

// Times longer or shorter than those of trials in months, of which the file does not say the unit.
[[nodiscard]] std::vector<std::string> unlikely_times(const Digitised& digitised);

}  // namespace hersurv::patients
