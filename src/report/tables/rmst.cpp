// `table rmst`: restricted mean survival time to horizons that all trials share, with difference and ratio.
#include <fmt/format.h>

#include "report/comparison_parts.hpp"
#include "report/regimens.hpp"
#include "report/shared_columns.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

struct RestrictedMeanRow {
    ArmOfModel of;
    bool first;  // of its analysis
    double horizon_months;
    CurveEstimate rmst, difference, ratio;
};

Columns<RestrictedMeanRow> restricted_mean_columns(const ComparisonInput& input, const ComparisonOptions& options) {
    using Row = RestrictedMeanRow;
    return {
        {once_columns("Trial", "trial"),
         [](const Row& row) {
             return OncePerGroup{row.first, row.of.fit->trial->id};
         }},
        {analysis_columns(input.fits), [](const Row& row) -> const AnalysisFit& { return *row.of.fit; }},
        {human("Arm"), [](const Row& row) { return arm_label(*row.of.fit->trial, row.of.id()); }},
        {machine("arm"), [](const Row& row) { return row.of.id(); }},
        {machine("model"), [](const Row& row) { return row.of.model_name(); }},
        {both("horizon_months", "Horizon, months", true),
         [](const Row& row) { return Number::derived(row.horizon_months, 1); }},
        {estimate_columns(
             {.title = "RMST, months (" + interval_name(options.interval) + ")", .key = "rmst", .limits_status = true}),
         &Row::rmst},
        {machine("extrapolated"), [](const Row& row) { return row.rmst.estimate->extrapolated; }},
        {estimate_columns({"Difference, months", "difference", "difference_"}), &Row::difference},
        {estimate_columns({"Ratio", "ratio", "ratio_"}), &Row::ratio},
        band_column<Row>(options.interval),
        level_column<Row>(options.interval),
        {fit_status_columns(machine("fit_status")), &Row::of},
        {both_bands_columns(), &Row::rmst},
        {both_bands_columns("difference_"), &Row::difference},
        {both_bands_columns("ratio_"), &Row::ratio}};
}

std::vector<std::size_t> fitted_arms(const AnalysisFit& fit) {
    const auto& model = fit.models.front();
    std::vector<std::size_t> arms;
    for (std::size_t arm = 0; arm < model.arms.size(); ++arm)
        if (model.fitted(arm)) arms.push_back(arm);
    return arms;
}

// Rounded down to whole tenths, so that it can be typed back.
double own_horizon(const AnalysisFit& fit) {
    return std::floor(10 * fit::common_horizon(fit.models.front(), fitted_arms(fit)) + 1e-9) / 10;
}

bool compares(const AnalysisFit& fit) {
    return std::ranges::any_of(fitted_arms(fit),
                               [&](std::size_t arm) { return fitted_control_of(fit, arm).has_value(); });
}

// The horizon that all comparisons support, so that what is side by side can be compared; of arms alone if there
// is not a comparison. Who sets it.
struct CommonHorizon {
    double months = infinity;
    const AnalysisFit* shortest = nullptr;
};
CommonHorizon common_horizon_of(const std::vector<AnalysisFit>& fits) {
    CommonHorizon common;
    for (const bool comparisons : {true, false}) {
        for (const AnalysisFit& fit : fits) {
            if (fitted_arms(fit).empty() || compares(fit) != comparisons || own_horizon(fit) >= common.months) continue;
            common = {own_horizon(fit), &fit};
        }
        if (common.shortest != nullptr) return common;
    }
    return common;
}

// Nobody is extrapolated unless a horizon is asked for: what supports less than the common horizon goes to its own.
std::vector<double> horizons_of(const AnalysisFit& fit, const CommonHorizon& common, const ComparisonOptions& options) {
    if (!options.horizons_months.empty()) return options.horizons_months;
    return {options.own_horizons ? own_horizon(fit) : std::min(own_horizon(fit), common.months)};
}

