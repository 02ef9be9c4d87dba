// What the picture says for and against the curves that were read.
#pragma once

#include "digitise/curves.hpp"
#include "digitise/tracing/path.hpp"
#include <algorithm>

namespace hersurv::digitise::tracing {

// Rows beside a path within which its ink is looked at.
[[nodiscard]] inline int reach_beside(double thickness) { return static_cast<int>(std::ceil(2 * thickness + 3)); }

// A path along one ink.
struct PathCandidate {
    std::size_t ink = 0;  // of the inks of lines
    CurvePath path{};
    InkAlongPath own{};
    int own_columns = 0;     // on ink of its own
    int hidden_columns = 0;  // on ink of other lines
    int unique_columns = 0;  // on ink of its own, apart from the curves already accepted

    [[nodiscard]] int length() const { return static_cast<int>(path.enters.size()); }
    [[nodiscard]] double own_share() const { return static_cast<double>(own_columns) / std::max(length(), 1); }
};

// Sets the evidence of curves[i], which was read along accepted[i]; `rest` are the paths that were not accepted.
void gather_evidence(const PanelPixels& canvas, const Axes& axes, const PanelInk& map, const StrokeMap& strokes,
                     const std::vector<PathCandidate>& accepted, const std::vector<PathCandidate>& rest,
                     std::vector<TracedCurve>& curves);

}  // namespace hersurv::digitise::tracing
