// `plot forest`: published hazard ratios with their limits on a logarithmic axis.
#include "render/cell_text.hpp"
#include "render/cells.hpp"
#include "report/comparison_parts.hpp"
#include "report/figures/figure_parts.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

// Wider intervals are cut off with an arrow: one of them would flatten all others.
constexpr double least_from = 0.2, most_to = 5;

// What the analyses are about: overall survival first, the others as the trials have them.
std::vector<std::string> endpoints_os_first(const std::vector<AnalysisFit>& fits) {
    std::vector<std::string> endpoints;
    for (const AnalysisFit& fit : fits)
        if (std::ranges::find(endpoints, fit.analysis->endpoint) == endpoints.end())
            endpoints.push_back(fit.analysis->endpoint);
    std::stable_partition(endpoints.begin(), endpoints.end(),
                          [](const std::string& endpoint) { return endpoint == "OS"; });
    return endpoints;
}

IntervalRow row_of(const AnalysisFit& fit, const catalogue::Contrast& contrast, const catalogue::Statistic& printed) {
    IntervalRow row;
    const auto year = year_of(*fit.trial, *fit.analysis);
    row.label = fit.trial->id + (year ? " " + std::to_string(*year) : "") + ", " + contrast.experimental + " v " +
                contrast.control;
    row.value = printed.value.value;
    const auto interval = interval_cell(printed);
    const auto lower = interval.lower ? present_value(*interval.lower) : std::nullopt,
               upper = interval.upper ? present_value(*interval.upper) : std::nullopt;
    row.columns = {cell_text(interval, {})};
    if (lower || upper) {
        row.limits = Span{lower.value_or(0), upper.value_or(infinity)};
        if (printed.level != 0.95) row.columns.front() += " [" + percent_text(printed.level) + "]";
    }
    return row;
}

// The rows of one endpoint.
std::vector<IntervalRow> rows_of(const std::string& endpoint, const std::vector<AnalysisFit>& fits,
                                 const FigureOptions& options) {
    std::vector<IntervalRow> rows;
    for (const AnalysisFit* fit : by_year(fits)) {
        if (fit->analysis->endpoint != endpoint) continue;
        for (const catalogue::Contrast& contrast : fit->analysis->contrasts) {
            const auto printed = first_print(contrast.hazard_ratio);
            if (!printed || !printed->value.is_number()) continue;
            if (options.takes_arm && !options.takes_arm(contrast.experimental)) continue;
            rows.push_back(row_of(*fit, contrast, *printed));
        }
    }
    return rows;
}

// Around the ratios and the limits that are given, but no further than the cut-offs.
void set_ends(Axis& axis, const std::vector<IntervalRow>& rows) {
    double from = 0.5, to = 2;
    const auto include = [&](double value) {
        from = std::min(from, value);
        to = std::max(to, value);
    };
    for (const IntervalRow& row : rows) {
        if (row.value) include(*row.value);
        if (row.limits && row.limits->lower > 0) include(row.limits->lower);
        if (row.limits && std::isfinite(row.limits->upper)) include(row.limits->upper);
    }
    axis.from = std::max(from * 0.95, least_from);
    axis.to = std::min(to * 1.05, most_to);
    axis.ticks = logarithmic_ticks(axis.from, axis.to);
}

}  // namespace

Figure forest_figure(const ComparisonInput& input, const FigureOptions& options) {
    Figure figure;
    figure.title = "Hazard ratios as published";
    figure.description = "Published hazard ratios, experimental v control, with their limits.";
    RowsChart chart;
    chart.label_head = "Trial";
    chart.column_heads = {"HR (95% CI)"};
    chart.x.title = "Hazard ratio";
    chart.x.logarithmic = true;
    chart.guide = 1;
    chart.left_of_guide = "favours experimental";
    chart.right_of_guide = "favours control";
    const std::vector<std::string> endpoints = endpoints_os_first(input.fits);
    std::size_t n_rows = 0;
    for (std::size_t group = 0; group < endpoints.size(); ++group) {
        std::vector<IntervalRow> rows = rows_of(endpoints[group], input.fits, options);
        if (rows.empty()) continue;
        n_rows += rows.size();
        chart.rows.push_back({endpoints[group], true, group, {}, {}, {}});
        figure.description += " " + endpoints[group] + ":";
        for (IntervalRow& row : rows) {
            figure.description += " " + row.label + " " + row.columns.front() + ";";
            row.style = group;
            chart.rows.push_back(std::move(row));
        }
    }
    require_rows(n_rows, "a published hazard ratio");
    figure.description.back() = '.';
    set_ends(chart.x, chart.rows);
    figure.caption = {
        "As published, the experimental arm v the control arm. An arrow where a limit lies beyond the axis; no "
        "interval where no limits are printed. The analysis is the default one of each endpoint and trial; "
        "populations, lines of therapy and controls differ between trials."};
    figure.chart = std::move(chart);
    return figure;
}

}  // namespace hersurv::report
