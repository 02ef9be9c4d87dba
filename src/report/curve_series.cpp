// Quantities over time.
#include "report/curve_series.hpp"

#include "evidence/constants.hpp"
#include "fit/coherence.hpp"
#include "report/comparison_parts.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <array>
#include <cmath>

namespace hersurv::report {
namespace {

using fit::Estimate;
using fit::IntervalOptions;
using EstimateAt = std::function<std::optional<Estimate>(double months, const IntervalOptions&)>;

void scale(Estimate& estimate, double factor) {
    estimate.value *= factor;
    for (auto* const limit : {&estimate.lower, &estimate.upper})
        if (*limit) **limit *= factor;
}

fit::PublishedRatio published_ratio(const catalogue::Statistic& ratio) {
    fit::PublishedRatio result;
    result.value = ratio.value.value;
    result.rounding_sd_log = support::sd_of_rounding(ratio.value.half_unit()) / result.value;
    if (ratio.lower && ratio.upper && ratio.lower->is_number() && ratio.upper->is_number() && ratio.lower->value > 0)
        result.se_log = evidence::se_of_log_ratio(ratio.lower->value, ratio.upper->value, ratio.level);
    return result;
}

class SeriesMaker {
  public:
    SeriesMaker(const AnalysisFit& fit, const fit::FittedModel& model, const AnalysisFit* overall,
                const CurveReportOptions& options)
        : fit_(fit), model_(model), overall_(overall), options_(options) {}

    std::vector<CurveSeries> run() {
        for (std::size_t arm = 0; arm < model_.arms.size(); ++arm) {
            if (!model_.fitted(arm)) continue;
            const std::string& id = model_.evidence->arms[arm].id;
            for (const study::ProportionalArm& assumed : options_.proportional)
                if (assumed.analysis == fit_.analysis && assumed.control == id && takes(assumed.arm))
                    add_proportional(arm, assumed);
            if (!takes(id)) continue;
            add_of_arm(arm);
        }
        for (std::size_t arm = 0; arm < model_.arms.size(); ++arm) {
            if (!model_.fitted(arm) || !takes(model_.evidence->arms[arm].id)) continue;
            if (const auto control = control_of_arm(arm)) add_of_comparison(arm, *control);
        }
        return std::move(series_);
    }

  private:
    [[nodiscard]] bool takes(const std::string& id) const { return !options_.takes_arm || options_.takes_arm(id); }

    [[nodiscard]] std::optional<std::size_t> control_of_arm(std::size_t arm) const {
        const auto control = arm_index(fit_, control_of(*fit_.trial, *fit_.analysis, model_.evidence->arms[arm].id));
        return control && model_.fitted(*control) ? control : std::nullopt;
    }

    [[nodiscard]] double unit() const { return catalogue::months_in(options_.unit); }
    [[nodiscard]] std::string units() const { return std::string(to_string(options_.unit)); }
    [[nodiscard]] std::string one_unit() const {  // "month"
        std::string name = units();
        name.pop_back();
        return name;
    }

    void add(CurveSeries series, std::initializer_list<std::size_t> arms, double factor, const EstimateAt& at) {
        add_of_model(model_, std::move(series), arms, factor, at);
    }
    void add_of_model(const fit::FittedModel& model, CurveSeries series, std::initializer_list<std::size_t> arms,
                      double factor, const EstimateAt& at) {
        double end = infinity;
        for (const std::size_t arm : arms) end = std::min(end, model.arms[arm].supported_months);
        for (const double time : curve_times(options_, end)) {
            const double months = catalogue::to_months(time, options_.unit, support::decimals_of(time));
            SeriesPoint point{time, std::nullopt};
            const auto of_point = [&](const IntervalOptions& of) -> std::optional<Estimate> {
                auto estimate = at(months, of);
                if (estimate) scale(*estimate, factor);
                return estimate;
            };
            if (months > 0 || row_of(options_.quantity).from_zero)
                point.estimate = estimate_with(options_.interval, model, arms, of_point);
            series.points.push_back(point);
        }
        series_.push_back(std::move(series));
    }

