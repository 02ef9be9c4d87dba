// `plot TRIAL...`: survival curves with their band, the published numbers drawn onto them, and the expected numbers at
// risk.
#include <fmt/format.h>

#include "evidence/constants.hpp"
#include "render/cell_text.hpp"
#include "render/characters.hpp"
#include "report/comparison_parts.hpp"
#include "report/figures/figure_parts.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include "support/words.hpp"
#include "survival/expected_data.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

// n S(t) G(t) at the ticks, G the share of the patients who are still followed; "" where n is not printed.
TickRow expected_at_risk(const DrawnCurve& curve, const std::vector<Tick>& ticks) {
    TickRow row{curve.name, curve.style, {}};
    const auto& model = *curve.model;
    const auto& evidence = *model.evidence;
    const double follow_up = evidence.follow_up_or_guess(curve.arm),
                 gamma = evidence.constants->endpoint(evidence.endpoint).censoring_gamma;
    const int n_patients = evidence.arms[curve.arm].n_patients.value_or(0);
    for (const Tick& tick : ticks) {
        row.cells.emplace_back();
        if (n_patients <= 0) continue;
        const double survival = std::exp(-model.curves->cumulative_hazard(curve.arm, tick.at, model.free_parameters));
        const double expected = n_patients * survival::still_followed(tick.at, follow_up, gamma) * survival;
        row.cells.back() = support::fixed(expected, 0);
        if (tick.at > model.arms[curve.arm].supported_months * (1 + 1e-9)) row.cells.back() += dagger;
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
                                const fit::IntervalOptions& interval) {
    for (const PublishedMark& mark : marks)
        if (mark.median && mark.reached) return mark.time_months;
    const double own = fit::median(*curve.model, curve.arm, interval).value;
    return std::isfinite(own) ? std::optional(own) : std::nullopt;
}

Line line_of(const DrawnCurve& curve, const std::vector<double>& times, const fit::IntervalOptions& interval) {
    Line line;
    line.name = curve.name;
    line.style = curve.style;
    line.supported_to = curve.model->arms[curve.arm].supported_months;
    for (const auto& point : fit::survival_curve(*curve.model, curve.arm, times, interval)) {
        const auto& s = point.survival;
        line.vertices.push_back({point.time_months, s.value, std::nullopt});
        if (s.lower && s.upper) line.vertices.back().band = Span{*s.lower, *s.upper};
    }
    return line;
}

Mark mark_of(const DrawnCurve& curve, const PublishedMark& published) {
    Mark mark;
    mark.style = curve.style;
    mark.point = published.reached;
    mark.x = published.time_months;
    mark.y = published.survival;
    (published.median ? mark.x_limits : mark.y_limits) = published.limits;
    mark.text = curve.name + ": " + published.text;
    return mark;
}

// "n 402, median 57.1 (50-72), HR v placebo 0.69 (0.58-0.82)".
std::string note_of(const DrawnCurve& curve, const std::vector<PublishedMark>& marks) {
    std::vector<std::string> notes;
    if (const auto& n = curve.fit->evidence->arms[curve.arm].n_patients) notes.push_back(fmt::format("n {}", *n));
    for (const PublishedMark& mark : marks)
        if (mark.median) notes.push_back(mark.text);
    if (const std::string ratio = printed_hazard_ratio(curve); !ratio.empty()) notes.push_back(ratio);
    return support::joined(notes);
}

// " NAME, NOTE: S(12) 89 %, ...".
std::string description_of(const DrawnCurve& curve, const std::string& note, const Axis& x,
                           const fit::IntervalOptions& interval) {
    std::string text = fmt::format(" {}{}{}:", curve.name, note.empty() ? "" : ", ", note);
    for (const Tick& tick : x.ticks)
        text += fmt::format(" S({}) {} %{}", tick.label,
                            support::fixed(100 * fit::survival_at(*curve.model, curve.arm, tick.at, interval).value, 0),
                            &tick == &x.ticks.back() ? "." : ",");
    return text;
}

// What must be said about the curves of a figure.
struct Remarks {
    bool with_n = false, without_n = false, without_band = false, beyond = false, guessed_follow_up = false;
};

void add_remarks(Remarks& remarks, const DrawnCurve& curve, const Line& line, const Axis& x) {
    const auto& arm = curve.fit->evidence->arms[curve.arm];
    (arm.n_patients.value_or(0) > 0 ? remarks.with_n : remarks.without_n) = true;
    remarks.beyond = remarks.beyond || line.supported_to < x.to;
    remarks.guessed_follow_up = remarks.guessed_follow_up || !arm.follow_up_months;
    for (const Vertex& vertex : line.vertices) remarks.without_band = remarks.without_band || !vertex.band;
}

std::string how_to_read(const Remarks& remarks, const fit::IntervalOptions& interval) {
    std::string text = fmt::format(
        "Symbols on the curves: published numbers, with the limits that are printed. Lines: reconstructed, with the {} "
        "{} band",
        percent_text(interval.level), fit::word(interval.band));
    text += remarks.beyond ? "; dashed, or marked \xe2\x80\xa0, beyond what the numbers support." : ".";
    if (remarks.without_band) text += " No population band without the number of patients.";
    if (remarks.with_n) {
        text += " Numbers at risk are expected under the curve and the follow-up, not published";
        text +=
            remarks.guessed_follow_up ? "; where no follow-up is printed, the last printed time stands for it." : ".";
    }
    if (remarks.without_n) text += " No number at risk without the number of patients.";
    return text;
}

}  // namespace

Figure survival_figure(const ComparisonInput& input, const FigureOptions& options) {
    const std::vector<DrawnCurve> curves = drawn_curves(input, options);
    Figure figure;
    figure.title = curves_title(curves);
    figure.description = "Reconstructed survival over time in months.";
    CurvesChart chart;
    chart.x = time_axis(curves, options);
    chart.y.title = curves_endpoint(curves) == "survival" ? "Survival, %" : curves_endpoint(curves) + ", %";
    for (const int percent : {0, 25, 50, 75, 100}) chart.y.ticks.push_back({percent / 100.0, std::to_string(percent)});
    chart.guide = 0.5;
    chart.rows_title = "Expected number at risk";
    const std::vector<double> times = drawn_times(chart.x.to);
    Remarks remarks;
    for (const DrawnCurve& curve : curves) {
        const auto marks = published_marks(curve);
        Line line = line_of(curve, times, options.interval);
        line.note = note_of(curve, marks);
        add_remarks(remarks, curve, line, chart.x);
        figure.description += description_of(curve, line.note, chart.x, options.interval);
        for (const PublishedMark& mark : marks) {
            const bool shown = !mark.median || mark.reached || mark.limits;
            if (curve.first_of_arm && shown && mark.time_months <= chart.x.to)
                chart.marks.push_back(mark_of(curve, mark));
        }
        if (const auto median = median_of(curve, marks, options.interval); median && *median <= chart.x.to)
            chart.drops.push_back({curve.style, *median, 0.5});
        if (curve.first_of_arm) chart.rows.push_back(expected_at_risk(curve, chart.x.ticks));
        chart.lines.push_back(std::move(line));
    }
    if (!remarks.with_n) chart.rows.clear();
    figure.caption = curves_caption(curves, input);
    figure.caption.insert(figure.caption.begin(), how_to_read(remarks, options.interval));
    figure.chart = std::move(chart);
    return figure;
}

}  // namespace hersurv::report
