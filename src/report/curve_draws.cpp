// The report of `curve --draws`: curves of every draw at chosen times, one row a value.
#include "report/comparison_parts.hpp"
#include "report/curve_wide.hpp"
#include "report/draws.hpp"
#include "report/draws_parts.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <utility>

namespace hersurv::report {
namespace {

// The curves of one draw, by arm.
class DrawnArms {
  public:
    explicit DrawnArms(std::vector<std::unique_ptr<const fit::DrawnCurve>> curves)
        : curves_(std::move(curves)), areas_(curves_.size()) {}
    const fit::DrawnCurve& operator[](std::size_t arm) const { return *curves_[arm]; }
    // Worked out once: a difference needs the restricted means of its arms again.
    double rmst(std::size_t arm, double months) const {
        const auto [found, is_new] = areas_[arm].try_emplace(months, 0.0);
        if (is_new) found->second = curves_[arm]->rmst(months);
        return found->second;
    }

  private:
    std::vector<std::unique_ptr<const fit::DrawnCurve>> curves_;
    mutable std::vector<std::unordered_map<double, double>> areas_;
};

// A quantity of an arm, or of an arm against its control, over time.
struct DrawnSeries {
    ArmOfModel of;
    std::optional<std::size_t> control;
    std::string quantity, unit;
    std::vector<double> times;  // in the unit of the options
    std::function<double(const DrawnArms&, double months)> value;
};

struct CurvesOfModel {
    fit::CurveDraws draws;
    std::vector<DrawnSeries> series;
};

struct DrawnRow {
    const DrawnSeries* series;
    std::uint64_t draw;
    double time, value;

    [[nodiscard]] const ArmOfModel& of() const { return series->of; }
};

Columns<DrawnRow> drawn_columns(const CurveReportOptions& options) {
    using Row = DrawnRow;
    const bool survival = options.quantity == CurveQuantity::survival;
    Columns<Row> columns = {{arm_of_model_columns(), &Row::of}};
    if (!survival)
        columns.append({{machine("control"),
                         [](const Row& row) {
                             return row.series->control ? Cell(row.of().fit->evidence->arms[*row.series->control].id)
                                                        : Cell();
                         }},
                        {machine("quantity"), [](const Row& row) { return row.series->quantity; }},
                        {machine("unit"), [](const Row& row) { return row.series->unit; }}});
    columns.append({{machine("draw"), [](const Row& row) { return Cell(static_cast<long>(row.draw + 1)); }},
                    {machine(time_key(options.unit)), [](const Row& row) { return Number::derived(row.time, 1); }},
                    {machine(survival ? "survival" : "value"), [](const Row& row) {
                         return std::isfinite(row.value) ? Number::derived(row.value, 3)
                                                         : Number::missing(Status::not_estimable);
                     }}});
    return columns;
}

class DrawsOfCurves : public Draws {
  public:
    DrawsOfCurves(const std::vector<AnalysisFit>& fits, CurveReportOptions curve, const DrawsOptions& options)
        : Draws(options), curve_(std::move(curve)) {
        for (const AnalysisFit& fit : fits)
            for (const fit::FittedModel& model : fit.models) {
                CurvesOfModel of{fit::CurveDraws(model, options.seed), {}};
                const auto why = [&](std::size_t arm) { return of.draws.why_none(arm); };
                const std::vector<ArmOfModel> arms = arms_with_draws(fit, model, options, why, without_);
                for (const ArmOfModel& arm : arms) add_of_arm(of, arm);
                for (const ArmOfModel& arm : arms) add_of_comparison(of, arm);
                if (!of.series.empty()) models_.push_back(std::move(of));
            }
    }
    [[nodiscard]] const std::vector<ArmWithoutDraws>& without() const override { return without_; }

  protected:
    [[nodiscard]] std::size_t n_models() const override { return models_.size(); }
    [[nodiscard]] std::size_t rows_per_draw(std::size_t model) const override {
        std::size_t n = 0;
        for (const DrawnSeries& series : models_[model].series) n += series.times.size();
        return n;
    }

