// What SVG figures are drawn with: texts, lines and marks, and the sheet with its title and caption.
#pragma once

#include "render/characters.hpp"
#include "render/figure.hpp"
#include "render/figure_style.hpp"
#include "render/svg_text.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::render::svg {

inline constexpr double sheet_width = 440, margin = 8;
inline constexpr double small = 11, large = 13;  // sizes of letters
inline constexpr double small_line = 14, large_line = 17;
inline constexpr double ascent = 0.8;              // of the size of the letters, above the line that they stand on
inline constexpr double mark_radius = 4, cap = 3;  // half the breadth of a symbol and of the end of an interval
inline constexpr std::string_view ink = "#222222", faint = "#999999";

inline std::string number(double value) { return support::shortest(std::round(value * 100) / 100 + 0.0); }

struct Point {
    double x = 0, y = 0;
};

struct Box {
    double left = 0, top = 0, right = 0, bottom = 0;
    [[nodiscard]] bool meets(const Box& other) const {
        return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
    [[nodiscard]] bool holds(const Point& point) const {
        return point.x > left && point.x < right && point.y > top && point.y < bottom;
    }
};

enum class Anchor { start, middle, end };

struct Ink {
    std::string_view color = ink;
    double width = 1;
    std::string_view dashes{};
    double opacity = 1;
};

class Drawing {
  public:
    void text(double x, double y, std::string_view content, double size, Anchor anchor = Anchor::start,
              bool bold = false, std::string_view color = ink) {
        body_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\"";
        if (size != small) body_ += " font-size=\"" + number(size) + "\"";
        if (anchor != Anchor::start)
            body_ += anchor == Anchor::middle ? " text-anchor=\"middle\"" : " text-anchor=\"end\"";
        if (bold) body_ += " font-weight=\"bold\"";
        if (color != ink) body_ += " fill=\"" + std::string(color) + "\"";
        body_ += ">" + xml_escaped(content) + "</text>\n";
    }

    void turned_text(double x, double y, std::string_view content) {
        body_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" transform=\"rotate(-90 " + number(x) + " " +
                 number(y) + ")\" text-anchor=\"middle\">" + xml_escaped(content) + "</text>\n";
    }

    void line(Point from, Point to, const Ink& pen = {}) {
        body_ += "<line x1=\"" + number(from.x) + "\" y1=\"" + number(from.y) + "\" x2=\"" + number(to.x) + "\" y2=\"" +
                 number(to.y) + "\"" + stroke(pen) + "/>\n";
    }

    void path(const std::vector<Point>& points, const Ink& pen) {
        if (points.size() < 2) return;
        body_ += "<path fill=\"none\"" + stroke(pen) + " stroke-linejoin=\"round\" d=\"" + track(points) + "\"/>\n";
    }

    void area(const std::vector<Point>& points, std::string_view color, double opacity) {
        if (points.size() < 3) return;
        body_ += "<path fill=\"" + std::string(color) + "\" fill-opacity=\"" + number(opacity) + "\" d=\"" +
                 track(points) + "Z\"/>\n";
    }

    // `parted`: by a white line from what it stands on.
    void symbol(Point at, const FigureStyle& style, bool parted = true) {
        const double r = mark_radius;
        const std::string color(style.color);
        const std::string paint = style.filled
                                      ? " fill=\"" + color + "\"" + (parted ? " stroke=\"#FFFFFF\"" : "") + "/>\n"
                                      : " fill=\"#FFFFFF\" stroke-width=\"1.6\" stroke=\"" + color + "\"/>\n";
        const auto corners = [&](const std::vector<Point>& points) {
            body_ += "<path d=\"" + track(points) + "Z\"" + paint;
        };
        switch (style.shape) {
            case Shape::circle:
                body_ +=
                    "<circle cx=\"" + number(at.x) + "\" cy=\"" + number(at.y) + "\" r=\"" + number(r) + "\"" + paint;
                break;
            case Shape::square:
                corners({{at.x - r, at.y - r}, {at.x + r, at.y - r}, {at.x + r, at.y + r}, {at.x - r, at.y + r}});
                break;
            case Shape::triangle:
                corners({{at.x, at.y - r - 1}, {at.x + r + 1, at.y + r}, {at.x - r - 1, at.y + r}});
                break;
            case Shape::diamond:
                corners({{at.x, at.y - r - 1}, {at.x + r + 1, at.y}, {at.x, at.y + r + 1}, {at.x - r - 1, at.y}});
                break;
            case Shape::inverted_triangle:
                corners({{at.x, at.y + r + 1}, {at.x + r + 1, at.y - r}, {at.x - r - 1, at.y - r}});
                break;
        }
    }

