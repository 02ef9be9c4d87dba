// One self-contained HTML page of a selection of trials: interactive curves, figures, comparison tables, findings and
// method.
#pragma once

#include "report/comparison_tables.hpp"
#include "report/figures.hpp"
#include <string>
#include <vector>

namespace hersurv::report {

struct PageInput {
    ComparisonInput selection;               // one model an analysis
    Problems problems;                       // what `check` finds about it
    std::vector<std::string> audit_summary;  // what was looked at and how much was found, one sentence each
    std::string topic{};                     // what the trials have in common, as the catalogue's title says; or ""
};

struct PageOptions {
    FigureOptions figures;     // of the curves: their interval and horizon
    ComparisonOptions tables;  // their interval and horizon
    // Whether the analyses were chosen by endpoint or id: then every table and figure shows all of them, else those of
    // its default endpoint.
    bool analyses_chosen = false;
    // Whether the trials were named: then the page opens with their curves, in this order, and not with a choice.
    bool trials_named = false;
};

// Every text of the input is escaped. Throws UsageError if an analysis has several models.
[[nodiscard]] std::string page(const PageInput& input, const PageOptions& options);

}  // namespace hersurv::report
