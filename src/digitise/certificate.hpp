// Whether a curve that was read can be trusted, by what the picture itself says.
#pragma once

#include "hersurv/digitise.hpp"

#include "digitise/curves.hpp"

namespace hersurv::digitise {

// One certificate for each curve, in their order. `table` may be absent; its rows are matched with the curves by
// `rows[curve]` (nothing: no row belongs to the curve).
[[nodiscard]] std::vector<Certificate> certify(const std::vector<TracedCurve>& curves, const Axes& axes,
                                               bool from_pixels, const AtRiskTable* table,
                                               const std::vector<std::optional<std::size_t>>& rows);

// S at a time: 1 before the first step, and the last level held after the end.
[[nodiscard]] double survival_at(const TracedCurve& curve, double time);

}  // namespace hersurv::digitise
