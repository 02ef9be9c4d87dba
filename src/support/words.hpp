// Small words of messages and names: the same name in any case, lists of words, counts, characters of UTF-8.
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

// "1 trial", "2 trials", "0 trials"; `plural` if it is not the singular with an s.
[[nodiscard]] std::string counted(std::size_t count, std::string_view singular, std::string_view plural = {});

// Without these characters at either end.
[[nodiscard]] std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n");

// The parts between the separators, empty ones too: one more than there are separators.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);

// A byte of UTF-8 that is not the first of its character.
[[nodiscard]] constexpr bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace hersurv::support
