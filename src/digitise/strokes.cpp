// Chains of short runs of ink, and profiles of a panel.
#include "digitise/strokes.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hersurv::digitise {

namespace {

constexpr int line_threshold = 60;  // ink of frames, axes and ticks
constexpr int shortest_stroke = 3;
constexpr int grid_bands = 6;   // parts of a panel across a grid line
constexpr int grid_beside = 4;  // pixels from the middle of a grid line to its ground

int thickest_line(const InkMap& map) { return std::max(3, std::max(map.width, map.height) / 220); }

// A vertical line that grows downwards row by row.
struct StrokeChain {
    int begin = 0, end = 0;  // columns of its last run
    int top = 0, bottom = 0;
    double first_middle = 0;
    double weighted = 0, weight = 0, thickness = 0;
    [[nodiscard]] double middle() const { return weighted / weight; }
};

// Adds a row's run: its middle is that of its ink, with that of the pixels beside it.
void grow_chain(StrokeChain& chain, const InkMap& map, int begin, int end, int y) {
    double weighted = 0, weight = 0;
    for (int x = std::max(0, begin - 1); x < std::min(map.width, end + 1); ++x)
        weighted += (x + 0.5) * map.at(x, y), weight += map.at(x, y);
    chain.weighted += weighted, chain.weight += weight, chain.thickness += weight / 255.0;
    chain.begin = begin, chain.end = end, chain.bottom = y + 1;
}

// Vertical chains of a map; `turned` for one that was turned clockwise, whose strokes are turned back.
void add_vertical_strokes(const Raster& raster, const InkMap& map, bool turned, std::vector<Stroke>& strokes) {
    const int thickest = thickest_line(map);
    std::vector<StrokeChain> open, still_open;
    const auto close = [&](const StrokeChain& chain) {
        const int length = chain.bottom - chain.top;
        if (length < shortest_stroke || length < 1.2 * (chain.thickness / length)) return;
        const double x = chain.middle();
        Stroke stroke{
            {x, static_cast<double>(chain.top)}, {x, static_cast<double>(chain.bottom)}, chain.thickness / length, {}};
        if (turned)
            stroke.from = {static_cast<double>(chain.top), map.width - x},
            stroke.to = {static_cast<double>(chain.bottom), map.width - x};
        const int at_x = static_cast<int>((stroke.from.x + stroke.to.x) / 2),
                  at_y = static_cast<int>((stroke.from.y + stroke.to.y) / 2);
        stroke.colour = raster.at(std::clamp(at_x, 0, raster.width - 1), std::clamp(at_y, 0, raster.height - 1));
        strokes.push_back(stroke);
    };
    for (int y = 0; y < map.height; ++y) {
        const std::uint8_t* row = map.ink.data() + static_cast<std::size_t>(y) * map.width;
        std::size_t next = 0;
        still_open.clear();
        for (int x = 0; x < map.width; ++x) {
            if (row[x] < line_threshold) continue;
            const int begin = x;
            while (x < map.width && row[x] >= line_threshold) ++x;
            if (x - begin > thickest) continue;
            while (next < open.size() && open[next].end < begin) close(open[next++]);
            if (next < open.size() && open[next].begin <= x &&
                std::abs(open[next].begin + open[next].end - begin - x) <= 2 &&
                std::abs(open[next].middle() - (begin + x) / 2.0) < 1.2) {
                still_open.push_back(open[next++]);
            } else {
                still_open.push_back({begin, x, y, y});
            }
            grow_chain(still_open.back(), map, begin, x, y);
        }
        while (next < open.size()) close(open[next++]);
        std::swap(open, still_open);
    }
    for (const StrokeChain& chain : open) close(chain);
}

// How much the ink of each column of a panel differs from that beside it, and in how many rows of each band it does so
// in either direction.
struct ColumnProfile {
    std::vector<double> contrast{};
    std::vector<std::array<int, grid_bands>> darker{}, lighter{};
    double ground = 0;  // the mean ink of what is not dark
};

ColumnProfile profile_of(const InkMap& map, const Component& panel) {
    const int wide = panel.width(), high = panel.height();
    ColumnProfile out{std::vector<double>(wide, 0.0), std::vector<std::array<int, grid_bands>>(wide), {}, 0};
    out.lighter.resize(wide);
    constexpr int faint = 60;  // what is darker belongs to curves and letters
    double ground = 0;
    for (int y = panel.top; y < panel.bottom; ++y) {
        const int band = (y - panel.top) * grid_bands / high;
        for (int i = 0; i < wide; ++i) {
            const int x = panel.left + i;
            const int here = std::min(map.at(x, y), faint);
            const int left = std::min(map.at(std::max(0, x - grid_beside), y), faint);
            const int right = std::min(map.at(std::min(map.width - 1, x + grid_beside), y), faint);
            ground += here < faint ? here : 0;
            if (std::abs(left - right) >= 12) continue;
            const double contrast = here - (left + right) / 2.0;
            out.contrast[i] += contrast / high;
            if (contrast > 4) ++out.darker[i][band];
            if (contrast < -4) ++out.lighter[i][band];
        }
    }
    out.ground = ground / (static_cast<double>(wide) * high);
    return out;
}

// A line of a grid goes through (nearly) all bands, also if it is dotted or crossed by curves; a step of a curve does
// not.
bool goes_through(const std::array<int, grid_bands>& rows, int high) {
    int bands = 0;
    for (const int count : rows) bands += count * grid_bands > 0.15 * high ? 1 : 0;
    return bands >= grid_bands - 1;
}

// The lines of a panel along columns.
void add_grid_columns(const InkMap& map, const Component& panel, bool turned, std::vector<Stroke>& strokes) {
    const int wide = panel.width(), high = panel.height();
    if (wide < 20 || high < 20) return;
    const ColumnProfile profile = profile_of(map, panel);
    for (const double sign : {1.0, -1.0}) {
        if (sign < 0 && profile.ground < 8) continue;  // on white there are no lighter lines
        for (int i = 1; i + 1 < wide; ++i) {
            const double p = sign * profile.contrast[i];
            if (p < 1.5 || p < sign * profile.contrast[i - 1] || p <= sign * profile.contrast[i + 1]) continue;
            if (!goes_through(sign > 0 ? profile.darker[i] : profile.lighter[i], high)) continue;
            double weighted = 0, weight = 0;
            for (int j = std::max(0, i - 2); j <= std::min(wide - 1, i + 2); ++j) {
                const double w = std::max(0.0, sign * profile.contrast[j]);
                weighted += w * (panel.left + j + 0.5), weight += w;
            }
            const double x = weighted / weight;
            Stroke stroke{{x, static_cast<double>(panel.top)}, {x, static_cast<double>(panel.bottom)}, weight / p, {}};
            if (turned) {
                stroke.from = {static_cast<double>(panel.top), map.width - x};
                stroke.to = {static_cast<double>(panel.bottom), map.width - x};
            }
            const auto grey = static_cast<std::uint8_t>(std::clamp(sign > 0 ? 255 - p : 255.0, 0.0, 255.0));
            stroke.colour = {grey, grey, grey};
            strokes.push_back(stroke);
        }
    }
}

}  // namespace

std::vector<Stroke> find_strokes(const Raster& raster, const InkMap& map) {
    std::vector<Stroke> strokes;
    add_vertical_strokes(raster, map, false, strokes);
    add_vertical_strokes(raster, turned_clockwise(map), true, strokes);
    return strokes;
}

std::vector<Stroke> find_grid(const Raster& raster, const InkMap& map, const Box& panel) {
    std::vector<Stroke> strokes;
    const Component box{std::clamp(static_cast<int>(panel.left), 0, raster.width),
                        std::clamp(static_cast<int>(panel.top), 0, raster.height),
                        std::clamp(static_cast<int>(panel.right), 0, raster.width),
                        std::clamp(static_cast<int>(panel.bottom), 0, raster.height)};
    add_grid_columns(map, box, false, strokes);
    add_grid_columns(turned_clockwise(map), {map.height - box.bottom, box.left, map.height - box.top, box.right}, true,
                     strokes);
    return strokes;
}

}  // namespace hersurv::digitise
