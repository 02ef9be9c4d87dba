#include "digitise/tracing/path.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hersurv::digitise::tracing {
namespace {

constexpr float gap_cost = .22F;         // of a column or row within a gap between dashes
constexpr float fall_weight = .5F;       // of a row of a vertical stroke, against a column of a level
constexpr float worth_following = .35F;  // a path ends where what follows costs more than this per column

// Distance of each pixel to own ink in its row (or column), no more than `gap` is looked for.
Grid<std::uint8_t> near_own(const Grid<float>& own, int gap, bool along_rows) {
    const int width = own.width(), height = own.height();
    Grid<std::uint8_t> near(width, height, 0);
    if (gap <= 0) return near;
    if (along_rows) {
        for (int y = 0; y < height; ++y) {
            int last = -gap - 1;
            for (int x = 0; x < width; ++x) {
                if (own(x, y) > on_ink) last = x;
                if (x - last <= gap) near(x, y) = 1;
            }
            last = width + gap + 1;
            for (int x = width - 1; x >= 0; --x) {
                if (own(x, y) > on_ink) last = x;
                if (last - x <= gap) near(x, y) = 1;
            }
        }
        return near;
    }
    std::vector<int> last(static_cast<std::size_t>(width), -gap - 1);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            if (own(x, y) > on_ink) last[x] = y;
            if (y - last[x] <= gap) near(x, y) = 1;
        }
    std::ranges::fill(last, height + gap + 1);
    for (int y = height - 1; y >= 0; --y)
        for (int x = 0; x < width; ++x) {
            if (own(x, y) > on_ink) last[x] = y;
            if (last[x] - y <= gap) near(x, y) = 1;
        }
    return near;
}

}  // namespace

CurvePath cheapest_path(const Ownership& ink, const PathOptions& options) {
    const int width = ink.own.width(), height = ink.own.height();
    const Grid<std::uint8_t> beside = near_own(ink.own, options.gap, true),
                             above = near_own(ink.own, options.gap, false);
    const auto level_cost = [&](int x, int y) {
        float cost = (1 - ink.own(x, y)) * (1 - ink.own(x, y));
        cost = std::min(cost, 1 - (1 - options.foreign_cost) * ink.foreign(x, y));
        if (beside(x, y)) cost = std::min(cost, gap_cost);
        return cost;
    };
    const auto fall_cost = [&](int x, int y) {
        float cost = (1 - ink.own(x, y)) * (1 - ink.own(x, y));
        cost = std::min(cost, 1 - (1 - options.foreign_cost) * ink.foreign(x, y));
        if (above(x, y)) cost = std::min(cost, gap_cost);
        return cost * fall_weight;
    };
    constexpr float never = std::numeric_limits<float>::max() / 4;
    std::vector<float> cost(static_cast<std::size_t>(height), never);
    Grid<std::uint8_t> fell(width, height, 0);  // 1: the path comes from the pixel above
    const int first = std::clamp(options.start_column, 0, width - 1);
    for (int y = 0; y < height; ++y)
        if (const double off = std::abs(y - options.start_row); off <= 2.5) cost[y] = static_cast<float>(.4 * off);
    float best_gain = 0;
    int best_x = -1, best_y = -1;
    for (int x = first; x < width; ++x) {
        for (int y = 0; y < height; ++y) {
            if (cost[y] < never) cost[y] += level_cost(x, y);
            if (y > 0 && cost[y - 1] < never)
                if (const float fallen = cost[y - 1] + fall_cost(x, y); fallen < cost[y])
                    cost[y] = fallen, fell(x, y) = 1;
            if (cost[y] >= never) continue;
            const float gain = worth_following * static_cast<float>(x - first + 1) - cost[y];
            if (gain > best_gain && ink.own(x, y) > on_ink) best_gain = gain, best_x = x, best_y = y;
        }
    }
    CurvePath path;
    path.first = first;
    if (best_x < 0) return path;
    const std::size_t n = static_cast<std::size_t>(best_x - first + 1);
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
