// What the page of a selection consists of.
#pragma once

#include "report/page/page.hpp"
#include "support/json.hpp"
#include <string>

namespace hersurv::report {

// A table of the page, which can be copied as CSV.
struct PageTable {
    std::string name;  // of our own: "medians"
    Report report;
};

// What the script of the page works with: the curves on a grid of times, with the numbers of `curve --format json` and
// the published numbers, and the tables as CSV. Its texts hold no harmful characters.
[[nodiscard]] support::Json page_data(const PageInput& input, const PageOptions& options,
                                      const std::vector<PageTable>& tables);

// JSON text that can be in an HTML script element: no "<", no harmful character.
[[nodiscard]] std::string script_json(const support::Json& data);

}  // namespace hersurv::report
