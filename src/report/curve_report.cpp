// The report of `curve`: quantities over time with their bands, one row a value, or with all curves side by side.
#include "report/curve_report.hpp"

#include <fmt/format.h>

#include "report/accuracy_parts.hpp"
#include "report/comparison_parts.hpp"
#include "report/curve_wide.hpp"
#include "report/family_range.hpp"
#include "report/headings.hpp"
#include "report/numbers.hpp"
#include "report/shared_columns.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <list>
#include <set>

namespace hersurv::report {
namespace {

struct PointRow {
    const CurveSeries* series;
    const SeriesPoint* point;

    [[nodiscard]] const ArmOfModel& of() const { return series->of; }
    [[nodiscard]] const std::optional<fit::ExpectedAccuracy>& accuracy() const { return series->of.accuracy; }
    [[nodiscard]] CurveEstimate estimate() const { return {point->estimate, 3}; }
    [[nodiscard]] Number value() const {
        return point->estimate ? cell(*point->estimate, 3) : Number::missing(Status::not_estimable);
    }
    [[nodiscard]] Cell of_families(bool highest) const {
        const auto& range = point->families;
        return range ? Cell(Number::derived(highest ? range->second : range->first, 3)) : Cell();
    }
    [[nodiscard]] Number limit(std::optional<double> fit::Estimate::*which) const {
        return limit_cell(point->estimate ? *point->estimate.*which : std::nullopt, 3);
    }
};

// What says which quantity of what a row has.
Columns<PointRow> quantity_columns() {
    using Row = PointRow;
    return {{machine("control"), [](const Row& row) { return text_or_nothing(row.series->control); }},
            {machine("quantity"), [](const Row& row) { return row.series->quantity; }},
            {machine("state"), [](const Row& row) { return text_or_nothing(row.series->state); }},
            {machine("unit"), [](const Row& row) { return row.series->unit; }}};
}

Columns<PointRow> point_columns(const CurveReportOptions& options) {
    using Row = PointRow;
    const bool survival = options.quantity == CurveQuantity::survival;
    Columns<Row> columns = {{machine("trial"), [](const Row& row) { return row.of().fit->evidence->trial; }},
                            {machine("analysis"), [](const Row& row) { return row.of().fit->evidence->analysis; }},
                            {machine("endpoint"), [](const Row& row) { return row.of().fit->evidence->endpoint; }},
                            {machine("arm"), [](const Row& row) { return row.series->arm; }},
                            {machine("model"), [](const Row& row) { return row.of().model_name(); }}};
    if (!survival) columns.append(quantity_columns());
    columns.append(
        {band_column<Row>(options.interval),
         {machine(time_key(options.unit)), [](const Row& row) { return Number::derived(row.point->time, 1); }},
         {machine(survival ? "survival" : "value"), &Row::value},
         {machine("lower"), [](const Row& row) { return row.limit(&fit::Estimate::lower); }},
         {machine("upper"), [](const Row& row) { return row.limit(&fit::Estimate::upper); }},
         {machine("extrapolated"),
          [](const Row& row) { return row.point->estimate ? Cell(row.point->estimate->extrapolated) : Cell(); }},
         {machine("status"), [](const Row& row) { return status_word(row.value()); }},
         {machine("limits_status"),
          [](const Row& row) {
              const Number upper = row.limit(&fit::Estimate::upper);
              return status_word(upper.value ? row.limit(&fit::Estimate::lower) : upper);
          }},
         level_column<Row>(options.interval),
         {machine("fit_status"),
          [](const Row& row) {
              return row.series->proportional != nullptr ? "proportional-hazards" : row.of().status();
          }},
         {accuracy_columns(), &Row::accuracy},
         {machine("support"),
          [](const Row& row) {
              return row.point->estimate ? Cell(std::string(support_word(*row.point->estimate))) : Cell();
          }},
         {both_bands_columns(), &Row::estimate},
         {machine("families_lowest"), [](const Row& row) { return row.of_families(false); }},
         {machine("families_highest"), [](const Row& row) { return row.of_families(true); }}});
    return columns;
}

// Why an arm has no curve, or what its curve owes to the prior, and where its tail begins.
void add_notes_of_arms(Section& section, const AnalysisFit& fit, const fit::FittedModel& model,
                       const CurveReportOptions& options) {
    for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
        if (options.takes_arm && !options.takes_arm(fit.evidence->arms[arm].id)) continue;
        const std::string& title = fit.evidence->arms[arm].title();
        const auto& result = model.arms[arm];
        if (!result.reason.empty())
            section.notes.push_back(fmt::format("{}: {}: {}", title, status_words(result.status), result.reason));
        if (!model.fitted(arm)) continue;
        const double unit = catalogue::months_in(options.unit);
        const double from = result.supported_from_months / unit, to = result.supported_months / unit;
        const std::string last = support::fixed(to, 1);
        if (from <= 0)
            section.notes.push_back(fmt::format("{}: supported by published data up to {} {}, extrapolated thereafter",
                                                title, last, to_string(options.unit)));
        else
            section.notes.push_back(fmt::format(
                "{}: supported by published data {} {}; before that the curve is borrowed from similar trials, and "
                "afterwards extrapolated",
                title, from < to ? fmt::format("from {} to {}", support::fixed(from, 1), last) : "only at " + last,
                to_string(options.unit)));
    }
}

// Of arms whose number of patients was not published: what is there instead of the population interval.
void add_notes_of_intervals(Section& section, const std::vector<CurveSeries>& all, const CurveReportOptions& options) {
    std::set<std::string> replaced, without;
    for (const CurveSeries& series : all) {
        const bool bare = std::ranges::any_of(series.points, [](const SeriesPoint& point) {
            return point.estimate && !point.estimate->lower && !point.estimate->instead;
        });
        if (series.without_interval())
            replaced.insert(series.subject());
        else if (bare && (series.proportional == nullptr || series.proportional->ratio.lower))
            without.insert(series.subject());
    }
    const auto names = [](const std::set<std::string>& set) {
        return support::joined(std::vector<std::string>(set.begin(), set.end()));
    };
    if (!replaced.empty())
        section.notes.push_back(fmt::format(
            "{}: no CI, because the number of patients was not published; the {} shows the uncertainty about the "
            "published curve only, without sampling error",
            names(replaced), interval_name(fit::Band::reconstruction, options.interval.level)));
    if (!without.empty())
        section.notes.push_back(names(without) + ": no interval, because the number of patients was not published");
}

// What the quantity is, and why an arm has none.
void add_notes_of_quantity(Section& section, const AnalysisFit& fit, const fit::FittedModel& model,
                           const AnalysisFit* overall, const std::vector<CurveSeries>& all,
                           const CurveReportOptions& options) {
    const CurveQuantityRow& row = row_of(options.quantity);
    if (!row.note.empty() && !all.empty()) section.notes.emplace_back(row.note);
    if (!row.of_a_curve.empty() && model.model->family == nullptr && !all.empty())
        section.notes.emplace_back(row.of_a_curve);
    if (options.quantity == CurveQuantity::hazard_ratio && all.empty())
        section.notes.emplace_back("no two arms with curves are compared");
    if (options.quantity == CurveQuantity::events)
        for (std::size_t arm = 0; arm < model.arms.size(); ++arm) {
            const auto& record = model.evidence->arms[arm];
            if (!model.fitted(arm) || (options.takes_arm && !options.takes_arm(record.id))) continue;
            const bool patients = record.n_patients.value_or(0) > 0;
            if (!patients || !record.follow_up_months)
                section.notes.push_back(fmt::format("{}: no expected events without the {}, which was not published",
                                                    record.title(), patients ? "follow-up" : "number of patients"));
        }
    if (overall != nullptr)
        section.notes.push_back(fmt::format("dead: overall survival of {}", overall->evidence->analysis));
    for (const CurveSeries& series : all)
        if (series.proportional != nullptr) {
            const auto& assumed = *series.proportional;
            const std::string ratio = support::shortest(assumed.ratio.value.value);
            section.notes.push_back(fmt::format(
                "{0}: the curve of {1} to the power of the hazard ratio, S = S({1})^{2}: it assumes proportional "
                "hazards{3}",
                arm_label(*fit.trial, assumed.arm), arm_label(*fit.trial, assumed.control), ratio,
                assumed.ratio.lower ? "; its limits have the errors of both"
                                    : "; no CI without the confidence limits of the hazard ratio"));
        }
}

// Tables for people: states have one for each arm, other quantities one for all.
std::vector<std::vector<const CurveSeries*>> tables_of(const std::vector<CurveSeries>& all,
                                                       const CurveReportOptions& options) {
    std::vector<std::vector<const CurveSeries*>> tables;
    for (const CurveSeries& series : all) {
        const bool own = options.quantity == CurveQuantity::state;
        if (tables.empty() || (own && tables.back().front()->arm != series.arm)) tables.emplace_back();
        tables.back().push_back(&series);
    }
    return tables;
}

void add_sections(Report& report, const AnalysisFit& fit, const fit::FittedModel& model, const AnalysisFit* overall,
                  const std::vector<CurveSeries>& all, const CurveReportOptions& options) {
    std::vector<Section> sections;
    for (const auto& series : tables_of(all, options)) {
        sections.emplace_back().table = table_for_people(series, options);
        sections.back().table->extrapolated_meaning = Supposition(std::span(&model, 1)).extrapolation_meaning();
    }
    if (sections.empty()) sections.emplace_back();
    sections.front().heading = fmt::format("{}: {}", analysis_heading(*fit.evidence), model.model->name);
    sections.front().paragraphs = analysis_paragraphs(fit);
    Section& last = sections.back();
    add_notes_of_quantity(last, fit, model, overall, all, options);
    if (std::ranges::any_of(all, has_family_range))
        last.notes.push_back("families: from the lowest to the highest of " + names_of_families() +
                             ", each fitted to the same estimates");
    add_notes_of_arms(last, fit, model, options);
    std::vector<std::size_t> arms;
    for (const CurveSeries& series : all)
        if (std::ranges::find(arms, series.of.arm) == arms.end()) arms.push_back(series.of.arm);
    for (const std::string& note : accuracy_notes_of_curves(model, arms)) last.notes.push_back(note);
    for (const std::string& message : model.messages) last.notes.push_back(message);
    if (std::string words = crossover_words(fit); !words.empty()) last.notes.push_back(std::move(words));
    add_notes_of_intervals(last, all, options);
    for (Section& section : sections) report.sections.push_back(std::move(section));
}

}  // namespace

