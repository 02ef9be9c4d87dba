// How much room a text takes in a drawing, before any font is known. Texts
// are measured as they are shown: with their harmful characters as escapes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hersurv::render {

// An upper bound for the usual sans-serif fonts (Helvetica, Arial, Liberation Sans, DejaVu Sans), in the unit of
// `size`.
[[nodiscard]] double text_width(std::string_view raw, double size, bool bold = false);

// Lines of at most `width`, broken at blanks, and inside a word only where it is wider than a line. At least one line.
[[nodiscard]] std::vector<std::string> wrap_to_width(std::string_view raw, double size, double width,
                                                     bool bold = false);

}  // namespace hersurv::render
