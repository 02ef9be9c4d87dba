// What an element of an SVG inherits from those around it.
#include "digitise/formats/svg_style.hpp"

#include <algorithm>
#include <array>

namespace hersurv::digitise {

namespace {

constexpr std::array<const char*, 17> presentation_attributes = {
    "color",        "fill",           "stroke", "stroke-width",   "stroke-dasharray", "opacity",
    "fill-opacity", "stroke-opacity", "font",   "font-size",      "text-anchor",      "visibility",
    "display",      "clip-path",      "clip",   "stroke-linecap", "fill-rule"};

bool has_class(std::string_view classes, std::string_view wanted) {
    while (!classes.empty()) {
        const std::size_t end = std::min(classes.find(' '), classes.size());
        if (classes.substr(0, end) == wanted) return true;
        classes = classes.substr(std::min(end + 1, classes.size()));
    }
    return false;
}

bool applies(const SvgRule& rule, const pugi::xml_node& element) {
    return (rule.element.empty() || rule.element == local_name(element)) &&
           (rule.css_class.empty() || has_class(element.attribute("class").value(), rule.css_class)) &&
           (rule.id.empty() || rule.id == element.attribute("id").value());
}

// "url(#clip)" -> "clip".
std::string reference_of(std::string_view text) {
    const std::size_t mark = text.find('#'), end = text.find(')');
    if (!text.starts_with("url(") || mark == std::string_view::npos || end == std::string_view::npos || end < mark)
        return "";
    std::string_view id = text.substr(mark + 1, end - mark - 1);
    while (!id.empty() && (id.back() == '"' || id.back() == '\'')) id.remove_suffix(1);
    return std::string(id);
}

double share_of(std::string_view text) {
    const double value = svg_length(text, 1).value_or(1);
    return std::clamp(value, 0.0, 1.0);
}

void set_paint(const std::string& name, const std::string& value, SvgState& state) {
    if (value == "inherit" || value == "context-stroke" || value == "context-fill") return;
    (name == "fill" ? state.fill : state.stroke) = svg_colour(value, state.current);
}

void set_dashes(const std::string& value, SvgState& state) {
    state.dashes = value == "none" ? std::vector<double>{} : svg_numbers(value);
    if (std::all_of(state.dashes.begin(), state.dashes.end(), [](double length) { return length <= 0; }))
        state.dashes.clear();
}

// The size in "italic 13.2px 'DejaVu Sans'".
void set_font(const std::string& value, SvgState& state) {
    for (std::size_t at = 0; at < value.size();) {
        const std::size_t end = std::min(value.find_first_of(" /", at), value.size());
        const std::string_view word = std::string_view(value).substr(at, end - at);
        if (word.size() > 2 && (word.ends_with("px") || word.ends_with("pt")))
            if (const auto size = svg_length(word)) state.font_size = *size;
        at = end + 1;
    }
}

void set_property(const std::string& name, const std::string& value, SvgState& state) {
    if (name == "fill" || name == "stroke")
        set_paint(name, value, state);
    else if (name == "stroke-width")
        state.stroke_width = svg_length(value).value_or(state.stroke_width);
    else if (name == "stroke-dasharray")
        set_dashes(value, state);
    else if (name == "opacity")
        state.opacity *= share_of(value);
    else if (name == "fill-opacity")
        state.fill_opacity = share_of(value);
    else if (name == "stroke-opacity")
        state.stroke_opacity = share_of(value);
    else if (name == "font-size")
        state.font_size = svg_length(value, state.font_size).value_or(state.font_size);
    else if (name == "font")
        set_font(value, state);
    else if (name == "text-anchor")
        state.anchor = value;
    else if (name == "visibility")
        state.visible = value == "visible";
    else if (name == "display")
        state.displayed = state.displayed && value != "none";
    else if (name == "clip-path")
        state.clip_reference = reference_of(value);
}

}  // namespace

std::string_view local_name(const pugi::xml_node& element) {
    const std::string_view name = element.name();
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

SvgState inside_of(const pugi::xml_node& element, const SvgState& around, const std::vector<SvgRule>& rules) {
    SvgProperties properties;
    for (const char* name : presentation_attributes)
        if (const pugi::xml_attribute attribute = element.attribute(name)) properties[name] = attribute.value();
    // Ids are stronger than classes, these than elements; later rules than earlier ones of the same strength.
    for (const int strength : {0, 1, 2})
        for (const SvgRule& rule : rules)
            if ((!rule.id.empty() ? 2 : !rule.css_class.empty() ? 1 : 0) == strength && applies(rule, element))
                for (const auto& [name, value] : rule.properties) properties[name] = value;
    add_declarations(element.attribute("style").value(), properties);

    SvgState state = around;
    state.clip_reference.clear();
    if (const auto colour = properties.find("color"); colour != properties.end())
        state.current = svg_colour(colour->second, around.current).value_or(around.current);
    for (const auto& [name, value] : properties)
        if (name != "color") set_property(name, value, state);
    if (const pugi::xml_attribute transform = element.attribute("transform"))
        state.matrix = combine(state.matrix, svg_transform(transform.value()));
    return state;
}

}  // namespace hersurv::digitise
