// `table hazard-ratios`: published hazard ratios with their standard error, beside those of the reconstructed curves.
#include "hersurv/evidence.hpp"

#include "render/characters.hpp"
#include "report/accuracy_parts.hpp"
#include "report/comparison_parts.hpp"
#include "report/ratio_parts.hpp"
#include "report/regimens.hpp"
#include "report/shared_columns.hpp"
#include "support/parallel.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

// The logarithm of a published hazard ratio and its standard error, where that comes from.
struct LogHazardRatio {
    Number value = missing(), standard_error = missing();
    std::string from;  // "limits", "p-value"; "p-value and events": derived, both; empty without a standard error
};

// One contrast.
struct HazardRatioRow {
    const AnalysisFit* fit;
    const catalogue::Contrast* contrast;
    std::optional<catalogue::Statistic> printed;
    LogHazardRatio log;
    const catalogue::PValue* p_value;  // nullptr: none, or no number
    CurveEstimate of_curves;
    std::optional<fit::ExpectedAccuracy> experimental, control;

    [[nodiscard]] const catalogue::Provenance* from() const {
        return printed ? &printed->from : &contrast->p_values.front().from;
    }
};

Columns<HazardRatioRow> hazard_ratio_columns(const ComparisonInput& input, const ComparisonOptions& options) {
    using Row = HazardRatioRow;
    return {{both("trial", "Trial"), [](const Row& row) { return row.fit->trial->id; }},
            {analysis_columns(input.fits), [](const Row& row) -> const AnalysisFit& { return *row.fit; }},
            {human("Comparison"),
             [](const Row& row) {
                 const catalogue::Trial& trial = *row.fit->trial;
                 return arm_label(trial, row.contrast->experimental) + " v " + arm_label(trial, row.contrast->control);
             }},
            {machine("experimental"), [](const Row& row) { return row.contrast->experimental; }},
            {machine("control"), [](const Row& row) { return row.contrast->control; }},
            {human("HR", true, "Published"),
             [](const Row& row) { return row.printed ? Cell(cell(row.printed->value)) : Cell(missing()); }},
            {human("95% CI", true, "Published"),
             [](const Row& row) { return row.printed ? limits_only(interval_cell(*row.printed)) : Cell(); }},
            {human("p", true, "Published"),
             [](const Row& row) { return row.p_value != nullptr ? Cell(p_value_text(*row.p_value)) : Cell(); }},
            {published_machine_columns("hazard_ratio"), &Row::printed},
            {machine("level"),
             [](const Row& row) { return row.printed ? Cell(Number::reported(row.printed->level, 2)) : Cell(); }},
            {machine("stratified"),
             [](const Row& row) {
                 return row.printed && row.printed->stratified ? Cell(*row.printed->stratified) : Cell();
             }},
            {machine("log_hr"), [](const Row& row) { return row.log.value; }},
            {number_and_status("se_log_hr", "se_status"), [](const Row& row) { return row.log.standard_error; }},
            {machine("se_from"), [](const Row& row) { return text_or_nothing(row.log.from); }},
            {number_and_status("p_value", "p_status"),
             [](const Row& row) { return row.p_value != nullptr ? cell(row.p_value->value) : missing(); }},
            {machine("p_relation"),
             [](const Row& row) {
                 return row.p_value != nullptr ? Cell(std::string(relation_sign(row.p_value->relation))) : Cell();
             }},
            {human("HR", true, "Reconstructed"),
             [](const Row& row) {
                 return row.of_curves.estimate ? Cell(interval_cell(*row.of_curves.estimate, 2).value)
                                               : Cell(missing());
             }},
            {human(interval_name(options.interval), true, "Reconstructed"),
             [](const Row& row) {
                 return row.of_curves.estimate ? limits_only(interval_cell(*row.of_curves.estimate, 2)) : Cell();
             }},
            {estimate_machine_columns(
                 {.key = "curve_hazard_ratio", .prefix = "curve_", .limits_status = true, .shows_absent = true}),
             &Row::of_curves},
            {machine("model"), [](const Row& row) { return std::string(row.fit->models.front().model->name); }},
            band_column<Row>(options.interval),
            {source_columns(), &Row::from},
            {accuracy_columns("experimental_"), &Row::experimental},
            {accuracy_columns("control_"), &Row::control},
            {both_bands_columns("curve_"), &Row::of_curves}};
}

// The standard error out of the limits; if they are not published, out of an exact p-value: |z| = |log HR| / se
// (Tierney 2007, Trials 8:16).
LogHazardRatio log_hazard_ratio(const std::optional<catalogue::Statistic>& printed, const catalogue::PValue* p_value) {
    LogHazardRatio log;
    if (!printed || !printed->value.is_number() || printed->value.value <= 0) return log;
    const double value = std::log(printed->value.value);
    log.value = Number::derived(value, 3);
    const auto is_number = [](const auto& limit) { return limit && limit->is_number(); };
    if (is_number(printed->lower) && is_number(printed->upper) && printed->lower->value > 0 &&
        printed->upper->value > printed->lower->value) {
        const double se = evidence::se_of_log_ratio(printed->lower->value, printed->upper->value, printed->level);
        return {log.value, Number::derived(se, 3), "limits"};
    }
    if (p_value == nullptr || value == 0 || p_value->relation != catalogue::Relation::equal) return log;
    const double p = p_value->value.value;
    if (!(p > 0 && p < 1)) return log;
    return {log.value, Number::derived(std::abs(value) / evidence::z_of_two_sided_p(p), 3), "p-value"};
}

