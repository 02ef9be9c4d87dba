// Finds the cheapest path of a curve by dynamic programming, row by row.
#include "digitise/tracing/path.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hersurv::digitise::tracing {
namespace {

constexpr float gap_cost = .22F;         // of a column or row within a gap between dashes
constexpr float fall_weight = .5F;       // of a row of a vertical stroke, against a column of a level
constexpr float worth_following = .35F;  // a path ends where what follows costs more than this per column

constexpr std::uint8_t in_row = 1, in_column = 2;

// Which pixels have own ink no farther than `gap` away in their row, and in their column.
Grid<std::uint8_t> near_own(const Ownership& ink, int gap) {
    const int width = ink.width(), height = ink.height();
    Grid<std::uint8_t> near(width, height, 0);
    if (gap <= 0) return near;
    std::vector<int> above(static_cast<std::size_t>(width), -gap - 1);
    for (int y = 0; y < height; ++y) {
        int left = -gap - 1;
        for (int x = 0; x < width; ++x) {
            if (ink.own(x, y) > on_ink) {
                // Backwards only as far as no ink before it has reached.
                for (int k = std::max(left + 1, x - gap); k < x; ++k)
                    if (k >= 0) near(k, y) |= in_row;
                for (int k = std::max(above[x] + 1, y - gap); k < y; ++k)
                    if (k >= 0) near(x, k) |= in_column;
                left = x, above[x] = y;
            }
            if (x - left <= gap) near(x, y) |= in_row;
            if (y - above[x] <= gap) near(x, y) |= in_column;
        }
    }
    return near;
}

}  // namespace

InkAlongPath::InkAlongPath(const Ownership& ink, const CurvePath& path, int reach) : first_(path.first) {
    for (std::size_t i = 0; i < path.enters.size(); ++i) {
        const int top = std::max(path.enters[i] - reach, 0), end = std::min(path.leaves[i] + reach + 1, ink.height());
        columns_.push_back({top, end - top, shares_.size()});
        for (int y = top; y < end; ++y)
            shares_.push_back({ink.own(first_ + static_cast<int>(i), y), ink.foreign(first_ + static_cast<int>(i), y)});
    }
}

CurvePath cheapest_path(const Ownership& ink, const PathOptions& options) {
    const int width = ink.width(), height = ink.height();
    const Grid<std::uint8_t> near = near_own(ink, options.gap);
    const auto cost_at = [&](int x, int y, std::uint8_t direction) {
        const float miss = 1 - ink.own(x, y);
        const float cost = std::min(miss * miss, 1 - (1 - options.foreign_cost) * ink.foreign(x, y));
        return (near(x, y) & direction) != 0 ? std::min(cost, gap_cost) : cost;
    };
    // Row by row: the cost of a pixel depends on the one to its left and the one above it.
    constexpr float never = std::numeric_limits<float>::max() / 4;
    std::vector<float> cost(static_cast<std::size_t>(width), never);
    Grid<std::uint8_t> fell(width, height, 0);  // 1: the path comes from the pixel above
    const int first = std::clamp(options.start_column, 0, width - 1);
    int last_gate = -1;  // the path does not end before it
    for (const Gate& gate : options.gates) last_gate = std::max(last_gate, std::min(gate.column, width - 2));
    float best_gain = last_gate >= 0 ? -never : 0;
    int best_x = -1, best_y = -1;
    for (int y = 0; y < height; ++y) {
        const double off = std::abs(y - options.start_row);
        float left = off <= 2.5 ? static_cast<float>(.4 * off) : never;
        for (int x = first; x < width; ++x) {
            const float from_left = left < never ? left + cost_at(x, y, in_row) : never;
            const float from_above = cost[x] < never ? cost[x] + fall_weight * cost_at(x, y, in_column) : never;
            if (from_above < from_left) fell(x, y) = 1;
            left = cost[x] = std::min(from_left, from_above);
            for (const Gate& gate : options.gates)
                if (x == gate.column && std::abs(y - gate.row) > gate.slack) left = never;  // no way to the next column
            if (left >= never) continue;
            const float gain = worth_following * static_cast<float>(x - first + 1) - left;
            if (gain > best_gain && x > last_gate && (last_gate >= 0 || ink.own(x, y) > on_ink))
                best_gain = gain, best_x = x, best_y = y;
        }
    }
    CurvePath path;
    path.first = first;
    if (best_x < 0) return path;
    const auto n = static_cast<std::size_t>(best_x - first) + 1;
    path.enters.resize(n), path.leaves.resize(n);
    path.cost = worth_following - best_gain / static_cast<float>(n);
    int y = best_y;
    for (int x = best_x; x >= first; --x) {
        path.leaves[x - first] = y;
        while (fell(x, y)) --y;
        path.enters[x - first] = y;
    }
    return path;
}

}  // namespace hersurv::digitise::tracing