    [[nodiscard]] Table rows(std::size_t model, std::uint64_t first, std::uint64_t last) const override {
        std::vector<DrawnRow> rows;
        for (std::uint64_t draw = first; draw < last; ++draw) {
            const DrawnArms drawn(models_[model].draws(draw));
            for (const DrawnSeries& series : models_[model].series)
                for (const double time : series.times) {
                    const double months = catalogue::to_months(time, curve_.unit, support::decimals_of(time));
                    rows.push_back({&series, draw, time, series.value(drawn, months)});
                }
        }
        return table_of(rows);
    }

    [[nodiscard]] Table without_rows() const override { return table_of({}); }

  private:
    [[nodiscard]] Table table_of(const std::vector<DrawnRow>& rows) const {
        Table table;
        table.name = "curve-draws";
        drawn_columns(curve_).fill(table, rows);
        return table;
    }

    void add(CurvesOfModel& to, const ArmOfModel& of, std::optional<std::size_t> control, std::string quantity,
             std::string unit, std::function<double(const DrawnArms&, double)> value) const {
        double end = of.result().supported_months;
        if (control) end = std::min(end, of.model->arms[*control].supported_months);
        std::vector<double> times = curve_times(curve_, end);
        if (!row_of(curve_.quantity).from_zero) std::erase_if(times, [](double time) { return !(time > 0); });
        if (times.empty()) return;
        to.series.push_back({of, control, std::move(quantity), std::move(unit), std::move(times), std::move(value)});
    }

    void add_of_arm(CurvesOfModel& to, const ArmOfModel& of) const {
        const std::size_t arm = of.arm;
        const double unit = catalogue::months_in(curve_.unit);
        const std::string units(to_string(curve_.unit));
        switch (curve_.quantity) {
            case CurveQuantity::survival:
                return add(to, of, std::nullopt, "survival", "1", [arm](const DrawnArms& drawn, double months) {
                    return std::exp(-drawn[arm].cumulative_hazard(months));
                });
            case CurveQuantity::cumulative_hazard:
                return add(
                    to, of, std::nullopt, "cumulative-hazard", "1",
                    [arm](const DrawnArms& drawn, double months) { return drawn[arm].cumulative_hazard(months); });
            case CurveQuantity::hazard:
                return add(
                    to, of, std::nullopt, "hazard", "1/" + units.substr(0, units.size() - 1),
                    [arm, unit](const DrawnArms& drawn, double months) { return unit * drawn[arm].hazard(months); });
            case CurveQuantity::rmst:
                return add(to, of, std::nullopt, "rmst", units, [arm, unit](const DrawnArms& drawn, double months) {
                    return drawn.rmst(arm, months) / unit;
                });
            case CurveQuantity::hazard_ratio:  // of a comparison
            case CurveQuantity::events:
            case CurveQuantity::state:
                return;
        }
    }

    void add_of_comparison(CurvesOfModel& to, const ArmOfModel& of) const {
        const std::size_t arm = of.arm;
        const auto found = arm_index(*of.fit, control_of(*of.fit->trial, *of.fit->analysis, of.id()));
        if (!found || !to.draws.why_none(*found).empty()) return;
        const std::size_t control = *found;
        const double unit = catalogue::months_in(curve_.unit);
        if (curve_.quantity == CurveQuantity::hazard_ratio)
            add(to, of, control, "hazard-ratio", "1", [arm, control](const DrawnArms& drawn, double months) {
                return drawn[arm].hazard(months) / drawn[control].hazard(months);
            });
        if (curve_.quantity == CurveQuantity::rmst)
            add(to, of, control, "rmst-difference", std::string(to_string(curve_.unit)),
                [arm, control, unit](const DrawnArms& drawn, double months) {
                    return (drawn.rmst(arm, months) - drawn.rmst(control, months)) / unit;
                });
    }

    CurveReportOptions curve_;
    std::vector<CurvesOfModel> models_;
    std::vector<ArmWithoutDraws> without_;
};

}  // namespace

std::unique_ptr<const Draws> curve_draws(const std::vector<AnalysisFit>& fits, const CurveReportOptions& curve,
                                         const DrawsOptions& options) {
    return std::make_unique<const DrawsOfCurves>(fits, curve, options);
}

}  // namespace hersurv::report
