// `table medians`: published medians over the generations of therapy (the data of the review's figure of median
// survival).
#include <fmt/format.h>

#include "render/cells.hpp"
#include "report/comparison_parts.hpp"
#include "report/regimens.hpp"
#include "report/shared_columns.hpp"
#include "support/number_text.hpp"

namespace hersurv::report {
namespace {

// What one arm of an analysis prints.
struct MedianRow {
    const AnalysisFit* fit;
    const catalogue::ArmResult* result;
    const catalogue::Arm* arm;  // of the trial; nullptr if it has none of this id
    std::optional<int> year;
    bool first;  // of its analysis
    Number events;
    std::optional<catalogue::Statistic> median;
    CurveEstimate difference;  // of the published medians

    [[nodiscard]] const catalogue::Trial& trial() const { return *fit->trial; }
};

// "168 (42)".
Cell events_of_patients(const Number& events, const std::optional<int>& n_patients) {
    const auto present = present_value(events);
    if (!present) return missing();
    const std::string count = support::shortest(*present);
    if (!n_patients || *n_patients == 0) return count;
    return fmt::format("{} ({})", count, support::fixed(100 * *present / *n_patients, 0));
}

Columns<MedianRow> median_columns(const ComparisonInput& input) {
    return {
        {once_columns("Trial", "trial"),
         [](const MedianRow& row) {
             return OncePerGroup{row.first, row.trial().id};
         }},
        {once_columns("Year", "year"),
         [](const MedianRow& row) {
             return OncePerGroup{row.first, year_cell(row.year)};
         }},
        {machine("drug_class"), [](const MedianRow& row) { return class_of(row.trial()); }},
        {analysis_columns(input.fits), [](const MedianRow& row) -> const AnalysisFit& { return *row.fit; }},
        {machine("population"), [](const MedianRow& row) { return text_or_nothing(row.fit->analysis->population); }},
        {human("Arm"), [](const MedianRow& row) { return arm_label(row.trial(), row.result->arm); }},
        {machine("arm"), [](const MedianRow& row) { return row.result->arm; }},
        {machine("role"), [](const MedianRow& row) { return row.arm ? text_or_nothing(row.arm->role) : Cell(); }},
        {machine("regimen"), [](const MedianRow& row) { return row.arm ? text_or_nothing(row.arm->regimen) : Cell(); }},
        {machine("n_patients"), [](const MedianRow& row) { return count_cell(row.result->n_patients); }},
        {human("n", true), [](const MedianRow& row) { return count_cell(row.result->n_patients); }},
        {human("Events (%)", true),
         [](const MedianRow& row) { return events_of_patients(row.events, row.result->n_patients); }},
        {number_and_status("events", "events_status"), &MedianRow::events},
        {published_columns("Median, months (95% CI)", "median"), &MedianRow::median},
        {machine("level"),
         [](const MedianRow& row) { return row.median ? Cell(Number::reported(row.median->level, 2)) : Cell(); }},
        {estimate_columns({"Difference, months (95% CI)", "difference", "difference_"}), &MedianRow::difference},
        {source_columns(), [](const MedianRow& row) { return row.median ? &row.median->from : nullptr; }}};
}

MedianRow median_row(const AnalysisFit& fit, const catalogue::ArmResult& result) {
    const auto median = printed_median(*fit.analysis, result.arm);
    const auto events = first_print(result.events);
    const std::string control = control_of(*fit.trial, *fit.analysis, result.arm);
    const auto difference =
        control.empty() ? std::nullopt : printed_median_difference(*fit.analysis, result.arm, control);
    return {&fit,
            &result,
            fit.trial->find_arm(result.arm),
            year_of(*fit.trial, *fit.analysis),
            &result == &fit.analysis->arms.front(),
            events ? cell(events->value) : missing(),
            median,
            {difference ? std::optional(BandedEstimate{*difference, {}, {}, std::nullopt}) : std::nullopt,
             median ? median->value.shown_decimals() : 1}};
}

}  // namespace

Report medians_table(const ComparisonInput& input, const ComparisonOptions&) {
    Report report;
    report.title = "Published medians";
    Table& table = report.table;
    table.name = "medians";
    const std::string endpoint = shared_endpoint(input.fits);
    table.caption = "Median " + (endpoint.empty() ? "survival" : endpoint) + " as published, by year of the report";
    table.footnotes = {
        "Difference: experimental minus control, from the published medians; 95% CI by the MOVER method if both "
        "medians "
        "have one.",
        "One analysis per trial. Populations and lines of therapy differ: not a comparison of treatments across "
        "trials."};
    for (const std::string& footnote :
         {populations_footnote(by_year(input.fits)), abbreviations_footnote(trials_of(input.fits))})
        if (!footnote.empty()) table.footnotes.push_back(footnote);
    std::vector<MedianRow> rows;
    for (const AnalysisFit* fit : by_year(input.fits)) {
        if (!rows.empty() && !fit->analysis->arms.empty()) table.rule_before.push_back(rows.size());
        for (const auto& result : fit->analysis->arms) rows.push_back(median_row(*fit, result));
    }
    median_columns(input).fill(table, rows);
    return report;
}

}  // namespace hersurv::report
