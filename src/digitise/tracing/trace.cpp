// From the pixels of a panel to its curves.
#include "digitise/curves.hpp"
#include "digitise/tracing/evidence.hpp"
#include "digitise/tracing/levels.hpp"
#include "digitise/tracing/rhythm.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::digitise::tracing {
namespace {

// Between dashes.
int widest_gap(double thickness) { return static_cast<int>(std::lround(5 * thickness + 2)); }

void count_columns(PathCandidate& candidate) {
    for (std::size_t i = 0; i < candidate.path.enters.size(); ++i) {
        const int x = candidate.path.first + static_cast<int>(i), y = candidate.path.enters[i];
        if (candidate.own.own(x, y) > on_ink)
            ++candidate.own_columns;
        else if (candidate.own.foreign(x, y) > on_ink)
            ++candidate.hidden_columns;
    }
}

// Own ink that a curve already explains counts as ink of another line.
void hide(Ownership& ink, const CurvePath& path, double thickness) {
    const int reach = static_cast<int>(std::ceil(thickness / 2 + 1));
    for (std::size_t i = 0; i < path.enters.size(); ++i) {
        const int x = path.first + static_cast<int>(i);
        for (int y = path.enters[i] - reach; y <= path.leaves[i] + reach; ++y)
            for (int k = path.leaves[i] > path.enters[i] ? -reach : 0;
                 k <= (path.leaves[i] > path.enters[i] ? reach : 0); ++k) {
                if (!ink.inside(x + k, y) || ink.own(x + k, y) <= 0) continue;
                ink.set(x + k, y, 0, std::max(ink.foreign(x + k, y), ink.own(x + k, y)));
            }
    }
}

// Columns that still have ink of this line.
int inked_columns(const Ownership& ink) {
    std::vector<std::uint8_t> inked(static_cast<std::size_t>(ink.width()));
    for (int y = 0; y < ink.height(); ++y)
        for (int x = 0; x < ink.width(); ++x)
            if (ink.own(x, y) > on_ink) inked[x] = 1;
    return static_cast<int>(std::ranges::count(inked, 1));
}

// The arm whose given colour is nearest to that of the ink; nullptr if none is near.
const CurveHints::NamedColour* named_colour(const CurveHints& hints, const PanelInk& map, const LineInk& line) {
    constexpr float alike = 90;
    const CurveHints::NamedColour* nearest = nullptr;
    float least = alike;
    for (const CurveHints::NamedColour& one : hints.colours) {
        const Ink given{static_cast<float>(one.colour.red), static_cast<float>(one.colour.green),
                        static_cast<float>(one.colour.blue)};
        if (const float distance = (map.ground + line.colour - given).length(); distance < least)
            least = distance, nearest = &one;
    }
    return nearest;
}

// Where the curve of an arm must pass, in pixels of the panel.
std::vector<Gate> gates_of(const PanelPixels& canvas, const Axes& axes, const CurveHints& hints,
                           const std::string& arm) {
    std::vector<Gate> gates;
    for (const CurveHints::KnownPoint& point : hints.points) {
        if (point.arm != arm) continue;
        const double row = axes.survival.position(point.survival) - .5 - canvas.top;
        gates.push_back({static_cast<int>(std::lround(axes.time.position(point.time) - .5)) - canvas.left,
                         canvas.flipped ? canvas.height() - 1 - row : row, .02 * std::abs(canvas.unit_rows) + 2});
    }
    return gates;
}

// Paths along one ink, the clearest first. `first_gap`: px without ink that the first one may bridge.
std::vector<PathCandidate> follow_ink(const PanelPixels& canvas, const PanelInk& map, const StrokeMap& strokes,
                                      std::size_t which, int first_gap, const std::vector<Gate>& gates) {
    std::vector<PathCandidate> found;
    const double thickness = strokes.inks[which].thickness;
    Ownership own = own_ink(map, strokes, which);
    for (int round = 0; round < 3; ++round) {
        PathOptions options;
        options.start_row = canvas.start_row;
        options.start_column = static_cast<int>(std::lround(canvas.zero_column));
        options.gap = round > 0 ? widest_gap(thickness) : first_gap;
        if (round > 0) options.foreign_cost = .3F;
        if (round == 0) options.gates = gates;
        PathCandidate candidate;
        candidate.ink = which;
        candidate.path = cheapest_path(own, options);
        if (candidate.path.empty()) break;
        candidate.own = InkAlongPath(own, candidate.path, reach_beside(thickness));
        count_columns(candidate);
        if (candidate.own_columns < .04 * canvas.width()) break;
        hide(own, candidate.path, thickness);
        found.push_back(std::move(candidate));
        if (inked_columns(own) < .12 * canvas.width()) break;
    }
    return found;
}

std::vector<PathCandidate> find_candidates(const PanelPixels& canvas, const Axes& axes, const PanelInk& map,
                                           const StrokeMap& strokes, const CurveHints& hints) {
    std::vector<PathCandidate> candidates;
    for (std::size_t k = 0; k < strokes.inks.size() && k < 5; ++k) {
        const CurveHints::NamedColour* named = named_colour(hints, map, strokes.inks[k]);
        if (!hints.colours.empty() && named == nullptr) continue;
        std::vector<Gate> gates;
        if (named != nullptr) gates = gates_of(canvas, axes, hints, named->arm);
        std::vector<PathCandidate> found =
            follow_ink(canvas, map, strokes, k, widest_gap(strokes.inks[k].thickness), gates);
        candidates.insert(candidates.end(), std::make_move_iterator(found.begin()),
                          std::make_move_iterator(found.end()));
    }
    return candidates;
}

// Columns of own ink that are apart from every curve that is already accepted.
int unique_columns(const PathCandidate& candidate, const std::vector<PathCandidate>& accepted,
                   const StrokeMap& strokes) {
    int n = 0;
    for (std::size_t i = 0; i < candidate.path.enters.size(); ++i) {
        const int x = candidate.path.first + static_cast<int>(i), y = candidate.path.enters[i];
        if (candidate.own.own(x, y) <= on_ink) continue;
        const bool apart = std::ranges::all_of(accepted, [&](const PathCandidate& other) {
            const int j = x - other.path.first;
            if (j < 0 || j >= static_cast<int>(other.path.enters.size())) return true;
            const double distance = 1.5 * strokes.inks[other.ink].thickness + 2;
            return y < other.path.enters[j] - distance || y > other.path.leaves[j] + distance;
        });
        n += apart;
    }
    return n;
}

std::vector<PathCandidate> accept(std::vector<PathCandidate>& candidates, const StrokeMap& strokes,
                                  const CurveHints& hints) {
    std::vector<PathCandidate> accepted, passed;
    const std::size_t most = hints.arms ? static_cast<std::size_t>(*hints.arms) : 4;
    while (accepted.size() < most && !candidates.empty()) {
        for (PathCandidate& candidate : candidates)
            candidate.unique_columns = unique_columns(candidate, accepted, strokes);
        const auto best = std::ranges::max_element(candidates, {}, &PathCandidate::unique_columns);
        const int longest = accepted.empty() ? best->unique_columns : accepted.front().unique_columns;
        // Two arms are the rule. A third must show along most of its way, or it is made of marks, text and other lines.
        const bool third = accepted.size() >= 2 && !hints.arms;
        if (best->unique_columns < (third ? .45 : .05) * longest) break;
        if (third && best->own_columns < .6 * static_cast<double>(best->path.enters.size())) {
            best->unique_columns = 0, passed.push_back(std::move(*best));
            candidates.erase(best);
            continue;
        }
        accepted.push_back(std::move(*best));
        candidates.erase(best);
    }
    candidates.insert(candidates.end(), std::make_move_iterator(passed.begin()), std::make_move_iterator(passed.end()));
    for (PathCandidate& candidate : candidates) candidate.unique_columns = unique_columns(candidate, accepted, strokes);
    return accepted;
}

// Of a dashed and a solid arm of one ink the solid one is found first, but it may go on along the dashes of the other
// where they are near. Where the gaps say so, it is followed again without bridging any.
void follow_solid_again(const PanelPixels& canvas, const PanelInk& map, const StrokeMap& strokes,
                        const CurveHints& hints, std::vector<PathCandidate>& accepted,
                        std::vector<PathCandidate>& candidates) {
    if (accepted.size() != 2 || !hints.points.empty()) return;
    constexpr double small = .002;  // of S
    // Dots beside censor marks may be taken for a thinner line of the same colour.
    const std::size_t which = std::min(accepted[0].ink, accepted[1].ink);
    if (!of_one_colour(strokes.inks[accepted[0].ink], strokes.inks[accepted[1].ink])) return;
    const double thickness = strokes.inks[which].thickness;
    const RhythmMatch before = match_rhythms(accepted[0], accepted[1], thickness);
    if (!before.differ) return;
    std::vector<PathCandidate> again = follow_ink(canvas, map, strokes, which, 0, {});
    std::vector<PathCandidate> both = accept(again, strokes, hints);
    if (both.size() != 2) return;
    const RhythmMatch after = match_rhythms(both[0], both[1], thickness);
    const double gain = (before.risk() - after.risk()) / canvas.unit_rows;
    const int ink_before = accepted[0].own_columns + accepted[1].own_columns,
              ink_after = both[0].own_columns + both[1].own_columns;
    if (!after.differ || gain < -small || (gain < small && ink_after <= ink_before)) return;
    accepted = std::move(both);
    std::erase_if(candidates, [&](const PathCandidate& one) { return one.ink == which; });
    for (PathCandidate& one : candidates) one.unique_columns = unique_columns(one, accepted, strokes);
    candidates.insert(candidates.end(), std::make_move_iterator(again.begin()), std::make_move_iterator(again.end()));
}

TracedCurve finish(const PathCandidate& candidate, const PanelPixels& canvas, const Axes& axes, const PanelInk& map,
                   const StrokeMap& strokes) {
    const LineInk& line = strokes.inks[candidate.ink];
    TracedCurve curve;
    const Ink shown = map.ground + line.colour;
    const auto byte = [](float value) { return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L)); };
    curve.colour = {byte(shown.red), byte(shown.green), byte(shown.blue)};
    const std::vector<double> rows = level_rows(map, line, candidate.own, candidate.path);
    curve.steps = curve_steps(canvas, axes, map, line, candidate.path, rows);
    curve.ends_at = axes.time.value(canvas.left + candidate.path.end() - .5);
    return curve;
}

