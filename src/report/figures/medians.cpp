// `plot medians`: published medians across trials, by class of drug and year, with their limits (the review's figure of
// median survival).
#include "render/cell_text.hpp"
#include "render/cells.hpp"
#include "report/comparison_parts.hpp"
#include "report/figures/figure_parts.hpp"
#include "report/numbers.hpp"
#include "support/numbers.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {

Report medians_table(const ComparisonInput&, const ComparisonOptions&);

Figure medians_figure(const ComparisonInput& input, const FigureOptions& options) {
    ComparisonOptions comparison;
    comparison.interval = options.interval;
    const Report report = medians_table(input, comparison);
    const TableReader table(report.table);
    const std::string endpoint = shared_endpoint(input.fits);
    Figure figure;
    figure.title = report.title + (endpoint.empty() ? "" : ", " + endpoint);
    RowsChart chart;
    chart.label_head = "Trial and arm";
    chart.left_heads = {"n"};
    chart.column_heads = {"Median (95% CI)"};
    chart.x.title = "Median, months";
    chart.least_axis_share = 0.5;
    std::vector<std::size_t> rows;
    double longest = 0;
    for (std::size_t row = 0; row < report.table.rows.size(); ++row) {
        const auto limits = table.limits(row, 0, infinity);
        if (table.number(row, "median").status == Status::not_reported && !limits) continue;
        if (options.takes_arm && !options.takes_arm(table.text(row, "arm"))) continue;
        if (!options.role.empty() && table.text(row, "role") != options.role) continue;
        rows.push_back(row);
        longest = std::max(longest, present_value(table.number(row, "median")).value_or(0));
        for (const char* limit : {"lower", "upper"})
            longest = std::max(longest, present_value(table.number(row, limit)).value_or(0));
    }
    require_rows(rows.size(), "a published median");
    chart.x.to = axis_end(longest);
    chart.x.ticks = linear_ticks(0, chart.x.to, 6);
    const ClassGroups groups(table, rows);
    figure.description = "Published medians in months with their CIs.";
    for (const std::size_t row : groups.rows()) {
        if (groups.begins(row)) {
            chart.rows.push_back(groups.heading(row));
            figure.description += " " + chart.rows.back().label + ":";
        }
        IntervalRow drawn;
        const std::string regimen = table.text(row, "regimen"), year = table.text(row, "year");
        drawn.label = table.text(row, "trial") + (year.empty() ? "" : " " + year) + ", " +
                      (regimen.empty() ? table.text(row, "arm") : regimen);
        if (endpoint.empty()) drawn.label += ", " + table.text(row, "endpoint");
        const std::string population = table.text(row, "population");
        if (!population.empty() && !support::folded(population).starts_with("intention to treat"))
            drawn.label += "; " + population;
        drawn.style = groups.style(row);
        drawn.value = present_value(table.number(row, "median"));
        drawn.limits = table.limits(row, 0, infinity);
        std::string printed = cell_text(
            interval_of(table.number(row, "median"), table.number(row, "lower"), table.number(row, "upper")), {});
        const auto level = present_value(table.number(row, "level"));
        if (drawn.limits && level && *level != 0.95) printed += " [" + percent_text(*level) + "]";
        drawn.left_columns = {table.text(row, "n_patients")};
        drawn.columns = {printed};
        figure.description += " " + drawn.label + " " + printed + ";";
        chart.rows.push_back(std::move(drawn));
    }
    figure.description.back() = '.';
    figure.short_caption = {
        "As published; an arrow: the limit is not reached or not estimable. Intention to treat unless a population is "
        "named."};
    figure.caption = {
        "One analysis per trial, the default one. Populations and lines of therapy differ between trials."};
    std::vector<const AnalysisFit*> shown;
    for (const AnalysisFit& fit : input.fits) shown.push_back(&fit);
    if (const std::string meanings = abbreviations(shown); !meanings.empty()) figure.caption.push_back(meanings);
    figure.chart = std::move(chart);
    return figure;
}

}  // namespace hersurv::report
