// The curves behind digitised points.
#pragma once

#include "hersurv/patients.hpp"

namespace hersurv::patients {

// One curve an arm, all on one grid of times from 0 on, each to the last point or the last number at risk of its arm.
// Every arm has a number of patients.
[[nodiscard]] std::vector<DigitisedCurve> curves_through_clicks(const std::vector<DigitisedArm>& arms,
                                                                const ClickNoise& noise);

}  // namespace hersurv::patients
