// `plot forest`: published hazard ratios with their limits on a logarithmic axis.
#include "hersurv/evidence.hpp"

#include <fmt/format.h>

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

// "387 v 402"; "" if neither is published.
std::string patients_of(const AnalysisFit& fit, const catalogue::Contrast& contrast) {
    const auto n_of = [&](const std::string& arm) {
        const auto found = std::ranges::find(fit.analysis->arms, arm, &catalogue::ArmResult::arm);
        return found == fit.analysis->arms.end() || !found->n_patients ? "" : std::to_string(*found->n_patients);
    };
    const std::string experimental = n_of(contrast.experimental), control = n_of(contrast.control);
    if (experimental.empty() && control.empty()) return "";
    return (experimental.empty() ? "-" : experimental) + " v " + (control.empty() ? "-" : control);
}

// "0.008", "<0.001"; small ones with an exponent.
std::string p_value_text(const catalogue::Contrast& contrast) {
    if (contrast.p_values.empty() || !contrast.p_values.front().value.is_number()) return "";
    const catalogue::PValue& p = contrast.p_values.front();
    const std::string relation = p.relation == catalogue::Relation::equal ? "" : std::string(relation_sign(p.relation));
    constexpr double least_in_full = 1e-4;
    return relation + (p.value.value > 0 && p.value.value < least_in_full ? fmt::format("{:.1e}", p.value.value)
                                                                          : printed_text(p.value));
}

// 1 / se^2 of the log hazard ratio, out of its limits.
std::optional<double> precision_of(const catalogue::Statistic& printed) {
    const auto is_number = [](const auto& limit) { return limit && limit->is_number(); };
    if (!is_number(printed.lower) || !is_number(printed.upper)) return std::nullopt;
    if (!(printed.lower->value > 0 && printed.upper->value > printed.lower->value)) return std::nullopt;
    const double se = evidence::se_of_log_ratio(printed.lower->value, printed.upper->value, printed.level);
    return 1 / (se * se);
}

IntervalRow row_of(const AnalysisFit& fit, const catalogue::Contrast& contrast, const catalogue::Statistic& printed) {
    IntervalRow row;
    const auto year = year_of(*fit.trial, *fit.analysis);
    const std::string population = special_population(*fit.analysis);
    row.label = fit.trial->id + (year ? " " + std::to_string(*year) : "") + ", " +
                arm_name(fit, contrast.experimental) + " v " + arm_name(fit, contrast.control) +
                (population.empty() ? "" : "; " + population);
    row.value = printed.value.value;
    row.weight = precision_of(printed);
    const auto interval = interval_cell(printed);
    const auto lower = interval.lower ? present_value(*interval.lower) : std::nullopt,
               upper = interval.upper ? present_value(*interval.upper) : std::nullopt;
    row.left_columns = {patients_of(fit, contrast)};
    row.columns = {cell_text(interval, {}), p_value_text(contrast)};
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

// Squares as large as the precision, against the most precise ratio of the figure.
void set_weights(std::vector<IntervalRow>& rows) {
    double most = 0;
    for (const IntervalRow& row : rows) most = std::max(most, row.weight.value_or(0));
    for (IntervalRow& row : rows)
        if (row.weight) row.weight = *row.weight / most;
}

// Leaves out columns that are empty in all rows.
void drop_empty_columns(RowsChart& chart) {
    const auto all_empty = [&](auto member, std::size_t k) {
        return std::ranges::all_of(chart.rows,
                                   [&](const IntervalRow& row) { return row.heading || (row.*member)[k].empty(); });
    };
    if (all_empty(&IntervalRow::left_columns, 0)) {
        chart.left_heads.clear();
        for (IntervalRow& row : chart.rows) row.left_columns.clear();
    }
    if (all_empty(&IntervalRow::columns, 1)) {
        chart.column_heads.pop_back();
        for (IntervalRow& row : chart.rows)
            if (!row.heading) row.columns.pop_back();
    }
}

}  // namespace

Figure forest_figure(const ComparisonInput& input, const FigureOptions& options) {
    Figure figure;
    figure.title = "Published hazard ratios";
    figure.description = "Published hazard ratios, experimental v control, with their confidence intervals.";
    RowsChart chart;
    chart.label_head = "Trial";
    chart.left_heads = {"n"};
    chart.column_heads = {"HR (95% CI)", "p"};
    chart.x.title = "Hazard ratio";
    chart.x.logarithmic = true;
    chart.guide = 1;
    chart.least_axis_share = 0.3;
    chart.left_of_guide = "favours experimental";
    chart.right_of_guide = "favours control";
    const std::vector<std::string> endpoints = endpoints_os_first(input.fits);
    std::vector<const AnalysisFit*> shown;
    for (const AnalysisFit& fit : input.fits) shown.push_back(&fit);
    std::size_t n_rows = 0;
    for (std::size_t group = 0; group < endpoints.size(); ++group) {
        std::vector<IntervalRow> rows = rows_of(endpoints[group], input.fits, options);
        if (rows.empty()) continue;
        n_rows += rows.size();
        chart.rows.push_back({endpoints[group], true, group, {}, {}});
        figure.description += " " + endpoints[group] + ":";
        for (IntervalRow& row : rows) {
            figure.description += " " + row.label + " " + row.columns.front() + ";";
            row.style = group;
            chart.rows.push_back(std::move(row));
        }
    }
    require_rows(n_rows, "a published hazard ratio");
    figure.description.back() = '.';
    set_weights(chart.rows);
    drop_empty_columns(chart);
    set_ends(chart.x, chart.rows);
    figure.short_caption = {"As published. Intention to treat unless a population is named."};
    figure.caption = {
        "Squares are as large as the precision (1/se\xc2\xb2), other symbols have no CI. An arrow is a limit beyond "
        "the "
        "axis. The analysis is the default one of each endpoint and trial; populations, lines of therapy and controls "
        "differ between trials."};
    if (const std::string meanings = abbreviations(shown); !meanings.empty()) figure.caption.push_back(meanings);
    figure.chart = std::move(chart);
    return figure;
}

}  // namespace hersurv::report
