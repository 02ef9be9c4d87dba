// Texts, lines and marks as SVG.
#include "render/figure_formats/svg_drawing.hpp"

#include "render/characters.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::render::svg {
namespace {

std::string track(const std::vector<Point>& points) {
    std::string text;
    for (const Point& point : points) text += (text.empty() ? "M" : "L") + number(point.x) + " " + number(point.y);
    return text;
}

// Whether all points between these two are this near to the straight line between them.
bool is_straight(const std::vector<Point>& points, std::size_t from, std::size_t to, double tolerance) {
    const Point &a = points[from], &b = points[to];
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    if (length == 0) return false;
    for (std::size_t k = from + 1; k < to; ++k)
        if (std::abs((b.x - a.x) * (points[k].y - a.y) - (b.y - a.y) * (points[k].x - a.x)) > tolerance * length)
            return false;
    return true;
}

// Without the points that nobody would miss: curves are sampled evenly, and are straight in most places.
std::vector<Point> simplified(const std::vector<Point>& points) {
    constexpr double tolerance = 0.04;
    std::vector<Point> kept;
    for (std::size_t from = 0; from < points.size();) {
        kept.push_back(points[from]);
        std::size_t to = from + 1;
        while (to + 1 < points.size() && is_straight(points, from, to + 1, tolerance)) ++to;
        from = to;
    }
    return kept;
}

// "5 4", twice as long: "10 8".
std::string scaled(std::string_view dashes, double factor) {
    const std::size_t blank = dashes.find(' ');
    const auto length = [&](std::string_view text) { return number(factor * support::parse_number(text).value_or(1)); };
    return length(dashes.substr(0, blank)) + " " + length(dashes.substr(blank + 1));
}

}  // namespace

std::string number(double value) { return support::shortest(std::round(value * 100) / 100 + 0.0); }

// Liang & Barsky 1984 (ACM Trans Graph 3:1): the part of the line inside of all four sides.
bool Box::crossed_by(Point a, Point b) const {
    double from = 0, to = 1;
    const auto clip = [&](double along, double room) {
        if (along == 0) return room >= 0;
        const double share = room / along;
        if (along < 0)
            from = std::max(from, share);
        else
            to = std::min(to, share);
        return from <= to;
    };
    return clip(a.x - b.x, a.x - left) && clip(b.x - a.x, right - a.x) && clip(a.y - b.y, a.y - top) &&
           clip(b.y - a.y, bottom - a.y);
}

void Drawing::runs(double x, double y, const std::vector<Run>& pieces, const TextStyle& style) {
    // Short texts are where they belong by their anchor; longer ones are held to the width of their layout.
    constexpr std::size_t longest_free = 6;
    const double size = style.size > 0 ? style.size : scale_.small;
    double laid_out = 0, drawn = 0;
    std::size_t length = 0;
    for (const Run& run : pieces) {
        laid_out += text_width(run.content, size, run.bold);
        if (measure_) drawn += size * measure_(with_visible_controls(run.content), run.bold);
        length += run.content.size();
    }
    if (drawn > 0)
        body_ += "<text transform=\"translate(" + number(x) + " " + number(y) + ") scale(" +
                 support::shortest(std::round(1e4 * laid_out / drawn) / 1e4) + " 1)\"";
    else
        body_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\"";
    if (size != scale_.small) body_ += " font-size=\"" + number(size) + "\"";
    if (style.anchor != Anchor::start)
        body_ += style.anchor == Anchor::middle ? " text-anchor=\"middle\"" : " text-anchor=\"end\"";
    if (pieces.size() == 1 && pieces.front().bold) body_ += " font-weight=\"bold\"";
    if (style.color != ink) body_ += " fill=\"" + std::string(style.color) + "\"";
    if (!measure_ && length > longest_free)
        body_ += " textLength=\"" + number(laid_out) + "\" lengthAdjust=\"spacingAndGlyphs\"";
    body_ += ">";
    for (const Run& run : pieces)
        body_ += pieces.size() > 1 && run.bold ? "<tspan font-weight=\"bold\">" + xml_escaped(run.content) + "</tspan>"
                                               : xml_escaped(run.content);
    body_ += "</text>\n";
}

void Drawing::turned_text(double x, double y, std::string_view content) {
    std::string turn = "rotate(-90 " + number(x) + " " + number(y) + ")\" x=\"" + number(x) + "\" y=\"" + number(y);
    std::string length =
        " textLength=\"" + number(text_width(content, scale_.small)) + "\" lengthAdjust=\"spacingAndGlyphs\"";
    if (measure_) {
        const double drawn = measure_(with_visible_controls(content), false);
        const double share = drawn > 0 ? text_width(content, 1) / drawn : 1;
        turn = "translate(" + number(x) + " " + number(y) + ") rotate(-90) scale(" +
               support::shortest(std::round(1e4 * share) / 1e4) + " 1)";
        length.clear();
    }
    body_ +=
        "<text transform=\"" + turn + "\" text-anchor=\"middle\"" + length + ">" + xml_escaped(content) + "</text>\n";
}

