// From labels, whose middles are right to about a pixel, to tick marks, grid lines and frames, which are right to a
// tenth.
#pragma once

#include "digitise/progression.hpp"

namespace hersurv::digitise {

// One axis of a drawing that may be turned: positions run along the axis, `across` away from the panel (downwards from
// a time axis).
struct AxisStroke {
    double position = 0;      // of a stroke across the axis
    double from = 0, to = 0;  // its extent across
};

// Strokes across the time axis (vertical ones) or the survival axis (horizontal ones).
[[nodiscard]] std::vector<AxisStroke> strokes_across(const std::vector<Stroke>& strokes, bool time_axis);

// A line along the axis: pieces at one height, joined.
struct AxisLine {
    double across = 0;
    double from = 0, to = 0;
    double covered = 0;
};
[[nodiscard]] std::vector<AxisLine> lines_along(const std::vector<Stroke>& strokes, bool time_axis);

struct Snapped {
    Scale scale{};
    int matched = 0;
    bool snapped = false;
};
// The best fit of ticks (strokes that end between `near_labels` and the panel), else of long strokes, to the labelled
// values. `inner` is the position across of the panel's edge that the axis is at, `outer` that of the labels' nearer
// edge, `label_height` in units of the picture.
[[nodiscard]] Snapped snap_to_strokes(const Progression& labels, const std::vector<AxisStroke>& strokes, double inner,
                                      double outer, double depth, double label_height);

}  // namespace hersurv::digitise
