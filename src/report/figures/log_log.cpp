// `plot log-log`: log(-log S(t)) against the logarithm of time: parallel curves have proportional hazards, straight
// ones are Weibull.
#include <fmt/format.h>

#include "report/figures/figure_parts.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

// Of a survival probability, which must be inside 0 and 1.
std::optional<double> log_log(double survival) {
    const double value = std::log(-std::log(survival));
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// The lowest and the highest value that is drawn.
struct Range {
    double lowest = 0, highest = -1;
    void include(double value) {
        lowest = std::min(lowest, value);
        highest = std::max(highest, value);
    }
};

Axis logarithmic_time_axis(const std::vector<DrawnCurve>& curves, const FigureOptions& options) {
    const Axis time = time_axis(curves, options);
    Axis axis;
    axis.title = time.title + " (logarithmic)";
    axis.logarithmic = true;
    // The first month of a long follow-up, less of a short one.
    axis.from = std::min(1.0, time.to / 20);
    axis.to = time.to;
    if (options.times_months.empty()) {
        axis.ticks = logarithmic_ticks(axis.from, axis.to);
    } else {
        for (const Tick& tick : time.ticks)
            if (tick.at >= axis.from) axis.ticks.push_back(tick);
    }
    return axis;
}

Line line_of(const DrawnCurve& curve, const Axis& x, double end_months, Range& drawn) {
    constexpr int n_points = 100;
    Line line = empty_line(curve);
    std::vector<double> times;
    for (int k = 0; k <= n_points; ++k)
        times.push_back(x.from * std::pow(end_months / x.from, static_cast<double>(k) / n_points));
    for (const auto& point : fit::survival_curve(*curve.model, curve.arm, times, {})) {
        const auto value = log_log(point.survival.value);
        if (!value) continue;
        line.vertices.push_back({point.time_months, *value, std::nullopt});
        drawn.include(*value);
    }
    return line;
}

// A published number of the curve; nothing if it cannot be drawn.
std::optional<Mark> mark_of(const DrawnCurve& curve, const PublishedMark& published, const Axis& x, Range& drawn) {
    const auto value = log_log(published.survival);
    if (!published.reached || !value || published.time_months < x.from || published.time_months > x.to)
        return std::nullopt;
    Mark mark;
    mark.style = curve.style;
    mark.x = published.time_months;
    mark.y = *value;
    mark.text = curve.name + ": " + published.text;
    drawn.include(*value);
    if (published.median) {
        mark.x_limits = published.limits;
    } else if (published.limits) {
        const auto from = log_log(published.limits->upper), to = log_log(published.limits->lower);
        if (from && to) {
            mark.y_limits = Span{*from, *to};
            drawn.include(*from);
            drawn.include(*to);
        }
    }
    return mark;
}

// " NAME: -1.20 at 12 months, ...", as far as the curve is drawn.
std::string description_of(const DrawnCurve& curve, const Axis& x, double end_months) {
    std::string text = fmt::format(" {}:", curve.name);
    for (const Tick& tick : x.ticks) {
        if (tick.at > end_months) break;
        const auto value = log_log(fit::survival_at(*curve.model, curve.arm, tick.at, {}).value);
        text += fmt::format(" {} at {} months,", value ? support::fixed(*value, 2) : "-", tick.label);
    }
    text.back() = '.';
    return text;
}

}  // namespace

Figure log_log_figure(const ComparisonInput& input, const FigureOptions& options) {
    const std::vector<CurvePanel> panels = curve_panels(input, options);
    const std::vector<DrawnCurve> curves = curves_of(panels);
    Figure figure;
    figure.title = curves_title(panels) + ", log-log";
    figure.description = "The logarithm of the cumulative hazard against the logarithm of time in months.";
    const Axis x = logarithmic_time_axis(curves, options);
    Range drawn;
    std::vector<CurvesChart> charts;
    for (const CurvePanel& panel : panels) {
        CurvesChart& chart = charts.emplace_back();
        chart.x = x;
        chart.y.title = "log(\xe2\x88\x92log S)";
        for (const DrawnCurve& curve : panel.curves) {
            const double end = end_of_curve(curve, x, options);
            chart.lines.push_back(line_of(curve, x, end, drawn));
            if (curve.first_of_arm)
                for (const PublishedMark& published : published_marks(curve))
                    if (auto mark = mark_of(curve, published, x, drawn)) chart.marks.push_back(std::move(*mark));
            figure.description += description_of(curve, x, end);
        }
    }
    // Where S is 1 to three decimals, the axis would be all tail.
    constexpr double least = -6.9;
    for (CurvesChart& chart : charts) {
        chart.y.from = std::floor(std::max(drawn.lowest, least));
        chart.y.to = std::ceil(drawn.highest);
        chart.y.ticks = linear_ticks(chart.y.from, chart.y.to, 8);
        for (Line& line : chart.lines)
            std::erase_if(line.vertices, [&](const Vertex& vertex) { return vertex.y < chart.y.from; });
        explain_strokes(chart);
    }
    set_charts(figure, panels, std::move(charts));
    figure.short_caption = {
        "Symbols: published estimates (bars: published CI). Lines: reconstructed curves. Parallel curves have "
        "proportional hazards; a Weibull curve is a straight line."};
    figure.caption = curves_caption(curves, input);
    if (const std::string meanings = abbreviations(fits_of(curves)); !meanings.empty())
        figure.caption.push_back(meanings);
    return figure;
}

}  // namespace hersurv::report
