// Pieces of HTML that the pages share (private to the report module).
#pragma once

#include "layout.hpp"
#include <string>
#include <vector>

namespace hersurv::report {

// A table in a box that scrolls by itself, and its footnotes below it. Their classes are `table` and `footnotes`, that
// of numeric columns is `number`.
[[nodiscard]] std::string html_table(const LayoutTable& table);
// "<ul>" with one item each, or nothing.
[[nodiscard]] std::string html_list(const std::vector<std::string>& items, const std::string& attributes = {});

}  // namespace hersurv::report
