// The record of a trial as it was published: every number with its source, and what the sources say about them.
#pragma once

#include "hersurv/records.hpp"

#include "report/names.hpp"
#include <functional>
#include <string>
#include <vector>

namespace hersurv::report {

// A trial with those of its analyses that are shown.
struct ShownRecord {
    const catalogue::Trial* trial = nullptr;
    std::vector<const catalogue::Analysis*> analyses;
};

struct RecordReportOptions {
    std::function<bool(const std::string&)> takes_arm;       // which arms (ids) are shown; empty: all
    std::function<bool(const std::string&)> takes_endpoint;  // which response rates are shown; empty: all
    bool digest = false;          // the results of each endpoint in a few lines, not the whole record
    bool analyses_named = false;  // the analyses were chosen by id: what belongs to none of them is left out
};

// A section for each analysis and for what belongs to none; machine formats have a row for every number.
[[nodiscard]] Report record_report(const std::vector<ShownRecord>& records, const RecordReportOptions& options);

}  // namespace hersurv::report
