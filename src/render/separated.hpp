// Fields of comma-separated and tab-separated lines.
#pragma once

#include <string>

namespace hersurv::render {

// Quoted where it needs to be (RFC 4180).
[[nodiscard]] std::string csv_field(const std::string& text);
// Tab, line feed, carriage return and backslash as \t, \n, \r and \\; quoted if it begins with #.
[[nodiscard]] std::string tsv_field(const std::string& text);

}  // namespace hersurv::render
