// How much each pixel of a raster differs from the ground of the picture.
#pragma once

#include "digitise/drawing.hpp"

namespace hersurv::digitise {

struct InkMap {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> ink{};  // 0: ground; 255: black on white
    [[nodiscard]] int at(int x, int y) const { return ink[static_cast<std::size_t>(y) * width + x]; }
};

// The ground is the commonest colour of the edge of the picture; ink is the largest difference of the three channels.
[[nodiscard]] InkMap ink_of(const Raster& raster);

// Turned clockwise: text that runs upwards runs to the right.
[[nodiscard]] InkMap turned_clockwise(const InkMap& map);

// Connected ink (eight neighbours) that can be a character or a part of one; lines and curves are left out.
struct Component {
    int left = 0, top = 0, right = 0, bottom = 0;  // right and bottom are the first column and row without it
    [[nodiscard]] int width() const { return right - left; }
    [[nodiscard]] int height() const { return bottom - top; }
};
[[nodiscard]] std::vector<Component> find_components(const InkMap& map, int threshold, int largest_height);

}  // namespace hersurv::digitise
