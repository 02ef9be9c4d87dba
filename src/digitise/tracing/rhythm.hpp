// Which of two arms of one ink is the dashed one: from the gaps along them, between the places where they meet.
#pragma once

#include "digitise/tracing/evidence.hpp"

namespace hersurv::digitise::tracing {

// Pixels along a path, down its strokes and along its levels; those beneath other lines are not counted.
struct Rhythm {
    int ink = 0, blank = 0;
    int gaps = 0;  // straight stretches without ink, as they are between dashes
    [[nodiscard]] double blank_share() const { return blank > 0 ? static_cast<double>(blank) / (ink + blank) : 0; }
};
Rhythm rhythm_of(const PathCandidate& path, int from, int to, double thickness);

// How far the gaps tell two arms apart. Areas are mean distances of the arms over the columns of the shorter one, in
// rows, of the stretches between two meetings.
struct RhythmMatch {
    bool differ = false;      // one arm has gaps and the other has none, somewhere
    double contradicted = 0;  // where the other one has the gaps than has them along most of the way
    double open = 0;          // where neither has gaps, or both have
    double settled = 0;       // all the rest
    int open_from = 0;        // first column of the largest stretch that is open or contradicted

    // Mean distance of the arms if they were read exchanged wherever the gaps do not say that they were not.
    [[nodiscard]] double risk() const { return std::min(contradicted + open, settled); }
};
RhythmMatch match_rhythms(const PathCandidate& one, const PathCandidate& other, double thickness);

}  // namespace hersurv::digitise::tracing
