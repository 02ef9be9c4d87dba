// The report of `curve`: S(t) of every arm with its band.
#include "report/curve_report.hpp"

#include <fmt/format.h>

#include "report/accuracy_parts.hpp"
#include "report/headings.hpp"
#include "report/numbers.hpp"
#include "report/shared_columns.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <list>

namespace hersurv::report {
namespace {

std::vector<double> times_of(const fit::FittedModel& model, std::size_t arm, const CurveReportOptions& options) {
    if (!options.times_months.empty()) return options.times_months;
    constexpr double most_rows = 1200;  // a hundred years of months
    const double supported = model.arms[arm].supported_months + 1e-9;
    const double step = std::max(1.0, std::ceil(supported / most_rows));
    std::vector<double> times{0};
    while (times.back() + step <= supported && times.size() <= static_cast<std::size_t>(most_rows))
        times.push_back(times.back() + step);
    return times;
}

// The curve of an arm at the times that are asked for.
struct ArmCurve {
    ArmOfModel of;
    std::vector<fit::CurvePoint> points;
};

struct PointRow {
    const ArmCurve* curve;
    const fit::CurvePoint* point;

    [[nodiscard]] const ArmOfModel& of() const { return curve->of; }
    [[nodiscard]] const fit::Estimate& survival() const { return point->survival; }
};

Columns<PointRow> point_columns(const fit::IntervalOptions& interval) {
    using Row = PointRow;
    return {{arm_of_model_columns(), &Row::of},
            band_column<Row>(interval),
            {machine("time_months"), [](const Row& row) { return Number::derived(row.point->time_months, 1); }},
            {machine("survival"), [](const Row& row) { return Number::derived(row.survival().value, 3); }},
            {machine("lower"), [](const Row& row) { return limit_cell(row.survival().lower, 3); }},
            {machine("upper"), [](const Row& row) { return limit_cell(row.survival().upper, 3); }},
            {machine("extrapolated"), [](const Row& row) { return row.survival().extrapolated; }},
            constant_column<Row>(machine("status"), std::string(word(Status::derived))),
            {machine("limits_status"), [](const Row& row) { return status_word(limit_cell(row.survival().lower, 3)); }},
            level_column<Row>(interval),
            {fit_status_columns(machine("fit_status")), &Row::of},
            {machine("support"), [](const Row& row) { return std::string(support_word(row.survival())); }}};
}

// One time of all curves of a model. A curve may have fewer of them.
struct TimeRow {
    std::size_t index;
    double time_months;
};

Table human_table(const std::vector<ArmCurve>& curves, const CurveReportOptions& options) {
    Columns<TimeRow> columns = {{human("Months", true), [](const TimeRow& row) {
                                     return Number::derived(row.time_months, support::decimals_of(row.time_months));
                                 }}};
    const std::string head =
        fmt::format("S, % ({} {} band)", percent_text(options.interval.level), fit::word(options.interval.band));
    std::vector<TimeRow> rows;
    for (const ArmCurve& curve : curves) {
        const auto& points = curve.points;
        columns.append({human(head, true, curve.of.id()), [&points](const TimeRow& row) {
                            return row.index < points.size() ? Cell(interval_cell(points[row.index].survival, 1, true))
                                                             : Cell();
                        }});
        while (rows.size() < points.size()) rows.push_back({rows.size(), points[rows.size()].time_months});
    }
    Table table;
    table.name = "curve";
    columns.fill(table, rows);
    return table;
}

std::vector<ArmCurve> curves_of(const AnalysisFit& fit, const fit::FittedModel& model,
                                const CurveReportOptions& options) {
    std::vector<ArmCurve> curves;
    for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
        if (options.takes_arm && !options.takes_arm(fit.evidence->arms[arm].id)) continue;
        if (!model.fitted(arm)) continue;
        curves.push_back({ArmOfModel(fit, model, arm),
                          fit::survival_curve(model, arm, times_of(model, arm, options), options.interval)});
    }
    return curves;
}

// Why an arm has no curve, or what its curve owes to the prior, and where its tail begins.
void add_notes_of_arms(Section& section, const AnalysisFit& fit, const fit::FittedModel& model,
                       const CurveReportOptions& options) {
    for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
        const std::string& id = fit.evidence->arms[arm].id;
        if (options.takes_arm && !options.takes_arm(id)) continue;
        const auto& result = model.arms[arm];
        if (!result.reason.empty())
            section.notes.push_back(fmt::format("{}: {}: {}", id, word(result.status), result.reason));
        if (!model.fitted(arm)) continue;
        section.notes.push_back(
            result.supported_from_months > 0 && result.supported_from_months < result.supported_months
                ? fmt::format(
                      "{}: supported by the numbers from {} to {} months; before that the curve is borrowed from "
                      "similar trials, and beyond it the model's own tail",
                      id, support::fixed(result.supported_from_months, 1), support::fixed(result.supported_months, 1))
                : fmt::format(
                      "{}: supported by the numbers up to {} months; beyond that the curve is the model's own tail", id,
                      support::fixed(result.supported_months, 1)));
    }
}

Section section_of(const AnalysisFit& fit, const fit::FittedModel& model, const std::vector<ArmCurve>& curves,
                   const CurveReportOptions& options) {
    Section section;
    section.heading = fmt::format("{}: {}", analysis_heading(*fit.evidence), model.model->name);
    section.paragraphs = analysis_paragraphs(fit);
    add_notes_of_arms(section, fit, model, options);
    std::vector<std::size_t> arms;
    for (const ArmCurve& curve : curves) arms.push_back(curve.of.arm);
    for (const std::string& note : accuracy_notes_of_curves(model, arms)) section.notes.push_back(note);
    for (const std::string& message : model.messages) section.notes.push_back(message);
    const bool without_limits = std::any_of(curves.begin(), curves.end(), [](const ArmCurve& curve) {
        return std::any_of(curve.points.begin(), curve.points.end(),
                           [](const auto& point) { return !point.survival.lower; });
    });
    if (without_limits)
        section.notes.emplace_back(
            "the population band needs the number of patients, which is not printed: no limits are given");
    if (!curves.empty()) section.table = human_table(curves, options);
    return section;
}

}  // namespace

Report curve_report(const std::vector<AnalysisFit>& fits, const std::vector<const catalogue::Trial*>& without_numbers,
                    const CurveReportOptions& options) {
    Report report;
    report.title = "Survival curves reconstructed from the published numbers";
    report.table.name = "curve";
    std::list<std::vector<ArmCurve>> all;  // what the rows point to stays where it is
    std::vector<PointRow> rows;
    for (const AnalysisFit& fit : fits)
        for (const fit::FittedModel& model : fit.models) {
            const std::vector<ArmCurve>& curves = all.emplace_back(curves_of(fit, model, options));
            report.sections.push_back(section_of(fit, model, curves, options));
            for (const ArmCurve& curve : curves)
                for (const fit::CurvePoint& point : curve.points) rows.push_back({&curve, &point});
        }
    point_columns(options.interval).fill(report.table, rows);
    add_trials_without_numbers(report, without_numbers);
    return report;
}

}  // namespace hersurv::report
