// The catalogue records that a figure's paper would be under each pattern of evidence.
#pragma once

#include "hersurv/fit.hpp"
#include "hersurv/records.hpp"

#include "accuracy_figures.hpp"
#include <cstddef>
#include <string_view>
#include <vector>

namespace hersurv::bench {

using fit::ArmsOfPattern;
using fit::Pattern;
using fit::patterns;
using fit::PrintedOfArm;

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

// Rounded as papers do: medians, their limits and follow-up to 0.1 month, survival to 1%, hazard ratios to 0.01. Arms
// of which the pattern would print nothing are left out. The milestones are those of the endpoint, or the given ones.
[[nodiscard]] std::vector<PrintedRecord> records_of(const DigitisedFigure& figure, const Pattern& pattern);
[[nodiscard]] std::vector<PrintedRecord> records_of(const DigitisedFigure& figure, const Pattern& pattern,
                                                    const std::vector<double>& milestone_months);

}  // namespace hersurv::bench
