// Summaries of fitted curves: which there are, worked out once for the table and for JSON.
#include "report/fit_summaries.hpp"

#include <fmt/format.h>

#include "render/columns.hpp"
#include "report/comparison_parts.hpp"
#include "report/numbers.hpp"
#include "report/shared_columns.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <list>
#include <optional>
#include <span>

namespace hersurv::report {
namespace {

using fit::Estimate;
using fit::IntervalOptions;
using support::Json;

// Months of survival and of hazard ratios, of those that both arms support.
constexpr std::array<double, 5> usual_times = {6, 12, 24, 36, 60};

// A quantity of an arm, or of an arm against its control, at a time or up to one.
struct Quantity {
    std::string name, title;  // of the machine formats; of the human ones
    std::string unit;
    std::size_t arm = 0;
    std::optional<std::size_t> control;
    std::optional<double> time_months;
    int decimals = 1;
    bool percent = false;
    std::function<std::optional<Estimate>(const fit::FittedModel&, const IntervalOptions&)> estimate;
};

// The end of what every model supports of these arms, in whole tenths so that it can be typed back.
double horizon_of(const AnalysisFit& fit, const std::vector<std::size_t>& arms) {
    double horizon = infinity;
    for (const auto& model : fit.models) {
        std::vector<std::size_t> fitted;
        for (const std::size_t arm : arms)
            if (model.fitted(arm)) fitted.push_back(arm);
        horizon = std::min(horizon, fit::common_horizon(model, fitted));
    }
    return std::floor(10 * horizon + 1e-9) / 10;
}

// Horizon and times of the summaries: what every model supports of every arm that has a curve.
struct SummaryTimes {
    double horizon;
    std::vector<double> times;
};

void add_quantities_of_arm(std::vector<Quantity>& quantities, std::size_t arm, const SummaryTimes& until) {
    const double horizon = until.horizon;
    const auto add = [&](std::string name, std::string title, std::string unit, std::optional<double> time,
                         bool percent, auto estimate) {
        quantities.push_back(
            {std::move(name), std::move(title), std::move(unit), arm, std::nullopt, time, 1, percent, estimate});
    };
    add("median", "median, months", "months", std::nullopt, false,
        [arm](const auto& model, const auto& o) { return fit::median(model, arm, o); });
    add("rmst", "RMST to month " + support::shortest(horizon), "months", horizon, false,
        [arm, horizon](const auto& model, const auto& o) { return fit::rmst(model, arm, horizon, o); });
    add("mean", "mean, months", "months", std::nullopt, false,
        [arm](const auto& model, const auto& o) { return fit::mean(model, arm, o); });
    for (const double time : until.times)
        add("survival", "S(" + support::shortest(time) + " months), %", "1", time, true,
            [arm, time](const auto& model, const auto& o) { return fit::survival_at(model, arm, time, o); });
}

// `against`: " v placebo".
void add_quantities_of_contrast(std::vector<Quantity>& quantities, std::size_t arm, std::size_t control,
                                const std::string& against, const SummaryTimes& until) {
    const double horizon = until.horizon;
    const auto add = [&](std::string name, std::string title, std::string unit, std::optional<double> time,
                         int decimals, auto estimate) {
        quantities.push_back(
            {std::move(name), std::move(title), std::move(unit), arm, control, time, decimals, false, estimate});
    };
    add("hazard_ratio", "hazard ratio" + against, "1", std::nullopt, 2,
        [arm, control](const auto& model, const auto& o) { return fit::hazard_ratio(model, arm, control, o); });
    add("median_difference", "median difference" + against, "months", std::nullopt, 1,
        [arm, control](const auto& model, const auto& o) { return fit::median_difference(model, arm, control, o); });
    add("rmst_difference", "RMST difference" + against, "months", horizon, 1,
        [arm, control, horizon](const auto& model, const auto& o) {
            return fit::rmst_difference(model, arm, control, horizon, o);
        });
    add("rmst_ratio", "RMST ratio" + against, "1", horizon, 2,
        [arm, control, horizon](const auto& model, const auto& o) {
            return fit::rmst_ratio(model, arm, control, horizon, o);
        });
    for (const double time : until.times)
        add("hazard_ratio_at", "HR at month " + support::shortest(time), "1", time, 2,
            [arm, control, time](const auto& model, const auto& o) {
                return fit::hazard_ratio_at(model, arm, control, time, o);
            });
}

std::vector<Quantity> quantities_of(const AnalysisFit& fit, const FitReportOptions& options) {
    std::vector<Quantity> quantities;
    const auto wanted = [&](std::size_t arm) {
        return !options.takes_arm || options.takes_arm(fit.evidence->arms[arm].id);
    };
    std::vector<std::size_t> all;
    for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm)
        if (std::ranges::any_of(fit.models, [arm](const auto& model) { return model.fitted(arm); })) all.push_back(arm);
    if (all.empty()) return quantities;
    SummaryTimes until{horizon_of(fit, all), {}};
    for (const double time : usual_times)
        if (time <= until.horizon) until.times.push_back(time);
    for (const std::size_t arm : all)
        if (wanted(arm)) add_quantities_of_arm(quantities, arm, until);
    for (const std::size_t arm : all) {
        const auto control = arm_index(fit, control_of(*fit.trial, *fit.analysis, fit.evidence->arms[arm].id));
        if (!wanted(arm) || !control || std::ranges::find(all, *control) == all.end()) continue;
        add_quantities_of_contrast(quantities, arm, *control, " v " + fit.evidence->arms[*control].title(), until);
    }
    return quantities;
}

std::optional<BandedEstimate> finite(const std::optional<BandedEstimate>& estimate) {
    return estimate && std::isfinite(estimate->value) ? estimate : std::nullopt;
}

// nullopt: the model has no curve, or the quantity does not exist.
std::optional<BandedEstimate> estimate_of(const Quantity& quantity, const fit::FittedModel& model,
                                          const Intervals& intervals) {
    if (!model.fitted(quantity.arm) || (quantity.control && !model.fitted(*quantity.control))) return std::nullopt;
    if (quantity.name == "median") return finite(median_with(intervals, model, quantity.arm));
    const auto of = [&](const IntervalOptions& options) { return quantity.estimate(model, options); };
    return finite(quantity.control ? estimate_with(intervals, model, {quantity.arm, *quantity.control}, of)
                                   : estimate_with(intervals, model, {quantity.arm}, of));
}

// A quantity with what each of the models of its table says of it.
struct SummaryRow {
    const Quantity* quantity;
    const AnalysisFit* fit;
    std::vector<std::optional<BandedEstimate>> by_model;
};

Columns<SummaryRow> summary_columns(std::span<const fit::FittedModel> models, const std::string& band) {
    Columns<SummaryRow> columns = {
        {human("Summary"), [](const SummaryRow& row) { return row.quantity->title; }},
        {human("Arm"), [](const SummaryRow& row) { return row.fit->evidence->arms[row.quantity->arm].title(); }}};
    for (std::size_t m = 0; m < models.size(); ++m)
        columns.append({human(std::string(models[m].model->name), true, band), [m](const SummaryRow& row) {
                            const auto& estimate = row.by_model[m];
                            return estimate
                                       ? Cell(interval_cell(*estimate, row.quantity->decimals, row.quantity->percent))
                                       : Cell(Number::missing(Status::not_estimable));
                        }});
    return columns;
}

Table summaries_table(const AnalysisFit& fit, const std::vector<Quantity>& quantities,
                      std::span<const fit::FittedModel> models, const Intervals& interval) {
    Table table;
    table.name = "summaries";
    table.other_kind_meaning = replacement_meaning(interval);
    table.extrapolated_meaning = Supposition(models).extrapolation_meaning();
    std::vector<SummaryRow> rows;
    for (const Quantity& quantity : quantities) {
        const bool first_of_group = quantity.name == "median" || quantity.name == "hazard_ratio";
        if (first_of_group && !rows.empty()) table.rule_before.push_back(rows.size());
        rows.push_back({&quantity, &fit, {}});
        for (const auto& model : models) rows.back().by_model.push_back(estimate_of(quantity, model, interval));
    }
    summary_columns(models, "Curve (" + interval_name(interval) + ")").fill(table, rows);
    return table;
}

// The same of one model, for programs.
struct EstimateOfModel {
    const Quantity* quantity;
    ArmOfModel of;
    CurveEstimate estimate;
};

Columns<EstimateOfModel> estimate_row_columns(const Intervals& interval) {
    using Row = EstimateOfModel;
    return {{arm_of_model_columns(), &Row::of},
            {machine("fit_status"), [](const Row& row) { return row.of.status(); }},
            {machine("control"),
             [](const Row& row) {
                 const auto& control = row.quantity->control;
                 return control ? Cell(row.of.fit->evidence->arms[*control].id) : Cell();
             }},
            {machine("quantity"), [](const Row& row) { return row.quantity->name; }},
            {machine("time_months"),
             [](const Row& row) {
                 const auto& time = row.quantity->time_months;
                 return time ? Cell(Number::derived(*time, 1)) : Cell();
             }},
            {machine("unit"), [](const Row& row) { return row.quantity->unit; }},
            {estimate_machine_columns({.key = "value", .limits_status = true, .absent = Status::not_estimable}),
             &Row::estimate},
            band_column<Row>(interval),
            level_column<Row>(interval),
            {machine("support"),
             [](const Row& row) {
                 return row.estimate.estimate ? Cell(std::string(support_word(*row.estimate.estimate))) : Cell();
             }},
            {both_bands_columns(), &Row::estimate}};
}

}  // namespace

