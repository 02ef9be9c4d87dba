// Follows ink of all colours that no accepted curve explains.
#include "digitise/tracing/rivals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hersurv::digitise::tracing {
namespace {

// Ink of any colour is own; what lies on an accepted curve can be followed at little cost.
Ownership unexplained_ink(const PanelInk& map, const StrokeMap& strokes, const std::vector<PathCandidate>& accepted) {
    const int width = map.ink.width(), height = map.ink.height();
    float faintest = std::numeric_limits<float>::max();
    for (const PathCandidate& candidate : accepted)
        faintest = std::min(faintest, strokes.inks[candidate.ink].colour.length());
    const float full = std::max(.6F * std::min(faintest, 200.0F), 25 + 4 * map.noise);
    Ownership ink(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const float strength = std::min(1.0F, map.ink(x, y).length() / full);
            if (map.dark_line(x, y))
                ink.set(x, y, 0, 1);
            else if (strength > .25F)
                ink.set(x, y, strength, 0);
        }
    for (const PathCandidate& candidate : accepted) {
        const int reach = static_cast<int>(std::ceil(strokes.inks[candidate.ink].thickness / 2 + 1.5F));
        for (int i = 0; i < candidate.length(); ++i)
            for (int k = -reach; k <= reach; ++k)
                for (int y = candidate.path.enters[i] - reach; y <= candidate.path.leaves[i] + reach; ++y)
                    if (const int x = candidate.path.first + i + k; ink.inside(x, y)) ink.set(x, y, 0, 1);
    }
    return ink;
}

// Rows from the nearest accepted curve.
double distance_to_nearest(const std::vector<PathCandidate>& accepted, int x, int y) {
    double nearest = std::numeric_limits<double>::max();
    for (const PathCandidate& candidate : accepted) {
        const int i = std::clamp(x - candidate.path.first, 0, candidate.length() - 1);
        const double above = candidate.path.enters[i] - y, below = y - candidate.path.leaves[i];
        nearest = std::min(nearest, std::max({above, below, 0.0}));
    }
    return nearest;
}

}  // namespace

UnreadLine best_unread_line(const PanelPixels& canvas, const PanelInk& map, const StrokeMap& strokes,
                            const std::vector<PathCandidate>& accepted) {
    UnreadLine line;
    int longest = 0;
    for (const PathCandidate& candidate : accepted) longest = std::max(longest, candidate.length());
    if (longest == 0) return line;
    const Ownership ink = unexplained_ink(map, strokes, accepted);
    PathOptions options;
    options.start_row = canvas.start_row;
    options.start_column = static_cast<int>(std::lround(canvas.zero_column));
    options.foreign_cost = .25F;
    const CurvePath path = cheapest_path(ink, options);
    for (std::size_t i = 0; i < path.enters.size(); ++i) {
        const int x = path.first + static_cast<int>(i), y = path.enters[i];
        if (ink.own(x, y) <= on_ink) continue;
        line.columns += 1.0 / longest;
        line.area += distance_to_nearest(accepted, x, y) / canvas.unit_rows / longest;
    }
    return line;
}

}  // namespace hersurv::digitise::tracing
