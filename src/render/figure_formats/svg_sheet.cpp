// The sheet of an SVG figure.
#include "render/figure_formats/svg_sheet.hpp"

#include "hersurv/error.hpp"

#include <fmt/format.h>

#include "render/characters.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::render::svg {
namespace {

constexpr double points_per_cm = 72 / 2.54;
constexpr double height_of_width = 5.0 / 7;
constexpr double rounding = 0.5;

// Rounded up to a tenth of a centimetre, so that what it says is enough.
std::string centimetres(double points) { return number(std::ceil(10 * points / points_per_cm - 1e-6) / 10); }

}  // namespace

Sheet::Sheet(const Figure& figure, const MeasureText& measure)
    : figure_(figure),
      scale_(figure.type_points),
      width_(figure.width_cm * points_per_cm),
      y_(scale_.margin),
      draw(scale_, measure) {
    // Wide enough to break words in; a chart needs more, and says how much.
    require_width(right() - left(), 2 * scale_.small);
    for (const std::string& paragraph : figure.shown_caption())
        for (std::string& line : wrap_to_width(paragraph, scale_.small, right() - left()))
            caption_.push_back(std::move(line));
    if (figure.title.empty()) return;
    paragraph(figure.title, {Anchor::start, true, ink, scale_.large});
    y_ += 0.3 * scale_.small;
}

void Sheet::paragraph(std::string_view content, const TextStyle& style) {
    const double size = style.size > 0 ? style.size : scale_.small;
    for (const std::string& each : wrap_to_width(content, size, right() - left(), style.bold)) {
        draw.text(left(), y_ + ascent * size + 1, each, style);
        y_ += size > scale_.small ? scale_.large_line : scale_.small_line;
    }
}

double Sheet::caption_height() const {
    return caption_.empty() ? 0 : 0.5 * scale_.small + scale_.small_line * static_cast<double>(caption_.size());
}

double Sheet::bottom_of_chart(double least) const {
    const double below = caption_height() + scale_.margin;
    if (figure_.height_cm) {
        const double height = *figure_.height_cm * points_per_cm;
        if (least + below > height + rounding)
            throw support::UsageError(fmt::format(
                "the figure is not high enough: with a font size of {} points it needs a height of {} cm and has {} "
                "cm; make it higher, the font smaller (at least {} points) or the caption shorter, or draw less",
                number(scale_.small), centimetres(least + below), number(*figure_.height_cm), least_type_points));
        return std::max(least, height - below);
    }
    return std::max(least, height_of_width * width_ - below);
}

bool Sheet::fits(double least) const {
    return !figure_.height_cm ||
           least + caption_height() + scale_.margin <= *figure_.height_cm * points_per_cm + rounding;
}

void Sheet::require_width(double there, double needed) const {
    if (there >= needed - rounding) return;
    throw support::UsageError(fmt::format(
        "the figure is too narrow: with a font size of {} points it needs a width of {} cm and has {} cm; make it "
        "wider or the font smaller (at least {} points)",
        number(scale_.small), centimetres(width_ + needed - there), number(figure_.width_cm), least_type_points));
}

std::string Sheet::finished(bool one_font) {
    const double given = figure_.height_cm ? *figure_.height_cm * points_per_cm : 0;
    const double height = std::max(given, y_ + caption_height() + scale_.margin);
    double baseline = height - scale_.margin - caption_height() + 0.5 * scale_.small + ascent * scale_.small;
    for (const std::string& line : caption_) {
        draw.text(left(), baseline, line);
        baseline += scale_.small_line;
    }
    const std::string family =
        one_font ? "Helvetica" : "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(figure_.width_cm) + "cm\" height=\"" +
           number(height / points_per_cm) + "cm\" viewBox=\"0 0 " + number(width_) + " " + number(height) +
           "\" role=\"img\" font-family=\"" + family + "\" font-size=\"" + number(scale_.small) + "\" fill=\"" +
           std::string(ink) + "\">\n<title>" + xml_escaped(figure_.title) + "</title>\n<desc>" +
           xml_escaped(figure_.full_description()) + "</desc>\n<rect width=\"" + number(width_) + "\" height=\"" +
           number(height) + "\" fill=\"#FFFFFF\"/>\n" + draw.body() + "</svg>\n";
}

double widest(const std::vector<Tick>& ticks, double size) {
    double width = 0;
    for (const Tick& tick : ticks) width = std::max(width, text_width(tick.label, size));
    return width;
}

}  // namespace hersurv::render::svg
