// Turns the bytes of a file into UTF-8 without the characters that only look like others.
#include "tables/source.hpp"

#include "hersurv/error.hpp"

#include "support/words.hpp"
#include <algorithm>
#include <optional>
#include <utility>

namespace hersurv::tables {
namespace {

void append_utf8(std::string& text, char32_t code) {
    const auto put = [&](char32_t bits) { text += static_cast<char>(static_cast<unsigned char>(bits)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xc0 | (code >> 6));
        put(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        put(0xe0 | (code >> 12));
        put(0x80 | ((code >> 6) & 0x3f));
        put(0x80 | (code & 0x3f));
    } else {
        put(0xf0 | (code >> 18));
        put(0x80 | ((code >> 12) & 0x3f));
        put(0x80 | ((code >> 6) & 0x3f));
        put(0x80 | (code & 0x3f));
    }
}

constexpr char32_t replacement = 0xfffd;

std::string from_utf16(std::string_view bytes, bool big_endian) {
    const auto unit = [&](std::size_t i) {
        const auto first = static_cast<unsigned char>(bytes[i]), second = static_cast<unsigned char>(bytes[i + 1]);
        return static_cast<char32_t>(big_endian ? first << 8 | second : second << 8 | first);
    };
    std::string text;
    text.reserve(bytes.size() / 2);
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        char32_t code = unit(i);
        if (code >= 0xd800 && code < 0xe000) {
            const bool pair = code < 0xdc00 && i + 3 < bytes.size() && unit(i + 2) >= 0xdc00 && unit(i + 2) < 0xe000;
            if (pair) {
                code = 0x10000 + ((code - 0xd800) << 10) + (unit(i + 2) - 0xdc00);
                i += 2;
            } else {
                code = replacement;
            }
        }
        append_utf8(text, code);
    }
    return text;
}

// The bytes 0x80 to 0x9f of Windows-1252, by the WHATWG encoding standard; 0: none.
constexpr char16_t windows_1252[32] = {0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                       0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
                                       0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                       0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

std::string from_windows_1252(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() + bytes.size() / 8);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const bool mapped = byte >= 0x80 && byte < 0xa0;
        append_utf8(text, mapped ? windows_1252[byte - 0x80] != 0 ? windows_1252[byte - 0x80] : replacement : byte);
    }
    return text;
}

// One character of UTF-8 and how many bytes it has; nothing if it is none (RFC 3629).
struct Decoded {
    char32_t code = 0;
    std::size_t size = 1;
};
std::optional<Decoded> next_utf8(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) return Decoded{lead, 1};
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || at + size > text.size()) return std::nullopt;
    char32_t code = lead & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if (!support::is_continuation(text[at + i])) return std::nullopt;
        code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
    }
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[size] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return std::nullopt;
    return Decoded{code, size};
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto next = next_utf8(text, at);
        if (!next) return false;
        at += next->size;
    }
    return true;
}

// UTF-16 without a mark: every other byte of what begins the file is 0.
enum class Utf16 { none, little, big };
Utf16 utf16_of(std::string_view bytes) {
    if (bytes.starts_with("\xff\xfe")) return Utf16::little;
    if (bytes.starts_with("\xfe\xff")) return Utf16::big;
    constexpr std::size_t looked_at = 64;
    const std::size_t n = std::min(bytes.size(), looked_at) / 2;
    std::size_t zeros[2] = {};
    for (std::size_t i = 0; i < 2 * n; ++i) zeros[i % 2] += bytes[i] == '\0';
    if (n < 2 || bytes.size() % 2 != 0) return Utf16::none;
    if (zeros[1] == n && zeros[0] == 0) return Utf16::little;
    return zeros[0] == n && zeros[1] == 0 ? Utf16::big : Utf16::none;
}

bool is_blank_like(char32_t code) {
    return code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x202f || code == 0x205f ||
           code == 0x3000;
}

// Controls beyond ASCII, and what has no width or turns the direction of text.
bool is_unseen(char32_t code) {
    return (code >= 0x7f && code < 0xa0) || code == 0xad || code == 0x61c || code == 0x180e ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0xfeff || (code >= 0xfff9 && code <= 0xfffb) ||
           (code >= 0xe0000 && code <= 0xe007f);
}

