// What medians, survival and events of two arms say of their hazard ratio.
#pragma once

#include "audit/rule_support.hpp"
#include <string>
#include <vector>

namespace hersurv::audit {

// Standard error of a log median: out of its limits, else that of an exponential curve through it, 1/(log 2 sqrt n)
// (delta method at S = 1/2); infinite if neither is published.
[[nodiscard]] double se_of_log_median(const catalogue::ArmResult& arm);

// Variance of log(-log S) of n patients without censoring (Greenwood); infinite without n.
[[nodiscard]] double variance_of_log_hazard(double survival, const std::optional<int>& n_patients);

// The log hazard ratio that one pair of published estimates implies if hazards are proportional.
struct ImpliedEffect {
    enum class By { medians, milestones, events };
    By by = By::medians;
    Range log_ratio;  // the rounding of both included
    double variance = 0;
    std::string text;  // "medians of 57.1 v 40.8 months"
};
// Of the milestones the pair with the least sampling error. Without patients an estimate implies nothing that could be
// weighed, and is left out.
[[nodiscard]] std::vector<ImpliedEffect> implied_effects(const ComparedArms& arms, const catalogue::Trial& trial);

// The events of the arms, and how many patients they are of; nothing unless 0 < events < patients in both, in a trial
// whose arms were followed alike.
struct ArmCounts {
    double events[2], patients[2];
};
[[nodiscard]] std::optional<ArmCounts> arm_counts(const ComparedArms& arms, const catalogue::Trial& trial);
// log of the ratio of -log(1 - events/patients), with its binomial variance by the delta method: the log hazard ratio
// of arms with proportional hazards that were followed for one time.
struct LogRatio {
    double value, variance;
};
[[nodiscard]] LogRatio log_ratio_of_events(const ArmCounts& counts);

// With a larger standard error of log HR (fewer than about 45 events) ratio and curves differ by chance alone.
inline constexpr double largest_se = 0.3;

// |log HR| / se of a ratio with limits: all values and limits that round to the published ones and have the ratio in
// the middle on the log scale, as Wald limits do; if there are none, all that round to them.
[[nodiscard]] std::optional<Range> wald_z(const catalogue::Statistic& ratio);
// |z| of the p-values in the range, two-sided; sides 1: one-sided tests.
[[nodiscard]] Range z_of_p(const Range& p, int sides);
// How far two ranges are apart; 0 if they meet.
[[nodiscard]] double gap(const Range& a, const Range& b);
// What two tests of the same data may differ by at a |z|: 0.10 and 2% in 104 digitised figures
// (tests/reference/audit_limits.R).
[[nodiscard]] inline double same_data_gap(double z) { return 0.10 + 0.02 * z; }

}  // namespace hersurv::audit
