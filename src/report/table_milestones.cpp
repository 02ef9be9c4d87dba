// `table milestones`: reconstructed survival at fixed times beside the printed one, and the difference between the
// arms.
#include "hersurv/support/number_text.hpp"

#include <fmt/format.h>

#include "accuracy_parts.hpp"
#include "comparison_parts.hpp"
#include <cmath>

namespace hersurv::report {

Report milestones_table(const ComparisonInput& input, const ComparisonOptions& options) {
    Report report;
    report.title = "Survival at fixed times";
    Table& table = report.table;
    table.name = "milestones";
    const std::string endpoint = shared_endpoint(input.fits);
    const std::string band =
        fmt::format("{} {} band", percent_text(options.interval.level), curve::word(options.interval.band));
    table.caption =
        fmt::format("{} at fixed times, reconstructed ({})", endpoint.empty() ? "Survival" : endpoint, band);
    table.columns = {human("Trial"),
                     machine("trial"),
                     machine("analysis"),
                     endpoint_column(input.fits),
                     human("Arm"),
                     machine("arm"),
                     machine("model"),
                     both("time_months", "Months", true),
                     human("Printed, %", true),
                     machine("published"),
                     machine("published_status"),
                     human("Model, % (band)", true),
                     machine("survival"),
                     machine("lower"),
                     machine("upper"),
                     machine("status"),
                     machine("limits_status"),
                     machine("extrapolated"),
                     human("Difference, points (band)", true),
                     machine("difference"),
                     machine("difference_lower"),
                     machine("difference_upper"),
                     machine("difference_status"),
                     machine("band"),
                     machine("level"),
                     machine("fit_status")};
    add_accuracy_columns(table.columns);
    table.footnotes = {"Difference: experimental minus control arm."};
    for (const AnalysisFit* fit : by_year(input.fits)) {
        const auto& model = fit->models.front();
        bool first = true;
        for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
            if (!model.fitted(arm)) continue;
            const auto control = fitted_control_of(*fit, arm);
            for (const double time : options.times_months) {
                const auto survival = curve::survival_at(model, arm, time, options.interval);
                Number published = missing();
                for (const auto& milestone : fit->analysis->arms[arm].milestones)
                    if (milestone.time_months == time) published = cell(milestone.survival.front().value, true);
                std::optional<curve::Estimate> difference;
                if (control) difference = curve::survival_difference(model, arm, *control, time, options.interval);
                const Number gap = difference ? cell(*difference, 1, true) : missing();
                if (first && !table.rows.empty()) table.rule_before.push_back(table.rows.size());
                const std::string& id = fit->evidence->arms[arm].id;
                table.rows.push_back({once(first, fit->trial->id),
                                      fit->trial->id,
                                      fit->analysis->id,
                                      fit->analysis->endpoint,
                                      once(time == options.times_months.front(), id),
                                      id,
                                      std::string(model.model->name),
                                      Number::reported(time, support::decimals_of(time)),
                                      published,
                                      published,
                                      status_word(published),
                                      interval_cell(survival, 1, true),
                                      cell(survival, 1),
                                      limit_cell(survival.lower, 1),
                                      limit_cell(survival.upper, 1),
                                      std::string(word(Status::derived)),
                                      limits_status(survival),
                                      survival.extrapolated,
                                      difference ? Cell(interval_cell(*difference, 1, true)) : Cell(),
                                      gap,
                                      difference ? limit_cell(difference->lower, 1) : missing(),
                                      difference ? limit_cell(difference->upper, 1) : missing(),
                                      status_word(gap),
                                      std::string(curve::word(options.interval.band)),
                                      Number::derived(options.interval.level, 2),
                                      std::string(word(model.arms[arm].status))});
                add_accuracy_cells(table.rows.back(), model, arm);
                first = false;
            }
        }
    }
    if (const std::string models = models_footnote(input.fits); !models.empty()) table.footnotes.push_back(models);
    for (const std::string& footnote : accuracy_footnotes(by_year(input.fits))) table.footnotes.push_back(footnote);
    return report;
}

}  // namespace hersurv::report
