// An earlier data cut of a digitised figure, from patients whose dates of entry are not known.
#pragma once

#include "simulated_trial.hpp"
#include <cstdint>
#include <string_view>
#include <vector>

namespace hersurv::bench {

// A patient with the time from entry to the data cut of the figure: what the patient would have been followed for
// without an event or drop-out.
struct DatedPatient {
    patients::Patient patient;
    double potential_months = 0;  // >= patient.time_months
};

// When the patients of both arms entered, in months before the last data cut.
//
// The cut D is the longest time in the figure. The median follow-up F (reverse Kaplan-Meier, both arms) suggests an
// accrual of 2 (D - F) months: with uniform entry the median potential follow-up is D less half of the accrual.
// Who is censored no earlier than D - accrual is censored by the cut, and entered at the cut less that time. Who is
// censored earlier dropped out. The entry of those and of patients with an event is drawn from the reverse Kaplan-Meier
// distribution of the censoring by the cut, given that it is later than their own time. The same for the same seed and
// name.
[[nodiscard]] std::array<std::vector<DatedPatient>, 2> dated(const TwoArms& arms, std::uint64_t seed,
                                                             std::string_view name);

// The longest follow-up.
[[nodiscard]] double last_cut_months(const std::array<std::vector<DatedPatient>, 2>& arms);

// What was known `months` before the last cut: who had entered by then, followed until then. 0 gives the patients
// themselves.
[[nodiscard]] TwoArms cut_earlier(const std::array<std::vector<DatedPatient>, 2>& arms, double months);

}  // namespace hersurv::bench
