// Characters of UTF-8 one by one, and the names of those that nobody sees.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hersurv::support {

// The character that begins at `at`, which moves after it. A byte that is not UTF-8 is taken alone, and is U+FFFD.
[[nodiscard]] char32_t take_character(std::string_view text, std::size_t& at);

// "zero-width space U+200B" of a character that leaves no mark and is not a blank: controls, marks of direction,
// joiners, selectors. Empty for all others.
[[nodiscard]] std::string unseen_name(char32_t character);

}  // namespace hersurv::support
