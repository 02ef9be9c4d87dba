// Measures how well the picture bears out each curve: gaps, falls without ink, exchanged arms, lines left over.
#include "digitise/tracing/evidence.hpp"

#include "digitise/tracing/rhythm.hpp"
#include "digitise/tracing/rivals.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::digitise::tracing {
namespace {

// The longest way down over pixels without ink.
int longest_blank_fall(const PathCandidate& candidate) {
    int longest = 0;
    for (int i = 0; i < candidate.length(); ++i) {
        int blank = 0;
        for (int y = candidate.path.enters[i] + 1; y < candidate.path.leaves[i]; ++y) {
            const int x = candidate.path.first + i;
            blank = candidate.own.own(x, y) > on_ink || candidate.own.foreign(x, y) > on_ink ? 0 : blank + 1;
            longest = std::max(longest, blank);
        }
    }
    return longest;
}

// Stretches of columns without ink, ascending.
std::vector<int> blank_runs(const PathCandidate& candidate) {
    std::vector<int> runs;
    int blank = 0;
    for (int i = 0; i < candidate.length(); ++i) {
        const int x = candidate.path.first + i, y = candidate.path.enters[i];
        if (candidate.own.own(x, y) <= on_ink && candidate.own.foreign(x, y) <= on_ink) {
            ++blank;
            continue;
        }
        if (blank > 0) runs.push_back(blank);
        blank = 0;
    }
    std::ranges::sort(runs);
    return runs;
}

// How much of the curve is uncertain because it falls somewhere within stretches without ink, in rows (mean over its
// columns). Between two pieces of ink at one level a curve that never rises has that level.
double blank_area(const PathCandidate& candidate) {
    double area = 0;
    int blank = 0, level_before = candidate.path.enters.empty() ? 0 : candidate.path.enters.front();
    for (int i = 0; i < candidate.length(); ++i) {
        const int x = candidate.path.first + i, y = candidate.path.enters[i];
        if (candidate.own.own(x, y) <= on_ink && candidate.own.foreign(x, y) <= on_ink) {
            ++blank;
            continue;
        }
        area += static_cast<double>(blank) * (y - level_before);
        blank = 0, level_before = candidate.path.leaves[i];
    }
    return area / std::max(candidate.length(), 1);
}

bool is_coloured(const Ink& colour) {
    const float grey = (colour.red + colour.green + colour.blue) / 3;
    return (colour - Ink{grey, grey, grey}).length() >= .2F * colour.length();
}

// Share of the panel's columns beyond the end of a curve with ink of its colour at or below its last level, as when a
// legend covers part of it. Ink at a single level may be the sample line of a legend, and black ink may be text.
double share_beyond(const PanelInk& map, const StrokeMap& strokes, const std::vector<PathCandidate>& accepted,
                    const PathCandidate& candidate) {
    const LineInk& line = strokes.inks[candidate.ink];
    const auto others = std::ranges::count(accepted, candidate.ink, &PathCandidate::ink);
    if (others > 1 || candidate.path.empty() || !is_coloured(line.colour)) return 0;
    const Ownership own = own_ink(map, strokes, candidate.ink);
    const int reach = reach_beside(line.thickness), from = candidate.path.end() + reach,
              highest = candidate.path.leaves.back() - reach;
    std::vector<int> levels;
    for (int x = from; x < own.width(); ++x) {
        std::vector<int> inked;
        for (int y = std::max(highest, 0); y < own.height(); ++y)
            if (own.own(x, y) > on_ink) inked.push_back(y);
        if (!inked.empty()) levels.push_back(inked[inked.size() / 2]);
    }
    if (levels.empty()) return 0;
    std::ranges::sort(levels);
    const int spread = levels[levels.size() * 9 / 10] - levels[levels.size() / 10];
    return spread > 2.0 * line.thickness ? static_cast<double>(levels.size()) / own.width() : 0;
}

// Samples of the commonest colour (no grey) that no curve was read in, for each column of the longest curve.
double unused_colour(const StrokeMap& strokes, const std::vector<PathCandidate>& accepted) {
    int most = 0, longest = 1;
    for (const PathCandidate& one : accepted) longest = std::max(longest, one.length());
    for (std::size_t k = 0; k < strokes.inks.size(); ++k) {
        if (!is_coloured(strokes.inks[k].colour)) continue;
        if (std::ranges::none_of(accepted, [&](const PathCandidate& one) { return one.ink == k; }))
            most = std::max(most, strokes.inks[k].samples);
    }
    return static_cast<double>(most) / longest;
}

struct Exchange {
    double risk = 0, from = 0;
};

// Two lines of one look that part, meet and part again: the mean difference of S if they were exchanged there.
Exchange exchange_of(const PanelPixels& canvas, const Axes& axes, const PathCandidate& one, const PathCandidate& other,
                     double near) {
    const int n = std::min(one.length(), other.length());
    Exchange worst;
    bool parted = false, met = false;
    int met_at = 0;
    std::vector<double> after(static_cast<std::size_t>(n) + 1);
    for (int i = n - 1; i >= 0; --i) after[i] = after[i + 1] + std::abs(one.path.enters[i] - other.path.enters[i]);
    double widest = 0;
    for (int i = 0; i < n; ++i) {
        const double apart =
            std::max(one.path.enters[i], other.path.enters[i]) - std::min(one.path.leaves[i], other.path.leaves[i]);
        if (apart <= near) {
            if (parted) met = true, met_at = i;
            parted = false;
            continue;
        }
        widest = std::max(widest, apart);
        parted = widest > 1.5 * near;
        if (!met) continue;
        const double risk = after[i] / canvas.unit_rows / std::max(n, 1);
        // Exchanged twice they are where they were: what counts is the larger part.
        const double effect = std::min(risk, after[0] / canvas.unit_rows / std::max(n, 1) - risk);
        if (effect > worst.risk) worst = {effect, axes.time.value(canvas.left + one.path.first + met_at + .5)};
        met = false;
    }
    return worst;
}

// Distance of the path from the middle of the ink around it.
double stray_of(const PathCandidate& candidate, double thickness) {
    const int reach = reach_beside(thickness);
    double sum = 0;
    int n = 0;
    for (int i = 0; i < candidate.length(); ++i) {
        const int x = candidate.path.first + i;
        if (candidate.path.leaves[i] != candidate.path.enters[i]) continue;
        double weight = 0, weighted = 0;
        for (int k = -reach; k <= reach; ++k)
            if (const int y = candidate.path.enters[i] + k; candidate.own.inside(x, y))
                weight += candidate.own.own(x, y), weighted += candidate.own.own(x, y) * static_cast<float>(k);
        if (weight < on_ink) continue;
        sum += std::abs(weighted / weight), ++n;
    }
    return n > 0 ? sum / n : 0;
}

}  // namespace

