// Ties that contradict everything else are left out.
#pragma once

#include "process/mixture.hpp"
#include <vector>

namespace hersurv::process {

// A tie that the compromise with all other numbers misses by far says something else than it seems to, and would only
// bend the curves: events if the published follow-up is not the potential one, a hazard ratio that is published upside
// down or of other curves. Takes it out of the placement, with a message, and mixes again.
void leave_out_contradictions(Problem& problem, const std::vector<WeightedSchedule>& schedules, Mixture& mixture);

}  // namespace hersurv::process
