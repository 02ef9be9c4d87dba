// `plot TRIAL...`: survival curves with their band, the published numbers drawn onto them, and the expected numbers at
// risk.
#include "hersurv/error.hpp"

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

// n S(t) G(t) at the ticks, G the share of the patients who are still followed; "" if n is not published, and after the
// end of the curve.
TickRow expected_at_risk(const DrawnCurve& curve, const std::vector<Tick>& ticks, double end_months) {
    TickRow row{curve.name, curve.style, {}};
    const auto& model = *curve.model;
    const auto& evidence = *model.evidence;
    const double follow_up = evidence.follow_up_or_guess(curve.arm),
                 gamma = evidence.constants->endpoint(evidence.endpoint).censoring_gamma;
    const int n_patients = evidence.arms[curve.arm].n_patients.value_or(0);
    for (const Tick& tick : ticks) {
        row.cells.emplace_back();
        if (n_patients <= 0 || tick.at > end_months) continue;
        const double survival = std::exp(-model.curves->cumulative_hazard(curve.arm, tick.at, model.free_parameters));
        const double expected = n_patients * survival::still_followed(tick.at, follow_up, gamma) * survival;
        row.cells.back() = support::fixed(expected, 0);
        const auto estimate = fit::survival_at(model, curve.arm, tick.at, {});
        if (estimate.extrapolated) row.cells.back() += dagger;
        if (estimate.borrowed && !estimate.extrapolated) row.cells.back() += double_dagger;
    }
    return row;
}

// "HR v T+D 0.69 (0.58-0.82)" of an arm that is compared with another; "" if none is published.
std::string printed_hazard_ratio(const DrawnCurve& curve) {
    const auto* contrast = contrast_of(*curve.fit->analysis, curve.fit->evidence->arms[curve.arm].id);
    const auto printed = contrast == nullptr ? std::nullopt : first_print(contrast->hazard_ratio);
    if (!printed) return "";
    return "HR v " + arm_name(*curve.fit, contrast->control) + " " + cell_text(interval_cell(*printed), {});
}

