// What others share: censoring and events exchanged, and the median follow-up.
#include "hersurv/patients.hpp"

#include <algorithm>

namespace hersurv::patients {

std::vector<Patient> reversed(std::vector<Patient> patients) {
    for (Patient& patient : patients) patient.event = !patient.event;
    return patients;
}

std::optional<double> median_follow_up(const std::vector<Patient>& patients, bool on_study) {
    if (!on_study)
        return KaplanMeier(reversed(patients)).quantile(0.5, catalogue::LimitsTransform::log_log).time_months;
    if (patients.empty()) return std::nullopt;
    std::vector<double> times;
    for (const Patient& patient : patients) times.push_back(patient.time_months);
    std::ranges::sort(times);
    return 0.5 * (times[(times.size() - 1) / 2] + times[times.size() / 2]);
}

}  // namespace hersurv::patients
