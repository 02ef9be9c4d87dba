// The first place at which a text is not JSON, in plain words; characters of UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hersurv::support {

inline bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
inline bool is_utf8_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; }

struct JsonFault {
    std::size_t offset = 0;  // in bytes
    std::string problem, remedy;
};

// Of a text that is not one JSON document (RFC 8259): it is neither blank nor holds a NUL byte.
[[nodiscard]] JsonFault first_json_fault(std::string_view text);

// Moves `at` after the character that begins there; false if it is not well-formed, `at` is the byte that is not
// one of it then.
[[nodiscard]] bool take_utf8_character(std::string_view text, std::size_t& at);

}  // namespace hersurv::support
