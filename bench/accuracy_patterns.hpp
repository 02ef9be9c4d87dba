// The patterns of evidence that papers have, and the catalogue records that a figure's paper would give under each.
#pragma once

#include "hersurv/catalogue/records.hpp"

#include "accuracy_figures.hpp"
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace hersurv::bench {

// What is printed of an arm.
struct PrintedOfArm {
    bool n_patients = false, events = false, median = false, limits = false, follow_up = false;
    int milestones = 0;  // how many of those of the endpoint, the latest first
};

enum class ArmsOfRecord {
    both,
    alone,            // each arm is a study of its own
    by_hazard_ratio,  // of the other arm only its number of patients and the hazard ratio; only it is scored
};

// A row of THE table of patterns (accuracy_patterns.cpp).
struct Pattern {
    std::string_view name;
    std::string_view summary;
    PrintedOfArm printed;
    bool hazard_ratio = false;  // with its limits
    ArmsOfRecord arms = ArmsOfRecord::both;
};
[[nodiscard]] std::span<const Pattern> patterns();

// The months of the milestones of an endpoint, in the order in which the tiers add them: OS 24, 12; PFS 12, 6.
[[nodiscard]] std::vector<double> milestone_months(std::string_view endpoint);

// A record and which of its arms are scored.
struct PrintedRecord {
    struct ScoredArm {
        std::size_t in_record = 0, in_figure = 0;
    };
    catalogue::Trial trial;  // of one analysis
    std::vector<ScoredArm> scored;
};

// Rounded as papers do: medians, their limits and follow-up to 0.1 month, survival to 1 %, hazard ratios to 0.01. Arms
// of which the pattern would print nothing are left out.
[[nodiscard]] std::vector<PrintedRecord> records_of(const DigitisedFigure& figure, const Pattern& pattern);

}  // namespace hersurv::bench
