// Records that were made, not read -> a catalogue document.
#pragma once

#include "hersurv/records.hpp"

#include "support/json.hpp"

namespace hersurv::catalogue {

// The document of one trial whose record was put together by a program: its arms, their n, events, medians, milestones
// and follow-up, and its hazard ratios, with the sources that they name. It reads back to the same numbers with the
// same decimals, as far as probabilities and hazard ratios have two at least, which is what the reader takes them to
// have.
[[nodiscard]] support::Json write_record(const Trial& trial);

// The member "unit" of an object with times; months have none.
void add_unit(support::Json::Object& members, TimeUnit unit);

}  // namespace hersurv::catalogue