// Of every arm that the model has a curve of, to one horizon.
void add_rows(std::vector<RestrictedMeanRow>& rows, const AnalysisFit& fit, double horizon,
              const ComparisonOptions& options) {
    const auto& model = fit.models.front();
    const auto with = [&](std::initializer_list<std::size_t> of_arms, const EstimateOf& of) {
        return estimate_with(options.interval, model, of_arms, of);
    };
    for (const std::size_t arm : fitted_arms(fit)) {
        CurveEstimate difference, ratio{std::nullopt, 2};
        if (const auto control = fitted_control_of(fit, arm)) {
            difference.estimate = with({arm, *control}, [&](const auto& of) {
                return std::optional(fit::rmst_difference(model, arm, *control, horizon, of));
            });
            ratio.estimate = with({arm, *control}, [&](const auto& of) {
                return std::optional(fit::rmst_ratio(model, arm, *control, horizon, of));
            });
        }
        rows.push_back(
            {ArmOfModel(fit, model, arm),
             rows.empty(),
             horizon,
             {with({arm}, [&](const auto& of) { return std::optional(fit::rmst(model, arm, horizon, of)); })},
             difference,
             ratio});
    }
}

std::vector<RestrictedMeanRow> restricted_mean_rows(const AnalysisFit& fit, const CommonHorizon& common,
                                                    const ComparisonOptions& options) {
    std::vector<RestrictedMeanRow> rows;
    for (const double horizon : horizons_of(fit, common, options)) add_rows(rows, fit, horizon, options);
    return rows;
}

std::string horizon_footnote(const std::vector<AnalysisFit>& fits, const CommonHorizon& common,
                             const ComparisonOptions& options) {
    constexpr std::string_view differences = " Difference and ratio: experimental v control arm.";
    if (!options.horizons_months.empty())
        return fmt::format("Horizon: as requested; beyond the supported range of an arm the curve is extrapolated.{}",
                           differences);
    const auto fitted = std::ranges::count_if(fits, [](const AnalysisFit& fit) { return !fitted_arms(fit).empty(); });
    if (options.own_horizons || fitted < 2)
        return fmt::format("Horizon: the end of the range that both arms support.{}", differences);
    const bool some_less = std::ranges::any_of(
        fits, [&](const AnalysisFit& fit) { return !fitted_arms(fit).empty() && own_horizon(fit) < common.months; });
    return fmt::format("Horizon: {} months, the longest that all arms support (limited by {}){}.{}",
                       support::shortest(common.months), common.shortest->trial->id,
                       some_less ? "; arms without a comparison that support less have their own" : "", differences);
}

// Which differences have nothing behind them but the medians of the two arms.
std::string medians_alone_footnote(const std::vector<RestrictedMeanRow>& rows) {
    std::vector<std::string> names;
    for (const RestrictedMeanRow& row : rows)
        if (row.difference.estimate && row.difference.estimate->from_medians_alone)
            names.push_back(row.of.fit->trial->id + " " + arm_label(*row.of.fit->trial, row.of.id()));
    return names.empty()
               ? ""
               : "Not a result of the trial, but what the typical curves through its two medians differ by: " +
                     support::joined(names) + ".";
}

}  // namespace

Report rmst_table(const ComparisonInput& input, const ComparisonOptions& options) {
    Report report;
    report.title = "Restricted mean survival time";
    Table& table = report.table;
    table.name = "rmst";
    const std::string endpoint = shared_endpoint(input.fits);
    table.caption = fmt::format("Restricted mean {} time, RMST ({})", endpoint.empty() ? "survival" : endpoint,
                                interval_name(options.interval));
    const CommonHorizon common = common_horizon_of(input.fits);
    table.footnotes = {horizon_footnote(input.fits, common, options)};
    std::vector<RestrictedMeanRow> rows;
    for (const AnalysisFit* fit : by_year(input.fits))
        add_group(table, rows, restricted_mean_rows(*fit, common, options));
    restricted_mean_columns(input, options).fill(table, rows);
    if (const std::string medians = medians_alone_footnote(rows); !medians.empty()) table.footnotes.push_back(medians);
    add_curve_footnotes(table, input.fits, options.interval);
    return report;
}

}  // namespace hersurv::report