// Where the median is dropped from: as published, else, if nothing is published about it, where the curve has it within
// its support.
std::optional<double> median_of(const DrawnCurve& curve, const std::vector<PublishedMark>& marks) {
    for (const PublishedMark& mark : marks)
        if (mark.median) return mark.reached ? std::optional(mark.time_months) : std::nullopt;
    const fit::Estimate own = fit::median(*curve.model, curve.arm, {});
    return std::isfinite(own.value) && !own.extrapolated ? std::optional(own.value) : std::nullopt;
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

// "n = 402, median 57.1 (50-72), HR v T+D 0.69 (0.58-0.82)".
std::string note_of(const DrawnCurve& curve, const std::vector<PublishedMark>& marks) {
    std::vector<std::string> notes;
    if (const auto& n = curve.fit->evidence->arms[curve.arm].n_patients) notes.push_back(fmt::format("n = {}", *n));
    for (const PublishedMark& mark : marks)
        if (mark.median) notes.push_back(mark.text);
    if (const std::string ratio = printed_hazard_ratio(curve); !ratio.empty()) notes.push_back(ratio);
    return support::joined(notes);
}

// "57.1 (50-72)", for the head of a small panel.
std::string median_note(const std::vector<PublishedMark>& marks) {
    constexpr std::string_view word = "median ";
    for (const PublishedMark& mark : marks)
        if (mark.median) return mark.text.substr(word.size());
    return "";
}

// " NAME, NOTE: S(12) 89%, ...", as far as the curve is drawn.
std::string description_of(const DrawnCurve& curve, const std::string& note, const Axis& x, double end_months) {
    std::string text = fmt::format(" {}{}{}:", curve.name, note.empty() ? "" : ", ", note);
    for (const Tick& tick : x.ticks) {
        if (tick.at > end_months) break;
        const auto survival = fit::survival_at(*curve.model, curve.arm, tick.at, {});
        const bool supported = !survival.borrowed && !survival.extrapolated;
        text += fmt::format(" S({}) {}%{},", tick.label, support::fixed(100 * survival.value, 0),
                            supported ? "" : " (" + std::string(support_word(survival)) + ")");
    }
    text.back() = '.';
    return text;
}

// The steps of a published curve up to the end of the axis.
ThinLine thin_line(const OverlayCurve& curve, const Axis& x) {
    ThinLine line{{x.from}, {1}};
    for (std::size_t i = 0; i < curve.times_months.size() && curve.times_months[i] <= x.to; ++i) {
        for (const double y : {line.y.back(), curve.survival[i]}) {
            line.x.push_back(curve.times_months[i]);
            line.y.push_back(y);
        }
    }
    return line;
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

// What a reader of the figure has to know, in a line.
std::string how_to_read(const Remarks& remarks, const Intervals& intervals, bool several_models) {
    std::string text = "Symbols: published estimates (bars: published CI). Lines: reconstructed curves";
    text += several_models ? ", without their intervals." : ", shaded: " + interval_name(intervals) + ".";
    if (!several_models && !remarks.replaced.empty())
        text +=
            fmt::format(" {}: {} instead, as the number of patients is not published.",
                        support::joined(remarks.replaced), interval_name(fit::Band::reconstruction, intervals.level));
    return text;
}

// What else is to be known about intervals and numbers at risk.
std::string details(const Remarks& remarks, const Intervals& intervals) {
    std::string text = "Shaded: " + interval_footnote(intervals, remarks.supposition);
    if (!remarks.replaced.empty()) text += " A reconstruction band has no sampling error and is not a CI.";
    if (remarks.without_band) text += " No interval if the number of patients is not published.";
    if (remarks.with_n) {
        text += " Numbers at risk are expected under the curve and the follow-up, not published";
        text += remarks.guessed_follow_up ? "; if no follow-up is published, the last published time is taken instead."
                                          : ".";
    }
    if (remarks.without_n) text += " No number at risk without the number of patients.";
    return text;
}

std::string rows_title(const Remarks& remarks) {
    const std::string before = fmt::format("{} borrowed from similar trials", double_dagger),
                      beyond = fmt::format("{} extrapolated", dagger);
    std::string title = "Estimated number at risk";
    if (remarks.before) title += "; " + before;
    if (remarks.beyond) title += "; " + beyond;
    return title;
}

class SurvivalChart {
  public:
    SurvivalChart(const FigureOptions& options, const Axis& time, bool several_panels, Remarks& remarks,
                  std::string& description)
        : options_(options),
          time_(time),
          several_panels_(several_panels),
          remarks_(remarks),
          description_(description) {}

    CurvesChart run(const CurvePanel& panel) {
        chart_.x = time_;
        panel_title_ = panel.title;
        chart_.guide = 0.5;
        for (const int percent : {0, 25, 50, 75, 100})
            chart_.y.ticks.push_back({percent / 100.0, std::to_string(percent)});
        for (const DrawnCurve& curve : panel.curves) add(curve, panel.by_model);
        if (!remarks_.with_n) chart_.rows.clear();
        chart_.rows_title = rows_title(remarks_);
        explain_strokes(chart_);
        for (const OverlayCurve& curve : options_.overlays) chart_.thin_lines.push_back(thin_line(curve, chart_.x));
        if (!options_.overlays.empty()) chart_.strokes.thin = "published Kaplan-Meier curve, digitised";
        return std::move(chart_);
    }

  private:
    void add(const DrawnCurve& curve, bool by_model) {
        const auto marks = published_marks(curve);
        const fit::IntervalOptions interval = options_for(options_.interval, *curve.model, curve.arm);
        const double end = end_of_curve(curve, chart_.x, options_);
        Line line = line_of(curve, drawn_times(end), interval);
        const std::string note = note_of(curve, marks);
        if (!by_model) line.note = several_panels_ ? median_note(marks) : note;
        add_remarks(remarks_, curve, line);
        // The intervals of several models would hide one another.
        if (by_model)
            for (Vertex& vertex : line.vertices) vertex.band.reset();
        if (interval.band != options_.interval.band)
            remarks_.replaced.push_back((several_panels_ ? panel_title_ + " " : "") + curve.name);
        description_ += description_of(curve, note, chart_.x, end);
        for (const PublishedMark& mark : marks) {
            const bool shown = !mark.median || mark.reached || mark.limits;
            if (curve.first_of_arm && shown && mark.time_months <= chart_.x.to)
                chart_.marks.push_back(mark_of(curve, mark));
        }
        if (const auto median = median_of(curve, marks); !by_model && median && *median <= end)
            chart_.drops.push_back({curve.style, *median, 0.5});
        if (curve.first_of_arm) {
            chart_.rows.push_back(expected_at_risk(curve, chart_.x.ticks, end));
            if (by_model) chart_.rows.back().name = curve.arm_name;
            for (const std::string& cell : chart_.rows.back().cells) {
                remarks_.before = remarks_.before || cell.ends_with(double_dagger);
                remarks_.beyond = remarks_.beyond || cell.ends_with(dagger);
            }
        }
        chart_.lines.push_back(std::move(line));
    }

    const FigureOptions& options_;
    const Axis& time_;
    bool several_panels_;
    std::string panel_title_{};
    Remarks& remarks_;
    std::string& description_;
    CurvesChart chart_;
};

}  // namespace

Figure survival_figure(const ComparisonInput& input, const FigureOptions& options) {
    const std::vector<CurvePanel> panels = curve_panels(input, options);
    if (!options.overlays.empty() && panels.size() > 1)
        throw support::UsageError("a published curve can be drawn over one panel only; name one trial and endpoint");
    const std::vector<DrawnCurve> curves = curves_of(panels);
    Figure figure;
    figure.title = curves_title(panels);
    figure.description = "Reconstructed survival over time in months.";
    const Axis time = time_axis(curves, options);
    Remarks remarks;
    std::vector<CurvesChart> charts;
    for (const CurvePanel& panel : panels) {
        if (!panel.title.empty()) figure.description += " " + panel.title + ":";
        charts.push_back(SurvivalChart(options, time, panels.size() > 1, remarks, figure.description).run(panel));
        charts.back().y.title = survival_title(curves);
    }
    set_charts(figure, panels, std::move(charts));
    figure.short_caption = {how_to_read(remarks, options.interval, panels.front().by_model)};
    if (panels.size() > 1 && !panels.front().by_model)
        figure.short_caption.front() += " Beside the arms: published median (CI), months.";
    if (const std::string meanings = abbreviations(fits_of(curves)); !meanings.empty())
        (fits_of(curves).size() == 1 ? figure.short_caption : figure.caption).push_back(meanings);
    figure.caption.push_back(details(remarks, options.interval));
    for (std::string& paragraph : curves_caption(curves, input)) figure.caption.push_back(std::move(paragraph));
    return figure;
}

}  // namespace hersurv::report
