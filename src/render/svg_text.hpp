// How much room a text takes in a drawing, before any font is known. Texts
// are measured as they are shown: with their harmful characters as escapes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hersurv::render {

// The width in Helvetica, Arial or Liberation Sans, which have the same metrics, in the unit of `size`. Formats draw a
// text in this width whatever font they find.
[[nodiscard]] double text_width(std::string_view raw, double size, bool bold = false);

// The text, or its beginning with an ellipsis if it is wider.
[[nodiscard]] std::string shortened_to_width(std::string_view raw, double size, double width, bool bold = false);

// Lines of at most `width`, broken at blanks, and inside a word only where it is wider than a line. At least one line.
[[nodiscard]] std::vector<std::string> wrap_to_width(std::string_view raw, double size, double width,
                                                     bool bold = false);

}  // namespace hersurv::render