Report curve_report(const std::vector<AnalysisFit>& fits, const std::vector<const catalogue::Trial*>& without_numbers,
                    const CurveReportOptions& options) {
    Report report;
    report.title = row_of(options.quantity).title;
    report.table.name = "curve";
    std::list<std::vector<CurveSeries>> all;  // what the rows point to stays where it is
    std::vector<PointRow> rows;
    bool explained = false;  // once is enough
    for (const AnalysisFit& fit : fits) {
        const AnalysisFit* const overall =
            options.quantity == CurveQuantity::state ? overall_survival_of(fit, fits) : nullptr;
        if (options.quantity == CurveQuantity::state && overall == nullptr) continue;
        for (const fit::FittedModel& model : fit.models) {
            std::vector<CurveSeries>& series = all.emplace_back(series_of(fit, model, overall, options));
            add_family_ranges(series, fit, overall, options);
            add_sections(report, fit, model, overall, series, options);
            if (!explained && !series.empty()) {
                report.sections.back().table->footnotes.push_back(
                    interval_footnote(options.interval, Supposition(fits)));
                explained = true;
            }
            for (const CurveSeries& one : series)
                for (const SeriesPoint& point : one.points) rows.push_back({&one, &point});
        }
    }
    if (options.wide)
        fill_wide_table(report.table, all, options);
    else
        point_columns(options).fill(report.table, rows);
    add_trials_without_numbers(report, without_numbers);
    add_crossover(report, fits);
    return report;
}

}  // namespace hersurv::report
