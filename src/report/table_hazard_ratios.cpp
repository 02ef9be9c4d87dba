// `table hazard-ratios`: published hazard ratios with their standard error, beside those of the reconstructed curves.
#include "hersurv/evidence/observation.hpp"
#include "hersurv/evidence/rates.hpp"
#include "hersurv/support/parallel.hpp"

#include "accuracy_parts.hpp"
#include "comparison_parts.hpp"
#include <cmath>

namespace hersurv::report {

namespace {

std::optional<curve::Estimate> curves_hazard_ratio(const AnalysisFit& fit, const catalogue::Contrast& contrast,
                                                   const curve::IntervalOptions& interval) {
    const auto experimental = arm_index(fit, contrast.experimental), control = arm_index(fit, contrast.control);
    const auto& model = fit.models.front();
    if (!experimental || !control || !model.fitted(*experimental) || !model.fitted(*control)) return std::nullopt;
    return curve::hazard_ratio(model, *experimental, *control, interval);
}

}  // namespace

Report hazard_ratios_table(const ComparisonInput& input, const ComparisonOptions& options) {
    Report report;
    report.title = "Hazard ratios";
    Table& table = report.table;
    table.name = "hazard-ratios";
    table.caption = "Hazard ratios: as published, and as the reconstructed curves have them";
    table.columns = {both("trial", "Trial"),
                     machine("analysis"),
                     endpoint_column(input.fits),
                     both("experimental", "Experimental"),
                     both("control", "Control"),
                     human("Published HR (95 % CI)", true),
                     machine("hazard_ratio"),
                     machine("status"),
                     machine("lower"),
                     machine("lower_status"),
                     machine("upper"),
                     machine("upper_status"),
                     machine("level"),
                     machine("stratified"),
                     machine("log_hr"),
                     machine("se_log_hr"),
                     machine("se_status"),
                     machine("se_from"),
                     machine("p_value"),
                     machine("p_status"),
                     machine("p_relation"),
                     human("Of the curves (" + percent_text(options.interval.level) + ")", true),
                     machine("curve_hazard_ratio"),
                     machine("curve_lower"),
                     machine("curve_upper"),
                     machine("curve_status"),
                     machine("curve_limits_status"),
                     machine("model"),
                     machine("band"),
                     machine("source"),
                     machine("line")};
    for (const char* arm : {"experimental_", "control_"}) add_accuracy_columns(table.columns, arm);
    table.footnotes = {
        "Of the curves: average (Cox-type) hazard ratio over the follow-up between the reconstructed curves, with "
        "its " +
        std::string(curve::word(options.interval.band)) + " interval."};
    const auto ordered = by_year(input.fits);
    // The intervals of the curves' own ratios are what takes time here: all of them at once, by analysis and contrast.
    std::vector<std::vector<std::optional<curve::Estimate>>> of_all_curves(ordered.size());
    support::parallel_for(ordered.size(), options.threads, [&](std::size_t i) {
        for (const auto& contrast : ordered[i]->analysis->contrasts)
            of_all_curves[i].push_back(curves_hazard_ratio(*ordered[i], contrast, options.interval));
    });
    for (std::size_t i = 0; i < ordered.size(); ++i)
        for (std::size_t c = 0; c < ordered[i]->analysis->contrasts.size(); ++c) {
            const AnalysisFit* fit = ordered[i];
            const auto& contrast = fit->analysis->contrasts[c];
            const auto& of_curves = of_all_curves[i][c];
            const auto printed = first_print(contrast.hazard_ratio);
            if (!printed && contrast.p_values.empty()) continue;
            const auto& model = fit->models.front();
            const Number value = printed ? cell(printed->value) : missing();
            const Number lower = printed ? cell(printed->lower) : missing(),
                         upper = printed ? cell(printed->upper) : missing();
            const Number own = of_curves ? cell(*of_curves, 2) : missing();
            Number log_hr = missing(), se = missing();
            std::string se_from;
            if (value.value && *value.value > 0) {
                log_hr = Number::derived(std::log(*value.value), 3);
                if (lower.value && upper.value && *lower.value > 0 && *upper.value > *lower.value)
                    se = Number::derived(evidence::se_of_log_ratio(*lower.value, *upper.value, printed->level), 3);
                if (se.value) se_from = "limits";
            }
            Cell relation;
            Number p = missing();
            if (!contrast.p_values.empty() && contrast.p_values.front().value.is_number()) {
                static constexpr std::string_view relations[] = {"=", "<", "<=", ">", ">="};
                p = cell(contrast.p_values.front().value);
                const auto& printed_p = contrast.p_values.front();
                relation = std::string(relations[static_cast<std::size_t>(printed_p.relation)]);
                // |z| = |log HR| / se (Tierney 2007, Trials 8:16), where the p-value is printed exactly and the limits
                // are not.
                if (!se.value && log_hr.value && *log_hr.value != 0 &&
                    printed_p.relation == catalogue::Relation::equal && printed_p.value.value > 0 &&
                    printed_p.value.value < 1) {
                    se =
                        Number::derived(std::abs(*log_hr.value) / evidence::z_of_two_sided_p(printed_p.value.value), 3);
                    se_from = "p-value";
                }
            }
            const catalogue::Provenance* from = printed ? &printed->from : &contrast.p_values.front().from;
            table.rows.push_back({fit->trial->id,
                                  fit->analysis->id,
                                  fit->analysis->endpoint,
                                  contrast.experimental,
                                  contrast.control,
                                  printed ? Cell(interval_cell(*printed)) : Cell(missing()),
                                  value,
                                  status_word(value),
                                  lower,
                                  status_word(lower),
                                  upper,
                                  status_word(upper),
                                  printed ? Cell(Number::reported(printed->level, 2)) : Cell(),
                                  printed && printed->stratified ? Cell(*printed->stratified) : Cell(),
                                  log_hr,
                                  se,
                                  status_word(se),
                                  text_or_nothing(se_from),
                                  p,
                                  status_word(p),
                                  relation,
                                  of_curves ? Cell(interval_cell(*of_curves, 2)) : Cell(missing()),
                                  own,
                                  of_curves ? limit_cell(of_curves->lower, 2) : missing(),
                                  of_curves ? limit_cell(of_curves->upper, 2) : missing(),
                                  status_word(own),
                                  of_curves ? limits_status(*of_curves) : status_word(own),
                                  std::string(model.model->name),
                                  std::string(curve::word(options.interval.band)),
                                  text_or_nothing(from->source),
                                  line_cell(*from)});
            add_accuracy_cells(table.rows.back(), model, arm_index(*fit, contrast.experimental));
            add_accuracy_cells(table.rows.back(), model, arm_index(*fit, contrast.control));
        }
    if (const std::string models = models_footnote(input.fits); !models.empty()) table.footnotes.push_back(models);
    for (const std::string& footnote : accuracy_footnotes(by_year(input.fits))) table.footnotes.push_back(footnote);
    return report;
}

}  // namespace hersurv::report
