// JSON text to values and back. nlohmann/json does the lexing through its SAX interface; what it would accept silently
// (duplicate keys, numbers that vanish, text after a NUL byte, any depth) is refused here, and its wording never gets
// out.
#include "support/json.hpp"

#include <nlohmann/json.hpp>

#include "support/json_fault.hpp"
#include "support/json_positions.hpp"
#include "support/number_text.hpp"
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

// Columns count characters, as editors do.
TextPosition line_column(std::string_view text, std::size_t offset) {
    TextPosition at;
    for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
        if (text[i] == '\n') {
            ++at.line;
            at.column = 1;
        } else if (!is_utf8_continuation(text[i])) {
            ++at.column;
        }
    }
    return at;
}

// The decimals of a JSON number's text: the digits after the point, less the exponent. More zeros than any double has
// digits after the point are not kept, so that 0e-999999999 does not stand for a billion of them.
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
            faults_.push_back(fault("the key \"" + frame.key + "\" is given twice", "keep one of them"));
        }
        return true;
    }
    bool parse_error(std::size_t position, const std::string& last_token,
                     const nlohmann::json::exception& error) override {
        constexpr int number_overflow = 406;
        if (error.id == number_overflow) {
            stopped_ = fault("the number " + last_token + " is outside the range of a double", "correct its exponent");
            place(*stopped_, position - std::min(position, last_token.size()));
        } else {
            const JsonFault why = first_json_fault(text_);
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
        const TextPosition at = line_column(text_, offset);
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
    if (std::all_of(text.begin(), text.end(), is_json_space)) {
        stopped = Fault{file, "", "the document is empty", "expected a JSON document", 0, 0};
    } else if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        // The lexer would take it for the end of the document and pass over all that follows.
        const TextPosition at = line_column(text, nul);
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

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();)
        if (!take_utf8_character(text, at)) return false;
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
