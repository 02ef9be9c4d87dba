// `table models`: what was fitted, with which status, and how far it is from the numbers.
#include "hersurv/support/number_text.hpp"

#include <fmt/format.h>

#include "accuracy_parts.hpp"
#include "comparison_parts.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {

Report models_table(const ComparisonInput& input, const ComparisonOptions& options) {
    Report report;
    report.title = "Fitted models";
    Table& table = report.table;
    table.name = "models";
    table.caption = fmt::format("Models fitted to the published numbers ({} {} intervals)",
                                percent_text(options.interval.level), curve::word(options.interval.band));
    table.columns = {human("Trial"),
                     machine("trial"),
                     machine("analysis"),
                     endpoint_column(input.fits),
                     human("Arm"),
                     machine("arm"),
                     both("model", "Model"),
                     human("Parameters"),
                     machine("parameter_1"),
                     machine("value_1"),
                     machine("parameter_2"),
                     machine("value_2"),
                     human("Median, months (interval)", true),
                     machine("median_months"),
                     machine("median_lower"),
                     machine("median_upper"),
                     machine("median_status"),
                     machine("median_limits_status"),
                     machine("band"),
                     machine("level"),
                     machine("supported_months"),
                     machine("rms_distance"),
                     machine("n_numbers"),
                     machine("n_within_rounding"),
                     human("Met", true),
                     both("fit_status", "Status")};
    add_accuracy_columns(table.columns);
    table.footnotes = {
        "Met: published numbers of the arm that the model reproduces within their printed rounding, of those that it "
        "can be held against."};
    for (const AnalysisFit* fit : by_year(input.fits)) {
        if (!table.rows.empty()) table.rule_before.push_back(table.rows.size());
        for (std::size_t arm = 0; arm < fit->evidence->arms.size(); ++arm)
            for (const auto& model : fit->models) {
                const auto& result = model.arms[arm];
                const survival::Family* family = model.model->family;
                std::string parameters = family == nullptr && model.fitted(arm) ? "(a curve)" : "";
                std::vector<Cell> named(4);
                for (std::size_t p = 0; p < result.parameters.size(); ++p) {
                    parameters += fmt::format("{}{} {}", p == 0 ? "" : ", ", family->parameters[p].name,
                                              support::significant(result.parameters[p], 3));
                    if (p > 1) continue;
                    named[2 * p] = std::string(family->parameters[p].name);
                    named[2 * p + 1] = Number::derived(result.parameters[p], 4);
                }
                long n = 0, met = 0;
                for (const auto& residual : model.residuals)
                    if (model.evidence->observations[residual.observation].arm == arm) {
                        ++n;
                        met += residual.within_rounding;
                    }
                std::optional<curve::Estimate> median;
                if (model.fitted(arm)) median = curve::median(model, arm, options.interval);
                const Number value = median ? cell(*median, 1) : Number::missing(Status::not_estimable);
                const bool first_of_arm = &model == &fit->models.front();
                const std::string& id = fit->evidence->arms[arm].id;
                table.rows.push_back({once(first_of_arm && arm == 0, fit->trial->id),
                                      fit->trial->id,
                                      fit->analysis->id,
                                      fit->analysis->endpoint,
                                      once(first_of_arm, id),
                                      id,
                                      std::string(model.model->name),
                                      parameters,
                                      named[0],
                                      named[1],
                                      named[2],
                                      named[3],
                                      median ? Cell(interval_cell(*median, 1)) : Cell(value),
                                      value,
                                      median ? limit_cell(median->lower, 1) : Number::missing(Status::not_estimable),
                                      median ? limit_cell(median->upper, 1) : Number::missing(Status::not_estimable),
                                      status_word(value),
                                      median ? limits_status(*median) : status_word(value),
                                      std::string(curve::word(options.interval.band)),
                                      Number::derived(options.interval.level, 2),
                                      model.fitted(arm) ? Cell(Number::derived(result.supported_months, 1)) : Cell(),
                                      model.reconstruction != nullptr && model.fitted(arm)
                                          ? Cell(Number::derived(result.rms_distance, 4))
                                          : Cell(),
                                      n,
                                      met,
                                      fmt::format("{}/{}", met, n),
                                      std::string(word(result.status))});
                add_accuracy_cells(table.rows.back(), model, arm);
            }
    }
    for (const std::string& footnote : accuracy_footnotes(by_year(input.fits))) table.footnotes.push_back(footnote);
    return report;
}

}  // namespace hersurv::report
