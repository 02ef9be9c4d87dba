// The sheet of an SVG figure: its title and caption, and the room between them.
#pragma once

#include "render/figure.hpp"
#include "render/figure_formats/svg_drawing.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::render::svg {

class Sheet {
  public:
    Sheet(const Figure& figure, const MeasureText& measure);

    [[nodiscard]] const Scale& scale() const { return scale_; }
    [[nodiscard]] double width() const { return width_; }
    [[nodiscard]] double left() const { return scale_.margin; }
    [[nodiscard]] double right() const { return width_ - scale_.margin; }
    [[nodiscard]] double y() const { return y_; }
    void go_to(double y) { y_ = y; }
    void paragraph(std::string_view content, const TextStyle& style);

    // Where a chart has to end that cannot end above `least`: where the given height says, else at the usual
    // proportion of width to height or lower. Throws UsageError if there is no room.
    [[nodiscard]] double bottom_of_chart(double least) const;
    // Whether bottom_of_chart does not throw.
    [[nodiscard]] bool fits(double least) const;
    // Throws UsageError unless this many points of width are there for what needs `needed`.
    void require_width(double there, double needed) const;
    [[nodiscard]] bool has_given_height() const { return figure_.height_cm.has_value(); }

    [[nodiscard]] std::string finished(bool one_font);

  private:
    [[nodiscard]] double caption_height() const;

    const Figure& figure_;
    Scale scale_;
    double width_;
    std::vector<std::string> caption_;  // lines
    double y_ = 0;

  public:
    Drawing draw;
};

[[nodiscard]] double widest(const std::vector<Tick>& ticks, double size);

// `measure`: of the font that the figure will be drawn with; empty: unknown.
[[nodiscard]] std::string drawn_as_svg(const Figure& figure, const MeasureText& measure);

}  // namespace hersurv::render::svg
