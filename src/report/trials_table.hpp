// The trials of a selection, one a row.
#pragma once

#include "hersurv/records.hpp"

#include "report/names.hpp"
#include <string>
#include <vector>

namespace hersurv::report {

// Endpoints with an analysis, then those of response rates, in the order of the record.
[[nodiscard]] std::vector<std::string> endpoints_of(const catalogue::Trial& trial);

[[nodiscard]] Report trials_table(const std::vector<const catalogue::Trial*>& trials);

}  // namespace hersurv::report
