// A finished figure, before any format: curves on two axes, or intervals in rows. The only thing that the formats of
// figures see.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hersurv::render {

struct Tick {
    double at = 0;
    std::string label;
};

struct Axis {
    std::string title;  // with its unit
    double from = 0, to = 1;
    bool logarithmic = false;
    std::vector<Tick> ticks;

    // 0 at `from`, 1 at `to`; outside of them for a value that is.
    [[nodiscard]] double place(double value) const;
    [[nodiscard]] double value_at(double place) const;
};

// +-infinity if a limit is not reached or lies beyond everything: drawn as an arrow, as is a limit beyond the axis.
struct Span {
    double lower = 0, upper = 0;
};

// What is reconstructed: a curve with its band.
struct Vertex {
    double x = 0, y = 0;
    std::optional<Span> band;
};
// On the straight line between two vertices, a.x < x <= b.x.
[[nodiscard]] Vertex between(const Vertex& a, const Vertex& b, double x);

struct Line {
    std::string name;  // in the key and beside the line
    std::string note;  // behind the name in the key
    std::size_t style = 0;
    std::vector<Vertex> vertices;
    double supported_from = 0, supported_to = 0;  // dotted before, dashed beyond
};

// What the stroke of a line means, for the key; empty if no line of the chart is drawn so.
struct StrokeMeanings {
    std::string solid, dotted, dashed, thin;
};
enum class Stroke { solid, dotted, dashed, thin };

// A curve of its own, drawn thin over the others for comparison: points from left to right.
struct ThinLine {
    std::vector<double> x, y;
};

// A stretch of a line that is drawn with one stroke; neighbours share the vertex where they meet.
struct Stretch {
    Stroke stroke = Stroke::solid;
    std::vector<Vertex> vertices;
};
// At most three, from left to right.
[[nodiscard]] std::vector<Stretch> stretches(const Line& line);

// What is published: a point with its interval along x or y.
struct Mark {
    std::size_t style = 0;
    bool point = true;  // false: only its limits are published (a median that is not reached)
    double x = 0, y = 0;
    std::optional<Span> x_limits, y_limits;
    std::string text;  // what it says, for a pointer that rests on it and for screen readers
};

// A line from a point of a curve down to the x axis.
struct Drop {
    std::size_t style = 0;
    double x = 0, y = 0;
};

// Numbers below the ticks of the x axis.
struct TickRow {
    std::string name;
    std::size_t style = 0;
    std::vector<std::string> cells;  // one a tick
};

struct CurvesChart {
    std::string title;  // of one panel of several
    Axis x, y;
    std::vector<Line> lines;
    std::vector<ThinLine> thin_lines{};
    StrokeMeanings strokes;
    std::vector<Mark> marks;
    std::vector<Drop> drops;
    std::optional<double> guide;  // a thin horizontal line
    std::string rows_title;
    std::vector<TickRow> rows;
};

// Several charts of curves side by side, with the same axes.
struct PanelsChart {
    std::vector<CurvesChart> panels;
    bool shared_key = false;  // lines of one style have one name in all panels, and are explained once
};

// One row of intervals; a row without value and columns is the heading of a group.
struct IntervalRow {
    std::string label;
    bool heading = false;
    std::size_t style = 0;
    std::optional<double> value;
    std::optional<Span> limits;
    std::vector<std::string> columns{};       // to the right of the axis
    std::vector<std::string> left_columns{};  // between the label and the axis
    std::optional<double> weight{};           // 0 to 1: a square of this share of the largest area, no symbol
};

struct RowsChart {
    Axis x;
    std::string label_head;
    std::vector<std::string> column_heads, left_heads;
    std::vector<IntervalRow> rows;
    std::optional<double> guide;  // a thin vertical line
    std::string left_of_guide, right_of_guide;
    double least_axis_share = 0.25;  // of the width of the figure
};

// How much of the caption is below a figure; the rest goes into its description.
enum class CaptionLength { none, short_line, full };

struct Figure {
    std::string title;
    std::string description;  // what is to be seen, for who does not see it
    std::variant<CurvesChart, RowsChart, PanelsChart> chart;
    std::vector<std::string> short_caption;  // what is needed to read the figure: lines below it
    std::vector<std::string> caption;        // everything else: paragraphs below
    CaptionLength caption_length = CaptionLength::short_line;
    // On paper, of vector and pixel formats: as journals print figures, 7 by 5 inches. Without a height the figure is
    // as high as that, or as its content needs. Type has its size whatever the size of the figure.
    double width_cm = 17.78;
    std::optional<double> height_cm;
    double type_points = 9;
    double dots_per_inch = 300;  // of pixel formats

    [[nodiscard]] std::vector<std::string> shown_caption() const;
    // The description, and of the caption what is not shown.
    [[nodiscard]] std::string full_description() const;
};
inline constexpr double least_type_points = 6;

struct FigureRenderOptions {
    int width = 80;          // text: columns of the terminal
    bool color = false;      // text: ANSI styles
    bool continued = false;  // text: a further figure of the same stream, a blank line before it
};

struct FigureFormat {
    std::string_view name;  // as files of it end
    bool binary;            // no terminal can show it
    std::string (*render)(const Figure&, const FigureRenderOptions&);
};

[[nodiscard]] std::span<const FigureFormat> figure_formats();
// nullptr if there is none.
[[nodiscard]] const FigureFormat* find_figure_format(std::string_view name);

}  // namespace hersurv::render
