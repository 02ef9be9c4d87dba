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
        const auto estimate = fit::survival_at(model, curve.arm, tick.at, {});
        if (estimate.extrapolated) row.cells.back() += dagger;
        if (estimate.borrowed && !estimate.extrapolated) row.cells.back() += double_dagger;
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
std::optional<double> median_of(const DrawnCurve& curve, const std::vector<PublishedMark>& marks) {
    for (const PublishedMark& mark : marks)
        if (mark.median && mark.reached) return mark.time_months;
    const double own = fit::median(*curve.model, curve.arm, {}).value;
    return std::isfinite(own) ? std::optional(own) : std::nullopt;
}

Line line_of(const DrawnCurve& curve, const std::vector<double>& times, const fit::IntervalOptions& interval) {
    Line line = empty_line(curve);
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

// " NAME, NOTE: S(12) 89%, ...".
std::string description_of(const DrawnCurve& curve, const std::string& note, const Axis& x) {
    std::string text = fmt::format(" {}{}{}:", curve.name, note.empty() ? "" : ", ", note);
    for (const Tick& tick : x.ticks) {
        const auto survival = fit::survival_at(*curve.model, curve.arm, tick.at, {});
        const bool supported = !survival.borrowed && !survival.extrapolated;
        text += fmt::format(" S({}) {}%{}{}", tick.label, support::fixed(100 * survival.value, 0),
                            supported ? "" : " (" + std::string(support_word(survival)) + ")",
                            &tick == &x.ticks.back() ? "." : ",");
    }
    return text;
}

// What must be said about the curves of a figure.
struct Remarks {
    bool with_n = false, without_n = false, without_band = false, guessed_follow_up = false;
    bool before = false, beyond = false;  // of the numbers at risk
    Supposition supposition;
    std::vector<std::string> replaced;  // curves without n, which have the reconstruction band
};

void add_remarks(Remarks& remarks, const DrawnCurve& curve, const Line& line) {
    const auto& arm = curve.fit->evidence->arms[curve.arm];
    (arm.n_patients.value_or(0) > 0 ? remarks.with_n : remarks.without_n) = true;
    remarks.supposition.add(*curve.model);
    remarks.guessed_follow_up = remarks.guessed_follow_up || !arm.follow_up_months;
    for (const Vertex& vertex : line.vertices) remarks.without_band = remarks.without_band || !vertex.band;
}

std::string how_to_read(const Remarks& remarks, const Intervals& intervals) {
    std::string text = fmt::format(
        "Symbols on the curves: published estimates, with their published limits. Lines: reconstructed. Shaded: {}",
        interval_footnote(intervals, remarks.supposition));
    if (!remarks.replaced.empty())
        text += fmt::format(
            " {}: no CI, since the number of patients was not published; the {} instead, which has no sampling error.",
            support::joined(remarks.replaced), interval_name(fit::Band::reconstruction, intervals.level));
    if (remarks.without_band) text += " No interval if the number of patients was not published.";
    if (remarks.with_n) {
        text += " Numbers at risk are expected under the curve and the follow-up, not published";
        text +=
            remarks.guessed_follow_up ? "; where no follow-up is printed, the last printed time stands for it." : ".";
        const std::string before = fmt::format("{}: borrowed from similar trials", double_dagger),
                          beyond = fmt::format("{}: extrapolated", dagger);
        if (remarks.before || remarks.beyond)
            text += " " + (remarks.before ? before + (remarks.beyond ? "; " + beyond : "") : beyond) + ".";
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
        const fit::IntervalOptions interval = options_for(options.interval, *curve.model, curve.arm);
        Line line = line_of(curve, times, interval);
        line.note = note_of(curve, marks);
        add_remarks(remarks, curve, line);
        if (interval.band != options.interval.band) remarks.replaced.push_back(curve.name);
        figure.description += description_of(curve, line.note, chart.x);
        for (const PublishedMark& mark : marks) {
            const bool shown = !mark.median || mark.reached || mark.limits;
            if (curve.first_of_arm && shown && mark.time_months <= chart.x.to)
                chart.marks.push_back(mark_of(curve, mark));
        }
        if (const auto median = median_of(curve, marks); median && *median <= chart.x.to)
            chart.drops.push_back({curve.style, *median, 0.5});
        if (curve.first_of_arm) {
            chart.rows.push_back(expected_at_risk(curve, chart.x.ticks));
            for (const std::string& cell : chart.rows.back().cells) {
                remarks.before = remarks.before || cell.ends_with(double_dagger);
                remarks.beyond = remarks.beyond || cell.ends_with(dagger);
            }
        }
        chart.lines.push_back(std::move(line));
    }
    if (!remarks.with_n) chart.rows.clear();
    explain_strokes(chart);
    figure.caption = curves_caption(curves, input);
    figure.caption.insert(figure.caption.begin(), how_to_read(remarks, options.interval));
    figure.chart = std::move(chart);
    return figure;
}

}  // namespace hersurv::report
