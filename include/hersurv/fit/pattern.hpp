// Patterns of evidence: which numbers a paper prints of an arm. The accuracy of the curves is measured by pattern
// (bench/accuracy), and every fitted arm is told which of them it has.
#pragma once

#include "hersurv/evidence/observation.hpp"

#include <span>
#include <string>
#include <string_view>

namespace hersurv::fit {

// What is printed of an arm. A median that was not reached is printed too.
struct PrintedOfArm {
    bool n_patients = false, events = false, median = false, limits = false, follow_up = false;
    int milestones = 0;
};

enum class ArmsOfPattern {
    both,             // the same numbers of both arms
    alone,            // one arm, whatever is known of others
    by_hazard_ratio,  // of the arm at most its number of patients; the numbers are those of the other one
};

// A row of THE table of patterns (pattern.cpp).
struct Pattern {
    std::string_view name;
    PrintedOfArm printed;
    bool hazard_ratio = false;  // between the arms
    ArmsOfPattern arms = ArmsOfPattern::both;
};
[[nodiscard]] std::span<const Pattern> patterns();
[[nodiscard]] const Pattern* find_pattern(std::string_view name);  // nullptr where there is none

enum class MedianCase { reached, not_reached, not_printed };
[[nodiscard]] MedianCase median_case(const evidence::AnalysisEvidence& evidence, std::size_t arm);

// "n, median with limits, hazard ratio", "median not reached (this arm alone)".
[[nodiscard]] std::string words(const Pattern& pattern, MedianCase median = MedianCase::reached);

// Whether every number of the pattern is there for this arm.
[[nodiscard]] bool holds(const Pattern& pattern, const evidence::AnalysisEvidence& evidence, std::size_t arm);

// Whether evidence that has the richer pattern has the poorer one as well. A pattern includes itself.
[[nodiscard]] bool includes(const Pattern& richer, const Pattern& poorer);

}  // namespace hersurv::fit
