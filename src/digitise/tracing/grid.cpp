// Cuts the part of a raster out in which curves run.
#include "digitise/tracing/grid.hpp"

#include <algorithm>
#include <cmath>

namespace hersurv::digitise::tracing {

namespace {

// Where curves may run: what the labels of the axes span and a little more. A frame that was found may end too early.
Box running_box(const Axes& axes) {
    Box box = axes.panel;
    const std::vector<double>&times = axes.time.labelled, &values = axes.survival.labelled;
    if (times.size() >= 2) {
        const double last = axes.time.position(times.back());
        const double step = (times.back() - times.front()) / static_cast<double>(times.size() - 1) * axes.time.per_unit;
        const double beyond = box.right - last, span = std::abs(last - axes.time.position(times.front()));
        // An axis may go on behind its last label; a little more than it is the margin of the plot.
        box.right = last + std::max(2.0, beyond > .1 * span ? std::min(beyond, step) : std::min(beyond, .035 * span));
    }
    if (values.size() >= 2) {
        const double margin = .04 * std::abs(axes.survival.per_unit) * (values.back() - values.front());
        box.top = std::max(box.top, axes.survival.position(std::max(values.back(), 1.0)) - margin);
        // A label 0 that was not read is one step below the lowest.
        const double step = (values.back() - values.front()) / static_cast<double>(values.size() - 1);
        const double lowest = axes.survival.position(values.front() - 1.5 * step <= 0 ? 0 : values.front());
        box.bottom = std::max(lowest + margin, std::min(box.bottom, axes.survival.position(0) + margin));
    }
    return box;
}

}  // namespace

PanelPixels cut_canvas(const Raster& raster, const Axes& axes, bool failure) {
    PanelPixels canvas;
    // Positions of a drawing to those of pixels: the middle of pixel 0 is at 0.5.
    const Box box = running_box(axes);
    const double zero = axes.time.position(0) - .5, one = axes.survival.position(1) - .5,
                 none = axes.survival.position(0) - .5;
    const double start = failure ? none : one;
    const double margin = 0.015 * std::abs(box.bottom - box.top) + 3;
    const int left = std::clamp(static_cast<int>(std::lround(zero)) - 2, 0, raster.width - 1);
    const int right = std::clamp(static_cast<int>(std::lround(box.right - .5)) + 1, left, raster.width - 1);
    const double upper = std::min(box.top - .5, start - margin), lower = std::max(box.bottom - .5, start + margin);
    const int top = std::clamp(static_cast<int>(std::floor(upper)) - 2, 0, raster.height - 1);
    const int bottom = std::clamp(static_cast<int>(std::ceil(lower)) + 2, top, raster.height - 1);
    canvas.left = left;
    canvas.top = top;
    canvas.flipped = failure;
    canvas.unit_rows = none - one;
    canvas.zero_column = zero - left;
    const int width = right - left + 1, height = bottom - top + 1;
    canvas.colours = Grid<Colour>(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            canvas.colours(x, y) = raster.at(left + x, top + (failure ? height - 1 - y : y));
    const auto row = [&](double position) { return failure ? height - 1 - (position - top) : position - top; };
    canvas.start_row = row(start);
    canvas.end_row = row(failure ? box.top - .5 : box.bottom - .5);
    return canvas;
}

}  // namespace hersurv::digitise::tracing
