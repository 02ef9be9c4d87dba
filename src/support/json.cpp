// JSON text to values and back. nlohmann/json does the lexing through its SAX interface; what it would accept silently
// (duplicate keys, numbers that vanish, text after a NUL byte, any depth) is refused here, and its wording never gets
// out.
#include "hersurv/support/json.hpp"

#include "hersurv/support/number_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <system_error>
#include <unordered_set>

namespace hersurv::support {
namespace {

constexpr std::size_t deepest_nesting = 64;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; }

struct LineColumn {
    int line = 1, column = 1;
};

// Columns count characters, as editors do.
LineColumn line_column(std::string_view text, std::size_t offset) {
    LineColumn at;
    for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
        if (text[i] == '\n') {
            ++at.line;
            at.column = 1;
        } else if (!is_continuation(text[i])) {
            ++at.column;
        }
    }
    return at;
}

struct Explanation {
    std::size_t offset = 0;
    std::string problem, remedy;
};

// What stands at `offset`, for a message.
std::string quoted_at(std::string_view text, std::size_t offset) {
    if (offset >= text.size()) return "the end";
    std::size_t end = offset + 1;
    if (is_word(text[offset])) {
        while (end < text.size() && end - offset < 40 && is_word(text[end])) ++end;
    } else {
        while (end < text.size() && is_continuation(text[end])) ++end;
    }
    const auto byte = static_cast<unsigned char>(text[offset]);
    if (byte < 0x20 || byte == 0x7F) return "a control character";
    return "'" + std::string(text.substr(offset, end - offset)) + "'";
}

Explanation explain_word(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.empty() ? 0 : text.size() - 1);
    // The lexer stops where a word departs from true, false or null: the message is about the whole word.
    if (offset > 0 && !is_word(text[offset]) && is_letter(text[offset - 1])) --offset;
    while (offset > 0 && is_word(text[offset]) && is_word(text[offset - 1])) --offset;
    const std::string found = quoted_at(text, offset);
    switch (text[offset]) {
        case '\'':
            return {offset, "text stands in single quotes", "JSON wants double quotes"};
        case '/':
        case '#':
            return {offset, "JSON has no comments", "take the comment out"};
        case '+':
        case '.':
            return {offset, "a number begins with " + found, "begin it with a digit or a minus sign: 0.5"};
        default:
            break;
    }
    if (is_word(text[offset])) {
        return {offset, "the word " + found + " is no JSON value",
                "words stand in double quotes, except true, false and null"};
    }
    return {offset, "unexpected " + found, "a value is expected here"};
}

// Where the object or list that begins the text ends; the end of the text where it does not.
std::size_t end_of_document(std::string_view text) {
    std::size_t depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\') ++i;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return i + 1;
        }
    }
    return text.size();
}

