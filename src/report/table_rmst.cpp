// `table rmst`: restricted mean survival time to a horizon that both arms support, with difference and ratio.
#include <fmt/format.h>

#include "accuracy_parts.hpp"
#include "comparison_parts.hpp"
#include <cmath>

namespace hersurv::report {

Report rmst_table(const ComparisonInput& input, const ComparisonOptions& options) {
    Report report;
    report.title = "Restricted mean survival time";
    Table& table = report.table;
    table.name = "rmst";
    const std::string endpoint = shared_endpoint(input.fits);
    table.caption =
        fmt::format("Restricted mean {} time, RMST ({} {} intervals)", endpoint.empty() ? "survival" : endpoint,
                    percent_text(options.interval.level), curve::word(options.interval.band));
    table.columns = {human("Trial"),
                     machine("trial"),
                     machine("analysis"),
                     endpoint_column(input.fits),
                     both("arm", "Arm"),
                     machine("model"),
                     both("horizon_months", "To, months", true),
                     human("RMST, months (interval)", true),
                     machine("rmst"),
                     machine("lower"),
                     machine("upper"),
                     machine("status"),
                     machine("limits_status"),
                     machine("extrapolated"),
                     human("Difference, months (interval)", true),
                     machine("difference"),
                     machine("difference_lower"),
                     machine("difference_upper"),
                     machine("difference_status"),
                     human("Ratio (interval)", true),
                     machine("ratio"),
                     machine("ratio_lower"),
                     machine("ratio_upper"),
                     machine("ratio_status"),
                     machine("band"),
                     machine("level"),
                     machine("fit_status")};
    add_accuracy_columns(table.columns);
    table.footnotes = {
        "Horizon: the smaller supported time of the arms compared, unless one is asked for. Difference and ratio: "
        "experimental v control arm."};
    for (const AnalysisFit* fit : by_year(input.fits)) {
        const auto& model = fit->models.front();
        std::vector<std::size_t> arms;
        for (std::size_t arm = 0; arm < model.arms.size(); ++arm)
            if (model.fitted(arm)) arms.push_back(arm);
        if (arms.empty()) continue;
        // A horizon that nobody asked for is rounded down to whole tenths, so that it can be typed back.
        const double horizon = options.horizon_months ? *options.horizon_months
                                                      : std::floor(10 * curve::common_horizon(model, arms) + 1e-9) / 10;
        if (!table.rows.empty()) table.rule_before.push_back(table.rows.size());
        for (const std::size_t arm : arms) {
            const auto rmst = curve::rmst(model, arm, horizon, options.interval);
            const auto control = fitted_control_of(*fit, arm);
            std::optional<curve::Estimate> difference, ratio;
            if (control) {
                difference = curve::rmst_difference(model, arm, *control, horizon, options.interval);
                ratio = curve::rmst_ratio(model, arm, *control, horizon, options.interval);
            }
            const Number gap = difference ? cell(*difference, 1) : missing(),
                         quotient = ratio ? cell(*ratio, 2) : missing();
            table.rows.push_back({once(arm == arms.front(), fit->trial->id),
                                  fit->trial->id,
                                  fit->analysis->id,
                                  fit->analysis->endpoint,
                                  fit->evidence->arms[arm].id,
                                  std::string(model.model->name),
                                  Number::derived(horizon, 1),
                                  interval_cell(rmst, 1),
                                  cell(rmst, 1),
                                  limit_cell(rmst.lower, 1),
                                  limit_cell(rmst.upper, 1),
                                  std::string(word(Status::derived)),
                                  limits_status(rmst),
                                  rmst.extrapolated,
                                  difference ? Cell(interval_cell(*difference, 1)) : Cell(),
                                  gap,
                                  difference ? limit_cell(difference->lower, 1) : missing(),
                                  difference ? limit_cell(difference->upper, 1) : missing(),
                                  status_word(gap),
                                  ratio ? Cell(interval_cell(*ratio, 2)) : Cell(),
                                  quotient,
                                  ratio ? limit_cell(ratio->lower, 2) : missing(),
                                  ratio ? limit_cell(ratio->upper, 2) : missing(),
                                  status_word(quotient),
                                  std::string(curve::word(options.interval.band)),
                                  Number::derived(options.interval.level, 2),
                                  std::string(word(model.arms[arm].status))});
            add_accuracy_cells(table.rows.back(), model, arm);
        }
    }
    if (const std::string models = models_footnote(input.fits); !models.empty()) table.footnotes.push_back(models);
    for (const std::string& footnote : accuracy_footnotes(by_year(input.fits))) table.footnotes.push_back(footnote);
    return report;
}

}  // namespace hersurv::report
