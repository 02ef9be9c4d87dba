#include "digitise/tracing/grid.hpp"

#include <algorithm>
#include <cmath>

namespace hersurv::digitise::tracing {

float Ink::length() const { return std::sqrt(dot(*this)); }

PanelPixels cut_canvas(const Raster& raster, const Axes& axes, bool failure) {
    PanelPixels canvas;
    // Positions of a drawing to those of pixels: the middle of pixel 0 is at 0.5.
    const double zero = axes.time.position(0) - .5, one = axes.survival.position(1) - .5,
                 none = axes.survival.position(0) - .5;
    const double start = failure ? none : one;
    const double margin = 0.015 * std::abs(axes.panel.bottom - axes.panel.top) + 3;
    const int left = std::clamp(static_cast<int>(std::lround(zero)) - 2, 0, raster.width - 1);
    const int right = std::clamp(static_cast<int>(std::lround((axes.panel.right - .5))) + 1, left, raster.width - 1);
    const double upper = std::min({(axes.panel.top - .5), start - margin}),
                 lower = std::max({(axes.panel.bottom - .5), start + margin});
    const int top = std::clamp(static_cast<int>(std::floor(upper)) - 2, 0, raster.height - 1);
    const int bottom = std::clamp(static_cast<int>(std::ceil(lower)) + 2, top, raster.height - 1);
    canvas.left = left;
    canvas.top = top;
    canvas.flipped = failure;
    canvas.unit_rows = none - one;
    canvas.zero_column = zero - left;
    const int width = right - left + 1, height = bottom - top + 1;
    canvas.pixels = Grid<Ink>(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const Colour& colour = raster.at(left + x, top + (failure ? height - 1 - y : y));
            canvas.pixels(x, y) = {static_cast<float>(colour.red), static_cast<float>(colour.green),
                                   static_cast<float>(colour.blue)};
        }
    const auto row = [&](double position) { return failure ? height - 1 - (position - top) : position - top; };
    canvas.start_row = row(start);
    canvas.end_row = row(failure ? (axes.panel.top - .5) : (axes.panel.bottom - .5));
    return canvas;
}

}  // namespace hersurv::digitise::tracing