std::vector<Section> summaries_sections(const AnalysisFit& fit, const FitReportOptions& options) {
    constexpr std::size_t models_per_table = 2;  // what 80 columns hold
    const auto quantities = quantities_of(fit, options);
    std::vector<Section> sections;
    if (quantities.empty()) return sections;
    for (std::size_t first = 0; first < fit.models.size(); first += models_per_table) {
        const auto models = std::span(fit.models).subspan(first, std::min(models_per_table, fit.models.size() - first));
        sections.emplace_back().table = summaries_table(fit, quantities, models, options.interval);
    }
    const bool without_formula =
        std::ranges::any_of(fit.models, [](const auto& model) { return model.model->family == nullptr; });
    if (without_formula)
        sections.back().notes.emplace_back(
            "a curve without a formula has no mean, and its HR at a month is over the doubling of time about it");
    return sections;
}

void fill_summaries_table(Table& table, const std::vector<AnalysisFit>& fits, const FitReportOptions& options) {
    std::list<std::vector<Quantity>> quantities;
    std::vector<EstimateOfModel> rows;
    for (const AnalysisFit& fit : fits) {
        const std::vector<Quantity>& all = quantities.emplace_back(quantities_of(fit, options));
        for (const Quantity& quantity : all)
            for (const auto& model : fit.models)
                rows.push_back({&quantity,
                                ArmOfModel(fit, model, quantity.arm),
                                {estimate_of(quantity, model, options.interval), quantity.decimals}});
    }
    estimate_row_columns(options.interval).fill(table, rows);
}