void Drawing::line(Point from, Point to, const Ink& pen) {
    body_ += "<line x1=\"" + number(from.x) + "\" y1=\"" + number(from.y) + "\" x2=\"" + number(to.x) + "\" y2=\"" +
             number(to.y) + "\"" + stroke(pen) + "/>\n";
}

void Drawing::path(const std::vector<Point>& points, const Ink& pen) {
    if (points.size() < 2) return;
    body_ +=
        "<path fill=\"none\"" + stroke(pen) + " stroke-linejoin=\"round\" d=\"" + track(simplified(points)) + "\"/>\n";
}

void Drawing::area(const std::vector<Point>& points, std::string_view color, double opacity) {
    if (points.size() < 3) return;
    body_ += "<path fill=\"" + std::string(color) + "\" fill-opacity=\"" + number(opacity) + "\" d=\"" +
             track(simplified(points)) + "Z\"/>\n";
}

void Drawing::symbol(Point at, const FigureStyle& style, bool parted) {
    const double r = scale_.mark_radius, more = 0.3 * r;
    const std::string color(style.color);
    const std::string paint =
        style.filled
            ? " fill=\"" + color + "\"" +
                  (parted ? " stroke=\"#FFFFFF\" stroke-width=\"" + number(scale_.unit) + "\"" : "") + "/>\n"
            : " fill=\"#FFFFFF\" stroke-width=\"" + number(1.5 * scale_.unit) + "\" stroke=\"" + color + "\"/>\n";
    const auto corners = [&](const std::vector<Point>& points) {
        body_ += "<path d=\"" + track(points) + "Z\"" + paint;
    };
    switch (style.shape) {
        case Shape::circle:
            body_ += "<circle cx=\"" + number(at.x) + "\" cy=\"" + number(at.y) + "\" r=\"" + number(r) + "\"" + paint;
            break;
        case Shape::square:
            corners({{at.x - r, at.y - r}, {at.x + r, at.y - r}, {at.x + r, at.y + r}, {at.x - r, at.y + r}});
            break;
        case Shape::triangle:
            corners({{at.x, at.y - r - more}, {at.x + r + more, at.y + r}, {at.x - r - more, at.y + r}});
            break;
        case Shape::diamond:
            corners(
                {{at.x, at.y - r - more}, {at.x + r + more, at.y}, {at.x, at.y + r + more}, {at.x - r - more, at.y}});
            break;
        case Shape::inverted_triangle:
            corners({{at.x, at.y + r + more}, {at.x + r + more, at.y - r}, {at.x - r - more, at.y - r}});
            break;
    }
}

void Drawing::square(Point at, double half_side, std::string_view color) {
    const double r = half_side;
    body_ += "<path d=\"" +
             track({{at.x - r, at.y - r}, {at.x + r, at.y - r}, {at.x + r, at.y + r}, {at.x - r, at.y + r}}) +
             "Z\" fill=\"" + std::string(color) + "\"/>\n";
}

void Drawing::interval(Point from, Point to, bool on_before, bool on_after, const Ink& pen) {
    line(from, to, pen);
    end(from, to, on_before, pen);
    end(to, from, on_after, pen);
}

void Drawing::arrow(Point from, Point to, const Ink& pen) {
    line(from, to, pen);
    end(to, from, true, pen);
}

void Drawing::open_group(std::string_view title) { body_ += "<g>\n<title>" + xml_escaped(title) + "</title>\n"; }

std::string Drawing::stroke(const Ink& pen) const {
    std::string text = " stroke=\"" + std::string(pen.color) + "\"";
    const std::string width = number(pen.width * scale_.unit);
    if (width != "1") text += " stroke-width=\"" + width + "\"";
    if (!pen.dashes.empty()) text += " stroke-dasharray=\"" + scaled(pen.dashes, scale_.unit) + "\"";
    if (pen.opacity != 1) text += " stroke-opacity=\"" + number(pen.opacity) + "\"";
    return text;
}

void Drawing::end(Point at, Point other, bool goes_on, const Ink& pen) {
    const double length = std::hypot(at.x - other.x, at.y - other.y);
    if (length == 0) return;
    const double cap = scale_.cap;
    const Point along{(at.x - other.x) / length, (at.y - other.y) / length}, across{-along.y, along.x};
    const Point left{at.x + cap * across.x, at.y + cap * across.y}, right{at.x - cap * across.x, at.y - cap * across.y};
    if (!goes_on) return line(left, right, pen);
    const double back = 2 * cap;
    path({{left.x - back * along.x, left.y - back * along.y}, at, {right.x - back * along.x, right.y - back * along.y}},
         pen);
}

}  // namespace hersurv::render::svg
