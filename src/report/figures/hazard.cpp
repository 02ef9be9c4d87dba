// `plot hazard` and `plot hazard-ratio`: the hazard of the fitted curves over time, and that of an arm against its
// control.
#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "render/cell_text.hpp"
#include "report/comparison_parts.hpp"
#include "report/figures/figure_parts.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace hersurv::report {
namespace {

using EstimateAt = std::function<std::optional<fit::Estimate>(double time_months, const fit::IntervalOptions&)>;

// A curve without a formula has a hazard only over some time (fit::hazard_at): from t / sqrt 2 to t sqrt 2, which
// begins before t and reaches beyond it.
void narrow_support(Line& line, const DrawnCurve& curve) {
    if (curve.model->model->family != nullptr) return;
    line.supported_from *= std::numbers::sqrt2;
    line.supported_to /= std::numbers::sqrt2;
}

struct DrawnHazard {
    Line line;
    bool replaced = false;  // the reconstruction band stands in for an interval that needs the number of patients
};

DrawnHazard hazard_line(const DrawnCurve& curve, const EstimateAt& at, double factor, double end_months,
                        const FigureOptions& options) {
    DrawnHazard drawn{empty_line(curve)};
    narrow_support(drawn.line, curve);
    const fit::IntervalOptions interval = options_for(options.interval, *curve.model, curve.arm);
    drawn.replaced = interval.band != options.interval.band;
    for (const double time : drawn_times(end_months)) {
        if (time == 0) continue;
        const auto estimate = at(time, interval);
        if (!estimate || !std::isfinite(estimate->value) || estimate->value <= 0) continue;
        Vertex vertex{time, factor * estimate->value, std::nullopt};
        if (estimate->lower && estimate->upper && std::isfinite(*estimate->upper))
            vertex.band = Span{factor * *estimate->lower, factor * *estimate->upper};
        drawn.line.vertices.push_back(vertex);
    }
    return drawn;
}

// " NAME: 1.2 at 12 months, ...", as far as the curve is drawn.
std::string values_of(const Line& line, const Axis& x, int decimals) {
    std::string text = fmt::format(" {}:", line.name);
    for (const Tick& tick : x.ticks)
        for (const Vertex& vertex : line.vertices)
            if (tick.at > 0 && vertex.x == tick.at)
                text += fmt::format(" {} at {} months,", support::fixed(vertex.y, decimals), tick.label);
    text.back() = '.';
    return text;
}

std::string how_to_read_hazards(const std::vector<DrawnCurve>& curves, const std::vector<std::string>& replaced,
                                const FigureOptions& options, bool by_model) {
    std::string text = "Reconstructed";
    text += by_model ? ", without intervals." : "; shaded: " + interval_name(options.interval) + ".";
    if (!by_model && !replaced.empty())
        text += fmt::format(" {}: {} instead, as the number of patients is not published.", support::joined(replaced),
                            interval_name(fit::Band::reconstruction, options.interval.level));
    if (std::ranges::any_of(curves, [](const DrawnCurve& curve) { return curve.model->model->family == nullptr; }))
        text += " The flexible model is averaged over a doubling of time around each month.";
    return text;
}

// A hazard that is infinite at 0, and an interval that says nothing, must not flatten all that is known.
double highest_of(const std::vector<CurvesChart>& charts) {
    double line = 0, band = 0;
    for (const CurvesChart& chart : charts)
        for (const Line& each : chart.lines)
            for (const Vertex& vertex : each.vertices) {
                if (vertex.x < 0.05 * chart.x.to) continue;
                line = std::max(line, vertex.y);
                if (vertex.band) band = std::max(band, vertex.band->upper);
            }
    constexpr double most_of_lines = 2;
    return std::min(std::max(line, band), most_of_lines * line);
}

void set_captions(Figure& figure, const std::vector<DrawnCurve>& curves, const ComparisonInput& input,
                  const FigureOptions& options) {
    Supposition supposition;
    for (const DrawnCurve& curve : curves) supposition.add(*curve.model);
    figure.caption = curves_caption(curves, input);
    figure.caption.insert(figure.caption.begin(), "Shaded: " + interval_footnote(options.interval, supposition));
    if (const std::string meanings = abbreviations(fits_of(curves)); !meanings.empty())
        figure.caption.push_back(meanings);
}

}  // namespace

Figure hazard_figure(const ComparisonInput& input, const FigureOptions& options) {
    const std::vector<CurvePanel> panels = curve_panels(input, options);
    const std::vector<DrawnCurve> curves = curves_of(panels);
    Figure figure;
    figure.title = curves_title(panels) + ", hazard";
    figure.description = "Hazard of the reconstructed curves over time in months.";
    const Axis time = time_axis(curves, options);
    std::vector<CurvesChart> charts;
    std::vector<std::string> replaced;
    for (const CurvePanel& panel : panels) {
        CurvesChart& chart = charts.emplace_back();
        chart.x = time;
        chart.y.title = "Hazard (events per 100 patient-months)";
        for (const DrawnCurve& curve : panel.curves) {
            const auto at = [&](double t, const fit::IntervalOptions& of) {
                return fit::hazard_at(*curve.model, curve.arm, t, of);
            };
            DrawnHazard drawn = hazard_line(curve, at, 100, end_of_curve(curve, time, options), options);
            if (drawn.replaced) replaced.push_back(curve.name);
            if (panel.by_model)
                for (Vertex& vertex : drawn.line.vertices) vertex.band.reset();
            figure.description += values_of(drawn.line, time, 1);
            chart.lines.push_back(std::move(drawn.line));
        }
        explain_strokes(chart);
    }
    const double highest = highest_of(charts);
    for (CurvesChart& chart : charts) {
        chart.y.to = highest > 0 ? axis_end(1.02 * highest) : 1;
        chart.y.ticks = linear_ticks(0, chart.y.to, 6);
        for (Line& line : chart.lines)
            std::erase_if(line.vertices, [&](const Vertex& vertex) { return vertex.y > chart.y.to; });
    }
    set_charts(figure, panels, std::move(charts));
    set_captions(figure, curves, input, options);
    figure.short_caption = {how_to_read_hazards(curves, replaced, options, panels.front().by_model)};
    return figure;
}