    [[nodiscard]] CurveSeries begin(std::size_t arm, std::string quantity, std::string unit, std::string head,
                                    int decimals, bool percent = false) const {
        return {ArmOfModel(fit_, model_, arm),
                model_.evidence->arms[arm].id,
                "",
                "",
                std::move(quantity),
                std::move(unit),
                std::move(head),
                decimals,
                percent};
    }
    [[nodiscard]] CurveSeries begin_survival(std::size_t arm) const {
        return begin(arm, "survival", "1", "S, %", 1, true);
    }
    [[nodiscard]] CurveSeries begin_hazard(std::size_t arm) const {
        return begin(arm, "hazard", "1/" + one_unit(), "hazard, % per " + one_unit(),
                     options_.unit == catalogue::TimeUnit::years ? 1 : 2, true);
    }
    [[nodiscard]] CurveSeries begin_cumulative_hazard(std::size_t arm) const {
        return begin(arm, "cumulative-hazard", "1", "cumulative hazard", 3);
    }
    [[nodiscard]] int decimals_of_time() const { return options_.unit == catalogue::TimeUnit::years ? 2 : 1; }

    void add_of_arm(std::size_t arm) {
        const fit::FittedModel& model = model_;
        switch (options_.quantity) {
            case CurveQuantity::survival:
                return add(begin_survival(arm), {arm}, 1, [&, arm](double t, const auto& of) {
                    return std::optional(fit::survival_at(model, arm, t, of));
                });
            case CurveQuantity::hazard:
                return add(begin_hazard(arm), {arm}, unit(),
                           [&, arm](double t, const auto& of) { return fit::hazard_at(model, arm, t, of); });
            case CurveQuantity::cumulative_hazard:
                return add(begin_cumulative_hazard(arm), {arm}, 1, [&, arm](double t, const auto& of) {
                    return std::optional(fit::cumulative_hazard_at(model, arm, t, of));
                });
            case CurveQuantity::rmst:
                return add(begin(arm, "rmst", units(), "RMST, " + units(), decimals_of_time()), {arm}, 1 / unit(),
                           [&, arm](double t, const auto& of) { return std::optional(fit::rmst(model, arm, t, of)); });
            case CurveQuantity::events:
                if (!fit::expected_events_by(model, arm, 1, options_.interval.options())) return;
                return add(begin(arm, "events", "patients", "events", 1), {arm}, 1,
                           [&, arm](double t, const auto& of) { return fit::expected_events_by(model, arm, t, of); });
            case CurveQuantity::state:
                return add_states(arm);
            case CurveQuantity::hazard_ratio:
                return;  // of a comparison
        }
    }

    void add_of_comparison(std::size_t arm, std::size_t control) {
        const fit::FittedModel& model = model_;
        const auto versus = [&](CurveSeries series) {
            series.control = model.evidence->arms[control].id;
            return series;
        };
        if (options_.quantity == CurveQuantity::hazard_ratio)
            add(versus(begin(arm, "hazard-ratio", "1", "HR", 2)), {arm, control}, 1,
                [&](double t, const auto& of) { return fit::hazard_ratio_at(model, arm, control, t, of); });
        if (options_.quantity == CurveQuantity::rmst)
            add(versus(begin(arm, "rmst-difference", units(), "difference", decimals_of_time())), {arm, control},
                1 / unit(), [&](double t, const auto& of) {
                    return std::optional(fit::rmst_difference(model, arm, control, t, of));
                });
    }

    void add_states(std::size_t arm) {
        const auto m = static_cast<std::size_t>(&model_ - fit_.models.data());
        const auto overall_arm =
            overall_ != nullptr ? arm_index(*overall_, model_.evidence->arms[arm].id) : std::nullopt;
        if (!overall_arm || !overall_->models[m].fitted(*overall_arm)) return;
        const fit::FittedModel& overall = overall_->models[m];
        constexpr std::array<std::pair<const char*, Estimate fit::States::*>, 3> states = {
            {{"progression-free", &fit::States::progression_free},
             {"progressed", &fit::States::progressed},
             {"dead", &fit::States::dead}}};
        for (const auto& state : states) {
            CurveSeries series = begin(arm, "state", "1", std::string(state.first) + ", %", 1, true);
            series.state = state.first;
            const auto member = state.second;
            const auto at = [&, arm, member](double t, const auto& of) {
                return std::optional(fit::states_at(model_, arm, overall, *overall_arm, t, of).*member);
            };
            // Who is dead is told by overall survival alone.
            if (member == &fit::States::dead)
                add_of_model(overall, std::move(series), {*overall_arm}, 1, at);
            else
                add(std::move(series), {arm}, 1, at);
        }
    }

