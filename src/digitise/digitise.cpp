// From the bytes of a picture to a reading: drawing, axes, curves, numbers at risk, certificates.
#include "hersurv/digitise.hpp"

#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "digitise/certificate.hpp"
#include "digitise/formats.hpp"
#include "digitise/labels/reader.hpp"
#include "digitise/row_matching.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::digitise {
namespace {

constexpr double days_per_month = 365.25 / 12;

std::string hexadecimal(const Colour& colour) {
    return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

Colour colour_of(const std::string& text) {
    unsigned value = 0;
    const bool valid = text.size() == 7 && text[0] == '#' &&
                       std::ranges::all_of(text.substr(1), [](unsigned char c) { return std::isxdigit(c) != 0; });
    if (!valid) throw support::UsageError(fmt::format("'{}' is not a colour; write it like #1f77b4", text));
    value = static_cast<unsigned>(std::stoul(text.substr(1), nullptr, 16));
    return {static_cast<std::uint8_t>(value >> 16U), static_cast<std::uint8_t>(value >> 8U & 255U),
            static_cast<std::uint8_t>(value & 255U)};
}

CalibrationHints calibration_hints(const Hints& hints) {
    CalibrationHints known;
    const auto axis = [](const Hints::Axis& given) { return GivenAxis{given.from, given.to, given.step}; };
    if (hints.time) known.time = axis(*hints.time);
    if (hints.survival) known.survival = axis(*hints.survival);
    if (hints.box) known.box = Box{hints.box->left, hints.box->top, hints.box->right, hints.box->bottom};
    return known;
}

CurveHints curve_hints(const Hints& hints) {
    CurveHints known;
    known.arms = hints.arms;
    known.failure = hints.failure;
    for (const Hints::ArmColour& one : hints.colours) known.colours.push_back({one.arm, colour_of(one.colour)});
    for (const Hints::ArmPoint& one : hints.points) known.points.push_back({one.arm, one.time, one.survival});
    return known;
}

Axis axis_of(const Scale& scale, const std::string& title) {
    Axis axis;
    if (!scale.labelled.empty()) axis.from = scale.labelled.front(), axis.to = scale.labelled.back();
    axis.labels = scale.labelled;
    axis.origin = scale.origin;
    axis.per_unit = scale.per_unit;
    axis.residual = scale.residual;
    axis.title = title;
    return axis;
}

Panel panel_of(const Axes& axes) {
    Panel panel;
    panel.box = {axes.panel.left, axes.panel.top, axes.panel.right, axes.panel.bottom};
    panel.time = axis_of(axes.time, axes.time_title);
    panel.survival = axis_of(axes.survival, axes.survival_title);
    panel.percent = axes.percent;
    return panel;
}

std::string describe_box(const Rectangle& box) {
    return fmt::format("{:.0f},{:.0f},{:.0f},{:.0f}", box.left, box.top, box.right, box.bottom);
}

std::size_t choose_panel(const Reading& reading, const Calibration& calibration, const Hints& hints,
                         const std::string& file) {
    const std::size_t n = reading.panels.size();
    if (n == 0) {
        std::string why;
        for (const std::string& reason : calibration.why_not) why += (why.empty() ? ": " : "; ") + reason;
        fail_picture(file, "no axes of a survival curve can be read" + why,
                     "give the range of both axes and their box in the picture");
    }
    if (hints.panel) {
        if (*hints.panel < 1 || static_cast<std::size_t>(*hints.panel) > n)
            fail_picture(file, fmt::format("there is no panel {}", *hints.panel),
                         fmt::format("the figure has {} of them", n));
        return static_cast<std::size_t>(*hints.panel - 1);
    }
    if (n > 1) {
        std::string list;
        for (std::size_t i = 0; i < n; ++i)
            list += fmt::format("{}panel {} at {}", i == 0 ? "" : "; ", i + 1, describe_box(reading.panels[i].box));
        fail_picture(file, fmt::format("the figure has {} panels (left,top,right,bottom): {}", n, list),
                     "choose one of them");
    }
    return 0;
}

std::string unit_name(TimeUnit unit) {
    switch (unit) {
        case TimeUnit::days:
            return "days";
        case TimeUnit::weeks:
            return "weeks";
        case TimeUnit::months:
            return "months";
        case TimeUnit::years:
            return "years";
        case TimeUnit::unknown:
            break;
    }
    return "";
}

std::optional<double> months_per(const std::string& unit) {
    if (unit == "days") return 1 / days_per_month;
    if (unit == "weeks") return 7 / days_per_month;
    if (unit == "months") return 1;
    if (unit == "years") return 12;
    return std::nullopt;
}

void set_unit(const Axes& axes, const Hints& hints, Reading& reading) {
    reading.time_unit = hints.time_unit.empty() ? unit_name(axes.unit) : hints.time_unit;
    reading.months_per_unit = months_per(reading.time_unit);
    if (reading.time_unit.empty())
        reading.notes.emplace_back("the unit of time is not stated on the axis");
    else if (!reading.months_per_unit)
        throw support::UsageError(
            fmt::format("unknown unit of time '{}'; known: days, weeks, months, years", reading.time_unit));
}

std::vector<TracedCurve> curves_of(const Drawing& drawing, const Axes& axes, const CurveHints& hints, bool& vector) {
    vector = false;
    if (!drawing.paths.empty()) {
        std::vector<TracedCurve> curves = trace_paths(drawing, axes, hints);
        if (vector = !curves.empty() || !drawing.raster; vector) return curves;
    }
    return trace_raster(drawing, axes, hints);
}

void name_arms(const Hints& hints, std::vector<TracedCurve>& curves) {
    for (std::size_t i = 0; i < curves.size(); ++i) {
        if (i < hints.names.size()) curves[i].name = hints.names[i];
        if (curves[i].name.empty()) curves[i].name = hexadecimal(curves[i].colour);
    }
    // Two black curves have one colour.
    for (std::size_t i = 0; i < curves.size(); ++i) {
        int same = 1;
        for (std::size_t k = 0; k < i; ++k) same += curves[k].name == curves[i].name;
        if (same > 1) curves[i].name += fmt::format(" {}", same);
    }
}

// The curve of an arm that a point names: by its name, or 1 for the upper one.
std::optional<std::size_t> curve_of_point(const std::vector<TracedCurve>& curves, const std::string& arm) {
    const auto named = std::ranges::find(curves, arm, &TracedCurve::name);
    if (named != curves.end()) return static_cast<std::size_t>(named - curves.begin());
    for (std::size_t i = 0; i < curves.size(); ++i)
        if (arm == std::to_string(i + 1)) return i;
    return std::nullopt;
}

bool passes(const TracedCurve& curve, const Hints::ArmPoint& point, const Axes& axes, bool failure) {
    constexpr double near = .02;
    const double survival = failure ? 1 - point.survival : point.survival;
    const double shift = .005 * (axes.time.labelled.back() - axes.time.labelled.front());
    return survival_at(curve, point.time - shift) > survival - near &&
           survival_at(curve, point.time + shift) < survival + near;
}

// Follows an arm of a raster picture again if it misses a point that was given of it; the name stays. False if no line
// of its colour passes its points.
bool follow_again(const Drawing& drawing, const Axes& axes, const std::vector<Hints::ArmPoint>& points, bool failure,
                  std::size_t arm, std::vector<TracedCurve>& curves) {
    constexpr double alike = 90;
    CurveHints hints;
    hints.failure = failure;
    hints.colours = {{curves[arm].name, curves[arm].colour}};
    for (const Hints::ArmPoint& point : points) hints.points.push_back({curves[arm].name, point.time, point.survival});
    const auto same_colour = [&](const TracedCurve& other) {
        const Colour &a = curves[arm].colour, &b = other.colour;
        return std::hypot(a.red - b.red, std::hypot(a.green - b.green, a.blue - b.blue)) < alike;
    };
    hints.arms = static_cast<int>(std::ranges::count_if(curves, same_colour));
    for (TracedCurve& traced : trace_raster(drawing, axes, hints)) {
        if (!std::ranges::all_of(points, [&](const auto& point) { return passes(traced, point, axes, failure); }))
            continue;
        traced.name = curves[arm].name;
        curves[arm] = std::move(traced);
        return true;
    }
    return false;
}

// Lets curves pass the points that are known of them; gives back what is doubtful of each curve then.
std::vector<std::string> follow_points(const Drawing& drawing, const Axes& axes, const Hints& hints, bool vector,
                                       const std::string& file, std::vector<TracedCurve>& curves) {
    std::vector<std::string> doubts(curves.size());
    std::vector<std::vector<Hints::ArmPoint>> points(curves.size());
    for (const Hints::ArmPoint& point : hints.points) {
        const auto arm = curve_of_point(curves, point.arm);
        std::string names;
        for (const TracedCurve& curve : curves) names += (names.empty() ? "" : ", ") + curve.name;
        if (!arm)
            fail_picture(file, fmt::format("a point is given of the arm '{}', which the figure has not", point.arm),
                         fmt::format("name one of {}, or 1 for the upper curve", names));
        points[*arm].push_back(point);
    }
    for (std::size_t i = 0; i < curves.size(); ++i) {
        if (points[i].empty()) continue;
        const bool kept = std::ranges::all_of(
            points[i], [&](const auto& point) { return passes(curves[i], point, axes, hints.failure); });
        if (!kept && (vector || !follow_again(drawing, axes, points[i], hints.failure, i, curves)))
            doubts[i] = "no line that can be this arm passes the points that were given of it";
        // A point behind the place where two curves meet says which is which.
        for (const Hints::ArmPoint& point : points[i])
            if (doubts[i].empty() && point.time > curves[i].evidence.swap_from) curves[i].evidence.swap_risk = 0;
    }
    return doubts;
}

Arm arm_of(const TracedCurve& curve, Certificate certificate) {
    Arm arm;
    arm.name = curve.name;
    arm.colour = hexadecimal(curve.colour);
    arm.dash = curve.dash;
    for (const Step& step : curve.steps) arm.curve.push_back({step.time, step.survival});
    arm.ends_at = curve.ends_at;
    arm.censored = curve.censored;
    arm.certificate = std::move(certificate);
    return arm;
}

// The row of the number-at-risk table that belongs to each curve. Numbers that the curve contradicts are taken out.
std::vector<std::optional<std::size_t>> rows_of_curves(const Drawing& drawing, const Axes& axes,
                                                       std::optional<AtRiskTable>& table, Reading& reading,
                                                       std::vector<TracedCurve>& curves) {
    std::vector<std::optional<std::size_t>> rows(curves.size());
    if (!table) return rows;
    if (!reading.vector) {
        const std::vector<std::string> legend = legend_texts(drawing, axes, curves);
        for (std::size_t i = 0; i < curves.size(); ++i) curves[i].legend = legend[i];
    }
    rows = match_rows(curves, *table, !reading.vector);
    for (std::size_t i = 0; i < curves.size(); ++i)
        if (rows[i]) leave_out_contradictions(curves[i], !reading.vector, table->times, table->rows[*rows[i]]);
    if (std::ranges::any_of(rows, [](const auto& row) { return !row; }))
        reading.notes.emplace_back("it is not clear which row of the number-at-risk table belongs to which curve");
    return rows;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::sure:
            return "sure";
        case Verdict::doubtful:
            return "doubtful";
        case Verdict::refused:
            break;
    }
    return "refused";
}

Verdict Reading::verdict() const {
    Verdict worst = arms.empty() ? Verdict::refused : Verdict::sure;
    for (const Arm& arm : arms) worst = std::max(worst, arm.certificate.verdict);
    return worst;
}

Reading read(std::string_view bytes, const std::string& file, const Hints& hints) {
    const CurveHints known = curve_hints(hints);
    Drawing drawing = read_drawing(bytes, file, {hints.page.value_or(1)});
    if (drawing.raster) read_raster(drawing);
    Reading reading;
    reading.format = format_name(bytes);
    reading.width = drawing.width;
    reading.height = drawing.height;
    const Calibration calibration = calibrate(drawing, calibration_hints(hints));
    for (const Axes& axes : calibration.panels) reading.panels.push_back(panel_of(axes));
    reading.panel = choose_panel(reading, calibration, hints, file);
    const Axes& axes = calibration.panels[reading.panel];
    set_unit(axes, hints, reading);

    std::vector<TracedCurve> curves = curves_of(drawing, axes, known, reading.vector);
    if (curves.empty())
        fail_picture(file, hints.failure ? "no curve rises from 0 at time 0" : "no curve falls from 1 at time 0",
                     "name the colour of each curve, or use a larger picture");
    name_arms(hints, curves);
    const std::vector<std::string> doubts = follow_points(drawing, axes, hints, reading.vector, file, curves);
    std::optional<AtRiskTable> table = read_at_risk(drawing, axes);
    const std::vector<std::optional<std::size_t>> rows = rows_of_curves(drawing, axes, table, reading, curves);
    // Of fresh figures more readings of pixels were wrong and called sure than the word allows (docs/digitise.md).
    if (!reading.vector)
        reading.notes.emplace_back(
            "read from pixels: compare the reading with the figure before you use it, numbers at risk included; a "
            "PDF or SVG of the figure is read exactly");
    std::vector<Certificate> certificates = certify(curves, axes, !reading.vector, table ? &*table : nullptr, rows);
    for (std::size_t i = 0; i < curves.size(); ++i) {
        if (!doubts[i].empty()) {
            certificates[i].verdict = std::max(certificates[i].verdict, Verdict::doubtful);
            certificates[i].reasons.push_back(doubts[i]);
        }
        reading.arms.push_back(arm_of(curves[i], std::move(certificates[i])));
        if (!rows[i]) continue;
        const AtRiskRow& row = table->rows[*rows[i]];
        for (std::size_t k = 0; k < table->times.size() && k < row.numbers.size(); ++k)
            reading.arms.back().at_risk.push_back(
                {table->times[k], row.numbers[k], k < row.certainty.size() ? row.certainty[k] : 0});
    }
    return reading;
}

}  // namespace hersurv::digitise