namespace {

std::string control_id(const DrawnCurve& curve) {
    return control_of(*curve.fit->trial, *curve.fit->analysis, curve.fit->evidence->arms[curve.arm].id);
}

// The curves that are compared with a control arm, under the name "A v B".
std::vector<CurvePanel> comparisons_of(std::vector<CurvePanel> panels) {
    for (CurvePanel& panel : panels) {
        std::erase_if(panel.curves, [](const DrawnCurve& curve) {
            const auto control = arm_index(*curve.fit, control_id(curve));
            return !control || *control == curve.arm || !curve.model->fitted(*control);
        });
        for (DrawnCurve& curve : panel.curves)
            if (!panel.by_model) curve.name += " v " + arm_name(*curve.fit, control_id(curve));
    }
    std::erase_if(panels, [](const CurvePanel& panel) { return panel.curves.empty(); });
    return panels;
}

std::string published_ratio(const DrawnCurve& curve) {
    const auto* contrast = contrast_of(*curve.fit->analysis, curve.fit->evidence->arms[curve.arm].id);
    const auto printed = contrast == nullptr ? std::nullopt : first_print(contrast->hazard_ratio);
    return printed ? "published HR " + cell_text(interval_cell(*printed), {}) : "";
}

// As far as both curves are drawn and supported.
DrawnHazard ratio_line(const DrawnCurve& curve, const Axis& time, const FigureOptions& options) {
    DrawnCurve against = curve;
    against.arm = *arm_index(*curve.fit, control_id(curve));
    const double end = std::min(end_of_curve(curve, time, options), end_of_curve(against, time, options));
    const auto at = [&](double t, const fit::IntervalOptions& of) {
        return fit::hazard_ratio_at(*curve.model, curve.arm, against.arm, t, of);
    };
    DrawnHazard drawn = hazard_line(curve, at, 1, end, options);
    Line of_control = empty_line(against);
    narrow_support(of_control, against);
    drawn.line.supported_from = std::max(drawn.line.supported_from, of_control.supported_from);
    drawn.line.supported_to = std::min(drawn.line.supported_to, of_control.supported_to);
    return drawn;
}

// Around the ratios; an interval that says nothing must not flatten them.
void set_ratio_axis(std::vector<CurvesChart>& charts) {
    constexpr double least_from = 0.1, most_to = 10;
    double from = 0.5, to = 2;
    for (const CurvesChart& chart : charts)
        for (const Line& line : chart.lines)
            for (const Vertex& vertex : line.vertices) {
                if (vertex.x < 0.05 * chart.x.to) continue;
                from = std::min(from, vertex.band ? vertex.band->lower : vertex.y);
                to = std::max(to, vertex.band ? vertex.band->upper : vertex.y);
            }
    for (CurvesChart& chart : charts) {
        chart.y.logarithmic = true;
        chart.y.from = std::max(0.95 * from, least_from);
        chart.y.to = std::min(1.05 * to, most_to);
        chart.y.ticks = logarithmic_ticks(chart.y.from, chart.y.to);
        chart.guide = 1;
        for (Line& line : chart.lines)
            std::erase_if(line.vertices,
                          [&](const Vertex& vertex) { return vertex.y > chart.y.to || vertex.y < chart.y.from; });
    }
}

}  // namespace

Figure hazard_ratio_figure(const ComparisonInput& input, const FigureOptions& options) {
    const std::vector<CurvePanel> panels = comparisons_of(curve_panels(input, options));
    if (panels.empty())
        throw support::NotFoundError("none of the selected trials has an arm and its control with a curve each");
    const std::vector<DrawnCurve> curves = curves_of(panels);
    Figure figure;
    figure.title = curves_title(panels) + ", hazard ratio over time";
    figure.description = "Hazard ratio of the reconstructed curves at each time in months.";
    const Axis time = time_axis(curves, options);
    std::vector<CurvesChart> charts;
    std::vector<std::string> replaced;
    for (const CurvePanel& panel : panels) {
        CurvesChart& chart = charts.emplace_back();
        chart.x = time;
        chart.y.title = "Hazard ratio";
        for (const DrawnCurve& curve : panel.curves) {
            DrawnHazard drawn = ratio_line(curve, time, options);
            drawn.line.note = panel.by_model ? "" : published_ratio(curve);
            if (drawn.replaced) replaced.push_back(curve.name);
            if (panel.by_model)
                for (Vertex& vertex : drawn.line.vertices) vertex.band.reset();
            figure.description += values_of(drawn.line, time, 2);
            chart.lines.push_back(std::move(drawn.line));
        }
        explain_strokes(chart);
    }
    set_ratio_axis(charts);
    set_charts(figure, panels, std::move(charts));
    set_captions(figure, curves, input, options);
    figure.short_caption = {"The ratio at each time, not up to it. " +
                            how_to_read_hazards(curves, replaced, options, panels.front().by_model)};
    return figure;
}

}  // namespace hersurv::report
