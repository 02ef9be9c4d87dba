// `table milestones`: reconstructed survival at fixed times beside the published one, and the difference between the
// arms.
#include <fmt/format.h>

#include "report/comparison_parts.hpp"
#include "report/regimens.hpp"
#include "report/shared_columns.hpp"
#include "support/number_text.hpp"

namespace hersurv::report {
namespace {

// An arm at one time.
struct MilestoneRow {
    ArmOfModel of;
    double time_months;
    bool first;         // of its analysis
    bool first_of_arm;  // the first time
    Number published;
    CurveEstimate survival, difference;
};

Columns<MilestoneRow> milestone_columns(const ComparisonInput& input, const ComparisonOptions& options) {
    const auto published = [](const MilestoneRow& row) { return row.published; };
    return {
        {once_columns("Trial", "trial"),
         [](const MilestoneRow& row) {
             return OncePerGroup{row.first, row.of.fit->trial->id};
         }},
        {analysis_columns(input.fits), [](const MilestoneRow& row) -> const AnalysisFit& { return *row.of.fit; }},
        {human("Arm"),
         [](const MilestoneRow& row) {
             return row.first_of_arm ? Cell(arm_label(*row.of.fit->trial, row.of.id())) : Cell();
         }},
        {machine("arm"), [](const MilestoneRow& row) { return row.of.id(); }},
        {machine("model"), [](const MilestoneRow& row) { return row.of.model_name(); }},
        {both("time_months", "Months", true),
         [](const MilestoneRow& row) {
             return Number::reported(row.time_months, support::decimals_of(row.time_months));
         }},
        {human("Published, %", true), published},
        {number_and_status("published", "published_status"), published},
        {estimate_columns({.title = "Reconstructed, % (" + interval_name(options.interval) + ")",
                           .key = "survival",
                           .limits_status = true}),
         &MilestoneRow::survival},
        {machine("extrapolated"), [](const MilestoneRow& row) { return row.survival.estimate->extrapolated; }},
        {estimate_columns({"Difference, points", "difference", "difference_"}), &MilestoneRow::difference},
        band_column<MilestoneRow>(options.interval),
        level_column<MilestoneRow>(options.interval),
        {fit_status_columns(machine("fit_status")), &MilestoneRow::of},
        {machine("support"), [](const MilestoneRow& row) { return std::string(support_word(*row.survival.estimate)); }},
        {both_bands_columns(), &MilestoneRow::survival},
        {both_bands_columns("difference_"), &MilestoneRow::difference}};
}

Number published_survival(const catalogue::ArmResult& result, double time_months) {
    Number published = missing();
    for (const auto& milestone : result.milestones)
        if (milestone.time_months == time_months) published = cell(milestone.survival.front().value, true);
    return published;
}

// Of every arm that the model has a curve of.
std::vector<MilestoneRow> milestone_rows(const AnalysisFit& fit, const ComparisonOptions& options) {
    const auto& model = fit.models.front();
    std::vector<MilestoneRow> rows;
    for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
        if (!model.fitted(arm)) continue;
        const auto control = fitted_control_of(fit, arm);
        const ArmOfModel of(fit, model, arm);
        for (const double time : options.times_months) {
            CurveEstimate difference{std::nullopt, 1, true};
            if (control)
                difference.estimate =
                    estimate_with(options.interval, model, {arm, *control}, [&](const fit::IntervalOptions& of) {
                        return std::optional(fit::survival_difference(model, arm, *control, time, of));
                    });
            const auto survival = estimate_with(options.interval, model, {arm}, [&](const fit::IntervalOptions& of) {
                return std::optional(fit::survival_at(model, arm, time, of));
            });
            rows.push_back({of,
                            time,
                            rows.empty(),
                            time == options.times_months.front(),
                            published_survival(fit.analysis->arms[arm], time),
                            {survival, 1, true},
                            difference});
        }
    }
    return rows;
}

}  // namespace

Report milestones_table(const ComparisonInput& input, const ComparisonOptions& options) {
    Report report;
    report.title = "Survival at fixed times";
    Table& table = report.table;
    table.name = "milestones";
    const std::string endpoint = shared_endpoint(input.fits);
    table.caption = fmt::format("{} at fixed times, reconstructed ({})", endpoint.empty() ? "Survival" : endpoint,
                                interval_name(options.interval));
    table.footnotes = {"Difference: experimental minus control arm."};
    std::vector<MilestoneRow> rows;
    for (const AnalysisFit* fit : by_year(input.fits)) add_group(table, rows, milestone_rows(*fit, options));
    milestone_columns(input, options).fill(table, rows);
    add_curve_footnotes(table, input.fits, options.interval);
    return report;
}

}  // namespace hersurv::report
