// The report of `check`.
#pragma once

#include "hersurv/study.hpp"

#include "report/names.hpp"
#include <string>

namespace hersurv::report {

// `all`: every comparison and claim, and the reasons of acknowledged findings whole; `with_notes`: the notes of the
// records too. Where the findings are in their files is left out of the problems.
[[nodiscard]] Report check_report(const study::Audit& outcome, bool all, bool with_notes);

// What fails, in one line, for formats that hold the comparisons alone: "1 error (events-within-n at trial T, ...)".
[[nodiscard]] std::string failure_line(const study::Audit& outcome);

}  // namespace hersurv::report
