// How the curves of a figure are distinguished: by colour, and without it by the shape of their marks (private to the
// report module).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace hersurv::render {

enum class Shape { circle, square, triangle, diamond, inverted_triangle };

struct FigureStyle {
    std::string_view color;  // Okabe & Ito 2008, Color Universal Design
    int ansi;                // the nearest of 256 colours of a terminal
    Shape shape;
    bool filled;
    std::string_view character;   // the shape in a terminal
    std::string_view text_color;  // of a name beside a curve: at least 4.5 times darker than white (WCAG 2)
};

inline constexpr std::array<FigureStyle, 8> figure_styles = {{
    {"#0072B2", 32, Shape::circle, true, "\xe2\x97\x8f", "#0072B2"},
    {"#D55E00", 166, Shape::square, true, "\xe2\x96\xa0", "#B34E00"},
    {"#009E73", 36, Shape::triangle, true, "\xe2\x96\xb2", "#007A59"},
    {"#CC79A7", 175, Shape::diamond, true, "\xe2\x97\x86", "#A34D7F"},
    {"#E69F00", 214, Shape::inverted_triangle, true, "\xe2\x96\xbc", "#8F6300"},
    {"#56B4E9", 74, Shape::circle, false, "\xe2\x97\x8b", "#1C6FA0"},
    {"#000000", 245, Shape::square, false, "\xe2\x96\xa1", "#000000"},
    {"#7F7F7F", 250, Shape::triangle, false, "\xe2\x96\xb3", "#666666"},
}};
inline constexpr std::size_t most_styles = figure_styles.size();

// Groups of rows may be more than there are styles.
[[nodiscard]] inline const FigureStyle& style_of(std::size_t index) { return figure_styles[index % most_styles]; }

}  // namespace hersurv::render