double mean_level(const TracedCurve& curve) {
    double area = 0;
    for (std::size_t i = 0; i < curve.steps.size(); ++i)
        area += curve.steps[i].survival *
                ((i + 1 < curve.steps.size() ? curve.steps[i + 1].time : std::max(curve.ends_at, curve.steps[i].time)) -
                 curve.steps[i].time);
    return area / std::max(curve.ends_at, 1e-9);
}

}  // namespace
}  // namespace hersurv::digitise::tracing

namespace hersurv::digitise {

std::vector<TracedCurve> trace_raster(const Drawing& drawing, const Axes& axes, const CurveHints& hints) {
    using namespace tracing;
    if (!drawing.raster) return {};
    const PanelPixels canvas = cut_canvas(*drawing.raster, axes, hints.failure);
    const PanelInk map = subtract_ground(canvas);
    const StrokeMap strokes = find_line_inks(canvas, map);
    std::vector<PathCandidate> candidates = find_candidates(canvas, axes, map, strokes, hints);
    std::vector<PathCandidate> accepted = accept(candidates, strokes, hints);
    follow_solid_again(canvas, map, strokes, hints, accepted, candidates);
    std::vector<TracedCurve> curves;
    for (const PathCandidate& candidate : accepted) {
        curves.push_back(finish(candidate, canvas, axes, map, strokes));
        if (const auto* named = named_colour(hints, map, strokes.inks[candidate.ink])) curves.back().name = named->arm;
    }
    gather_evidence(canvas, axes, map, strokes, accepted, candidates, curves);
    // Who names colours wants these curves and no other.
    if (!hints.colours.empty())
        for (TracedCurve& curve : curves) curve.evidence.unread_area = curve.evidence.unread_columns = 0;
    // One curve, and lines of another colour: was an arm missed?
    if (curves.size() == 1 && !hints.arms && hints.colours.empty())
        for (std::size_t k = 0; k < strokes.inks.size(); ++k)
            if (k != accepted[0].ink && strokes.inks[k].samples > .25 * strokes.inks[accepted[0].ink].samples)
                curves[0].evidence.missed_colour = true;
    for (TracedCurve& curve : curves)
        curve.dash = !curve.evidence.dashed ? "solid" : curve.evidence.own_share < .5 ? "dotted" : "dashed";
    std::ranges::sort(curves, std::greater{}, mean_level);
    return curves;
}

}  // namespace hersurv::digitise
