// Whether the printed numbers of two arms can have a constant hazard ratio.
#pragma once

#include "hersurv/evidence/observation.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::evidence {

enum class Proportionality { not_contradicted, contradicted, not_testable };
[[nodiscard]] std::string_view word(Proportionality verdict);  // "not-contradicted", "contradicted", "not-testable"

// Of the cumulative hazards of the two arms up to a time: log(-log S1(t)) - log(-log S0(t)).
struct RatioUpTo {
    double time_months = 0;
    double log_ratio = 0, sd = 0;
};

struct ProportionalHazards {
    std::size_t arm = 0, control = 0;
    Proportionality verdict = Proportionality::not_testable;
    std::vector<RatioUpTo> ratios;  // by time
    double chi_squared = 0;         // of the homogeneity of the ratios and the printed hazard ratio
    int degrees_of_freedom = 0;
    std::optional<double> p_value;  // absent where it cannot be tested
    std::string statement;          // in words
};

// The significance level at which the printed numbers are said to contradict proportional hazards.
inline constexpr double proportionality_level = 0.01;

// One for each printed hazard ratio of the analysis. `evidence` is what `gather` made of it.
[[nodiscard]] std::vector<ProportionalHazards> check_proportional_hazards(const catalogue::Analysis& analysis,
                                                                          const AnalysisEvidence& evidence);

}  // namespace hersurv::evidence
