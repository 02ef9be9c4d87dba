// Which analyses of a trial are earlier data cuts of another (private to the module).
#pragma once

#include "hersurv/evidence.hpp"

#include <vector>

namespace hersurv::evidence {

// Analyses of the same endpoint and population, assessed by the same (what both leave out is the same), whose data were
// cut before those of `analysis`, the latest first. By the dates of the cuts, or, where these do not tell, by the
// published follow-up; what neither tells is left out.
[[nodiscard]] std::vector<const catalogue::Analysis*> earlier_cuts(const catalogue::Trial& trial,
                                                                   const catalogue::Analysis& analysis);

// The published median follow-up of an arm.
[[nodiscard]] const catalogue::FollowUp* printed_follow_up(const catalogue::ArmResult& result);

}  // namespace hersurv::evidence
