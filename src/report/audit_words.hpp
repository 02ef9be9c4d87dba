// What an audit looked at and found, in words that reports share.
#pragma once

#include "hersurv/study.hpp"

#include "report/names.hpp"
#include <optional>
#include <string>
#include <vector>

namespace hersurv::report {

// Of all findings; where they are in their files is left out.
[[nodiscard]] Problems problems_of(const study::Audit& audit);

// "2 trials, 6 analyses: 0 errors, 0 warnings, 4 notes; 4 acknowledged"
[[nodiscard]] std::string summary_line(const study::Audit& audit);
// "29 published numbers of 6 analyses compared: 17 met within their rounding, ...", without its full stop.
[[nodiscard]] std::string compared_line(const study::Audit& audit);
// "43 claims: 26 hold, 17 contradicted (all acknowledged), 0 cannot be checked", without its full stop.
[[nodiscard]] std::string claims_line(const study::Audit& audit);

// These, one sentence each.
[[nodiscard]] std::vector<std::string> audit_sentences(const study::Audit& audit);

[[nodiscard]] std::string source_and_line(const std::string& source, const std::optional<int>& line);
[[nodiscard]] std::string place_words(const audit::Finding& finding);

}  // namespace hersurv::report
