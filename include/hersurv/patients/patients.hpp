// Patient-level survival data: what trials keep, and what pseudo-patients imitate.
#pragma once

#include <string>
#include <vector>

namespace hersurv::patients {

struct Patient {
    double time_months = 0;
    bool event = false;  // false: censored at that time
    bool operator==(const Patient&) const = default;
};

struct Arm {
    std::string name;
    std::vector<Patient> patients;
};

// Censored where there was an event and the other way round: its Kaplan-Meier median is the median follow-up (Schemper
// & Smith 1996, Control Clin Trials 17:343).
[[nodiscard]] std::vector<Patient> reversed(std::vector<Patient> patients);

}  // namespace hersurv::patients
