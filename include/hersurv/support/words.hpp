// Small words of messages and names: the same name in any case, lists of words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hersurv::support {

// The key under which names that differ only in the case of their ASCII letters are the same.
[[nodiscard]] std::string folded(std::string_view text);
[[nodiscard]] bool equal_any_case(std::string_view left, std::string_view right);

// "a, b, c".
[[nodiscard]] std::string joined(const std::vector<std::string>& words, std::string_view separator = ", ");
// "a, b or c".
[[nodiscard]] std::string alternatives(const std::vector<std::string>& words);

}  // namespace hersurv::support
