// The values that attributes of an SVG have: lengths, colours, transforms, path data, simple style sheets.
#pragma once

#include "digitise/vector/geometry.hpp"
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::digitise {

// All numbers of a text, whatever is between them.
[[nodiscard]] std::vector<double> svg_numbers(std::string_view text);

// A length in user units (CSS pixels); `whole` is what 100% is. nullopt for other text.
[[nodiscard]] std::optional<double> svg_length(std::string_view text, double whole = 0);

// nullopt for "none", a pattern or what is no colour; `current` is currentColor.
[[nodiscard]] std::optional<Colour> svg_colour(std::string_view text, Colour current);
[[nodiscard]] std::optional<Colour> named_colour(std::string_view name);

[[nodiscard]] Matrix svg_transform(std::string_view text);

// Adds path data (SVG 2, section 9.3); stops where it is malformed, as the standard asks.
void svg_path(std::string_view data, OutlineBuilder& builder);

using SvgProperties = std::map<std::string, std::string, std::less<>>;

// "fill: none; stroke: #000" added to what is there.
void add_declarations(std::string_view text, SvgProperties& properties);

// One rule of a style sheet: an element, a class, an id or everything. Other selectors are left out.
struct SvgRule {
    std::string element{};
    std::string css_class{};
    std::string id{};
    SvgProperties properties{};
};
void add_style_sheet(std::string_view text, std::vector<SvgRule>& rules);

[[nodiscard]] std::string_view trim_blanks(std::string_view text);

}  // namespace hersurv::digitise