void add_summaries(Json::Array& list, const AnalysisFit& fit, const FitReportOptions& options) {
    for (const Quantity& quantity : quantities_of(fit, options))
        for (const auto& model : fit.models) {
            const auto estimate = estimate_of(quantity, model, options.interval);
            const auto or_null = [](const std::optional<double>& x) {
                return x && std::isfinite(*x) ? Json(*x) : Json();
            };
            Json::Object members{
                {"trial", fit.evidence->trial},
                {"analysis", fit.evidence->analysis},
                {"endpoint", fit.evidence->endpoint},
                {"model", model.model->name},
                {"quantity", quantity.name},
                {"arm", fit.evidence->arms[quantity.arm].id},
                {"control", quantity.control ? Json(fit.evidence->arms[*quantity.control].id) : Json()},
                {"time_months", or_null(quantity.time_months)},
                {"unit", quantity.unit},
                {"value", estimate ? Json(estimate->value) : Json()},
                {"lower", estimate ? or_null(estimate->lower) : Json()},
                {"upper", estimate ? or_null(estimate->upper) : Json()},
                {"status", word(estimate ? Status::derived : Status::not_estimable)},
                {"limits_status", estimate ? limits_status(*estimate) : std::string(word(Status::not_estimable))},
                {"extrapolated", estimate ? Json(estimate->extrapolated) : Json()},
                {"band", fit::word(options.interval.band)},
                {"level", options.interval.level},
                {"support", estimate ? Json(std::string(support_word(*estimate))) : Json()}};
            add_band_members(members, estimate.value_or(BandedEstimate{}));
            list.push_back(std::move(members));
        }
}

}  // namespace hersurv::report
