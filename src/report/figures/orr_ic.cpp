// `plot orr-ic`: intracranial response rates with exact limits and denominators (the review's figure of intracranial
// response).
#include "render/cell_text.hpp"
#include "render/cells.hpp"
#include "report/figures/figure_parts.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <numeric>

namespace hersurv::report {

namespace {

std::string arm_in_words(const ComparisonInput& input, const std::string& trial, const std::string& arm) {
    const auto found = std::ranges::find_if(input.trials, [&](const auto* one) { return one->id == trial; });
    return found == input.trials.end() || arm.empty() ? arm : arm_name(**found, arm);
}

}  // namespace

Report orr_ic_table(const ComparisonInput&, const ComparisonOptions&);

Figure orr_ic_figure(const ComparisonInput& input, const FigureOptions& options) {
    ComparisonOptions comparison;
    comparison.interval = options.interval;
    const Report report = orr_ic_table(input, comparison);
    const TableReader table(report.table);
    Figure figure;
    figure.title = report.title;
    RowsChart chart;
    chart.label_head = "Trial";
    chart.column_heads = {"Responders", "Rate, % (" + percent_text(options.interval.level) + " CI)"};
    chart.x.title = "Intracranial response (%)";
    chart.least_axis_share = 0.3;
    for (const int percent : {0, 25, 50, 75, 100}) chart.x.ticks.push_back({percent / 100.0, std::to_string(percent)});
    std::vector<std::size_t> rows(report.table.rows.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    require_rows(rows.size(), "an intracranial response rate");
    const ClassGroups groups(table, rows);
    figure.description = "Intracranial response rates with their CIs.";
    for (const std::size_t row : groups.rows()) {
        if (groups.begins(row)) {
            chart.rows.push_back(groups.heading(row));
            figure.description += " " + chart.rows.back().label + ":";
        }
        IntervalRow drawn;
        const std::string population = table.text(row, "population"), year = table.text(row, "year"),
                          arm = arm_in_words(input, table.text(row, "trial"), table.text(row, "arm"));
        drawn.label = table.text(row, "trial") + (year.empty() ? "" : " " + year) + (arm.empty() ? "" : ", " + arm) +
                      (population.empty() ? "" : ", " + population);
        drawn.style = groups.style(row);
        drawn.value = present_value(table.number(row, "rate"));
        drawn.limits = table.limits(row, 0, 1);
        const auto responders = present_value(table.number(row, "responders"));
        const std::string evaluable = table.text(row, "evaluable");
        const std::string of = evaluable.empty() ? "" : "/" + evaluable;
        const std::string mark = table.number(row, "responders").status == Status::derived ? "*" : "";
        const std::string printed = cell_text(
            interval_of(table.number(row, "rate"), table.number(row, "lower"), table.number(row, "upper")), {});
        drawn.columns = {(responders ? support::fixed(*responders, 0) + mark : "-") + of, printed};
        figure.description += " " + drawn.label + " " + printed + "%;";
        chart.rows.push_back(std::move(drawn));
    }
    figure.description.back() = '.';
    figure.short_caption = {"Criteria, disease status (active, stable) and denominators differ between trials."};
    figure.caption = report.table.footnotes;
    figure.chart = std::move(chart);
    return figure;
}

}  // namespace hersurv::report
