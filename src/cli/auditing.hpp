// The words that the commands share that audit.
#pragma once

#include "hersurv/study/audit.hpp"

#include "render/table.hpp"
#include <optional>
#include <string>

namespace hersurv::cli {

using Outcome = study::Audit;

// Of all findings; where they stand in their files is left out.
[[nodiscard]] render::Problems problems_of(const Outcome& outcome);

// "2 trials, 6 analyses: 0 errors, 0 warnings, 4 notes; 4 acknowledged"
[[nodiscard]] std::string summary_line(const Outcome& outcome);
// "29 published numbers of 6 analyses compared: 17 met within their rounding, ...", without its full stop.
[[nodiscard]] std::string compared_line(const Outcome& outcome);
// "43 claims: 26 hold, 17 contradicted (all acknowledged), 0 cannot be checked", without its full stop.
[[nodiscard]] std::string claims_line(const Outcome& outcome);

[[nodiscard]] std::string source_and_line(const std::string& source, const std::optional<int>& line);
[[nodiscard]] std::string place_words(const audit::Finding& finding);
// "1 error", "2 errors".
[[nodiscard]] std::string counted(std::size_t count, const std::string& singular, const std::string& plural);
[[nodiscard]] std::string counted(std::size_t count, const std::string& singular);

}  // namespace hersurv::cli