// Puts into plain words why the lexer or the parser gave up after `position` characters.
Explanation explain(std::string_view text, std::size_t position, std::string_view last_token, std::string_view what,
                    std::size_t open) {
    const auto says = [&](std::string_view part) { return what.find(part) != std::string_view::npos; };
    position = std::min(position, text.size());  // the end counts as a character that was read
    const std::size_t last = position == 0 ? 0 : position - 1;
    // Where a string or a number begins that ended at `position`; the lexer keeps its text, control characters as
    // <U+00XX>.
    const auto token_start = [&] {
        std::size_t length = 0;
        for (std::size_t i = 0; i < last_token.size(); ++i, ++length) {
            if (last_token.substr(i).starts_with("<U+00") && i + 7 < last_token.size() && last_token[i + 7] == '>')
                i += 7;
        }
        return length <= position ? position - length : last;
    };
    // Whatever is wrong with the text that follows, it should not be there.
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    if (says("expected end of input") && open == 0 && begin < text.size() &&
        (text[begin] == '{' || text[begin] == '[')) {
        std::size_t after = end_of_document(text);
        while (after < text.size() && is_space(text[after])) ++after;
        return {after, quoted_at(text, after) + " follows after the end of the document",
                "a document is one object; take out what follows it"};
    }
    if (says("unexpected end of input")) {
        const std::string count = open == 1 ? "one bracket is" : std::to_string(open) + " brackets are";
        return {text.size(), "the document ends before it is complete", count + " still open"};
    }
    if (says("missing closing quote")) return {token_start(), "this text has no closing quote", "add it"};
    if (says("control character U+000A"))
        return {last, "text in quotes runs over the end of the line", "add the closing quote, or write \\n"};
    if (const auto at = what.find("control character "); at != std::string_view::npos) {
        const std::string_view rest = what.substr(at);
        const std::string character(rest.substr(0, rest.find(" (")));
        return {last, "text in quotes holds the " + character, "write it as an escape, a tabulator as \\t"};
    }
    if (says("ill-formed UTF-8") || says("invalid BOM"))
        return {last, "the text is not valid UTF-8", "save the file as UTF-8"};
    if (says("forbidden character after backslash")) {
        return {last, "a backslash is followed by " + quoted_at(text.substr(0, last + 1), last),
                "write \\\\ for a backslash"};
    }
    if (says("4 hex digits"))
        return {last, "\\u is not followed by four hexadecimal digits", "write for example \\u00b1"};
    if (says("surrogate"))
        return {last, "half of a surrogate pair of \\u escapes stands alone", "write the character itself"};
    if (says("invalid number")) return {last, "a number is incomplete", "a digit is expected here"};
    if (says("invalid literal")) return explain_word(text, last);

    std::size_t offset = last;
    if (says("unexpected string literal") || says("unexpected number literal")) offset = token_start();
    if (says("unexpected true literal") || says("unexpected null literal")) offset = last >= 3 ? last - 3 : 0;
    if (says("unexpected false literal")) offset = last >= 4 ? last - 4 : 0;
    const std::string found = quoted_at(text, offset);
    if (offset < text.size() && (text[offset] == '}' || text[offset] == ']')) {
        std::size_t before = offset;
        while (before > 0 && is_space(text[before - 1])) --before;
        if (before > 0 && text[before - 1] == ',')
            return {before - 1, "a comma stands before the closing bracket", "take the comma out"};
    }
    if (says("expected end of input"))
        return {offset, found + " follows after the end of the document", "a document is one object"};
    if (says("parsing object key")) return {offset, "unexpected " + found, "a key in double quotes is expected here"};
    if (says("parsing object separator")) return {offset, "unexpected " + found, "a colon is expected after a key"};
    if (says("parsing array") || says("parsing object")) {
        return {offset, "unexpected " + found, "a comma or the closing bracket is expected here"};
    }
    return {offset, "unexpected " + found, "a value is expected here"};
}

// The decimals of a JSON number's text: the digits behind the point, less the exponent. More zeros than any double has
// digits behind the point are not kept, so that 0e-999999999 does not stand for a billion of them.
int decimals_of_token(std::string_view token) {
    constexpr int most = 350;  // the smallest double, 5e-324, has 324
    const std::size_t end_of_mantissa = std::min(token.find_first_of("eE"), token.size());
    const std::size_t point = std::min(token.find('.'), end_of_mantissa);
    const auto fraction = static_cast<std::int64_t>(end_of_mantissa - std::min(point + 1, end_of_mantissa));
    std::int64_t exponent = 0;
    if (end_of_mantissa < token.size()) {
        std::string_view digits = token.substr(end_of_mantissa + 1);
        const bool negative = digits.front() == '-';
        if (negative || digits.front() == '+') digits.remove_prefix(1);
        // An exponent that does not fit is beyond every bound below.
        if (std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec != std::errc())
            exponent = std::numeric_limits<std::int32_t>::max();
        exponent = std::min<std::int64_t>(exponent, std::numeric_limits<std::int32_t>::max());
        if (negative) exponent = -exponent;
    }
    return static_cast<int>(std::clamp<std::int64_t>(fraction - exponent, 0, most));
}

// Builds the value, and collects the faults that do not keep the rest from being read.
class Builder : public nlohmann::json_sax<nlohmann::json> {
  public:
    Builder(std::string_view text, std::string_view file, std::vector<Fault>& faults)
        : text_(text), file_(file), faults_(faults) {}

