// Counts the gaps along arms, and compares those of two arms between the places where they meet.
#include "digitise/tracing/rhythm.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace hersurv::digitise::tracing {
namespace {

// Columns between two meetings, counted from the begin of the paths.
struct Stretch {
    int from = 0, to = 0;
    double area = 0;
    Rhythm one{}, other{};
    int dashed = 0;  // 1: the first has the gaps, -1: the second, 0: it is not clear
};

std::vector<Stretch> stretches_of(const PathCandidate& one, const PathCandidate& other, double thickness) {
    const double near = 1.5 * thickness + 1;
    const int n = std::min(one.length(), other.length());
    std::vector<Stretch> stretches;
    Stretch open;
    double widest = 0;
    const auto close = [&](int to) {
        open.to = to;
        if (widest > 1.5 * near) stretches.push_back(open);
        widest = 0;
    };
    for (int i = 0; i < n; ++i) {
        const double apart =
            std::max(one.path.enters[i], other.path.enters[i]) - std::min(one.path.leaves[i], other.path.leaves[i]);
        if (apart <= near) {
            close(i);
            continue;
        }
        if (widest == 0) open = {i, i, 0, {}, {}, 0};
        widest = std::max(widest, apart);
        open.area += static_cast<double>(std::abs(one.path.enters[i] - other.path.enters[i])) / n;
    }
    // The longer arm alone still shows its pattern.
    close(std::max(one.length(), other.length()));
    return stretches;
}

}  // namespace

Rhythm rhythm_of(const PathCandidate& path, int from, int to, double thickness) {
    Rhythm rhythm;
    const int shortest = std::max(2, static_cast<int>(std::lround(.5 * thickness)));
    struct {
        int pixels = 0, x = 0, y = 0;  // where it begins
    } blank;
    const auto close = [&](int x, int y) {
        // Short cuts of the path lead down and to the right; between two dashes a line goes straight on.
        const bool straight = std::min(x - blank.x, y - blank.y) <= 1;
        if (blank.pixels >= shortest && straight) rhythm.blank += blank.pixels, ++rhythm.gaps;
        blank.pixels = 0;
    };
    for (int i = from; i < std::min(to, path.length()); ++i) {
        const int x = path.path.first + i;
        for (int y = path.path.enters[i]; y <= path.path.leaves[i]; ++y) {
            if (path.own.own(x, y) > on_ink)
                ++rhythm.ink, close(x, y);
            else if (path.own.foreign(x, y) > on_ink)
                close(x, y);
            else if (++blank.pixels == 1)
                blank.x = x, blank.y = y;
        }
    }
    return rhythm;
}

RhythmMatch match_rhythms(const PathCandidate& one, const PathCandidate& other, double thickness) {
    std::vector<Stretch> stretches = stretches_of(one, other, thickness);
    Rhythm dashed;  // of the arm with more gaps, over all stretches
    for (Stretch& stretch : stretches) {
        stretch.one = rhythm_of(one, stretch.from, stretch.to, thickness);
        stretch.other = rhythm_of(other, stretch.from, stretch.to, thickness);
    }
    for (const bool first : {true, false}) {
        Rhythm whole;
        for (const Stretch& stretch : stretches) {
            const Rhythm& part = first ? stretch.one : stretch.other;
            whole.ink += part.ink, whole.blank += part.blank, whole.gaps += part.gaps;
        }
        if (whole.blank_share() > dashed.blank_share()) dashed = whole;
    }
    // A flaw of a solid line is no pattern.
    const bool patterned = dashed.gaps >= 4 && dashed.blank_share() > .06;
    double balance = 0;
    for (Stretch& stretch : stretches) {
        const bool first = stretch.one.blank_share() > stretch.other.blank_share();
        const Rhythm &more = first ? stretch.one : stretch.other, &less = first ? stretch.other : stretch.one;
        if (patterned && more.gaps > 0 && more.blank_share() > .4 * dashed.blank_share() &&
            less.blank_share() < .5 * more.blank_share())
            stretch.dashed = first ? 1 : -1;
        balance += stretch.dashed * stretch.area;
    }
    RhythmMatch match;
    double largest = 0;
    for (const Stretch& stretch : stretches) {
        match.differ |= stretch.dashed != 0;
        if (stretch.dashed != 0 && stretch.dashed * balance >= 0) {
            match.settled += stretch.area;
            continue;
        }
        (stretch.dashed == 0 ? match.open : match.contradicted) += stretch.area;
        if (stretch.area > largest) largest = stretch.area, match.open_from = one.path.first + stretch.from;
    }
    return match;
}

}  // namespace hersurv::digitise::tracing
