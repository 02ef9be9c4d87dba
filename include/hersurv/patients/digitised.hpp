// A Kaplan-Meier figure as somebody digitised it: points of its curves and the numbers at risk below it, checked and
// repaired.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::patients {

struct Click {
    double time_months = 0, survival = 1;
    bool operator==(const Click&) const = default;
};

struct AtRisk {
    double time_months = 0;
    std::size_t n_patients = 0;
    bool operator==(const AtRisk&) const = default;
};

// More than any trial has; what says more is a slip.
inline constexpr std::size_t most_patients = 1'000'000;

struct DigitisedArm {
    std::string name;             // empty where the file has no column for it
    std::vector<Click> clicks;    // by time; S in 0..1
    std::vector<AtRisk> at_risk;  // by time, not increasing; empty where there is none
    std::optional<std::size_t> n_patients, n_events;
    std::vector<double>
        censor_marks;  // times of the marks of censored patients, increasing; empty where none are known
};

struct Digitised {
    std::vector<DigitisedArm> arms;    // as they first appear
    std::vector<std::string> repairs;  // what was not as it should be, in words with counts
};

// Reads the columns `time`, `survival` and `arm` of the curve, and `time`, `n_at_risk` and `arm` of the numbers at risk
// (`at_risk_file` empty: there are none), and `time` and `arm` of the marks of censored patients (`marks_file` empty:
// there are none); `arm` may be absent where there is one arm. The file names are for messages.
//
// Repaired, and said: points out of order, points given twice, survival in percent, points just outside 0..1 or before
// time 0, single points far off their neighbours. Throws support::InputError where the data contradict themselves: a
// curve that rises, survival that is neither a share nor percent, numbers at risk that grow, times that do not overlap.
[[nodiscard]] Digitised read_digitised(std::string_view curve, const std::string& curve_file, std::string_view at_risk,
                                       const std::string& at_risk_file, std::string_view marks = {},
                                       const std::string& marks_file = {});

}  // namespace hersurv::patients
