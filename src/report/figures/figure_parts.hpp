// What the builders of figures share.
#pragma once

#include "report/figures.hpp"
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace hersurv::report {

// A curve that a figure draws.
struct DrawnCurve {
    const AnalysisFit* fit = nullptr;
    const fit::FittedModel* model = nullptr;
    std::size_t arm = 0;
    std::string name;  // as much as tells it from the others of its panel: trial, endpoint, analysis, arm, model
    std::size_t style = 0;
    bool first_of_arm = true;  // false for further models of the same arm
    std::string arm_name{};    // the regimen, else the name
};

// The curves that share a pair of axes.
struct CurvePanel {
    std::string title;
    std::vector<DrawnCurve> curves;
    bool by_model = false;  // several models of one arm
};

// The curves of the input in the panels that are asked for; several models of several arms have a panel for each arm.
// Throws NotFoundError if there is none, with the reasons, and UsageError if there are more than a panel can hold.
[[nodiscard]] std::vector<CurvePanel> curve_panels(const ComparisonInput& input, const FigureOptions& options);
[[nodiscard]] std::vector<DrawnCurve> curves_of(const std::vector<CurvePanel>& panels);

// "T-DXd": the regimen of an arm, else its name; its name if another arm of the trial has the same regimen.
[[nodiscard]] std::string arm_name(const catalogue::Trial& trial, const std::string& arm);
[[nodiscard]] std::string arm_name(const AnalysisFit& fit, const std::string& arm);
// "P+T+D: pertuzumab + trastuzumab + docetaxel", for the arms whose regimen is an abbreviation of their name.
[[nodiscard]] std::string abbreviations(const std::vector<const AnalysisFit*>& fits);
[[nodiscard]] std::vector<const AnalysisFit*> fits_of(const std::vector<DrawnCurve>& curves);

// The population of an analysis unless it is all patients by intention to treat.
[[nodiscard]] std::string special_population(const catalogue::Analysis& analysis);

// "CLEOPATRA: overall survival", or the trials that are overlaid.
[[nodiscard]] std::string curves_title(const std::vector<CurvePanel>& panels);
// "Overall survival (%)".
[[nodiscard]] std::string survival_title(const std::vector<DrawnCurve>& curves);

// From 0 to the horizon, else to the end of the longest supported range, or the last of the times that is after it.
[[nodiscard]] Axis time_axis(const std::vector<DrawnCurve>& curves, const FigureOptions& options);
// Where a curve ends on this axis: a tenth after what supports it, unless it goes on.
[[nodiscard]] double end_of_curve(const DrawnCurve& curve, const Axis& time, const FigureOptions& options);
// Evenly spaced, 0 and `end` among them: whole months, or a month cut in halves until there are 100 of them.
[[nodiscard]] std::vector<double> drawn_times(double end_months);

// The line of a curve without its vertices: name, style, and the range that published estimates support.
[[nodiscard]] Line empty_line(const DrawnCurve& curve);
// The meaning of the strokes with which the lines of the chart are drawn.
void explain_strokes(CurvesChart& chart);
// The chart of the only panel, or all panels.
void set_charts(Figure& figure, const std::vector<CurvePanel>& panels, std::vector<CurvesChart> charts);

// Model, population, source and data cut of each analysis, what must be known of its arms, and which trials of the
// selection have no curve.
[[nodiscard]] std::vector<std::string> curves_caption(const std::vector<DrawnCurve>& curves,
                                                      const ComparisonInput& input);

// Round numbers from `from` to `to`, at most `most` of them.
[[nodiscard]] std::vector<Tick> linear_ticks(double from, double to, int most);
// Round numbers from `from` to `to`, at most some in each decade.
[[nodiscard]] std::vector<Tick> logarithmic_ticks(double from, double to);

// What a curve's arm prints: the median and the milestones with their limits, as cells ("57.1 (50-72)").
struct PublishedMark {
    bool median = false;
    double time_months = 0, survival = 0;  // where it is
    bool reached = true;                   // false: of a median there are only limits
    std::optional<Span> limits;            // of the time (median) or of the survival (milestone)
    std::string text;                      // "median 57.1 (50-72)"
    const catalogue::Provenance* from = nullptr;
};
[[nodiscard]] std::vector<PublishedMark> published_marks(const DrawnCurve& curve);

// The machine columns of a comparison table by their keys.
class TableReader {
  public:
    explicit TableReader(const Table& table) : table_(table) {}
    [[nodiscard]] const Cell& at(std::size_t row, std::string_view key) const;
    [[nodiscard]] std::string text(std::size_t row, std::string_view key) const;  // "" if there is none
    [[nodiscard]] const Number& number(std::size_t row, std::string_view key) const;
    // The limits of a row out of its columns `lower` and `upper`: absent if neither is there, infinite where one is
    // not reached or not estimable.
    [[nodiscard]] std::optional<Span> limits(std::size_t row, double below, double above) const;

  private:
    const Table& table_;
};

// Rows of a comparison table by class of drug (class_rank), within a class as they were.
class ClassGroups {
  public:
    ClassGroups(const TableReader& table, std::vector<std::size_t> rows);
    [[nodiscard]] const std::vector<std::size_t>& rows() const { return rows_; }
    [[nodiscard]] bool begins(std::size_t row) const;  // whether a group begins with this row
    [[nodiscard]] IntervalRow heading(std::size_t row) const;
    [[nodiscard]] std::size_t style(std::size_t row) const;  // of its group

  private:
    const TableReader& table_;
    std::vector<std::size_t> rows_;
    std::vector<std::string> classes_;
};

// Without limits if neither is reported.
[[nodiscard]] Interval interval_of(const Number& value, const Number& lower, const Number& upper);
// A round number at or above `longest` where an axis can end; 1 if there is nothing to show.
[[nodiscard]] double axis_end(double longest);
// Throws NotFoundError if a figure would have no row.
void require_rows(std::size_t n_rows, const std::string& of_what);

}  // namespace hersurv::report
