// `table models`: what was fitted, with which status, and how far it is from the numbers.
#include <fmt/format.h>

#include "report/accuracy_parts.hpp"
#include "report/comparison_parts.hpp"
#include "report/regimens.hpp"
#include "report/shared_columns.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <string>
#include <vector>

namespace hersurv::report {
namespace {

struct ModelRow {
    ArmOfModel of;
    bool first;         // of its analysis
    bool first_of_arm;  // the first model
    CurveEstimate median;
    long n_numbers, n_within_rounding;  // published numbers of the arm that the model can be compared with
};

// The name and the value of a parameter, if the model has that many.
Columns<ModelRow> parameter_columns(std::size_t parameter) {
    const std::string number = std::to_string(parameter + 1);
    return {{machine("parameter_" + number),
             [parameter](const ModelRow& row) {
                 return parameter < row.of.result().parameters.size()
                            ? Cell(std::string(row.of.model->model->family->parameters[parameter].name))
                            : Cell();
             }},
            {machine("value_" + number), [parameter](const ModelRow& row) {
                 const auto& values = row.of.result().parameters;
                 return parameter < values.size() ? Cell(Number::derived(values[parameter], 4)) : Cell();
             }}};
}

// The least and the largest cured share of all cure families, if no published estimates identify it.
Columns<ModelRow> cured_share_columns() {
    const auto end = [](const ModelRow& row, bool upper) {
        const auto& range = row.of.result().cured_share_range;
        return range ? Cell(Number::derived(upper ? range->second : range->first, 4)) : Cell();
    };
    return {{machine("cured_share_lowest"), [end](const ModelRow& row) { return end(row, false); }},
            {machine("cured_share_highest"), [end](const ModelRow& row) { return end(row, true); }}};
}

// Where a family misses the reconstructed curve most, and by how much.
Columns<ModelRow> distance_columns() {
    const auto column = [](const char* key, double fit::ArmFit::*member, int decimals) -> Columns<ModelRow> {
        return {machine(key), [member, decimals](const ModelRow& row) {
                    return row.of.has_curve() && row.of.model->reconstruction != nullptr
                               ? Cell(Number::derived(row.of.result().*member, decimals))
                               : Cell();
                }};
    };
    return {column("largest_distance", &fit::ArmFit::largest_distance, 4),
            column("largest_distance_months", &fit::ArmFit::largest_distance_months, 1)};
}

Columns<ModelRow> model_columns(const ComparisonInput& input, const ComparisonOptions& options) {
    using Row = ModelRow;
    return {
        {once_columns("Trial", "trial"),
         [](const Row& row) {
             return OncePerGroup{row.first, row.of.fit->trial->id};
         }},
        {analysis_columns(input.fits), [](const Row& row) -> const AnalysisFit& { return *row.of.fit; }},
        {human("Arm"),
         [](const Row& row) { return row.first_of_arm ? Cell(arm_label(*row.of.fit->trial, row.of.id())) : Cell(); }},
        {machine("arm"), [](const Row& row) { return row.of.id(); }},
        {both("model", "Model"), [](const Row& row) { return row.of.model_name(); }},
        {human("Parameters"), [](const Row& row) { return parameters_text(row.of); }},
        parameter_columns(0),
        parameter_columns(1),
        {estimate_columns({.title = "Median, months (" + interval_name(options.interval) + ")",
                           .key = "median_months",
                           .prefix = "median_",
                           .limits_status = true,
                           .absent = Status::not_estimable,
                           .shows_absent = true}),
         &Row::median},
        band_column<Row>(options.interval),
        level_column<Row>(options.interval),
        {machine("supported_months"),
         [](const Row& row) {
             return row.of.has_curve() ? Cell(Number::derived(row.of.result().supported_months, 1)) : Cell();
         }},
        {machine("rms_distance"),
         [](const Row& row) {
             return row.of.has_curve() && row.of.model->reconstruction != nullptr
                        ? Cell(Number::derived(row.of.result().rms_distance, 4))
                        : Cell();
         }},
        {machine("n_numbers"), &Row::n_numbers},
        {machine("n_within_rounding"), &Row::n_within_rounding},
        {human("Match", true),
         [](const Row& row) { return fmt::format("{}/{}", row.n_within_rounding, row.n_numbers); }},
        {human("Status"), [](const Row& row) { return std::string(status_words(row.of.result().status)); }},
        {fit_status_columns(machine("fit_status")), &Row::of},
        {both_bands_columns("median_"), &Row::median},
        cured_share_columns(),
        distance_columns()};
}

ModelRow model_row(const AnalysisFit& fit, const fit::FittedModel& model, std::size_t arm, const Intervals& interval) {
    const bool first_model = &model == &fit.models.front();
    ModelRow row{ArmOfModel(fit, model, arm), first_model && arm == 0, first_model, {}, 0, 0};
    if (model.fitted(arm)) row.median.estimate = median_with(interval, model, arm);
    for (const auto& residual : model.residuals)
        if (model.evidence->observations[residual.observation].arm == arm) {
            ++row.n_numbers;
            row.n_within_rounding += residual.within_rounding;
        }
    return row;
}

std::vector<std::string> cured_share_footnotes(const std::vector<ModelRow>& rows) {
    std::vector<std::string> footnotes;
    for (const ModelRow& row : rows) {
        const auto& range = row.of.result().cured_share_range;
        if (!range) continue;
        std::string text = fmt::format("{}, {}: cured share not identified (cure models: {} to {}).",
                                       row.of.fit->trial->id, arm_label(*row.of.fit->trial, row.of.id()),
                                       support::fixed(range->first, 2), support::fixed(range->second, 2));
        if (std::ranges::find(footnotes, text) == footnotes.end()) footnotes.push_back(std::move(text));
    }
    return footnotes;
}

}  // namespace

Report models_table(const ComparisonInput& input, const ComparisonOptions& options) {
    Report report;
    report.title = "Fitted models";
    Table& table = report.table;
    table.name = "models";
    table.caption = fmt::format("Models fitted to the published results ({})", interval_name(options.interval));
    table.footnotes = {"Match: published values matched to within rounding / values that can be compared."};
    std::vector<ModelRow> rows;
    for (const AnalysisFit* fit : by_year(input.fits)) {
        std::vector<ModelRow> of_analysis;
        for (std::size_t arm = 0; arm < fit->evidence->arms.size(); ++arm)
            for (const auto& model : fit->models) of_analysis.push_back(model_row(*fit, model, arm, options.interval));
        add_group(table, rows, of_analysis);
    }
    model_columns(input, options).fill(table, rows);
    explain_intervals(table, options.interval, Supposition(input.fits));
    if (const std::string cuts = earlier_cuts_footnote(input.fits); !cuts.empty()) table.footnotes.push_back(cuts);
    for (const std::string& footnote : cured_share_footnotes(rows)) table.footnotes.push_back(footnote);
    for (const std::string& footnote : accuracy_footnotes(by_year(input.fits))) table.footnotes.push_back(footnote);
    return report;
}

}  // namespace hersurv::report
