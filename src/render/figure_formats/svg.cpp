// A figure as SVG: real text, no style sheet, no identifiers, so that it can be edited, searched and put into a page
// with others. Laid out on a sheet 440 units wide, so that the smallest letters are 5.7 points high at a width of 8 cm.
#include "render/figure_formats/svg_sheet.hpp"
#include <variant>

namespace hersurv::render {

namespace svg {
void draw(Sheet& sheet, const CurvesChart& chart);  // svg_curves.cpp
void draw(Sheet& sheet, const RowsChart& chart);    // svg_rows.cpp
}  // namespace svg

std::string figure_as_svg(const Figure& figure, const FigureRenderOptions& options);

std::string figure_as_svg(const Figure& figure, const FigureRenderOptions&) {
    svg::Sheet sheet(figure);
    std::visit([&](const auto& chart) { svg::draw(sheet, chart); }, figure.chart);
    return sheet.finished();
}

}  // namespace hersurv::render
