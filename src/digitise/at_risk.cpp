// The number-at-risk table below a panel.
#include "digitise/curves.hpp"

namespace hersurv::digitise {

std::optional<AtRiskTable> read_at_risk(const Drawing&, const Axes&) { return std::nullopt; }

}  // namespace hersurv::digitise
