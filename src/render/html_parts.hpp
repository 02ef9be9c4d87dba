// Pieces of HTML that the pages share.
#pragma once

#include "render/layout.hpp"
#include <string>
#include <vector>

namespace hersurv::render {

// A table in a box that scrolls by itself, and its footnotes below it. Their classes are `table` and `footnotes`, that
// of numeric columns is `number`.
[[nodiscard]] std::string html_table(const LayoutTable& table);
// "<ul>" with one item each, or nothing.
[[nodiscard]] std::string html_list(const std::vector<std::string>& items, const std::string& attributes = {});

}  // namespace hersurv::render
