// Reads the text of a raster: words that run to the right and words that run upwards.
#pragma once

#include "digitise/labels/ink.hpp"
#include <string_view>

namespace hersurv::digitise {

// One label for each word that is or may be a number, and one for each line of words. Boxes in pixels of the map. For a
// vector file whose text is drawn as outlines: draw these at about 24 pixels and move the boxes back.
[[nodiscard]] std::vector<Label> read_labels(const InkMap& map);

// A number as axes and tables show it: 12, 0.5, .5, 0,5, 1,234 or 50%.
struct NumberText {
    double value = 0;
    bool percent = false;
};
[[nodiscard]] std::optional<NumberText> parse_label_number(std::string_view text);

// Fills labels and strokes of a drawing that is a raster.
void read_raster(Drawing& drawing);

}  // namespace hersurv::digitise
