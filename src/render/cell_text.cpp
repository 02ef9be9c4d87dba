// The human text of a cell, rounded. --digits is for numbers that were computed: a published number
// keeps the decimals that its source printed.
#include "render/cell_text.hpp"

#include "render/cells.hpp"
#include "render/characters.hpp"
#include "support/number_text.hpp"
#include <charconv>
#include <string>
#include <utility>
#include <variant>

namespace hersurv::render {
namespace {

constexpr std::string_view en_dash = "\xe2\x80\x93";

// 100 times the value by moving the decimal point: 100 * 0.575 is 57.49999999999999 in binary and would round to 57.
double hundredfold(double value) {
    std::string text = support::shortest(value);
    const std::size_t e = text.find_first_of("eE");
    const int exponent = e == std::string::npos ? 0 : std::stoi(text.substr(e + 1));
    text = text.substr(0, e) + "e" + std::to_string(exponent + 2);
    double result = 100 * value;
    std::from_chars(text.data(), text.data() + text.size(), result);
    return result;
}

std::string missing_text(Status status) {
    switch (status) {
        case Status::not_reached:
            return "NR";
        case Status::not_estimable:
            return "NE";
        default:
            return "-";
    }
}

std::string number_text(const Number& number, const RenderOptions& options) {
    const auto value = present_value(number);
    std::string text = missing_text(number.status);
    if (value) {
        text =
            support::fixed(number.percent ? hundredfold(*value) : *value,
                           options.digits >= 0 && number.status == Status::derived ? options.digits : number.decimals);
    }
    if (number.extrapolated) text += dagger;
    if (number.borrowed && !number.extrapolated) text += double_dagger;
    if (number.weak) text += pilcrow;
    if (number.flagged) text += '*';
    return text;
}

// Behind the limits, where a cell has any.
std::string with_printed(std::string text, const Number& number) {
    return number.as_printed.empty() ? text : std::move(text) + " [" + number.as_printed + "]";
}

std::string interval_text(const Interval& interval, const RenderOptions& options) {
    std::string text = number_text(interval.value, options);
    if (!prints_limits(interval)) return with_printed(std::move(text), interval.value);
    const auto limit_text = [&](const std::optional<Number>& limit) {
        return number_text(limit.value_or(Number::missing(Status::not_reported)), options);
    };
    const std::string lower = limit_text(interval.lower);
    const std::string upper = limit_text(interval.upper);
    // A dash between limits that begin with one could not be read.
    const bool dashes = lower.front() == '-' || upper.front() == '-';
    text += " (" + lower;
    text += dashes ? std::string_view(" to ") : en_dash;
    text += upper + ")";
    if (interval.other_kind) text += section_sign;
    return with_printed(std::move(text), interval.value);
}

}  // namespace

std::string cell_text(const Cell& cell, const RenderOptions& options) {
    struct ToText {
        const RenderOptions& options;
        std::string operator()(std::monostate) const { return {}; }
        std::string operator()(const std::string& text) const { return text; }
        std::string operator()(bool value) const { return value ? "yes" : "no"; }
        std::string operator()(long value) const { return std::to_string(value); }
        std::string operator()(const Number& number) const {
            return with_printed(number_text(number, options), number);
        }
        std::string operator()(const Interval& interval) const { return interval_text(interval, options); }
    };
    return std::visit(ToText{options}, cell);
}

}  // namespace hersurv::render
