// The sources of a comparison table as BibTeX.
#pragma once

#include "report/comparison_tables.hpp"
#include <string>

namespace hersurv::report {

// An entry for every source of a published result of the analyses (medians, milestones, hazard ratios, events,
// follow-up), or of the response rates `response_endpoint` of the trials if that is not empty; by key.
[[nodiscard]] std::string bibliography(const ComparisonInput& input, const std::string& response_endpoint);

}  // namespace hersurv::report
