// A figure as SVG: real text, no style sheet, no identifiers, so that it can be edited, searched and put into a page
// with others. All lengths are points.
#include "render/figure_formats/svg_sheet.hpp"
#include <variant>

namespace hersurv::render {

namespace svg {

void draw(Sheet& sheet, const CurvesChart& chart);  // svg_curves.cpp
void draw(Sheet& sheet, const PanelsChart& chart);  // svg_panels.cpp
void draw(Sheet& sheet, const RowsChart& chart);    // svg_rows.cpp

std::string drawn_as_svg(const Figure& figure, const MeasureText& measure) {
    Sheet sheet(figure, measure);
    std::visit([&](const auto& chart) { draw(sheet, chart); }, figure.chart);
    return sheet.finished(static_cast<bool>(measure));
}

}  // namespace svg

std::string figure_as_svg(const Figure& figure, const FigureRenderOptions& options);

std::string figure_as_svg(const Figure& figure, const FigureRenderOptions&) { return svg::drawn_as_svg(figure, {}); }

}  // namespace hersurv::render
