// What SVG figures are drawn with: texts, lines and marks, in points.
#pragma once

#include "render/figure_style.hpp"
#include "render/svg_text.hpp"
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::render::svg {

inline constexpr double ascent = 0.8;  // of the size of the letters, above the line that they are on
inline constexpr double middle_of_letters = 0.35;
inline constexpr std::string_view ink = "#222222", faint = "#999999";

// Sizes in points, all in proportion to the type.
struct Scale {
    explicit Scale(double type_points)
        : small(type_points),
          large(1.2 * type_points),
          small_line(1.25 * type_points),
          large_line(1.55 * type_points),
          unit(type_points / 9),
          margin(0.9 * type_points),
          mark_radius(0.36 * type_points),
          cap(0.27 * type_points) {}
    double small, large;            // sizes of letters
    double small_line, large_line;  // from one line of text to the next
    double unit;                    // a thin line
    double margin;
    double mark_radius, cap;  // half the breadth of a symbol and of the end of an interval
};

[[nodiscard]] std::string number(double value);

struct Point {
    double x = 0, y = 0;
};

struct Box {
    double left = 0, top = 0, right = 0, bottom = 0;
    [[nodiscard]] bool meets(const Box& other) const {
        return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
    [[nodiscard]] bool crossed_by(Point a, Point b) const;  // a line from a to b
    [[nodiscard]] Box grown(double by) const { return {left - by, top - by, right + by, bottom + by}; }
};

enum class Anchor { start, middle, end };

struct TextStyle {
    Anchor anchor = Anchor::start;
    bool bold = false;
    std::string_view color = ink;
    double size = 0;  // 0: small
};

// A piece of a line of text.
struct Run {
    std::string_view content;
    bool bold = false;
};

struct Ink {
    std::string_view color = ink;
    double width = 1;  // thin lines
    std::string_view dashes{};
    double opacity = 1;
};

// The width of a text in the font that a format draws with, for a size of 1. Texts are then fitted to the width that
// they were laid out with.
using MeasureText = std::function<double(std::string_view shown, bool bold)>;

class Drawing {
  public:
    Drawing(const Scale& scale, const MeasureText& measure) : scale_(scale), measure_(measure) {}

    void text(double x, double y, std::string_view content, const TextStyle& style = {}) {
        runs(x, y, {{content, style.bold}}, style);
    }
    // Pieces that follow one another as one line of text, in any font.
    void runs(double x, double y, const std::vector<Run>& pieces, const TextStyle& style = {});
    void turned_text(double x, double y, std::string_view content);

    void line(Point from, Point to, const Ink& pen = {});
    void path(const std::vector<Point>& points, const Ink& pen);
    void area(const std::vector<Point>& points, std::string_view color, double opacity);
    // `parted`: by a white line from what it is on.
    void symbol(Point at, const FigureStyle& style, bool parted = true);
    void square(Point at, double half_side, std::string_view color);
    // An interval from `from` to `to`, an arrow instead of an end if it goes on.
    void interval(Point from, Point to, bool on_before, bool on_after, const Ink& pen);
    void arrow(Point from, Point to, const Ink& pen);

    void open_group(std::string_view title);
    void close_group() { body_ += "</g>\n"; }

    [[nodiscard]] const std::string& body() const { return body_; }

  private:
    [[nodiscard]] std::string stroke(const Ink& pen) const;
    void end(Point at, Point other, bool goes_on, const Ink& pen);

    const Scale& scale_;
    const MeasureText& measure_;
    std::string body_;
};

}  // namespace hersurv::render::svg