    void add_proportional(std::size_t control, const study::ProportionalArm& assumed) {
        const fit::PublishedRatio ratio = published_ratio(assumed.ratio);
        const auto of_assumed = [&](CurveSeries series) {
            series.arm = assumed.arm;
            series.proportional = &assumed;
            series.of.accuracy.reset();
            return series;
        };
        const fit::FittedModel& model = model_;
        if (options_.quantity == CurveQuantity::survival)
            add(of_assumed(begin_survival(control)), {control}, 1, [&](double t, const auto& of) {
                return std::optional(fit::proportional_survival(model, control, ratio, t, of));
            });
        if (options_.quantity == CurveQuantity::cumulative_hazard)
            add(of_assumed(begin_cumulative_hazard(control)), {control}, 1, [&](double t, const auto& of) {
                return std::optional(fit::proportional_cumulative_hazard(model, control, ratio, t, of));
            });
        if (options_.quantity == CurveQuantity::hazard)
            add(of_assumed(begin_hazard(control)), {control}, unit(),
                [&](double t, const auto& of) { return fit::proportional_hazard(model, control, ratio, t, of); });
    }

    const AnalysisFit& fit_;
    const fit::FittedModel& model_;
    const AnalysisFit* overall_;
    const CurveReportOptions& options_;
    std::vector<CurveSeries> series_;
};

}  // namespace

std::span<const CurveQuantityRow> curve_quantities() {
    using Q = CurveQuantity;
    static const std::array<CurveQuantityRow, 7> table = {{
        {Q::survival, "survival", "Survival reconstructed from published results", true, true, true},
        {Q::hazard, "hazard", "Hazard over time", false, true, true, "",
         "hazards of the flexible model are averaged over a window (t/1.4 to 1.4t)"},
        {Q::cumulative_hazard, "cumulative-hazard", "Cumulative hazard over time", true, true, true,
         "cumulative hazard: -log S, with the confidence limits of S"},
        {Q::hazard_ratio, "hazard-ratio", "Hazard ratio over time", false, false, true,
         "hazard ratio at each time (not up to it), experimental v control arm",
         "hazards of the flexible model are averaged over a window (t/1.4 to 1.4t)"},
        {Q::rmst, "rmst", "Restricted mean survival time up to each time", false, false, true,
         "RMST: area under the curve up to each time; difference: experimental minus control arm"},
        {Q::events, "events", "Expected number of events by each time", true, false, false,
         "events expected by each time among the patients of the arm, under the published follow-up"},
        {Q::state, "state", "Patients by state over time", true, false, false,
         "progressed: S of OS minus S of the other endpoint; the limits assume that the two reconstructions are "
         "independent"},
    }};
    return table;
}

const CurveQuantityRow& row_of(CurveQuantity quantity) {
    return *std::ranges::find(curve_quantities(), quantity, &CurveQuantityRow::quantity);
}

std::vector<double> curve_times(const CurveReportOptions& options, double end_months) {
    if (!options.times.empty()) return options.times;
    constexpr double most_rows = 1200;  // a hundred years of months
    const double end = end_months / catalogue::months_in(options.unit) + 1e-9;
    const double step = std::max(1.0, std::ceil(end / most_rows));
    std::vector<double> all;
    for (double time = row_of(options.quantity).from_zero ? 0 : step;
         time <= end && all.size() <= static_cast<std::size_t>(most_rows); time += step)
        all.push_back(time);
    return all;
}

bool CurveSeries::without_interval() const {
    return std::ranges::any_of(points, [](const SeriesPoint& p) { return p.estimate && p.estimate->instead; });
}

std::vector<CurveSeries> series_of(const AnalysisFit& fit, const fit::FittedModel& model, const AnalysisFit* overall,
                                   const CurveReportOptions& options) {
    return SeriesMaker(fit, model, overall, options).run();
}

const AnalysisFit* overall_survival_of(const AnalysisFit& fit, const std::vector<AnalysisFit>& fits) {
    const catalogue::Analysis* const overall = fit::overall_survival_for(*fit.trial, *fit.analysis);
    if (overall == nullptr) return nullptr;
    const auto found = std::ranges::find(fits, overall, &AnalysisFit::analysis);
    return found == fits.end() ? nullptr : &*found;
}

}  // namespace hersurv::report