    // An interval from `from` to `to`, an arrow instead of an end where it goes on.
    void interval(Point from, Point to, bool on_before, bool on_after, const Ink& pen) {
        line(from, to, pen);
        end(from, to, on_before, pen);
        end(to, from, on_after, pen);
    }

    void open_group(std::string_view title) { body_ += "<g>\n<title>" + xml_escaped(title) + "</title>\n"; }
    void close_group() { body_ += "</g>\n"; }

    [[nodiscard]] const std::string& body() const { return body_; }

  private:
    static std::string stroke(const Ink& pen) {
        std::string text = " stroke=\"" + std::string(pen.color) + "\"";
        if (pen.width != 1) text += " stroke-width=\"" + number(pen.width) + "\"";
        if (!pen.dashes.empty()) text += " stroke-dasharray=\"" + std::string(pen.dashes) + "\"";
        if (pen.opacity != 1) text += " stroke-opacity=\"" + number(pen.opacity) + "\"";
        return text;
    }

    static std::string track(const std::vector<Point>& points) {
        std::string text;
        for (const Point& point : points) text += (text.empty() ? "M" : "L") + number(point.x) + " " + number(point.y);
        return text;
    }

    void end(Point at, Point other, bool goes_on, const Ink& pen) {
        const double length = std::hypot(at.x - other.x, at.y - other.y);
        if (length == 0) return;
        const Point along{(at.x - other.x) / length, (at.y - other.y) / length}, across{-along.y, along.x};
        const Point left{at.x + cap * across.x, at.y + cap * across.y},
            right{at.x - cap * across.x, at.y - cap * across.y};
        if (!goes_on) return line(left, right, pen);
        path({{left.x - 4 * along.x, left.y - 4 * along.y}, at, {right.x - 4 * along.x, right.y - 4 * along.y}}, pen);
    }

    std::string body_;
};

// What stands above and below every chart, and how high the sheet has become.
class Sheet {
  public:
    explicit Sheet(const Figure& figure) : figure_(figure) {
        paragraph(figure.title, large, large_line, true);
        y_ += 3;
    }

    [[nodiscard]] double y() const { return y_; }
    void go_to(double y) { y_ = y; }

    void paragraph(std::string_view content, double size, double height, bool bold) {
        for (const std::string& each : wrap_to_width(content, size, sheet_width - 2 * margin, bold)) {
            draw.text(margin, y_ + ascent * size + 1, each, size, Anchor::start, bold);
            y_ += height;
        }
    }

    std::string finished() {
        y_ += 4;
        for (const std::string& each : figure_.caption) paragraph(each, small, small_line, false);
        const double height = std::ceil(y_ + margin - 4);
        const double centimetres = figure_.width_cm / sheet_width;
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(figure_.width_cm) + "cm\" height=\"" +
               number(height * centimetres) + "cm\" viewBox=\"0 0 " + number(sheet_width) + " " + number(height) +
               "\" role=\"img\" font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\" "
               "font-size=\"" +
               number(small) + "\" fill=\"" + std::string(ink) + "\">\n<title>" + xml_escaped(figure_.title) +
               "</title>\n<desc>" + xml_escaped(figure_.description) + "</desc>\n<rect width=\"" + number(sheet_width) +
               "\" height=\"" + number(height) + "\" fill=\"#FFFFFF\"/>\n" + draw.body() + "</svg>\n";
    }

    Drawing draw;

  private:
    const Figure& figure_;
    double y_ = margin;
};

inline double widest(const std::vector<Tick>& ticks) {
    double width = 0;
    for (const Tick& tick : ticks) width = std::max(width, text_width(tick.label, small));
    return width;
}

}  // namespace hersurv::render::svg
