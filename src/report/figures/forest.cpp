// `plot forest`: published hazard ratios with their limits on a logarithmic axis.
#include "render/cell_text.hpp"
#include "render/cells.hpp"
#include "report/comparison_parts.hpp"
#include "report/figures/figure_parts.hpp"
#include <algorithm>
#include <cmath>
#include <limits>

namespace hersurv::report {
namespace {

// Wider intervals are cut off with an arrow: one of them would flatten all others.
constexpr double least_from = 0.2, most_to = 5;

}  // namespace

Figure forest_figure(const ComparisonInput& input, const FigureOptions& options) {
    Figure figure;
    figure.title = "Hazard ratios as published";
    RowsChart chart;
    chart.label_head = "Trial";
    chart.column_heads = {"HR (95 % CI)"};
    chart.x.title = "Hazard ratio";
    chart.x.logarithmic = true;
    chart.guide = 1;
    chart.left_of_guide = "favours experimental";
    chart.right_of_guide = "favours control";
    std::vector<std::string> endpoints;
    for (const AnalysisFit& fit : input.fits)
        if (std::ranges::find(endpoints, fit.analysis->endpoint) == endpoints.end())
            endpoints.push_back(fit.analysis->endpoint);
    // Overall survival first, the others as the trials have them.
    std::stable_partition(endpoints.begin(), endpoints.end(),
                          [](const std::string& endpoint) { return endpoint == "OS"; });
    figure.description = "Published hazard ratios, experimental v control, with their limits.";
    double from = 0.5, to = 2;
    std::size_t n_rows = 0;
    for (std::size_t group = 0; group < endpoints.size(); ++group) {
        bool first = true;
        for (const AnalysisFit* fit : by_year(input.fits)) {
            if (fit->analysis->endpoint != endpoints[group]) continue;
            for (const catalogue::Contrast& contrast : fit->analysis->contrasts) {
                const auto printed = first_print(contrast.hazard_ratio);
                if (!printed || !printed->value.is_number()) continue;
                if (options.takes_arm && !options.takes_arm(contrast.experimental)) continue;
                if (first) {
                    chart.rows.push_back({endpoints[group], true, group, {}, {}, {}});
                    figure.description += " " + endpoints[group] + ":";
                }
                first = false;
                ++n_rows;
                IntervalRow row;
                const auto year = year_of(*fit->trial, *fit->analysis);
                row.label = fit->trial->id + (year ? " " + std::to_string(*year) : "") + ", " + contrast.experimental +
                            " v " + contrast.control;
                row.style = group;
                row.value = printed->value.value;
                const auto interval = interval_cell(*printed);
                const auto lower = interval.lower ? present_value(*interval.lower) : std::nullopt,
                           upper = interval.upper ? present_value(*interval.upper) : std::nullopt;
                if (lower || upper)
                    row.limits = Span{lower.value_or(0), upper.value_or(std::numeric_limits<double>::infinity())};
                for (const auto& each : {row.value, lower, upper})
                    if (each) {
                        from = std::min(from, *each);
                        to = std::max(to, *each);
                    }
                row.columns = {cell_text(interval, {})};
                if (printed->level != 0.95 && (lower || upper))
                    row.columns.front() += " [" + percent_text(printed->level) + "]";
                figure.description += " " + row.label + " " + row.columns.front() + ";";
                chart.rows.push_back(std::move(row));
            }
        }
    }
    require_rows(n_rows, "a published hazard ratio");
    figure.description.back() = '.';
    chart.x.from = std::max(from * 0.95, least_from);
    chart.x.to = std::min(to * 1.05, most_to);
    chart.x.ticks = logarithmic_ticks(chart.x.from, chart.x.to);
    figure.caption = {
        "As published, the experimental arm v the control arm. An arrow where a limit lies beyond the axis; no "
        "interval "
        "where no limits are printed. The analysis is the default one of each endpoint and trial; populations, lines "
        "of "
        "therapy and controls differ between trials."};
    figure.chart = std::move(chart);
    return figure;
}

}  // namespace hersurv::report
