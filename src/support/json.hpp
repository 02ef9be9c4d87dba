// A JSON value and its reading and writing. The reader refuses what nlohmann/json would accept silently (duplicate
// keys) and says where every fault is, and keeps how many decimals a number is written with (22.0 has one); the writer
// prints these decimals, and otherwise the shortest form that reads back to the same double.
#pragma once

#include "hersurv/error.hpp"

#include "support/nothing.hpp"
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hersurv::support {

class Json {
  public:
    // `decimals`: places after the point that are written even if they are zeros (22.0 has 1, 1.50e1 has 1, 1e-3 has
    // 3); the value itself may need more. Numbers are equal if their values are.
    struct Number {
        double value = 0;
        int decimals = 0;
        bool operator==(const Number& other) const { return value == other.value; }
    };
    using Array = std::vector<Json>;
    using Member = std::pair<std::string, Json>;
    using Object = std::vector<Member>;  // in the order of the document

    Json() = default;  // null
    Json(bool value) : value_(value) {}
    Json(double value) : value_(Number{value}) {}
    Json(int value) : value_(Number{static_cast<double>(value)}) {}
    Json(Number value) : value_(value) {}
    Json(std::string value) : value_(std::move(value)) {}
    Json(std::string_view value) : value_(std::string(value)) {}
    Json(const char* value) : value_(std::string(value)) {}
    Json(Array value) : value_(std::move(value)) {}
    Json(Object value) : value_(std::move(value)) {}

    [[nodiscard]] bool is_null() const { return std::holds_alternative<Nothing>(value_); }
    [[nodiscard]] const bool* if_bool() const { return std::get_if<bool>(&value_); }
    [[nodiscard]] const double* if_number() const {
        const Number* number = std::get_if<Number>(&value_);
        return number ? &number->value : nullptr;
    }
    // Of a number; 0 for anything else.
    [[nodiscard]] int decimals() const {
        const Number* number = std::get_if<Number>(&value_);
        return number ? number->decimals : 0;
    }
    [[nodiscard]] const std::string* if_string() const { return std::get_if<std::string>(&value_); }
    [[nodiscard]] const Array* if_array() const { return std::get_if<Array>(&value_); }
    [[nodiscard]] const Object* if_object() const { return std::get_if<Object>(&value_); }
    [[nodiscard]] Array* if_array() { return std::get_if<Array>(&value_); }
    [[nodiscard]] Object* if_object() { return std::get_if<Object>(&value_); }

    // The member of an object, or nullptr (also if this is not an object).
    [[nodiscard]] const Json* find(std::string_view key) const;
    // "an object", "a number", ... for messages.
    [[nodiscard]] std::string_view kind() const;
    bool operator==(const Json&) const = default;

  private:
    std::variant<Nothing, bool, Number, std::string, Array, Object> value_;
};

// Parses one document. `file` is the name for messages. Throws InputError (syntax with line and column, duplicate keys,
// numbers outside the range of a double, nesting deeper than 64, invalid UTF-8, an empty text).
[[nodiscard]] Json parse_json(std::string_view text, const std::string& file);

// The same, but the faults after which the rest can still be read (duplicate keys, of which the first stays, and
// numbers too small for a double) are added to `faults`, so that a reader can report them together with its own.
[[nodiscard]] Json parse_json(std::string_view text, const std::string& file, std::vector<Fault>& faults);

// `indent` < 0: one line. Non-finite numbers are written as null. Ends without a newline. What is written reads back to
// the same values with the same decimals, except that -0 has one (-0.0).
[[nodiscard]] std::string write_json(const Json& value, int indent = 2);

// Whether the bytes are well-formed UTF-8, as JSON text has to be.
[[nodiscard]] bool is_utf8(std::string_view text);

// Appends one reference token to a JSON pointer (RFC 6901 escapes).
[[nodiscard]] std::string pointer_append(const std::string& pointer, std::string_view token);
[[nodiscard]] std::string pointer_append(const std::string& pointer, std::size_t index);

}  // namespace hersurv::support
