// Names as in the Unicode Character Database 15.0, in lower case but for its abbreviations.
#include "support/characters.hpp"

#include "support/json_fault.hpp"
#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

namespace hersurv::support {

char32_t take_character(std::string_view text, std::size_t& at) {
    const std::size_t start = at;
    if (!take_utf8_character(text, at)) {
        at = start + 1;
        return 0xFFFD;
    }
    const auto lead = static_cast<unsigned char>(text[start]);
    const std::size_t length = at - start;
    // A leading byte has as many ones in front as its character has bytes, followed by the first bits.
    char32_t character = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = start + 1; i < at; ++i)
        character = (character << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    return character;
}

std::string unseen_name(char32_t character) {
    struct Range {
        char32_t first, last;
        std::string_view name;
    };
    static constexpr Range ranges[] = {
        {0x00, 0x08, "control character"},
        {0x0E, 0x1F, "control character"},
        {0x7F, 0x84, "control character"},
        {0x86, 0x9F, "control character"},
        {0xAD, 0xAD, "soft hyphen"},
        {0x34F, 0x34F, "combining grapheme joiner"},
        {0x61C, 0x61C, "Arabic letter mark"},
        {0x115F, 0x1160, "Hangul filler"},
        {0x180B, 0x180E, "Mongolian separator"},
        {0x200B, 0x200B, "zero-width space"},
        {0x200C, 0x200C, "zero-width non-joiner"},
        {0x200D, 0x200D, "zero-width joiner"},
        {0x200E, 0x200E, "left-to-right mark"},
        {0x200F, 0x200F, "right-to-left mark"},
        {0x202A, 0x202E, "mark of direction"},
        {0x2060, 0x2060, "word joiner"},
        {0x2061, 0x2064, "invisible operator"},
        {0x2066, 0x206F, "mark of direction"},
        {0x3164, 0x3164, "Hangul filler"},
        {0xFE00, 0xFE0F, "variation selector"},
        {0xFEFF, 0xFEFF, "byte order mark"},
        {0xFFA0, 0xFFA0, "Hangul filler"},
        {0xFFF9, 0xFFFB, "annotation mark"},
        {0xE0000, 0xE0FFF, "tag or variation selector"},
    };
    const auto* const found = std::ranges::find_if(
        ranges, [&](const Range& range) { return character >= range.first && character <= range.last; });
    if (found == std::end(ranges)) return "";
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), " U+%04X", static_cast<unsigned>(character));
    return std::string(found->name) + number.data();
}

}  // namespace hersurv::support
