// Which inks draw lines, and where each of them does.
#pragma once

#include "digitise/tracing/ground.hpp"
#include <cmath>

namespace hersurv::digitise::tracing {

// The ink of one kind of line: its colour times its thickness, as the sum over a cut through the line gives it. Lines
// of half a pixel, of shades between two rows and of blurred colours in a JPEG all have the same sum.
struct LineInk {
    Ink sum{};            // colour x thickness
    Ink colour{};         // difference to the ground where it covers a pixel fully
    float thickness = 1;  // px
    int samples = 0;      // pixels on the middle of such lines
};

// Whether lines of these inks differ in width at most.
bool of_one_colour(const LineInk& one, const LineInk& other);

struct StrokeMap {
    int window = 3;               // px over which cuts are summed
    InkGrid cut{};                // the smaller of the sums along the column and along the row
    std::vector<LineInk> inks{};  // commonest first
};

StrokeMap find_line_inks(const PanelPixels& canvas, const PanelInk& map);

// How well each pixel lies on the middle of a line of this ink, and of any other, from 0 to 1.
class Ownership {
  public:
    Ownership() = default;
    Ownership(int width, int height) : own_(width, height), foreign_(width, height) {}
    [[nodiscard]] int width() const { return own_.width(); }
    [[nodiscard]] int height() const { return own_.height(); }
    [[nodiscard]] bool inside(int x, int y) const { return own_.inside(x, y); }
    [[nodiscard]] float own(int x, int y) const { return static_cast<float>(own_(x, y)) / full; }
    [[nodiscard]] float foreign(int x, int y) const { return static_cast<float>(foreign_(x, y)) / full; }
    void set(int x, int y, float own, float foreign) {
        own_(x, y) = static_cast<std::uint8_t>(std::lround(own * full));
        foreign_(x, y) = static_cast<std::uint8_t>(std::lround(foreign * full));
    }

  private:
    static constexpr float full = 255;
    Grid<std::uint8_t> own_{}, foreign_{};
};
Ownership own_ink(const PanelInk& map, const StrokeMap& strokes, std::size_t which);

}  // namespace hersurv::digitise::tracing
