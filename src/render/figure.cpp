// THE table of the formats of figures: one row each, drawn in figure_formats/NAME.cpp; and places on an axis.
#include "render/figure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace hersurv::render {

std::string figure_as_text(const Figure&, const FigureRenderOptions&);
std::string figure_as_svg(const Figure&, const FigureRenderOptions&);
std::string figure_as_pdf(const Figure&, const FigureRenderOptions&);
std::string figure_as_png(const Figure&, const FigureRenderOptions&);

std::span<const FigureFormat> figure_formats() {
    static const std::array<FigureFormat, 4> table = {{
        {"text", false, figure_as_text},
        {"svg", false, figure_as_svg},
        {"pdf", true, figure_as_pdf},
        {"png", true, figure_as_png},
    }};
    return table;
}

const FigureFormat* find_figure_format(std::string_view name) {
    const auto found = std::ranges::find(figure_formats(), name, &FigureFormat::name);
    return found == figure_formats().end() ? nullptr : &*found;
}

std::vector<std::string> Figure::shown_caption() const {
    std::vector<std::string> shown;
    if (caption_length != CaptionLength::none) shown = short_caption;
    if (caption_length == CaptionLength::full) shown.insert(shown.end(), caption.begin(), caption.end());
    return shown;
}

std::string Figure::full_description() const {
    std::string text = description;
    const auto add = [&](const std::vector<std::string>& paragraphs) {
        for (const std::string& each : paragraphs) text += (text.empty() ? "" : " ") + each;
    };
    if (caption_length == CaptionLength::none) add(short_caption);
    if (caption_length != CaptionLength::full) add(caption);
    return text;
}

double Axis::place(double value) const {
    if (logarithmic) return std::log(value / from) / std::log(to / from);
    return (value - from) / (to - from);
}

double Axis::value_at(double place) const {
    return logarithmic ? from * std::pow(to / from, place) : from + place * (to - from);
}

Vertex between(const Vertex& a, const Vertex& b, double x) {
    const auto mixed = [share = (x - a.x) / (b.x - a.x)](double from, double to) { return from + share * (to - from); };
    Vertex result{x, mixed(a.y, b.y), std::nullopt};
    if (a.band && b.band) result.band = Span{mixed(a.band->lower, b.band->lower), mixed(a.band->upper, b.band->upper)};
    return result;
}

std::vector<Stretch> stretches(const Line& line) {
    constexpr double endless = std::numeric_limits<double>::infinity();
    std::vector<Stretch> all;
    const auto add = [&](Stroke stroke, double from, double to) {
        Stretch part{stroke, {}};
        for (std::size_t k = 0; k < line.vertices.size(); ++k) {
            const Vertex& vertex = line.vertices[k];
            for (const double end : {from, to})
                if (k > 0 && line.vertices[k - 1].x < end && end < vertex.x)
                    part.vertices.push_back(between(line.vertices[k - 1], vertex, end));
            if (vertex.x >= from && vertex.x <= to) part.vertices.push_back(vertex);
        }
        if (part.vertices.size() > 1) all.push_back(std::move(part));
    };
    const double from = std::min(line.supported_from, line.supported_to);
    add(Stroke::dotted, -endless, from);
    add(Stroke::solid, from, line.supported_to);
    add(Stroke::dashed, line.supported_to, endless);
    return all;
}

}  // namespace hersurv::render