bool is_digit(std::string_view text, std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; }

}  // namespace

Source::Source(std::string_view bytes, std::string file) : file_(std::move(file)), text_(bytes) {
    constexpr std::size_t most_bytes = std::size_t{256} << 20;
    if (bytes.size() > most_bytes) fail_line(0, "has more than 256 MiB", "give the rows of one figure or trial");
    refuse_spreadsheets(bytes);
    const Utf16 utf16 = utf16_of(bytes);
    if (utf16 != Utf16::none) {
        decoded_ = from_utf16(bytes, utf16 == Utf16::big);
        text_ = decoded_;
        encoding_ = "UTF-16";
    }
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
    count();
    const bool ascii = std::all_of(count_.begin() + 0x7f, count_.end(), [](std::uint32_t n) { return n == 0; });
    if (ascii) return;
    if (!is_utf8(text_)) {
        decoded_ = from_windows_1252(text_);
        encoding_ = "Windows-1252";
        text_ = decoded_;
    }
    normalise();
}

void Source::count() {
    count_ = {};
    for (const char c : text_) ++count_[static_cast<unsigned char>(c)];
    const auto is_text = [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r';
    };
    bool all = true;
    for (unsigned char c = 0; c < 0x20; ++c) all = all && (count_[c] == 0 || is_text(static_cast<char>(c)));
    if (all) return;
    const auto* const found = std::find_if_not(text_.begin(), text_.end(), is_text);
    fail(static_cast<std::size_t>(found - text_.begin()), "is not text", "give a table as text, such as CSV");
}

void Source::refuse_spreadsheets(std::string_view bytes) const {
    const bool zip = bytes.starts_with("PK\x03\x04");
    if (!zip && !bytes.starts_with("\xd0\xcf\x11\xe0")) return;
    const bool xlsx = zip && bytes.find("[Content_Types].xml") != std::string_view::npos;
    fail_line(0,
              xlsx  ? "is an Excel workbook (xlsx)"
              : zip ? "is a zip archive or a workbook"
                    : "is an Excel file (xls)",
              "save the sheet as CSV and give that file");
}

void Source::normalise() {
    std::string text;
    text.reserve(text_.size());
    std::size_t n_unseen = 0;
    for (std::size_t at = 0; at < text_.size();) {
        const Decoded next = next_utf8(text_, at).value_or(Decoded{replacement, 1});
        const bool between_digits = !text.empty() && is_digit(text, text.size() - 1) && is_digit(text_, at + next.size);
        if (is_blank_like(next.code))
            text += ' ';
        else if (is_unseen(next.code))
            ++n_unseen;
        else if (next.code == 0x2212)
            text += '-';
        else if ((next.code == 0xb7 || next.code == 0x2027 || next.code == 0x22c5) && between_digits)
            text += '.';
        else
            text += text_.substr(at, next.size);
        at += next.size;
    }
    if (n_unseen > 0) notes_.push_back(support::counted(n_unseen, "character") + " that cannot be seen left out");
    decoded_ = std::move(text);
    text_ = decoded_;
    count();
}

int Source::line(std::size_t at) const {
    int line = 1;
    for (std::size_t i = 0; i < std::min(at, text_.size()); ++i)
        line += text_[i] == '\n' || (text_[i] == '\r' && (i + 1 == text_.size() || text_[i + 1] != '\n'));
    return line;
}

int Source::column(std::size_t at) const {
    int column = 1;
    for (std::size_t i = std::min(at, text_.size()); i > 0 && text_[i - 1] != '\n' && text_[i - 1] != '\r'; --i)
        column += !support::is_continuation(text_[i - 1]);
    return column;
}

void Source::fail(std::size_t at, const std::string& problem, const std::string& remedy) const {
    fail_line(line(at), problem, remedy, column(at));
}

void Source::fail_line(int line, const std::string& problem, const std::string& remedy, int column) const {
    throw support::InputError({{file_, "", problem, remedy, line, column}});
}

}  // namespace hersurv::tables
