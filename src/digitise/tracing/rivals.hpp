// Lines that start where the curves do but were not read: what could be another arm, of whatever colour.
#pragma once

#include "digitise/tracing/evidence.hpp"

namespace hersurv::digitise::tracing {

struct UnreadLine {
    double columns = 0;  // on ink that no curve explains, against those of the longest curve
    double area = 0;     // mean distance of these from the nearest curve, over all columns of the longest one, in S
};

// The best path that never rises along ink that the accepted curves leave unexplained.
UnreadLine best_unread_line(const PanelPixels& canvas, const PanelInk& map, const StrokeMap& strokes,
                            const std::vector<PathCandidate>& accepted);

}  // namespace hersurv::digitise::tracing
