// From a path in whole pixels to the steps of a curve: the middle of its stroke.
#pragma once

#include "digitise/curves.hpp"
#include "digitise/tracing/path.hpp"

namespace hersurv::digitise::tracing {

// Row of the curve, to a fraction of a pixel, in each column of its path: where it comes in from the left.
std::vector<double> level_rows(const PanelInk& map, const LineInk& line, const InkAlongPath& ink,
                               const CurvePath& path);

// Steps in the units of the axes from the rows. Levels less than a tenth of a pixel apart are one.
std::vector<Step> curve_steps(const PanelPixels& canvas, const Axes& axes, const PanelInk& map, const LineInk& line,
                              const CurvePath& path, const std::vector<double>& rows);

}  // namespace hersurv::digitise::tracing
