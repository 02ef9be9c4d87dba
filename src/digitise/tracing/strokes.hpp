// Which inks draw lines, and where each of them does.
#pragma once

#include "digitise/tracing/ground.hpp"

namespace hersurv::digitise::tracing {

// The ink of one kind of line: its colour times its thickness, as the sum over a cut through the line gives it. Lines
// of half a pixel, of shades between two rows and of blurred colours in a JPEG all have the same sum.
struct LineInk {
    Ink sum{};            // colour x thickness
    Ink colour{};         // difference to the ground where it covers a pixel fully
    float thickness = 1;  // px
    int samples = 0;      // pixels on the middle of such lines
};

struct StrokeMap {
    int window = 3;               // px over which cuts are summed
    Grid<Ink> cut{};              // the smaller of the sums along the column and along the row
    std::vector<LineInk> inks{};  // commonest first
};

StrokeMap find_line_inks(const PanelPixels& canvas, const PanelInk& map);

// How well each pixel lies on the middle of a line of this ink, and of any other, from 0 to 1.
struct Ownership {
    Grid<float> own{};
    Grid<float> foreign{};
};
Ownership own_ink(const PanelInk& map, const StrokeMap& strokes, std::size_t which);

}  // namespace hersurv::digitise::tracing
