// From labels and strokes to axes: which position is which time and which survival probability.
#pragma once

#include "digitise/drawing.hpp"
#include <string>
#include <vector>

namespace hersurv::digitise {

// An axis: position = origin + value * per_unit, in units of the picture (per_unit is negative for survival, which
// rises upwards).
struct Scale {
    double origin = 0;
    double per_unit = 1;
    std::vector<double> labelled{};  // the values of its labels, in ascending order
    double residual = 0;  // root mean squared distance of labels or ticks from the line, in units of the picture
    [[nodiscard]] double value(double position) const { return (position - origin) / per_unit; }
    [[nodiscard]] double position(double value) const { return origin + value * per_unit; }
};

enum class TimeUnit { unknown, days, weeks, months, years };

// One panel with both its axes. `survival` is always in shares, also when the labels are percentages.
struct Axes {
    Scale time{};
    Scale survival{};
    bool percent = false;
    Box panel{};  // where curves may run
    std::string time_title{};
    std::string survival_title{};
    TimeUnit unit = TimeUnit::unknown;
};

// An axis that the user gave: --x 0:48:12, --y 0:1:0.25.
struct GivenAxis {
    double from = 0;
    double to = 0;
    double step = 0;
};

struct CalibrationHints {
    std::optional<GivenAxis> time{};
    std::optional<GivenAxis> survival{};
    std::optional<Box> box{};  // of the axes: left is the time `from`, top is the survival `to`
};

// Every panel of the drawing whose axes can be read, from the upper left to the lower right. An axis that cannot be
// read without doubt is not guessed: the panel is left out, and `why_not` says why in one sentence for each.
struct Calibration {
    std::vector<Axes> panels{};
    std::vector<std::string> why_not{};
};

Calibration calibrate(const Drawing& drawing, const CalibrationHints& hints);

}  // namespace hersurv::digitise
