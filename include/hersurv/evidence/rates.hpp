// Exact intervals of a response rate, and limits of differences out of the limits of the parts.
#pragma once

#include <optional>

namespace hersurv::evidence {

struct Limits {
    double lower = 0, upper = 0;
};

// Clopper & Pearson 1934 (Biometrika 26:404): quantiles of beta distributions. 0 <= responders <= evaluable, evaluable
// >= 1, 0 < level < 1; throws std::domain_error otherwise.
[[nodiscard]] Limits clopper_pearson(int responders, int evaluable, double level);

// The only count of responders whose rate among `evaluable` patients is within `half_unit` of `rate`; nullopt where
// none or several are.
[[nodiscard]] std::optional<int> responders_of_rate(double rate, double half_unit, int evaluable);

// Limits of a difference a - b of two independent estimates out of their own limits (MOVER; Zou & Donner 2008, Stat Med
// 27:1693, eq. 4).
[[nodiscard]] Limits limits_of_difference(double a, Limits a_limits, double b, Limits b_limits);

// Standard error of a log ratio out of its limits: (log upper - log lower) / (2 z) (Parmar, Torri & Stewart 1998, Stat
// Med 17:2815).
[[nodiscard]] double se_of_log_ratio(double lower, double upper, double level);

}  // namespace hersurv::evidence
