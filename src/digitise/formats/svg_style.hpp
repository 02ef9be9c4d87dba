// What an element of an SVG inherits from those around it.
#pragma once

#include "digitise/formats/svg_values.hpp"
#include <pugixml.hpp>

namespace hersurv::digitise {

struct SvgState {
    Matrix matrix{};
    Colour current{};  // currentColor
    std::optional<Colour> fill = Colour{};
    std::optional<Colour> stroke{};
    double stroke_width = 1;
    std::vector<double> dashes{};
    double opacity = 1, fill_opacity = 1, stroke_opacity = 1;
    double font_size = 16;
    std::string anchor = "start";
    bool visible = true;
    bool displayed = true;
    std::optional<Box> clip{};
    std::string clip_reference{};  // of this element only: the id of its clip path
};

// The state inside of an element: that around it, changed by style sheets, attributes and its style.
[[nodiscard]] SvgState inside_of(const pugi::xml_node& element, const SvgState& around,
                                 const std::vector<SvgRule>& rules);

// Names without their namespace: "path" of "svg:path".
[[nodiscard]] std::string_view local_name(const pugi::xml_node& element);

}  // namespace hersurv::digitise