void gather_evidence(const PanelPixels& canvas, const Axes& axes, const PanelInk& map, const StrokeMap& strokes,
                     const std::vector<PathCandidate>& accepted, const std::vector<PathCandidate>& rest,
                     std::vector<TracedCurve>& curves) {
    int longest = 1;
    for (const PathCandidate& candidate : accepted) longest = std::max(longest, candidate.own_columns);
    const auto count_dashes = [&](std::size_t i) {
        CurveEvidence& evidence = curves[i].evidence;
        const std::vector<int> blanks = blank_runs(accepted[i]);
        const double inked = accepted[i].own_columns + accepted[i].hidden_columns;
        evidence.dashed = blanks.size() >= 5 && inked < .9 * accepted[i].length();
    };
    for (std::size_t i = 0; i < accepted.size(); ++i) count_dashes(i);
    const UnreadLine unread = best_unread_line(canvas, map, strokes, accepted);
    const bool one_look =
        std::ranges::all_of(accepted, [&](const PathCandidate& one) { return one.ink == accepted.front().ink; });
    const double missed = one_look && accepted.size() > 1 ? unused_colour(strokes, accepted) : 0;
    for (std::size_t i = 0; i < accepted.size(); ++i) {
        const PathCandidate& candidate = accepted[i];
        CurveEvidence& evidence = curves[i].evidence;
        const double length = std::max(candidate.length(), 1);
        evidence.unread_columns = unread.columns;
        evidence.unread_area = unread.area;
        evidence.missed_colour = missed > .3;
        evidence.blank_area = blank_area(candidate) / canvas.unit_rows;
        evidence.thickness = strokes.inks[candidate.ink].thickness;
        evidence.own_share = candidate.own_share();
        // Some gaps may be flaws, many are a pattern.
        if (const Rhythm rhythm = rhythm_of(candidate, 0, candidate.length(), evidence.thickness); rhythm.gaps >= 8)
            evidence.dash_share = rhythm.blank / std::max(length, 1.0 * rhythm.ink + rhythm.blank);
        evidence.beyond_share = share_beyond(map, strokes, accepted, candidate);
        evidence.hidden_share = candidate.hidden_columns / length;
        evidence.path_on_ink = evidence.own_share + evidence.hidden_share;
        evidence.blank_fall = longest_blank_fall(candidate) / canvas.unit_rows;
        evidence.stray = stray_of(candidate, evidence.thickness);
        for (const PathCandidate& other : rest)
            if (other.ink == candidate.ink)
                evidence.unexplained =
                    std::max(evidence.unexplained, static_cast<double>(other.unique_columns) / longest);
        evidence.ink_explained = 1 - std::min(evidence.unexplained, 1.0);
        for (std::size_t k = 0; k < accepted.size(); ++k) {
            if (k == i || accepted[k].ink != candidate.ink) continue;
            evidence.same_ink = true;
            Exchange exchange = exchange_of(canvas, axes, candidate, accepted[k], 1.5 * evidence.thickness + 1);
            // Where one of them has gaps and the other has none the pattern tells which is which. With few gaps it
            // still does so half of the time.
            if (const RhythmMatch match = match_rhythms(candidate, accepted[k], evidence.thickness); match.differ)
                exchange = {match.risk() / canvas.unit_rows, axes.time.value(canvas.left + match.open_from + .5)};
            else if (evidence.dashed != curves[k].evidence.dashed)
                exchange.risk /= 2;
            if (exchange.risk > evidence.swap_risk)
                evidence.swap_risk = exchange.risk, evidence.swap_from = exchange.from;
        }
    }
}

}  // namespace hersurv::digitise::tracing