// If no ratio is published; of a p-value that only bounds it nothing but words.
LogHazardRatio derived_log(const evidence::DerivedHazardRatio* derived) {
    if (derived == nullptr || !derived->log_ratio) return {};
    return {Number::derived(*derived->log_ratio, 3), Number::derived(derived->sd, 3), "p-value and events"};
}

std::optional<BandedEstimate> curves_hazard_ratio(const AnalysisFit& fit, const catalogue::Contrast& contrast,
                                                  const Intervals& interval) {
    const auto experimental = arm_index(fit, contrast.experimental), control = arm_index(fit, contrast.control);
    const auto& model = fit.models.front();
    if (!experimental || !control || !model.fitted(*experimental) || !model.fitted(*control)) return std::nullopt;
    return estimate_with(interval, model, {*experimental, *control}, [&](const fit::IntervalOptions& of) {
        return std::optional(fit::hazard_ratio(model, *experimental, *control, of));
    });
}

const evidence::DerivedHazardRatio* find_derived(const std::vector<evidence::DerivedHazardRatio>& all,
                                                 const catalogue::Contrast& contrast) {
    const auto found = std::ranges::find_if(all, [&](const evidence::DerivedHazardRatio& one) {
        return one.experimental == contrast.experimental && one.control == contrast.control;
    });
    return found == all.end() ? nullptr : &*found;
}

// Of every contrast that prints a hazard ratio or a p-value.
std::vector<HazardRatioRow> hazard_ratio_rows(const AnalysisFit& fit, const ComparisonOptions& options) {
    std::vector<HazardRatioRow> rows;
    const auto all_derived = evidence::derive_hazard_ratios(*fit.analysis);
    for (const auto& contrast : fit.analysis->contrasts) {
        const auto printed = first_print(contrast.hazard_ratio);
        if (!printed && contrast.p_values.empty()) continue;
        const auto& model = fit.models.front();
        const catalogue::PValue* p_value = contrast.p_values.empty() ? nullptr : &contrast.p_values.front();
        const catalogue::PValue* number = p_value != nullptr && p_value->value.is_number() ? p_value : nullptr;
        rows.push_back({&fit,
                        &contrast,
                        printed,
                        printed ? log_hazard_ratio(printed, number) : derived_log(find_derived(all_derived, contrast)),
                        number,
                        {curves_hazard_ratio(fit, contrast, options.interval), 2},
                        accuracy_of(model, arm_index(fit, contrast.experimental)),
                        accuracy_of(model, arm_index(fit, contrast.control))});
    }
    return rows;
}

}  // namespace

Report hazard_ratios_table(const ComparisonInput& input, const ComparisonOptions& options) {
    Report report;
    report.title = "Hazard ratios";
    Table& table = report.table;
    table.name = "hazard-ratios";
    table.caption = "Published and reconstructed hazard ratios";
    table.footnotes = {"Reconstructed HR: average (Cox-type) over the follow-up, between the reconstructed curves."};
    const auto ordered = by_year(input.fits);
    // The intervals of the curves' own ratios are what takes time here: all analyses at once.
    std::vector<std::vector<HazardRatioRow>> by_analysis(ordered.size());
    support::parallel_for(ordered.size(), options.threads,
                          [&](std::size_t i) { by_analysis[i] = hazard_ratio_rows(*ordered[i], options); });
    std::vector<HazardRatioRow> rows;
    for (const auto& of_analysis : by_analysis) rows.insert(rows.end(), of_analysis.begin(), of_analysis.end());
    hazard_ratio_columns(input, options).fill(table, rows);
    std::vector<const AnalysisFit*> shown;
    std::vector<const catalogue::Trial*> trials;
    for (const HazardRatioRow& row : rows) {
        if (std::ranges::find(shown, row.fit) == shown.end()) shown.push_back(row.fit);
        if (std::ranges::find(trials, row.fit->trial) == trials.end()) trials.push_back(row.fit->trial);
    }
    for (const std::string& footnote : {populations_footnote(shown), abbreviations_footnote(trials)})
        if (!footnote.empty()) table.footnotes.push_back(footnote);
    if (std::ranges::any_of(
            rows, [](const HazardRatioRow& row) { return row.of_curves.estimate && row.of_curves.estimate->instead; }))
        table.footnotes.push_back(std::string(render::section_sign) + " " + replacement_meaning(options.interval) +
                                  ".");
    for (const AnalysisFit* fit : ordered)
        for (const auto& derived : evidence::derive_hazard_ratios(*fit->analysis))
            table.footnotes.push_back(fit->trial->id + " " + fit->analysis->id + ", " +
                                      derived_ratio_words(*fit->trial, derived) + ".");
    add_curve_footnotes(table, input.fits, options.interval);
    return report;
}

}  // namespace hersurv::report
