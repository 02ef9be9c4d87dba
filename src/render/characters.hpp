// Characters of UTF-8 text: taking them one by one, the columns that they fill on a terminal, and making harmful ones
// harmless.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hersurv::render {

// Marks a number that is extrapolated beyond the supported range.
inline constexpr std::string_view dagger = "\xe2\x80\xa0";
// Marks a number that no published estimate is as early as.
inline constexpr std::string_view double_dagger = "\xe2\x80\xa1";
// Marks a number that is weakly identified.
inline constexpr std::string_view pilcrow = "\xc2\xb6";
// Marks an interval that is not of the kind that the heading names.
inline constexpr std::string_view section_sign = "\xc2\xa7";

struct Character {
    char32_t code = 0;       // U+FFFD for a byte that is not UTF-8
    std::string_view bytes;  // as they are in the text
    bool valid = true;
};

// The character at `position`, which moves past it. A byte that belongs to no well-formed character is one by itself.
[[nodiscard]] Character next_character(std::string_view text, std::size_t& position);

// Columns of a terminal: 0 for combining marks, 2 for East Asian wide characters, otherwise 1.
[[nodiscard]] int display_width(std::string_view text);

// Controls (C0, DEL, C1, line and paragraph separators) can drive a terminal or forge a line.
[[nodiscard]] bool is_control(char32_t code);
// Characters that cannot be seen and change how others are read: bidirectional marks, zero-width space, tags, byte
// order mark.
[[nodiscard]] bool is_invisible(char32_t code);

// Harmful characters as escapes: \n, \t, \x1b, \u202e, \xff (a byte that is not UTF-8). Nothing is left that acts.
[[nodiscard]] std::string with_visible_controls(std::string_view text);
// The same without a trace: line breaks and tabs become blanks, the others go.
[[nodiscard]] std::string without_controls(std::string_view text);
// For data: as above, but tab, line feed and carriage return stay as they are.
[[nodiscard]] std::string with_visible_controls_except_whitespace(std::string_view text);
// JSON text whose strings keep every character: the harmful ones are written as \u escapes.
[[nodiscard]] std::string with_escaped_harmful(std::string_view json);
// Text and attribute values of XML 1.0: markup and quotation marks as entities, harmful characters as escapes.
[[nodiscard]] std::string xml_escaped(std::string_view text);
// Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string well_formed(std::string_view text);

}  // namespace hersurv::render
