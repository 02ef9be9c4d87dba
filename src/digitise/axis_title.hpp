// The titles of axes and the unit of time that they name.
#pragma once

#include "digitise/calibration.hpp"

namespace hersurv::digitise {

// The unit named in a text that may have been read with a wrong letter or two: "Months", "Time (months)", "Time, mo",
// "Years from surgery".
[[nodiscard]] TimeUnit unit_in(const std::string& text);

// The line of words nearest below the labels of the time axis that names a unit, else the nearest one; empty if there
// is none.
[[nodiscard]] std::string time_title(const Drawing& drawing, const Box& labels, double left, double right);
// The words that run upwards (else those above) nearest to the labels of the survival axis.
[[nodiscard]] std::string survival_title(const Drawing& drawing, const Box& labels, double top, double bottom);

}  // namespace hersurv::digitise
