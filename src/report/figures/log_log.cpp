// `plot log-log`: log(-log S(t)) against the logarithm of time: parallel curves have proportional hazards, straight
// ones are Weibull.
#include "hersurv/support/number_text.hpp"

#include <fmt/format.h>

#include "report/figures/figure_parts.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

// Of a survival probability, which must be inside 0 and 1.
std::optional<double> log_log(double survival) {
    const double value = std::log(-std::log(survival));
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

Figure log_log_figure(const ComparisonInput& input, const FigureOptions& options) {
    const std::vector<DrawnCurve> curves = drawn_curves(input, options);
    Figure figure;
    figure.title = curves_title(curves) + ", log-log";
    CurvesChart chart;
    const double end = time_axis(curves, options).to;
    chart.x.title = "Months, logarithmic";
    chart.x.logarithmic = true;
    // The first month of a long follow-up, less of a short one.
    chart.x.from = std::min(1.0, end / 20);
    chart.x.to = end;
    if (options.times_months.empty()) {
        chart.x.ticks = logarithmic_ticks(chart.x.from, chart.x.to);
    } else {
        for (const Tick& tick : time_axis(curves, options).ticks)
            if (tick.at >= chart.x.from) chart.x.ticks.push_back(tick);
    }
    chart.y.title = "log(\xe2\x88\x92log S)";
    double lowest = 0, highest = -1;
    constexpr int n_points = 100;
    figure.description = "The logarithm of the cumulative hazard against the logarithm of time in months.";
    for (const DrawnCurve& curve : curves) {
        Line line;
        line.name = curve.name;
        line.style = curve.style;
        line.supported_to = curve.model->arms[curve.arm].supported_months;
        std::vector<double> times;
        for (int k = 0; k <= n_points; ++k)
            times.push_back(chart.x.from * std::pow(chart.x.to / chart.x.from, static_cast<double>(k) / n_points));
        for (const auto& point : curve::survival_curve(*curve.model, curve.arm, times, options.interval)) {
            const auto value = log_log(point.survival.value);
            if (!value) continue;
            line.vertices.push_back({point.time_months, *value, std::nullopt});
            lowest = std::min(lowest, *value);
            highest = std::max(highest, *value);
        }
        if (curve.first_of_arm)
            for (const PublishedMark& published : published_marks(curve)) {
                const auto value = log_log(published.survival);
                if (!published.reached || !value || published.time_months < chart.x.from || published.time_months > end)
                    continue;
                Mark mark;
                mark.style = curve.style;
                mark.x = published.time_months;
                mark.y = *value;
                mark.text = curve.name + ": " + published.text;
                lowest = std::min(lowest, *value);
                highest = std::max(highest, *value);
                if (published.median) {
                    mark.x_limits = published.limits;
                } else if (published.limits) {
                    const auto from = log_log(published.limits->upper), to = log_log(published.limits->lower);
                    if (from && to) {
                        mark.y_limits = Span{*from, *to};
                        lowest = std::min(lowest, *from);
                        highest = std::max(highest, *to);
                    }
                }
                chart.marks.push_back(std::move(mark));
            }
        figure.description += fmt::format(" {}:", line.name);
        for (const Tick& tick : chart.x.ticks) {
            const auto value = log_log(curve::survival_at(*curve.model, curve.arm, tick.at, options.interval).value);
            figure.description += fmt::format(" {} at {} months{}", value ? support::fixed(*value, 2) : "-", tick.label,
                                              &tick == &chart.x.ticks.back() ? "." : ",");
        }
        chart.lines.push_back(std::move(line));
    }
    // Where S is 1 to three decimals, the axis would be all tail.
    constexpr double least = -6.9;
    lowest = std::max(lowest, least);
    chart.y.from = std::floor(lowest);
    chart.y.to = std::ceil(highest);
    chart.y.ticks = linear_ticks(chart.y.from, chart.y.to, 8);
    for (Line& line : chart.lines)
        std::erase_if(line.vertices, [&](const Vertex& vertex) { return vertex.y < chart.y.from; });
    figure.caption = curves_caption(curves, input);
    figure.caption.insert(
        figure.caption.begin(),
        "Symbols on the curves: published numbers, with the limits that are printed. Lines: reconstructed; dashed "
        "beyond what the numbers support. Parallel curves have proportional hazards; the straight "
        "line of a Weibull curve has its shape as slope.");
    figure.chart = std::move(chart);
    return figure;
}

}  // namespace hersurv::report
