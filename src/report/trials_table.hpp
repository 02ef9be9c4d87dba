// The trials of a selection, one a row.
#pragma once

#include "hersurv/records.hpp"

#include "report/names.hpp"
#include "report/trial_summary.hpp"
#include <vector>

namespace hersurv::report {

[[nodiscard]] Report trials_table(const std::vector<TrialSummary>& trials);
[[nodiscard]] Report trials_table(const std::vector<const catalogue::Trial*>& trials);

}  // namespace hersurv::report