    bool null() override { return add(Json()); }
    bool boolean(bool value) override { return add(Json(value)); }
    bool number_integer(std::int64_t value) override { return add(Json(static_cast<double>(value))); }
    bool number_unsigned(std::uint64_t value) override { return add(Json(static_cast<double>(value))); }
    bool number_float(double value, const std::string& token) override {
        const std::string mantissa = token.substr(0, token.find_first_of("eE"));
        if (value == 0 && mantissa.find_first_of("123456789") != std::string::npos) {
            faults_.push_back(fault("the number " + token + " is too small for a double", "correct its exponent"));
        }
        return add(Json(Json::Number{value, decimals_of_token(token)}));
    }
    bool string(std::string& value) override { return add(Json(std::move(value))); }
    bool binary(nlohmann::json::binary_t&) override { return false; }  // never in JSON text
    bool start_object(std::size_t) override { return open(Json(Json::Object())); }
    bool start_array(std::size_t) override { return open(Json(Json::Array())); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(std::string& name) override {
        Frame& frame = frames_.back();
        frame.key = std::move(name);
        frame.duplicate = !is_new(frame);
        if (frame.duplicate) {
            faults_.push_back(fault("the key \"" + frame.key + "\" stands here twice", "keep one of them"));
        }
        return true;
    }
    bool parse_error(std::size_t position, const std::string& last_token,
                     const nlohmann::json::exception& error) override {
        const std::string_view what = error.what();
        if (what.find("number overflow") != std::string_view::npos) {
            stopped_ = fault("the number " + last_token + " is outside the range of a double", "correct its exponent");
            place(*stopped_, position - std::min(position, last_token.size()));
        } else {
            const Explanation why = explain(text_, position, last_token, what, frames_.size());
            stopped_ = Fault{file_, "", why.problem, why.remedy, 0, 0};
            place(*stopped_, why.offset);
        }
        return false;
    }

    [[nodiscard]] Json take() { return std::move(root_); }
    // The fault after which nothing could be read any more.
    [[nodiscard]] const std::optional<Fault>& stopped() const { return stopped_; }

  private:
    struct Frame {
        Json value;
        std::string key;
        bool duplicate = false;
        std::size_t index = 0;  // elements seen
        std::unordered_set<std::string> keys;
    };

    // Few keys are compared one by one; a set only pays for large objects, which must not take quadratic time.
    static bool is_new(Frame& frame) {
        constexpr std::size_t few = 24;
        const Json::Object& members = *frame.value.if_object();
        if (members.size() < few) return frame.value.find(frame.key) == nullptr;
        if (frame.keys.empty()) {
            for (const Json::Member& member : members) frame.keys.insert(member.first);
        }
        return frame.keys.insert(frame.key).second;
    }

    [[nodiscard]] std::string pointer() const {
        std::string text;
        for (const Frame& frame : frames_) {
            text = frame.value.if_object() ? pointer_append(text, frame.key) : pointer_append(text, frame.index);
        }
        return text;
    }
    [[nodiscard]] Fault fault(std::string problem, std::string remedy) const {
        return Fault{file_, pointer(), std::move(problem), std::move(remedy), 0, 0};
    }
    void place(Fault& fault, std::size_t offset) const {
        const LineColumn at = line_column(text_, offset);
        fault.line = at.line;
        fault.column = at.column;
    }

    bool add(Json value) {
        if (frames_.empty()) {
            root_ = std::move(value);
            return true;
        }
        Frame& frame = frames_.back();
        if (Json::Array* array = frame.value.if_array()) {
            array->push_back(std::move(value));
            ++frame.index;
        } else if (!frame.duplicate) {
            frame.value.if_object()->emplace_back(std::move(frame.key), std::move(value));
        }
        return true;
    }
    bool open(Json value) {
        if (frames_.size() >= deepest_nesting) {
            stopped_ = fault("the document is nested deeper than 64 levels", "a catalogue needs fewer than 20");
            return false;
        }
        frames_.push_back(Frame{std::move(value), "", false, 0, {}});
        return true;
    }
    bool close() {
        Json value = std::move(frames_.back().value);
        frames_.pop_back();
        return add(std::move(value));
    }

    std::string_view text_;
    std::string file_;
    std::vector<Fault>& faults_;
    std::vector<Frame> frames_;
    Json root_;
    std::optional<Fault> stopped_;
};

void write_string(std::string& out, std::string_view text) {
    constexpr std::string_view hexadecimal = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (byte < 0x20 || byte == 0x7F) {
                    out += "\\u00";
                    out += hexadecimal[byte >> 4];
                    out += hexadecimal[byte & 0xFu];
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

void write_number(std::string& out, double value, int decimals) {
    if (!std::isfinite(value)) {
        out += "null";
    } else if (value == 0 && std::signbit(value)) {
        // A reader may take "-0" for an integer, which has no negative zero.
        out += "-0." + std::string(static_cast<std::size_t>(std::max(decimals, 1)), '0');
    } else {
        out += decimals > 0 && decimals > decimals_of(value) ? fixed(value, decimals) : shortest(value);
    }
}

void new_line(std::string& out, int indent, int depth) {
    if (indent < 0) return;
    out += '\n';
    out.append(static_cast<std::size_t>(indent) * static_cast<std::size_t>(depth), ' ');
}

void write_value(std::string& out, const Json& value, int indent, int depth) {
    if (value.is_null()) {
        out += "null";
    } else if (const bool* truth = value.if_bool()) {
        out += *truth ? "true" : "false";
    } else if (const double* number = value.if_number()) {
        write_number(out, *number, value.decimals());
    } else if (const std::string* text = value.if_string()) {
        write_string(out, *text);
    } else if (const Json::Array* array = value.if_array()) {
        out += '[';
        for (std::size_t i = 0; i < array->size(); ++i) {
            if (i > 0) out += ',';
            new_line(out, indent, depth + 1);
            write_value(out, (*array)[i], indent, depth + 1);
        }
        if (!array->empty()) new_line(out, indent, depth);
        out += ']';
    } else {
        const Json::Object& members = *value.if_object();
        out += '{';
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (i > 0) out += ',';
            new_line(out, indent, depth + 1);
            write_string(out, members[i].first);
            out += indent < 0 ? ":" : ": ";
            write_value(out, members[i].second, indent, depth + 1);
        }
        if (!members.empty()) new_line(out, indent, depth);
        out += '}';
    }
}

}  // namespace

const Json* Json::find(std::string_view key) const {
    if (const Object* members = if_object()) {
        for (const Member& member : *members) {
            if (member.first == key) return &member.second;
        }
    }
    return nullptr;
}

std::string_view Json::kind() const {
    constexpr std::array<std::string_view, 6> kinds = {"null", "true or false", "a number",
                                                       "text", "a list",        "an object"};
    return kinds[value_.index()];
}

Json parse_json(std::string_view text, const std::string& file, std::vector<Fault>& faults) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    std::optional<Fault> stopped;
    Json value;
    if (std::all_of(text.begin(), text.end(), is_space)) {
        stopped = Fault{file, "", "the document is empty", "a JSON document is expected", 0, 0};
    } else if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        // The lexer would take it for the end of the document and pass over all that follows.
        const LineColumn at = line_column(text, nul);
        stopped = Fault{file, "", "the document holds a NUL byte", "save the file as UTF-8 text", at.line, at.column};
    } else {
        Builder builder(text, file, faults);
        const bool complete = nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
        if (!complete) stopped = builder.stopped();
        value = builder.take();
    }
    if (stopped) {
        std::vector<Fault> all = faults;
        all.push_back(*stopped);
        throw InputError(std::move(all));
    }
    return value;
}

