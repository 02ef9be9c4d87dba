// Straight thin lines of a raster: pieces of frames, axes and tick marks, and grid lines.
#pragma once

#include "digitise/labels/ink.hpp"

namespace hersurv::digitise {

// Dark lines of at least three pixels, their middle to a fraction of a pixel; a line is interrupted where another one
// meets or crosses it.
[[nodiscard]] std::vector<Stroke> find_strokes(const Raster& raster, const InkMap& map);

// Light lines that cross most of `panel`, one stroke each: their ink is too faint for find_strokes, but the same over
// the whole panel.
[[nodiscard]] std::vector<Stroke> find_grid(const Raster& raster, const InkMap& map, const Box& panel);

}  // namespace hersurv::digitise
