// Text that is drawn as the outlines of its letters: filled into pixels and given to the label reader.
#include "digitise/labels/reader.hpp"
#include "digitise/vector/canvas.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

constexpr double letter_pixels = 24;  // the height at which the label reader reads best
constexpr double most_pixels = 24e6;
constexpr int lines_per_pixel = 4;

struct Crossing {
    double x = 0;
    int winding = 0;
};

// Adds the part of each pixel of a row that lies between two places.
void add_span(double from, double to, int row, InkMap& map) {
    from = std::clamp(from, 0.0, static_cast<double>(map.width));
    to = std::clamp(to, 0.0, static_cast<double>(map.width));
    for (int x = static_cast<int>(from); x < map.width && x < to; ++x) {
        const double part = std::min(to, x + 1.0) - std::max(from, static_cast<double>(x));
        std::uint8_t& ink = map.ink[static_cast<std::size_t>(row) * map.width + x];
        ink = static_cast<std::uint8_t>(std::min(255.0, ink + part * 255 / lines_per_pixel));
    }
}

// Fills by the nonzero winding number, as fonts are.
void fill_glyph(const Glyph& glyph, const Box& frame, double scale, InkMap& map) {
    const int first = std::max(0, static_cast<int>((glyph.box.top - frame.top) * scale)),
              last = std::min(map.height - 1, static_cast<int>((glyph.box.bottom - frame.top) * scale));
    std::vector<Crossing> crossings;
    for (int row = first; row <= last; ++row)
        for (int line = 0; line < lines_per_pixel; ++line) {
            const double y = frame.top + (row + (line + 0.5) / lines_per_pixel) / scale;
            crossings.clear();
            for (const Contour& contour : glyph.outline)
                for (std::size_t i = 0; i < contour.points.size(); ++i) {
                    const Point from = contour.points[i], to = contour.points[(i + 1) % contour.points.size()];
                    if ((from.y <= y) == (to.y <= y)) continue;
                    const double x = from.x + (y - from.y) / (to.y - from.y) * (to.x - from.x);
                    crossings.push_back({(x - frame.left) * scale, from.y < to.y ? 1 : -1});
                }
            std::sort(crossings.begin(), crossings.end(),
                      [](const Crossing& a, const Crossing& b) { return a.x < b.x; });
            int winding = 0;
            for (std::size_t i = 0; i + 1 < crossings.size(); ++i) {
                winding += crossings[i].winding;
                if (winding != 0) add_span(crossings[i].x, crossings[i + 1].x, row, map);
            }
        }
}

// Numbers are upright or turned: the middle of the shorter and longer sides of letters is their size.
double typical_height(const std::vector<Glyph>& glyphs) {
    std::vector<double> heights;
    for (const Glyph& glyph : glyphs)
        heights.push_back(std::max(glyph.box.right - glyph.box.left, glyph.box.bottom - glyph.box.top));
    const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
    std::nth_element(heights.begin(), middle, heights.end());
    return *middle;
}

}  // namespace

std::vector<Label> read_glyphs(const std::vector<Glyph>& glyphs) {
    constexpr std::size_t fewest = 4;
    if (glyphs.size() < fewest) return {};
    Box frame = glyphs[0].box;
    for (const Glyph& glyph : glyphs) frame = unite(frame, glyph.box);
    const double height = typical_height(glyphs), margin = 2 * height;
    frame = {frame.left - margin, frame.top - margin, frame.right + margin, frame.bottom + margin};
    const double area = (frame.right - frame.left) * (frame.bottom - frame.top);
    const double scale = std::min(letter_pixels / height, std::sqrt(most_pixels / area));
    InkMap map;
    map.width = static_cast<int>((frame.right - frame.left) * scale) + 1;
    map.height = static_cast<int>((frame.bottom - frame.top) * scale) + 1;
    map.ink.assign(static_cast<std::size_t>(map.width) * map.height, 0);
    for (const Glyph& glyph : glyphs) fill_glyph(glyph, frame, scale, map);
    std::vector<Label> labels = read_labels(map);
    for (Label& label : labels)
        label.box = {frame.left + label.box.left / scale, frame.top + label.box.top / scale,
                     frame.left + label.box.right / scale, frame.top + label.box.bottom / scale};
    return labels;
}

}  // namespace hersurv::digitise
