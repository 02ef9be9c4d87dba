// What lies beneath the curves: the ground of the panel, its frame, grid and reference lines, and confidence bands.
#pragma once

#include "digitise/tracing/grid.hpp"

namespace hersurv::digitise::tracing {

struct PanelInk {
    Ink ground{};     // colour of the panel
    float noise = 0;  // of pixels of the ground: 0 in a PNG, some units in a JPEG
    InkGrid ink{};    // what remains of each pixel when the ground and all that lies on it are subtracted
    Grid<std::uint8_t> dark_line{};  // 1 where a frame or reference line could hide a curve
    double band_share = 0;           // share of the panel that is confidence band
};

PanelInk subtract_ground(const PanelPixels& canvas);

}  // namespace hersurv::digitise::tracing
