// `fit --patients`: families fitted to patients rather than to published numbers.
#pragma once

#include "cli/command.hpp"
#include "cli/fitting.hpp"
#include "cli/table_options.hpp"
#include <string>

namespace hersurv::cli {

// `file`: a table of patients; "-" is stdin. Throws UsageError for options that belong to published numbers.
[[nodiscard]] Answer fit_patients(const std::string& file, const TableOptions& tables, const Selection& source,
                                  const ModelChoice& choice, Context& context);

}  // namespace hersurv::cli
