// What `curve` can give over time: which quantities there are, and each of them of an arm, or of an arm against its
// control, at the times that are asked for.
#pragma once

#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"
#include "hersurv/records.hpp"
#include "hersurv/study.hpp"

#include "report/intervals.hpp"
#include "report/names.hpp"
#include "report/shared_columns.hpp"
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hersurv::report {

enum class CurveQuantity { survival, hazard, cumulative_hazard, hazard_ratio, rmst, events, state };

// A row of THE table of quantities.
struct CurveQuantityRow {
    CurveQuantity quantity;
    std::string_view name;
    std::string_view title;         // of the report
    bool from_zero;                 // whether it exists at time 0
    bool of_proportional = false;   // whether an arm under proportional hazards has it
    bool of_draws = false;          // whether it can be drawn
    std::string_view note{};        // what it is, one sentence
    std::string_view of_a_curve{};  // what it is of a curve without a formula
};
[[nodiscard]] std::span<const CurveQuantityRow> curve_quantities();
[[nodiscard]] const CurveQuantityRow& row_of(CurveQuantity quantity);

struct CurveReportOptions {
    CurveQuantity quantity = CurveQuantity::survival;
    catalogue::TimeUnit unit = catalogue::TimeUnit::months;  // of `times` and of all that is shown
    std::vector<double> times;  // empty: 0 to the end of the supported range of each arm, by 1
    std::function<bool(const std::string&)> takes_arm;
    Intervals interval;
    bool wide = false;  // one row a time
    // Arms whose curve is that of their control under proportional hazards; the fits are of the controls alone.
    std::vector<study::ProportionalArm> proportional;
};

struct SeriesPoint {
    double time = 0;                         // in the unit of the options
    std::optional<BandedEstimate> estimate;  // absent: the quantity does not exist there
    // The least and the largest value of the families without a cured share, where an interval beyond the supported
    // range supposes a family.
    std::optional<std::pair<double, double>> families{};
};

struct CurveSeries {
    ArmOfModel of;               // whose curve it is; the control's for an arm under proportional hazards
    std::string arm;             // id
    std::string control;         // id; empty: of the arm alone
    std::string state;           // "progression-free", "progressed", "dead"; else empty
    std::string quantity, unit;  // for programs: "rmst-difference", "months"
    std::string head;            // of its column for people: "S, %"
    int decimals = 1;
    bool percent = false;
    const study::ProportionalArm* proportional = nullptr;
    std::vector<SeriesPoint> points{};

    // For people: "P+T+D", "P+T+D v T+D".
    [[nodiscard]] std::string subject() const {
        const catalogue::Trial& trial = *of.fit->trial;
        return arm_label(trial, arm) + (control.empty() ? "" : " v " + arm_label(trial, control));
    }
    // The population interval needs a number of patients that was not published.
    [[nodiscard]] bool without_interval() const;
};

// The times that are asked for; by 1 to `end_months` if none are.
[[nodiscard]] std::vector<double> curve_times(const CurveReportOptions& options, double end_months);

// `overall`: where states are asked for, the fit of overall survival by the same model; else nullptr.
[[nodiscard]] std::vector<CurveSeries> series_of(const AnalysisFit& fit, const fit::FittedModel& model,
                                                 const AnalysisFit* overall, const CurveReportOptions& options);
// Of the analyses that were fitted, the overall survival of the patients of this one; nullptr if there is none.
[[nodiscard]] const AnalysisFit* overall_survival_of(const AnalysisFit& fit, const std::vector<AnalysisFit>& fits);

}  // namespace hersurv::report
