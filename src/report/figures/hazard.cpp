// `plot hazard`: the hazard of the fitted curves over time.
#include <fmt/format.h>

#include "report/figures/figure_parts.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace hersurv::report {
namespace {

// h(t) = f(t) / S(t) of a family. A curve without a formula has a hazard only over some time: that from t / sqrt 2 to
// t sqrt 2, a doubling, as fit::hazard_ratio_at has it.
double hazard_at(const DrawnCurve& curve, double time) {
    const fit::FittedModel& model = *curve.model;
    const auto cumulative = [&](double t) {
        return model.curves->cumulative_hazard(curve.arm, t, model.free_parameters);
    };
    if (model.model->family != nullptr)
        return model.curves->density(curve.arm, time, model.free_parameters) / std::exp(-cumulative(time));
    const double from = time / std::numbers::sqrt2, to = time * std::numbers::sqrt2;
    return (cumulative(to) - cumulative(from)) / (to - from);
}

}  // namespace

Figure hazard_figure(const ComparisonInput& input, const FigureOptions& options) {
    const std::vector<DrawnCurve> curves = drawn_curves(input, options);
    Figure figure;
    figure.title = curves_title(curves) + ", hazard";
    CurvesChart chart;
    chart.x = time_axis(curves, options);
    chart.y.title = "Hazard, events per 100 patient-months";
    double highest = 0;
    bool without_formula = false;
    figure.description = "Hazard of the reconstructed curves over time in months.";
    for (const DrawnCurve& curve : curves) {
        Line line = empty_line(curve);
        // The window of a curve without a formula reaches beyond t and begins before it.
        const bool formula = curve.model->model->family != nullptr;
        without_formula = without_formula || !formula;
        if (!formula) {
            line.supported_from *= std::numbers::sqrt2;
            line.supported_to /= std::numbers::sqrt2;
        }
        for (const double time : drawn_times(chart.x.to)) {
            if (time == 0) continue;
            const double hazard = 100 * hazard_at(curve, time);
            if (!std::isfinite(hazard)) continue;
            line.vertices.push_back({time, hazard, std::nullopt});
        }
        // A hazard that is infinite at 0 must not flatten all that follows.
        for (const Vertex& vertex : line.vertices)
            if (vertex.x >= 0.05 * chart.x.to) highest = std::max(highest, vertex.y);
        figure.description += fmt::format(" {}:", line.name);
        for (const Tick& tick : chart.x.ticks)
            if (tick.at > 0)
                figure.description +=
                    fmt::format(" {} at {} months{}", support::fixed(100 * hazard_at(curve, tick.at), 1), tick.label,
                                &tick == &chart.x.ticks.back() ? "." : ",");
        chart.lines.push_back(std::move(line));
    }
    chart.y.to = highest > 0 ? axis_end(1.05 * highest) : 1;
    chart.y.ticks = linear_ticks(0, chart.y.to, 6);
    for (Line& line : chart.lines)
        std::erase_if(line.vertices, [&](const Vertex& vertex) { return vertex.y > chart.y.to; });
    figure.caption = curves_caption(curves, input);
    explain_strokes(chart);
    std::string reading = "Reconstructed, without an interval.";
    if (without_formula)
        reading +=
            " The flexible model has no formula: its hazard is the mean over a doubling of time around each month.";
    figure.caption.insert(figure.caption.begin(), std::move(reading));
    figure.chart = std::move(chart);
    return figure;
}

}  // namespace hersurv::report
