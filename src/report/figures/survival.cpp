// `plot TRIAL...`: survival curves with their band, the published numbers drawn onto them, and the expected numbers at
// risk.
#include "hersurv/fit/follow_up.hpp"
#include "hersurv/support/number_text.hpp"
#include "hersurv/support/words.hpp"

#include <fmt/format.h>

#include "render/cell_text.hpp"
#include "render/characters.hpp"
#include "report/comparison_parts.hpp"
#include "report/figures/figure_parts.hpp"
#include "report/numbers.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

// n S(t) G(t) at the ticks, G the share of the patients who are still followed; "" where n is not printed.
TickRow expected_at_risk(const DrawnCurve& curve, const std::vector<Tick>& ticks) {
    TickRow row{curve.name, curve.style, {}};
    std::vector<double> times;
    for (const Tick& tick : ticks) times.push_back(tick.at);
    const auto& model = *curve.model;
    const auto followed = fit::follow(
        *model.evidence, curve.arm,
        [&](double time) { return model.curves->cumulative_hazard(curve.arm, time, model.free_parameters); }, times);
    const bool known = model.evidence->arms[curve.arm].n_patients.value_or(0) > 0;
    for (std::size_t k = 0; k < times.size(); ++k) {
        row.cells.emplace_back();
        if (!known) continue;
        const double expected = followed.n_patients * followed.followed[k] * std::exp(-followed.cumulative_hazard[k]);
        row.cells.back() = support::fixed(expected, 0);
        if (times[k] > model.arms[curve.arm].supported_months * (1 + 1e-9)) row.cells.back() += dagger;
    }
    return row;
}

// "HR v placebo 0.69 (0.58-0.82)" of an arm that is compared with another; "" where none is printed.
std::string printed_hazard_ratio(const DrawnCurve& curve) {
    const auto* contrast = contrast_of(*curve.fit->analysis, curve.fit->evidence->arms[curve.arm].id);
    const auto printed = contrast == nullptr ? std::nullopt : first_print(contrast->hazard_ratio);
    if (!printed) return "";
    return "HR v " + contrast->control + " " + cell_text(interval_cell(*printed), {});
}

// Where the median is dropped from: as printed, else where the curve has it.
std::optional<double> median_of(const DrawnCurve& curve, const std::vector<PublishedMark>& marks,
                                const curve::IntervalOptions& interval) {
    for (const PublishedMark& mark : marks)
        if (mark.median && mark.reached) return mark.time_months;
    const double own = curve::median(*curve.model, curve.arm, interval).value;
    return std::isfinite(own) ? std::optional(own) : std::nullopt;
}

}  // namespace

Figure survival_figure(const ComparisonInput& input, const FigureOptions& options) {
    const std::vector<DrawnCurve> curves = drawn_curves(input, options);
    Figure figure;
    figure.title = curves_title(curves);
    CurvesChart chart;
    chart.x = time_axis(curves, options);
    chart.y.title = curves_endpoint(curves) == "survival" ? "Survival, %" : curves_endpoint(curves) + ", %";
    for (const int percent : {0, 25, 50, 75, 100}) chart.y.ticks.push_back({percent / 100.0, std::to_string(percent)});
    chart.guide = 0.5;
    chart.rows_title = "Expected number at risk";
    const std::vector<double> times = drawn_times(chart.x.to);
    bool with_n = false, without_n = false, without_band = false, beyond = false, guessed_follow_up = false;
    figure.description = "Reconstructed survival over time in months.";
    for (const DrawnCurve& curve : curves) {
        Line line;
        line.name = curve.name;
        line.style = curve.style;
        line.supported_to = curve.model->arms[curve.arm].supported_months;
        beyond = beyond || line.supported_to < chart.x.to;
        for (const auto& point : curve::survival_curve(*curve.model, curve.arm, times, options.interval)) {
            const auto& s = point.survival;
            line.vertices.push_back({point.time_months, s.value, std::nullopt});
            if (s.lower && s.upper) line.vertices.back().band = Span{*s.lower, *s.upper};
            without_band = without_band || !s.lower;
        }
        const auto marks = published_marks(curve);
        const auto& arm = curve.fit->evidence->arms[curve.arm];
        std::vector<std::string> notes;
        if (arm.n_patients) notes.push_back(fmt::format("n {}", *arm.n_patients));
        for (const PublishedMark& mark : marks) {
            if (mark.median) notes.push_back(mark.text);
            if (!curve.first_of_arm || (mark.median && !mark.reached && !mark.limits)) continue;
            Mark drawn;
            drawn.style = curve.style;
            drawn.point = mark.reached;
            drawn.x = mark.time_months;
            drawn.y = mark.survival;
            (mark.median ? drawn.x_limits : drawn.y_limits) = mark.limits;
            drawn.text = curve.name + ": " + mark.text;
            if (mark.time_months <= chart.x.to) chart.marks.push_back(std::move(drawn));
        }
        if (const std::string ratio = printed_hazard_ratio(curve); !ratio.empty()) notes.push_back(ratio);
        line.note = support::joined(notes);
        figure.description += fmt::format(" {}{}{}:", line.name, line.note.empty() ? "" : ", ", line.note);
        for (const Tick& tick : chart.x.ticks)
            figure.description += fmt::format(
                " S({}) {} %{}", tick.label,
                support::fixed(100 * curve::survival_at(*curve.model, curve.arm, tick.at, options.interval).value, 0),
                &tick == &chart.x.ticks.back() ? "." : ",");
        if (const auto median = median_of(curve, marks, options.interval); median && *median <= chart.x.to)
            chart.drops.push_back({curve.style, *median, 0.5});
        if (curve.first_of_arm) chart.rows.push_back(expected_at_risk(curve, chart.x.ticks));
        (arm.n_patients.value_or(0) > 0 ? with_n : without_n) = true;
        guessed_follow_up = guessed_follow_up || !arm.follow_up_months;
        chart.lines.push_back(std::move(line));
    }
    figure.caption = curves_caption(curves, input);
    std::string reading = fmt::format(
        "Symbols on the curves: published numbers, with the limits that are printed. Lines: reconstructed, with the {} "
        "{} "
        "band",
        percent_text(options.interval.level), curve::word(options.interval.band));
    reading += beyond ? "; dashed, or marked \xe2\x80\xa0, beyond what the numbers support." : ".";
    if (without_band) reading += " No population band without the number of patients.";
    if (with_n) {
        reading += " Numbers at risk are expected under the curve and the follow-up, not published";
        reading += guessed_follow_up ? "; where no follow-up is printed, the last printed time stands for it." : ".";
    } else {
        chart.rows.clear();
    }
    if (without_n) reading += " No number at risk without the number of patients.";
    figure.caption.insert(figure.caption.begin(), std::move(reading));
    figure.chart = std::move(chart);
    return figure;
}

}  // namespace hersurv::report
