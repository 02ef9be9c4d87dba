// The report of `curve`: S(t) of every arm with its band.
#include "hersurv/report/answers.hpp"
#include "hersurv/report/headings.hpp"
#include "hersurv/report/numbers.hpp"
#include "hersurv/support/number_text.hpp"

#include <fmt/format.h>

#include "accuracy_parts.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

std::vector<double> times_of(const fit::FittedModel& model, std::size_t arm, const CurveReportOptions& options) {
    if (!options.times_months.empty()) return options.times_months;
    std::vector<double> times;
    for (int month = 0; month <= static_cast<int>(std::floor(model.arms[arm].supported_months + 1e-9)); ++month)
        times.push_back(month);
    return times;
}

struct ArmCurve {
    std::size_t arm;
    std::vector<curve::CurvePoint> points;
};

Table human_table(const AnalysisFit& fit, const std::vector<ArmCurve>& curves, const CurveReportOptions& options) {
    Table table;
    table.name = "curve";
    table.columns = {human("Months", true)};
    const std::string head =
        fmt::format("S, % ({} {} band)", percent_text(options.interval.level), curve::word(options.interval.band));
    std::size_t n_times = 0;
    for (const ArmCurve& curve : curves) {
        table.columns.push_back(human(head, true, fit.evidence->arms[curve.arm].id));
        n_times = std::max(n_times, curve.points.size());
    }
    for (std::size_t k = 0; k < n_times; ++k) {
        std::vector<Cell> row(1);
        for (const ArmCurve& curve : curves) {
            if (k >= curve.points.size()) {
                row.emplace_back();
                continue;
            }
            const double time = curve.points[k].time_months;
            row[0] = Number::derived(time, support::decimals_of(time));
            row.emplace_back(interval_cell(curve.points[k].survival, 1, true));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace

Report curve_report(const std::vector<AnalysisFit>& fits, const std::vector<const catalogue::Trial*>& without_numbers,
                    const CurveReportOptions& options) {
    Report report;
    report.title = "Survival curves reconstructed from the published numbers";
    report.table.name = "curve";
    for (const char* key : {"trial", "analysis", "endpoint", "arm", "model", "band", "time_months", "survival", "lower",
                            "upper", "extrapolated", "status", "limits_status", "level", "fit_status"})
        report.table.columns.push_back(machine(key));
    add_accuracy_columns(report.table.columns);
    for (const AnalysisFit& fit : fits)
        for (const fit::FittedModel& model : fit.models) {
            Section section;
            section.heading = fmt::format("{}: {}", analysis_heading(*fit.evidence), model.model->name);
            section.paragraphs = analysis_paragraphs(fit);
            std::vector<ArmCurve> curves;
            for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
                if (options.takes_arm && !options.takes_arm(fit.evidence->arms[arm].id)) continue;
                const auto& result = model.arms[arm];
                if (!result.reason.empty())
                    section.notes.push_back(
                        fmt::format("{}: {}: {}", fit.evidence->arms[arm].id, word(result.status), result.reason));
                if (!model.fitted(arm)) continue;
                section.notes.push_back(fmt::format(
                    "{}: supported by the numbers up to {} months; beyond that the curve is the model's own tail",
                    fit.evidence->arms[arm].id, support::fixed(result.supported_months, 1)));
                std::vector<Cell> accuracy;
                add_accuracy_cells(accuracy, model, arm);
                curves.push_back(
                    {arm, curve::survival_curve(model, arm, times_of(model, arm, options), options.interval)});
                for (const auto& point : curves.back().points) {
                    const auto& s = point.survival;
                    const Number lower = limit_cell(s.lower, 3);
                    report.table.rows.push_back(
                        {fit.evidence->trial, fit.evidence->analysis, fit.evidence->endpoint,
                         fit.evidence->arms[arm].id, std::string(model.model->name),
                         std::string(curve::word(options.interval.band)), Number::derived(point.time_months, 1),
                         Number::derived(s.value, 3), lower, limit_cell(s.upper, 3), s.extrapolated,
                         std::string(word(Status::derived)), status_word(lower),
                         Number::derived(options.interval.level, 2), std::string(word(result.status))});
                    report.table.rows.back().insert(report.table.rows.back().end(), accuracy.begin(), accuracy.end());
                }
            }
            std::vector<std::size_t> arms;
            for (const ArmCurve& curve : curves) arms.push_back(curve.arm);
            for (const std::string& note : accuracy_notes_of_curves(model, arms)) section.notes.push_back(note);
            for (const std::string& message : model.messages) section.notes.push_back(message);
            const bool without_limits = std::any_of(curves.begin(), curves.end(), [](const ArmCurve& curve) {
                return std::any_of(curve.points.begin(), curve.points.end(),
                                   [](const auto& point) { return !point.survival.lower; });
            });
            if (without_limits)
                section.notes.emplace_back(
                    "the population band needs the number of patients, which is not printed: no limits are given");
            if (!curves.empty()) section.table = human_table(fit, curves, options);
            report.sections.push_back(std::move(section));
        }
    add_trials_without_numbers(report, without_numbers);
    return report;
}

}  // namespace hersurv::report
