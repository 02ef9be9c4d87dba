// An axis whose values the user gave: where they are.
#pragma once

#include "digitise/progression.hpp"
#include "digitise/snapping.hpp"

namespace hersurv::digitise {

[[nodiscard]] std::vector<double> values_of(const GivenAxis& axis);

// The values of `axis` at the labels of a row or column, however badly these can be read; nothing if fewer than three
// labels are where equal steps have them. `score` counts the labels and how well they agree.
[[nodiscard]] std::optional<Progression> find_given(const std::vector<AxisLabel>& labels, const GivenAxis& axis,
                                                    bool rising, double label_height);

struct GivenTicks {
    Progression labels{};
    double across = 0;  // of the line that the ticks begin or end at
};
// The values at tick marks: strokes that begin or end at one line, as many as there are values, and equally spaced.
// `longest` is the greatest length of a tick mark.
[[nodiscard]] std::optional<GivenTicks> find_given_at_ticks(const std::vector<AxisStroke>& strokes,
                                                            const GivenAxis& axis, bool rising, double longest);

}  // namespace hersurv::digitise
