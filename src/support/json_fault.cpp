// A walk over the text by the grammar of RFC 8259 that stops where the text departs from it.
#include "support/json_fault.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace hersurv::support {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
bool is_hexadecimal(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// What is at `offset`, for a message.
std::string quoted_at(std::string_view text, std::size_t offset) {
    if (offset >= text.size()) return "the end";
    std::size_t end = offset + 1;
    if (is_word(text[offset])) {
        while (end < text.size() && end - offset < 40 && is_word(text[end])) ++end;
    } else {
        while (end < text.size() && is_utf8_continuation(text[end])) ++end;
    }
    const auto byte = static_cast<unsigned char>(text[offset]);
    if (byte < 0x20 || byte == 0x7F) return "a control character";
    if (std::size_t after = offset; !take_utf8_character(text, after)) return "a byte that is not UTF-8";
    return "'" + std::string(text.substr(offset, end - offset)) + "'";
}

// "unexpected 'x'", "unexpected control character".
std::string unexpected(const std::string& found) {
    for (const std::string_view article : {"a ", "the "})
        if (found.starts_with(article)) return "unexpected " + found.substr(article.size());
    return "unexpected " + found;
}

class JsonWalk {
  public:
    explicit JsonWalk(std::string_view text) : text_(text) {}

    JsonFault first_fault() {
        skip_byte_order_mark();
        while (!fault_) {
            while (at_ < text_.size() && is_json_space(text_[at_])) ++at_;
            step();
        }
        return std::move(*fault_);
    }

  private:
    enum class Expected { value, value_or_end, key, key_or_end, colon, comma_or_end, nothing };

    // The text may end in the middle of what is wrong: the message points at its last character then.
    void fail(std::size_t offset, std::string problem, std::string remedy) {
        fault_ = JsonFault{std::min(offset, text_.size() - 1), std::move(problem), std::move(remedy)};
    }
    [[nodiscard]] char current() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    // A text may begin with the mark, and the parser skips it.
    void skip_byte_order_mark() {
        constexpr std::string_view mark = "\xEF\xBB\xBF";
        if (text_.empty() || text_[0] != mark[0]) return;
        root_ = mark[0];
        for (at_ = 1; at_ < mark.size(); ++at_)
            if (current() != mark[at_]) return fail_utf8(at_);
    }

    // One token, and whether it may be here.
    void step() {
        const std::size_t start = at_;
        const bool structured = root_ == '{' || root_ == '[';
        if (at_ >= text_.size()) {
            const std::string count =
                open_.size() == 1 ? "one bracket is" : std::to_string(open_.size()) + " brackets are";
            fault_ = JsonFault{text_.size(), "the document ends before it is complete", count + " still open"};
        } else if (expected_ == Expected::nothing && structured) {
            fail(start, quoted_at(text_, start) + " follows after the end of the document",
                 "a document is a single object; remove what follows it");
        } else {
            if (root_ == '\0') root_ = text_[at_];
            token();
            if (!fault_ && !accept(text_[start])) refuse(start);
        }
    }

    // Moves after the token that begins here.
    void token() {
        const char first = text_[at_];
        if (std::string_view("{}[]:,").find(first) != std::string_view::npos) {
            ++at_;
        } else if (first == '"') {
            string();
        } else if (first == '-' || is_digit(first)) {
            number();
        } else {
            literal();
        }
    }

    void literal() {
        for (const std::string_view word : {"true", "false", "null"}) {
            if (text_[at_] != word[0]) continue;
            const auto [in_text, in_word] =
                std::mismatch(text_.begin() + static_cast<std::ptrdiff_t>(at_), text_.end(), word.begin(), word.end());
            at_ = static_cast<std::size_t>(in_text - text_.begin());
            if (in_word != word.end()) fail_word();
            return;
        }
        fail_word();
    }

    // The message is about the whole word, not about the letter at which it departs from true, false or null.
    void fail_word() {
        std::size_t offset = std::min(at_, text_.size() - 1);
        if (offset > 0 && !is_word(text_[offset]) && is_letter(text_[offset - 1])) --offset;
        while (offset > 0 && is_word(text_[offset]) && is_word(text_[offset - 1])) --offset;
        const std::string found = quoted_at(text_, offset);
        switch (text_[offset]) {
            case '\'':
                return fail(offset, "text in single quotes", "JSON wants double quotes");
            case '/':
            case '#':
                return fail(offset, "JSON has no comments", "remove the comment");
            case '+':
            case '.':
                return fail(offset, "a number begins with " + found, "begin it with a digit or a minus sign: 0.5");
            default:
                break;
        }
        if (is_word(text_[offset])) {
            return fail(offset, "the word " + found + " is not a JSON value",
                        "put words in double quotes, except true, false and null");
        }
        fail(offset, unexpected(found), "expected a value");
    }

    void number() {
        const auto digits = [&] {
            if (!is_digit(current())) return fail(at_, "a number is incomplete", "expected a digit");
            while (is_digit(current())) ++at_;
        };
        if (current() == '-') ++at_;
        if (current() == '0')
            ++at_;
        else
            digits();
        if (!fault_ && current() == '.') {
            ++at_;
            digits();
        }
        if (!fault_ && (current() == 'e' || current() == 'E')) {
            ++at_;
            if (current() == '+' || current() == '-') ++at_;
            digits();
        }
    }

    void string() {
        const std::size_t start = at_++;
        while (!fault_) {
            if (at_ >= text_.size()) return fail(start, "this text has no closing quote", "add it");
            const char c = text_[at_];
            if (c == '"') {
                ++at_;
                return;
            }
            if (c == '\\') {
                ++at_;
                escape();
            } else if (static_cast<unsigned char>(c) < 0x20) {
                fail_control_character();
            } else {
                character();
            }
        }
    }

    void fail_control_character() {
        constexpr std::string_view hexadecimal = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(text_[at_]);
        if (byte == '\n')
            return fail(at_, "text in quotes runs over the end of the line", "add the closing quote, or write \\n");
        std::string code = "U+00";
        code += hexadecimal[byte >> 4];
        code += hexadecimal[byte & 0xFu];
        fail(at_, "text in quotes holds the control character " + code, "write it as an escape, a tabulator as \\t");
    }

    void fail_utf8(std::size_t offset) { fail(offset, "the text is not valid UTF-8", "save the file as UTF-8"); }

    void character() {
        if (!take_utf8_character(text_, at_)) fail_utf8(at_);
    }

    // Behind a backslash.
    void escape() {
        if (std::string_view("\"\\/bfnrtu").find(current()) == std::string_view::npos || at_ >= text_.size()) {
            const std::size_t last = std::min(at_, text_.size() - 1);
            return fail(last, "a backslash is followed by " + quoted_at(text_.substr(0, last + 1), last),
                        "write \\\\ for a backslash");
        }
        if (text_[at_++] != 'u') return;
        const std::optional<std::uint32_t> first = code();
        if (!first) return;
        const bool high = *first >= 0xD800 && *first < 0xDC00, low = *first >= 0xDC00 && *first < 0xE000;
        if (low) return fail_surrogate(at_ - 1);
        if (!high) return;
        for (const char wanted : {'\\', 'u'}) {
            if (current() != wanted) return fail_surrogate(at_);
            ++at_;
        }
        const std::optional<std::uint32_t> second = code();
        if (second && (*second < 0xDC00 || *second >= 0xE000)) fail_surrogate(at_ - 1);
    }

    void fail_surrogate(std::size_t offset) {
        fail(offset, "half of a surrogate pair of \\u escapes is alone", "write the character itself");
    }

    // Four hexadecimal digits.
    std::optional<std::uint32_t> code() {
        std::uint32_t value = 0;
        for (int k = 0; k < 4; ++k, ++at_) {
            if (!is_hexadecimal(current())) {
                fail(at_, "\\u is not followed by four hexadecimal digits", "write for example \\u00b1");
                return std::nullopt;
            }
            const char c = text_[at_];
            value = 16 * value + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c & 0x5F) - 'A' + 10);
        }
        return value;
    }

    // Takes the token that begins with `first` if it may be here.
    bool accept(char first) {
        const bool in_object = !open_.empty() && open_.back() == '{';
        const auto close = [&] {
            if (open_.empty() || first != (in_object ? '}' : ']')) return false;
            open_.pop_back();
            expected_ = open_.empty() ? Expected::nothing : Expected::comma_or_end;
            return true;
        };
        switch (expected_) {
            case Expected::value_or_end:
                if (close()) return true;
                [[fallthrough]];
            case Expected::value:
                if (first == '{' || first == '[') {
                    open_.push_back(first);
                    expected_ = first == '{' ? Expected::key_or_end : Expected::value_or_end;
                    return true;
                }
                expected_ = open_.empty() ? Expected::nothing : Expected::comma_or_end;
                if (std::string_view("}]:,").find(first) == std::string_view::npos) return true;
                expected_ = Expected::value;
                return false;
            case Expected::key_or_end:
                if (close()) return true;
                [[fallthrough]];
            case Expected::key:
                if (first != '"') return false;
                expected_ = Expected::colon;
                return true;
            case Expected::colon:
                if (first != ':') return false;
                expected_ = Expected::value;
                return true;
            case Expected::comma_or_end:
                if (close()) return true;
                if (first != ',') return false;
                expected_ = in_object ? Expected::key : Expected::value;
                return true;
            case Expected::nothing:
                break;
        }
        return false;
    }

    // "median": 12,5 where a key should follow the comma; in a list these are two numbers.
    bool refuse_decimal_comma(std::size_t start) {
        if (!is_digit(text_[start]) || start < 2 || text_[start - 1] != ',' || !is_digit(text_[start - 2]))
            return false;
        std::size_t begin = start - 1, end = start;
        while (begin > 0 && is_digit(text_[begin - 1])) --begin;
        while (end < text_.size() && is_digit(text_[end])) ++end;
        std::string number(text_.substr(begin, std::min<std::size_t>(end - begin, 40)));
        std::string remedy = number;
        if (const std::size_t comma = remedy.find(','); comma != std::string::npos) remedy[comma] = '.';
        fail(begin, number + " has a decimal comma", "write decimals with a point: " + remedy);
        return true;
    }

    // A token that may not be here.
    void refuse(std::size_t start) {
        const std::string found = quoted_at(text_, start);
        if (text_[start] == '}' || text_[start] == ']') {
            std::size_t before = start;
            while (before > 0 && is_json_space(text_[before - 1])) --before;
            if (before > 0 && text_[before - 1] == ',')
                return fail(before - 1, "comma before the closing bracket", "remove the comma");
        }
        if (expected_ == Expected::key && refuse_decimal_comma(start)) return;
        if (expected_ == Expected::nothing)
            return fail(start, found + " follows after the end of the document", "a document is a single object");
        fail(start, unexpected(found),
             expected_ == Expected::key || expected_ == Expected::key_or_end ? "expected a key in double quotes"
             : expected_ == Expected::colon                                  ? "expected a colon after the key"
             : expected_ == Expected::comma_or_end                           ? "expected a comma or the closing bracket"
                                                                             : "expected a value");
    }

    std::string_view text_;
    std::size_t at_ = 0;
    char root_ = '\0';  // what the text begins with
    std::vector<char> open_;
    Expected expected_ = Expected::value;
    std::optional<JsonFault> fault_;
};

}  // namespace

// The Unicode Standard 15.0, table 3-7: the second byte has a narrower range after four of the leading bytes.
bool take_utf8_character(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4) return false;
    ++at;
    const int more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    unsigned least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned greatest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    for (int k = 0; k < more; ++k, ++at, least = 0x80, greatest = 0xBF) {
        if (at >= text.size()) return false;
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < least || byte > greatest) return false;
    }
    return true;
}

JsonFault first_json_fault(std::string_view text) { return JsonWalk(text).first_fault(); }

}  // namespace hersurv::support
