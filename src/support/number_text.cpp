// Numbers as text. Everything starts from the shortest decimal digits that read back to the same double
// (std::to_chars), so that rounding sees the number that was typed (2.675) and not its binary neighbour
// (2.67499999999999982236431605997495353221893310546875).
#include "support/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>

namespace hersurv::support {
namespace {

// value = +-0.DIGITS * 10^point, DIGITS without a leading or trailing zero; no digits: zero.
struct Decimal {
    bool negative = false;
    std::string digits;
    int point = 0;
};

Decimal decimal_of(double value) {
    std::array<char, 64> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
    Decimal decimal;
    const char* at = buffer.data();
    if (*at == '-') {
        decimal.negative = true;
        ++at;
    }
    for (; at != end && *at != 'e'; ++at) {
        if (*at != '.') decimal.digits += *at;
    }
    int exponent = 0;
    if (at != end) {
        ++at;
        if (at != end && *at == '+') ++at;  // std::from_chars refuses a plus sign
        std::from_chars(at, end, exponent);
    }
    decimal.point = exponent + 1;
    while (!decimal.digits.empty() && decimal.digits.back() == '0') decimal.digits.pop_back();
    if (decimal.digits.empty()) decimal = {};
    return decimal;
}

// Keeps `count` digits after the leading position (may be negative: the number is below half of the last place), half
// away from zero.
void round_to_digits(Decimal& decimal, int count) {
    if (count >= static_cast<int>(decimal.digits.size())) return;
    if (count < 0) {
        decimal = {};
        return;
    }
    const bool up = decimal.digits[static_cast<std::size_t>(count)] >= '5';
    decimal.digits.resize(static_cast<std::size_t>(count));
    if (up) {
        std::size_t place = decimal.digits.size();
        while (place > 0 && decimal.digits[place - 1] == '9') {
            decimal.digits[place - 1] = '0';
            --place;
        }
        if (place > 0) {
            ++decimal.digits[place - 1];
        } else {
            decimal.digits.insert(0, 1, '1');
            ++decimal.point;
        }
    }
    while (!decimal.digits.empty() && decimal.digits.back() == '0') decimal.digits.pop_back();
    if (decimal.digits.empty()) decimal = {};
}

// Writes the digits with exactly `decimals` places after the point; the decimal has no more than these.
std::string plain(const Decimal& decimal, int decimals) {
    std::string text = decimal.negative ? "-" : "";
    const int size = static_cast<int>(decimal.digits.size());
    const auto digit = [&](int position) {  // position 0 is the first after the point of 0.DIGITS
        return position >= 0 && position < size ? decimal.digits[static_cast<std::size_t>(position)] : '0';
    };
    if (decimal.point <= 0) text += '0';
    for (int position = 0; position < decimal.point; ++position) text += digit(position);
    if (decimals > 0) {
        text += '.';
        for (int place = 0; place < decimals; ++place) text += digit(decimal.point + place);
    }
    return text;
}

std::string scientific(const Decimal& decimal, int mantissa_decimals) {
    std::string text = decimal.negative ? "-" : "";
    text += decimal.digits.front();
    if (mantissa_decimals > 0) {
        text += '.';
        for (int place = 1; place <= mantissa_decimals; ++place) {
            text +=
                place < static_cast<int>(decimal.digits.size()) ? decimal.digits[static_cast<std::size_t>(place)] : '0';
        }
    }
    const int exponent = decimal.point - 1;
    const std::string magnitude = std::to_string(std::abs(exponent));
    text += exponent < 0 ? "e-" : "e+";
    if (magnitude.size() < 2) text += '0';
    return text + magnitude;
}

int decimals_behind_point(const Decimal& decimal) {
    return decimal.digits.empty() ? 0 : std::max(0, static_cast<int>(decimal.digits.size()) - decimal.point);
}

}  // namespace

std::string shortest(double value) {
    if (!std::isfinite(value)) return "";
    if (value == 0) return std::signbit(value) ? "-0" : "0";
    const Decimal decimal = decimal_of(value);
    const double magnitude = std::abs(value);
    if (magnitude >= 1e-4 && magnitude < 1e15) return plain(decimal, decimals_behind_point(decimal));
    return scientific(decimal, static_cast<int>(decimal.digits.size()) - 1);
}

std::string fixed(double value, int decimals) {
    if (!std::isfinite(value)) return "";
    const int places = std::max(0, decimals);
    Decimal decimal = decimal_of(value);
    round_to_digits(decimal, decimal.point + places);
    return plain(decimal, places);
}

std::string significant(double value, int digits) {
    if (!std::isfinite(value)) return "";
    if (value == 0) return "0";
    const int count = std::max(1, digits);
    const double magnitude = std::abs(value);
    Decimal decimal = decimal_of(value);
    round_to_digits(decimal, count);
    if (magnitude >= 1e-4 && magnitude < 1e6) return plain(decimal, std::max(0, count - decimal.point));
    return scientific(decimal, count - 1);
}

std::optional<double> parse_number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

double rounded(double value, int decimals) { return parse_number(fixed(value, decimals)).value_or(value); }

double rounded_to_digits(double value, int digits) { return parse_number(significant(value, digits)).value_or(value); }

double with_point_moved(double value, int places) {
    std::array<char, 64> buffer{};
    if (!std::isfinite(value)) return value;
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
    const std::string text(buffer.data(), end);
    const std::size_t exponent = text.find('e') + 1;
    const int moved = std::stoi(text.substr(exponent)) + places;
    return parse_number(text.substr(0, exponent) + std::to_string(moved)).value_or(value * std::pow(10.0, places));
}

int decimals_of(double value) { return std::isfinite(value) ? decimals_behind_point(decimal_of(value)) : 0; }

}  // namespace hersurv::support
