// Patient times out of a digitised Kaplan-Meier figure.
#pragma once

#include "hersurv/patients/digitised.hpp"
#include "hersurv/patients/patients.hpp"

#include <string>
#include <vector>

namespace hersurv::patients {

// A non-increasing curve of straight pieces between even times from 0 on.
struct DigitisedCurve {
    double step_months = 0, end_months = 0;
    std::vector<double> survival;  // at k * step_months, up to the end; the first is 1

    [[nodiscard]] double at(double time_months) const;
    // When it comes down to a survival; infinity where it does not.
    [[nodiscard]] double time_at(double value) const;
};

// Where the numbers of censored patients come from.
enum class CensoringFrom { at_risk_and_events, at_risk, events, marks, assumption };

struct ReconstructedArm {
    Arm arm;               // sorted by time
    DigitisedCurve curve;  // through the points, that the patients follow
    CensoringFrom censoring = CensoringFrom::assumption;
    std::vector<std::string> notes;  // what could not be kept
};

// Standard deviations of a digitised point, in shares of either axis.
struct ClickNoise {
    double time_share = 0.003, survival = 0.003;
};

// All arms of one figure at once: visits that are scheduled make their curves fall at the same times. Every arm needs a
// number of patients, from n_patients or from numbers at risk at time 0; throws std::invalid_argument where one has
// none, or no point after time 0. The same arms give the same patients.
[[nodiscard]] std::vector<ReconstructedArm> reconstruct(const std::vector<DigitisedArm>& given,
                                                        const ClickNoise& noise = {});

}  // namespace hersurv::patients
