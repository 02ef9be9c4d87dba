// What was read, drawn over the picture.
#include "digitise/overlay.hpp"

#include <fmt/format.h>

#include "digitise/formats.hpp"
#include "digitise/vector/geometry.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <array>

namespace hersurv::digitise {
namespace {

// Colours that figures hardly use, so that the reading is told from the picture.
constexpr std::array<std::string_view, 6> reading_colours = {"#ff00c8", "#00b3ff", "#19d600",
                                                             "#ff7a00", "#8c00ff", "#e6c700"};

std::string number(double value) { return support::fixed(value, 2); }

std::string base64(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve(bytes.size() / 3 * 4 + 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned block = 0;
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t k = 0; k < 3; ++k)
            block = block << 8U | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k) text += k <= count ? digits[block >> (18 - 6 * k) & 63U] : '=';
    }
    return text;
}

std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '<')
            result += "&lt;";
        else if (c == '&')
            result += "&amp;";
        else if (static_cast<unsigned char>(c) >= 32)
            result += c;
    }
    return result;
}

std::string hex_of(const Colour& colour) {
    return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

std::string points_of(const std::vector<Point>& points) {
    std::string text;
    for (const Point& point : points) text += number(point.x) + "," + number(point.y) + " ";
    return text;
}

// The lines and texts of a page.
std::string drawn_again(const Drawing& drawing) {
    std::string svg;
    for (const Path& path : drawing.paths)
        svg += fmt::format("<{} points=\"{}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\" opacity=\"{}\"/>\n",
                           path.closed ? "polygon" : "polyline", points_of(path.points),
                           path.fill && path.closed ? hex_of(*path.fill) : "none",
                           path.stroke ? hex_of(*path.stroke) : "none", number(path.width), number(path.opacity));
    for (const Label& label : drawing.labels) {
        const Box& box = label.box;
        const double size = (label.turned ? box.right - box.left : box.bottom - box.top) / 0.72;
        const std::string turn =
            label.turned ? fmt::format(" transform=\"rotate(-90 {} {})\"", number(box.right), number(box.bottom)) : "";
        svg += fmt::format("<text x=\"{}\" y=\"{}\" font-family=\"sans-serif\" font-size=\"{}\"{}>{}</text>\n",
                           number(label.turned ? box.right : box.left), number(box.bottom), number(size), turn,
                           escaped(label.text));
    }
    return svg;
}

std::string picture_of(std::string_view bytes, const std::string& file, const Reading& reading, const Hints& hints) {
    const std::string kind = reading.format == "PNG"    ? "image/png"
                             : reading.format == "JPEG" ? "image/jpeg"
                             : reading.format == "SVG"  ? "image/svg+xml"
                                                        : "";
    if (kind.empty()) {
        const Drawing drawing = read_drawing(bytes, file, {hints.page.value_or(1)});
        if (!drawing.raster) return drawn_again(drawing);
        // A scanned page: its pixels, a rectangle for each run of one colour, would be as long as the page; only its
        // frame is drawn.
        return fmt::format("<rect width=\"{}\" height=\"{}\" fill=\"#eee\"/>\n", number(reading.width),
                           number(reading.height));
    }
    return fmt::format("<image width=\"{}\" height=\"{}\" href=\"data:{};base64,{}\"/>\n", number(reading.width),
                       number(reading.height), kind, base64(bytes));
}

std::string curve_of(const Arm& arm, const Panel& panel, bool failure, std::string_view colour, double unit) {
    const auto x = [&](double time) { return panel.time.origin + time * panel.time.per_unit; };
    const auto y = [&](double survival) {
        return panel.survival.origin + (failure ? 1 - survival : survival) * panel.survival.per_unit;
    };
    std::string path, marks;
    double level = arm.curve.empty() ? 1 : arm.curve.front().survival;
    path = "M" + number(x(0)) + "," + number(y(level));
    for (const CurvePoint& point : arm.curve) path += "H" + number(x(point.time)) + "V" + number(y(point.survival));
    path += "H" + number(x(arm.ends_at));
    for (const double time : arm.censored) {
        for (const CurvePoint& point : arm.curve)
            if (point.time <= time) level = point.survival;
        marks += "M" + number(x(time)) + "," + number(y(level) - 5 * unit) + "v" + number(10 * unit);
    }
    std::string svg = fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"/>\n", path, colour,
                                  number(1.2 * unit));
    if (!marks.empty())
        svg += fmt::format("<path d=\"{}\" stroke=\"{}\" stroke-width=\"{}\"/>\n", marks, colour, number(0.7 * unit));
    return svg;
}

// Dashed lines at the labels of both axes, where they were read.
std::string axes_of_panel(const Panel& panel, double unit) {
    std::string path;
    const Rectangle& box = panel.box;
    for (const double time : panel.time.labels)
        path += "M" + number(panel.time.origin + time * panel.time.per_unit) + "," + number(box.top) + "V" +
                number(box.bottom);
    for (const double share : panel.survival.labels) {
        const double value = panel.percent && panel.survival.to > 1.5 ? share / 100 : share;
        path += "M" + number(box.left) + "," + number(panel.survival.origin + value * panel.survival.per_unit) + "H" +
                number(box.right);
    }
    return fmt::format("<path d=\"{}\" stroke=\"#00b36b\" stroke-width=\"{}\" stroke-dasharray=\"{} {}\"/>\n", path,
                       number(0.4 * unit), number(2 * unit), number(3 * unit));
}

}  // namespace

std::string overlay_svg(std::string_view bytes, const std::string& file, const Reading& reading, const Hints& hints) {
    const double unit = std::max(reading.width, reading.height) / 700;
    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\">\n<rect width=\"100%\" height=\"100%\" "
        "fill=\"#fff\"/>\n<g opacity=\"0.45\">\n",
        number(reading.width), number(reading.height));
    svg += picture_of(bytes, file, reading, hints);
    svg += "</g>\n";
    const Panel& panel = reading.panels[reading.panel];
    svg += axes_of_panel(panel, unit);
    for (std::size_t i = 0; i < reading.arms.size(); ++i)
        svg += curve_of(reading.arms[i], panel, hints.failure, reading_colours[i % reading_colours.size()], unit);
    double line = panel.box.top + 14 * unit;
    for (std::size_t i = 0; i < reading.arms.size(); ++i, line += 14 * unit)
        svg += fmt::format(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" font-family=\"sans-serif\" font-size=\"{}\" fill=\"{}\">{} "
            "({})</text>\n",
            number(panel.box.right - 4 * unit), number(line), number(12 * unit),
            reading_colours[i % reading_colours.size()], escaped(reading.arms[i].name),
            to_string(reading.arms[i].certificate.verdict));
    return svg + "</svg>\n";
}

}  // namespace hersurv::digitise
