// Published points of an arm that rise, which no curve has.
#pragma once

#include "process/placement.hpp"

namespace hersurv::process {

// Where points of an arm rise by more than they may be off, gives each of them the sd with which it may as well lie
// where all of them together would be: the curve is then a compromise, and nobody takes it for certain. The median,
// which places the axis of time, stays.
void read_rising_points_less_surely(Placement& placement);

}  // namespace hersurv::process
