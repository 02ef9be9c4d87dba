// What is copied out of a paper: its typographic characters, each as the plain one that it stands for.
#include "catalogue/typed_text.hpp"

#include "hersurv/error.hpp"

#include "support/characters.hpp"
#include "support/json.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <iterator>
#include <utility>

namespace hersurv::catalogue {
namespace {

struct Spelling {
    char32_t first, last;
    std::string_view plain;
};

// The Unicode Character Database 15.0: general category Zs and the line ends; Pd and the minus signs; the points that
// are published at half height; relations; quotation marks.
constexpr Spelling spellings[] = {
    {0x09, 0x0D, " "},      {0x85, 0x85, " "},      {0xA0, 0xA0, " "},      {0x1680, 0x1680, " "},
    {0x2000, 0x200A, " "},  {0x2028, 0x2029, " "},  {0x202F, 0x202F, " "},  {0x205F, 0x205F, " "},
    {0x3000, 0x3000, " "},  {0x2010, 0x2015, "-"},  {0x2212, 0x2212, "-"},  {0x2043, 0x2043, "-"},
    {0x2796, 0x2796, "-"},  {0x2E3A, 0x2E3B, "-"},  {0xFE58, 0xFE58, "-"},  {0xFE63, 0xFE63, "-"},
    {0xB7, 0xB7, "."},      {0x387, 0x387, "."},    {0x2022, 0x2022, "."},  {0x2027, 0x2027, "."},
    {0x2219, 0x2219, "."},  {0x22C5, 0x22C5, "."},  {0x30FB, 0x30FB, "."},  {0x2264, 0x2264, "<="},
    {0x2266, 0x2266, "<="}, {0x2A7D, 0x2A7D, "<="}, {0x2265, 0x2265, ">="}, {0x2267, 0x2267, ">="},
    {0x2A7E, 0x2A7E, ">="}, {0x2018, 0x201B, "'"},  {0x201C, 0x201F, "\""}, {0x223C, 0x223C, "~"},
    {0xFE6A, 0xFE6A, "%"},
};

// The plain spelling of a character; empty if it is its own.
std::string_view plain_spelling(char32_t character) {
    // FULLWIDTH EXCLAMATION MARK to FULLWIDTH TILDE are in the order of ASCII.
    static constexpr std::string_view ascii =
        "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
    if (character >= 0xFF01 && character <= 0xFF5E) return ascii.substr(character - 0xFF01, 1);
    const auto* const found = std::ranges::find_if(
        spellings, [&](const Spelling& spelling) { return character >= spelling.first && character <= spelling.last; });
    return found == std::end(spellings) ? std::string_view() : found->plain;
}

constexpr std::size_t longest_quotation = 400, quoted_around = 60;  // bytes

// The first byte at or after `offset` that begins a character.
std::size_t character_start(std::string_view text, std::size_t offset) {
    while (offset < text.size() && support::is_continuation(text[offset])) ++offset;
    return std::min(offset, text.size());
}

// On one line, and with a code for what nobody sees: "17.6<U+200B> months".
std::string shown(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        const char32_t character = support::take_character(text, at);
        const std::string name = support::unseen_name(character);
        const bool ends_line =
            (character >= 0x09 && character <= 0x0D) || character == 0x85 || character == 0x2028 || character == 0x2029;
        if (!name.empty())
            result += "<" + name.substr(name.rfind(' ') + 1) + ">";
        else if (ends_line)
            result += ' ';
        else
            result += text.substr(start, at - start);
    }
    return result;
}

std::string quotation(std::string_view text, std::size_t offset) {
    if (text.size() <= longest_quotation) return shown(text);
    const std::size_t begin = offset > quoted_around ? character_start(text, offset - quoted_around) : 0;
    const std::size_t end = character_start(text, std::min(text.size(), offset + quoted_around));
    return (begin > 0 ? "..." : "") + shown(text.substr(begin, end - begin)) + (end < text.size() ? "..." : "");
}

}  // namespace

bool is_blank(char letter) { return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }

Spot spot_of(std::string option, std::string text, std::size_t offset) {
    return {std::move(option), std::make_shared<const std::string>(std::move(text)), offset};
}

std::string described(const Spot& spot, const std::string& problem) {
    const std::string_view text = *spot.text;
    const std::size_t offset = std::min(spot.offset, text.size());
    const auto column =
        1 + std::ranges::count_if(text.substr(0, offset), [](char byte) { return !support::is_continuation(byte); });
    return spot.option + " \"" + quotation(text, offset) + "\", column " + std::to_string(column) + ": " + problem;
}

TypedText::TypedText(std::string option, std::string text)
    : option_(std::move(option)), text_(std::make_shared<const std::string>(std::move(text))) {
    const std::string& typed = *text_;
    // It is written as JSON some day, and shown until then.
    if (!support::is_utf8(typed)) throw support::UsageError("the text is not valid UTF-8; save the file as UTF-8");
    plain_.reserve(typed.size());
    origin_.reserve(typed.size() + 1);
    for (std::size_t at = 0; at < typed.size();) {
        const std::size_t start = at;
        const char32_t character = support::take_character(typed, at);
        if (const std::string name = support::unseen_name(character); !name.empty())
            throw support::UsageError(
                described({option_, text_, start}, "there is a " + name + ", an invisible character; remove it"));
        const std::string_view spelling = plain_spelling(character);
        plain_ += spelling.empty() ? std::string_view(typed).substr(start, at - start) : spelling;
        while (origin_.size() < plain_.size())
            origin_.push_back(spelling.empty() ? start + (origin_.size() + at - start - plain_.size()) : start);
    }
    origin_.push_back(typed.size());
}

Spot TypedText::spot(std::size_t plain_offset) const {
    return {option_, text_, origin_[std::min(plain_offset, plain_.size())]};
}

std::string TypedText::typed(std::size_t plain_begin, std::size_t plain_end) const {
    const std::string_view all = *text_;
    const std::size_t begin = origin_[plain_begin], end = std::max(begin, origin_[plain_end]);
    std::string result;
    for (std::size_t at = begin; at < end;) {
        const std::size_t start = at;
        const bool blank = plain_spelling(support::take_character(all, at)) == " ";
        result += blank ? std::string_view(" ") : all.substr(start, at - start);
    }
    return std::string(support::trimmed(result));
}

}  // namespace hersurv::catalogue
