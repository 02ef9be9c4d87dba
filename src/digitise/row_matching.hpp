// Which row of a number-at-risk table belongs to which curve.
#pragma once

#include "digitise/curves.hpp"

namespace hersurv::digitise {

// By the names of the rows, else by their colours, else by how well their numbers fit the curves. Nothing for any curve
// if two orders of the rows are nearly as likely.
[[nodiscard]] std::vector<std::optional<std::size_t>> match_rows(const std::vector<TracedCurve>& curves,
                                                                 const AtRiskTable& table, bool from_pixels);

// Leaves out numbers that the curve contradicts: more at risk than it has survivors, or fewer without a drop.
void leave_out_contradictions(const TracedCurve& curve, bool from_pixels, const std::vector<double>& times,
                              AtRiskRow& row);

// How alike two texts are whose letters may be misread, from 0 to 1; a text that begins another one counts as alike.
[[nodiscard]] double likeness(const std::string& one, const std::string& other);

// The text beside the sample of each curve's line in the legend of a raster picture; empty if it is not clear. Letters
// may be wrong.
[[nodiscard]] std::vector<std::string> legend_texts(const Drawing& drawing, const Axes& axes,
                                                    const std::vector<TracedCurve>& curves);

}  // namespace hersurv::digitise
