// Follows ink of all colours that no accepted curve explains.
#include "digitise/tracing/rivals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hersurv::digitise::tracing {
namespace {

// Ink of any colour is own; what lies on an accepted curve can be followed at little cost.
Ownership unexplained_ink(const PanelPixels& canvas, const PanelInk& map, const StrokeMap& strokes,
                          const std::vector<PathCandidate>& accepted) {
    const int width = map.ink.width(), height = map.ink.height();
    float faintest = std::numeric_limits<float>::max();
    for (const PathCandidate& candidate : accepted)
        faintest = std::min(faintest, strokes.inks[candidate.ink].colour.length());
    const float full = std::max(.6F * std::min(faintest, 200.0F), 25 + 4 * map.noise);
    Ownership ink(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const float strength = std::min(1.0F, map.ink(x, y).length() / full);
            // A frame, or a grid line where S = 1, leads to legends; no curve is followed along it.
            if (map.dark_line(x, y) || (strength > .25F && std::abs(y - canvas.start_row) < 3))
                ink.set(x, y, 0, .9F * on_ink);
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
    int longest = 0, last = 0;
    float thickest = 0;
    for (const PathCandidate& candidate : accepted) {
        longest = std::max(longest, candidate.length());
        last = std::max(last, candidate.path.end() - 1);
        thickest = std::max(thickest, strokes.inks[candidate.ink].thickness);
    }
    if (longest == 0) return line;
    const Ownership ink = unexplained_ink(canvas, map, strokes, accepted);
    PathOptions options;
    options.start_row = canvas.start_row;
    options.start_column = static_cast<int>(std::lround(canvas.zero_column));
    options.foreign_cost = .25F;
    // What lies behind a wide gap is text or a legend: a line of its own only if it meets a curve again.
    const auto gap = static_cast<int>(std::lround(5 * thickest + 2));
    // A second arm that lies close to the first hides in its dashes.
    if (accepted.size() == 1) options.gap = gap;
    const CurvePath path = cheapest_path(ink, options);
    int blank = 0;
    const int n = std::min(static_cast<int>(path.enters.size()), last + 1 - path.first);
    for (int i = 0; i < n; ++i) {
        const int x = path.first + i;
        for (int y = path.enters[i]; y <= path.leaves[i]; ++y) {
            if (ink.foreign(x, y) > on_ink)
                blank = 0;
            else if (blank <= gap)
                blank = ink.own(x, y) > on_ink ? 0 : blank + 1;
        }
        if (blank > gap || ink.own(x, path.enters[i]) <= on_ink) continue;
        line.columns += 1.0 / longest;
        line.area += distance_to_nearest(accepted, x, path.enters[i]) / canvas.unit_rows / longest;
    }
    return line;
}

}  // namespace hersurv::digitise::tracing
