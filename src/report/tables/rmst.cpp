// `table rmst`: restricted mean survival time to a horizon that both arms support, with difference and ratio.
#include <fmt/format.h>

#include "report/comparison_parts.hpp"
#include "report/shared_columns.hpp"
#include "support/words.hpp"
#include <cmath>

namespace hersurv::report {
namespace {

struct RestrictedMeanRow {
    ArmOfModel of;
    bool first;  // of its analysis
    double horizon_months;
    CurveEstimate rmst, difference, ratio;
};

Columns<RestrictedMeanRow> restricted_mean_columns(const ComparisonInput& input, const ComparisonOptions& options) {
    using Row = RestrictedMeanRow;
    return {
        {once_columns("Trial", "trial"),
         [](const Row& row) {
             return OncePerGroup{row.first, row.of.fit->trial->id};
         }},
        {analysis_columns(input.fits), [](const Row& row) -> const AnalysisFit& { return *row.of.fit; }},
        {both("arm", "Arm"), [](const Row& row) { return row.of.id(); }},
        {machine("model"), [](const Row& row) { return row.of.model_name(); }},
        {both("horizon_months", "To, months", true),
         [](const Row& row) { return Number::derived(row.horizon_months, 1); }},
        {estimate_columns(
             {.title = "RMST, months (" + interval_name(options.interval) + ")", .key = "rmst", .limits_status = true}),
         &Row::rmst},
        {machine("extrapolated"), [](const Row& row) { return row.rmst.estimate->extrapolated; }},
        {estimate_columns({"Difference, months", "difference", "difference_"}), &Row::difference},
        {estimate_columns({"Ratio", "ratio", "ratio_"}), &Row::ratio},
        band_column<Row>(options.interval),
        level_column<Row>(options.interval),
        {fit_status_columns(machine("fit_status")), &Row::of},
        {both_bands_columns(), &Row::rmst},
        {both_bands_columns("difference_"), &Row::difference},
        {both_bands_columns("ratio_"), &Row::ratio}};
}

// Of every arm that the model has a curve of.
std::vector<RestrictedMeanRow> restricted_mean_rows(const AnalysisFit& fit, const ComparisonOptions& options) {
    const auto& model = fit.models.front();
    std::vector<std::size_t> arms;
    for (std::size_t arm = 0; arm < model.arms.size(); ++arm)
        if (model.fitted(arm)) arms.push_back(arm);
    std::vector<RestrictedMeanRow> rows;
    if (arms.empty()) return rows;
    // A horizon that nobody asked for is rounded down to whole tenths, so that it can be typed back.
    const double horizon = options.horizon_months ? *options.horizon_months
                                                  : std::floor(10 * fit::common_horizon(model, arms) + 1e-9) / 10;
    const auto with = [&](std::initializer_list<std::size_t> of_arms, const EstimateOf& of) {
        return estimate_with(options.interval, model, of_arms, of);
    };
    for (const std::size_t arm : arms) {
        CurveEstimate difference, ratio{std::nullopt, 2};
        if (const auto control = fitted_control_of(fit, arm)) {
            difference.estimate = with({arm, *control}, [&](const auto& of) {
                return std::optional(fit::rmst_difference(model, arm, *control, horizon, of));
            });
            ratio.estimate = with({arm, *control}, [&](const auto& of) {
                return std::optional(fit::rmst_ratio(model, arm, *control, horizon, of));
            });
        }
        rows.push_back(
            {ArmOfModel(fit, model, arm),
             rows.empty(),
             horizon,
             {with({arm}, [&](const auto& of) { return std::optional(fit::rmst(model, arm, horizon, of)); })},
             difference,
             ratio});
    }
    return rows;
}

// Which differences have nothing behind them but the medians of the two arms.
std::string medians_alone_footnote(const std::vector<RestrictedMeanRow>& rows) {
    std::vector<std::string> names;
    for (const RestrictedMeanRow& row : rows)
        if (row.difference.estimate && row.difference.estimate->from_medians_alone)
            names.push_back(row.of.fit->trial->id + " " + row.of.id());
    return names.empty()
               ? ""
               : "Not a result of the trial, but what the typical curves through its two medians differ by: " +
                     support::joined(names) + ".";
}

}  // namespace

Report rmst_table(const ComparisonInput& input, const ComparisonOptions& options) {
    Report report;
    report.title = "Restricted mean survival time";
    Table& table = report.table;
    table.name = "rmst";
    const std::string endpoint = shared_endpoint(input.fits);
    table.caption = fmt::format("Restricted mean {} time, RMST ({})", endpoint.empty() ? "survival" : endpoint,
                                interval_name(options.interval));
    table.footnotes = {
        "Horizon: the smaller supported time of the arms compared, unless one is asked for. Difference and ratio: "
        "experimental v control arm."};
    std::vector<RestrictedMeanRow> rows;
    for (const AnalysisFit* fit : by_year(input.fits)) add_group(table, rows, restricted_mean_rows(*fit, options));
    restricted_mean_columns(input, options).fill(table, rows);
    if (const std::string medians = medians_alone_footnote(rows); !medians.empty()) table.footnotes.push_back(medians);
    add_curve_footnotes(table, input.fits, options.interval);
    return report;
}

}  // namespace hersurv::report