Json parse_json(std::string_view text, const std::string& file) {
    std::vector<Fault> faults;
    Json value = parse_json(text, file, faults);
    if (!faults.empty()) throw InputError(std::move(faults));
    return value;
}

std::string write_json(const Json& value, int indent) {
    std::string out;
    write_value(out, value, indent, 0);
    return out;
}

// The Unicode Standard 15.0, table 3-7: the second byte has a narrower range after four of the leading bytes.
bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        if (lead < 0x80) continue;
        const int more = lead >= 0xC2 && lead < 0xE0   ? 1
                         : lead >= 0xE0 && lead < 0xF0 ? 2
                         : lead >= 0xF0 && lead < 0xF5 ? 3
                                                       : 0;
        if (more == 0) return false;
        unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        unsigned char greatest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        for (int k = 0; k < more; ++k, ++i, least = 0x80, greatest = 0xBF) {
            if (i >= text.size()) return false;
            const auto byte = static_cast<unsigned char>(text[i]);
            if (byte < least || byte > greatest) return false;
        }
    }
    return true;
}

std::string pointer_append(const std::string& pointer, std::string_view token) {
    std::string text = pointer + '/';
    for (const char c : token) {
        if (c == '~')
            text += "~0";
        else if (c == '/')
            text += "~1";
        else
            text += c;
    }
    return text;
}

std::string pointer_append(const std::string& pointer, std::size_t index) {
    return pointer + '/' + std::to_string(index);
}

}  // namespace hersurv::support
