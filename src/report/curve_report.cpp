// The report of `curve`: S(t) of every arm with its band.
#include "report/curve_report.hpp"

#include <fmt/format.h>

#include "report/accuracy_parts.hpp"
#include "report/headings.hpp"
#include "report/numbers.hpp"
#include "report/shared_columns.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
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

struct Point {
    double time_months;
    BandedEstimate survival;
};

// The curve of an arm at the times that are asked for.
struct ArmCurve {
    ArmOfModel of;
    std::vector<Point> points;

    // The population interval needs a number of patients that was not published.
    [[nodiscard]] bool without_interval() const {
        return std::any_of(points.begin(), points.end(), [](const Point& point) { return point.survival.instead; });
    }
};

struct PointRow {
    const ArmCurve* curve;
    const Point* point;

    [[nodiscard]] const ArmOfModel& of() const { return curve->of; }
    [[nodiscard]] const BandedEstimate& survival() const { return point->survival; }
    [[nodiscard]] CurveEstimate estimate() const { return {point->survival, 3}; }
};

Columns<PointRow> point_columns(const Intervals& interval) {
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
            {machine("support"), [](const Row& row) { return std::string(support_word(row.survival())); }},
            {both_bands_columns(), &Row::estimate}};
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
    std::vector<TimeRow> rows;
    for (const ArmCurve& curve : curves) {
        const auto& points = curve.points;
        const auto band = curve.without_interval() ? fit::Band::reconstruction : options.interval.band;
        const std::string head = "S, % (" + interval_name(band, options.interval.level) + ")";
        columns.append({human(head, true, curve.of.id()), [&points](const TimeRow& row) {
                            if (row.index >= points.size()) return Cell();
                            Interval interval = interval_cell(points[row.index].survival, 1, true);
                            interval.other_kind = false;  // the heading names it
                            return Cell(interval);
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
        ArmCurve& curve = curves.emplace_back(ArmCurve{ArmOfModel(fit, model, arm), {}});
        for (const double time : times_of(model, arm, options))
            curve.points.push_back(
                {time, *estimate_with(options.interval, model, {arm}, [&](const fit::IntervalOptions& of) {
                     return std::optional(fit::survival_at(model, arm, time, of));
                 })});
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
        const double from = result.supported_from_months, to = result.supported_months;
        const std::string last = support::fixed(to, 1);
        if (from <= 0)
            section.notes.push_back(fmt::format(
                "{}: supported by the numbers up to {} months; beyond that the curve is the model's own tail", id,
                last));
        else
            section.notes.push_back(fmt::format(
                "{}: supported by the numbers {} months; before that the curve is borrowed from similar trials, and "
                "beyond it the model's own tail",
                id, from < to ? fmt::format("from {} to {}", support::fixed(from, 1), last) : "only at " + last));
    }
}

// Of arms whose number of patients was not published: what stands there instead of the population interval.
void add_notes_of_intervals(Section& section, const std::vector<ArmCurve>& curves, const CurveReportOptions& options) {
    std::vector<std::string> replaced, without;
    for (const ArmCurve& curve : curves) {
        const bool bare = std::any_of(curve.points.begin(), curve.points.end(), [](const Point& point) {
            return !point.survival.lower && !point.survival.instead;
        });
        if (curve.without_interval())
            replaced.push_back(curve.of.id());
        else if (bare)
            without.push_back(curve.of.id());
    }
    if (!replaced.empty())
        section.notes.push_back(fmt::format(
            "{}: the number of patients was not published, so no CI can be given; the {} shows only where the "
            "published curve runs, without sampling error",
            support::joined(replaced), interval_name(fit::Band::reconstruction, options.interval.level)));
    if (!without.empty())
        section.notes.push_back(support::joined(without) +
                                ": no interval, since the number of patients was not published");
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
    if (std::string words = crossover_words(fit); !words.empty()) section.notes.push_back(std::move(words));
    add_notes_of_intervals(section, curves, options);
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
    bool explained = false;  // once is enough
    for (const AnalysisFit& fit : fits)
        for (const fit::FittedModel& model : fit.models) {
            const std::vector<ArmCurve>& curves = all.emplace_back(curves_of(fit, model, options));
            report.sections.push_back(section_of(fit, model, curves, options));
            if (!explained && !curves.empty()) {
                report.sections.back().table->footnotes.push_back(interval_footnote(options.interval));
                explained = true;
            }
            for (const ArmCurve& curve : curves)
                for (const Point& point : curve.points) rows.push_back({&curve, &point});
        }
    point_columns(options.interval).fill(report.table, rows);
    add_trials_without_numbers(report, without_numbers);
    return report;
}

}  // namespace hersurv::report
