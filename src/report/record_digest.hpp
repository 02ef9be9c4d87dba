// The digest of a record: for each endpoint the results of the default analysis, side by side.
#pragma once

#include "report/record_report.hpp"
#include <vector>

namespace hersurv::report {

// The trial in a few lines, a section for each endpoint (default analysis first, the others named), the response rates,
// and what the whole record has beside them.
[[nodiscard]] std::vector<Section> digest_sections(const ShownRecord& record, const RecordReportOptions& options);

}  // namespace hersurv::report
