// Ink and its connected components.
#include "digitise/labels/ink.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>

namespace hersurv::digitise {

namespace {

Colour edge_colour(const Raster& raster) {
    std::map<std::uint32_t, int> counts;
    const auto count = [&](int x, int y) {
        const Colour& c = raster.at(x, y);
        ++counts[static_cast<std::uint32_t>(c.red) << 16 | static_cast<std::uint32_t>(c.green) << 8 | c.blue];
    };
    for (int x = 0; x < raster.width; ++x) count(x, 0), count(x, raster.height - 1);
    for (int y = 0; y < raster.height; ++y) count(0, y), count(raster.width - 1, y);
    const auto commonest = std::max_element(counts.begin(), counts.end(),
                                            [](const auto& a, const auto& b) { return a.second < b.second; });
    const std::uint32_t c = commonest->first;
    return {static_cast<std::uint8_t>(c >> 16), static_cast<std::uint8_t>(c >> 8), static_cast<std::uint8_t>(c)};
}

// A run of inked pixels of one row; runs of one component share a root.
struct Run {
    int begin = 0, end = 0, row = 0;
};

class Forest {
  public:
    int add() {
        parents_.push_back(static_cast<int>(parents_.size()));
        return parents_.back();
    }
    int root(int i) {
        while (parents_[i] != i) i = parents_[i] = parents_[parents_[i]];
        return i;
    }
    void join(int a, int b) {
        a = root(a), b = root(b);
        parents_[std::max(a, b)] = std::min(a, b);
    }

  private:
    std::vector<int> parents_;
};

}  // namespace

InkMap ink_of(const Raster& raster) {
    InkMap map{raster.width, raster.height, {}};
    map.ink.resize(raster.pixels.size());
    const Colour ground = edge_colour(raster);
    for (std::size_t i = 0; i < map.ink.size(); ++i) {
        const Colour& c = raster.pixels[i];
        const int most =
            std::max({std::abs(c.red - ground.red), std::abs(c.green - ground.green), std::abs(c.blue - ground.blue)});
        map.ink[i] = static_cast<std::uint8_t>(most);
    }
    return map;
}

InkMap turned_clockwise(const InkMap& map) {
    InkMap out{map.height, map.width, std::vector<std::uint8_t>(map.ink.size())};
    for (int y = 0; y < map.height; ++y)
        for (int x = 0; x < map.width; ++x)
            out.ink[static_cast<std::size_t>(x) * out.width + (map.height - 1 - y)] =
                static_cast<std::uint8_t>(map.at(x, y));
    return out;
}

std::vector<Component> find_components(const InkMap& map, int threshold, int largest_height) {
    std::vector<Run> runs;
    Forest forest;
    std::size_t above_begin = 0, above_end = 0;  // the runs of the row above
    for (int y = 0; y < map.height; ++y) {
        const std::size_t row_begin = runs.size();
        const std::uint8_t* row = map.ink.data() + static_cast<std::size_t>(y) * map.width;
        std::size_t above = above_begin;
        for (int x = 0; x < map.width; ++x) {
            if (row[x] < threshold) continue;
            Run run{x, x, y};
            while (x < map.width && row[x] >= threshold) ++x;
            run.end = x;
            const int id = forest.add();
            runs.push_back(run);
            while (above < above_end && runs[above].end < run.begin) ++above;
            for (std::size_t i = above; i < above_end && runs[i].begin <= run.end; ++i)
                forest.join(id, static_cast<int>(i));
        }
        above_begin = row_begin, above_end = runs.size();
    }
    std::vector<Component> all(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        Component& c = all[forest.root(static_cast<int>(i))];
        const Run& run = runs[i];
        if (c.right == 0) c = {run.begin, run.row, run.end, run.row + 1};
        c = {std::min(c.left, run.begin), std::min(c.top, run.row), std::max(c.right, run.end),
             std::max(c.bottom, run.row + 1)};
    }
    std::erase_if(all, [&](const Component& c) {
        const int longer = std::max(c.width(), c.height()), shorter = std::min(c.width(), c.height());
        return c.right == 0 || shorter > largest_height || longer > 10 * largest_height;
    });
    return all;
}

}  // namespace hersurv::digitise
