// Comparison tables across trials.
#pragma once

#include "report/choices.hpp"
#include "report/intervals.hpp"
#include "report/names.hpp"
#include <span>
#include <string_view>
#include <vector>

namespace hersurv::report {

struct ComparisonOptions {
    std::vector<double> times_months = {12, 24, 36, 60};  // milestones
    // rmst; none: the longest that the curves of all comparisons support, or with `own_horizons` the smaller supported
    // time of the arms of each analysis.
    std::vector<double> horizons_months;
    bool own_horizons = false;
    Intervals interval;
    int threads = 0;  // 0: as many as there are processors; the result does not depend on it
};

struct ComparisonInput {
    std::vector<AnalysisFit> fits;                // one model each unless the table compares models
    std::vector<const catalogue::Trial*> trials;  // the selection, also those without an analysis
};

struct ComparisonTable {
    std::string_view name, summary;
    std::string_view default_endpoint;  // of the analyses that are put in; empty: all
    std::string_view default_models;    // as --model takes them; empty: the table needs no fit
    bool several_models;                // whether it compares models; otherwise one at a time
    Report (*build)(const ComparisonInput&, const ComparisonOptions&);
    Choices takes;  // what can be chosen for it; other choices would do nothing
};

[[nodiscard]] std::span<const ComparisonTable> comparison_tables();
[[nodiscard]] const ComparisonTable* find_comparison_table(std::string_view name);

}  // namespace hersurv::report
