// Recognises numbers by their shape and reads them.
#include "tables/numerals.hpp"

#include "support/words.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace hersurv::tables {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits in groups of three after the first, which has one to three and no leading zero: "1,234", "12 345 678".
bool is_grouped(std::string_view text, char mark) {
    std::size_t first = std::min(text.find(mark), text.size());
    if (first == text.size() || first == 0 || first > 3 || text[0] == '0') return false;
    for (std::size_t i = 0; i < first; ++i)
        if (!is_digit(text[i])) return false;
    for (; first < text.size(); first += 4) {
        if (text[first] != mark || first + 4 > text.size()) return false;
        for (std::size_t i = 1; i < 4; ++i)
            if (!is_digit(text[first + i])) return false;
    }
    return true;
}

std::string_view without_sign(std::string_view text) {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    return text;
}

std::string_view without_percent(std::string_view text) {
    if (text.ends_with('%')) text = support::trimmed(text.substr(0, text.size() - 1));
    return text;
}

// The digits of a number whose thousands are separated by `group`, its decimals with a point; empty if it is none.
std::string ungrouped(std::string_view text, char group, char mark) {
    const std::size_t decimals = std::min(text.find(mark), text.size());
    if (!is_grouped(text.substr(0, decimals), group)) return "";
    std::string digits;
    for (const char c : text.substr(0, decimals))
        if (c != group) digits += c;
    if (decimals == text.size()) return digits;
    digits += '.';
    for (const char c : text.substr(decimals + 1)) {
        if (!is_digit(c)) return "";
        digits += c;
    }
    return digits;
}

std::optional<double> plain_number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

}  // namespace

bool is_missing(std::string_view text) {
    if (text.empty()) return true;
    if (is_digit(text.front()) || text.size() > 4) return false;
    constexpr std::string_view words[] = {"na",   "n/a", "nan", "null", "none",         "#n/a",
                                          "<na>", "-",   ".",   "?",    "\xe2\x80\x93", "\xe2\x80\x94"};
    const std::string word = support::folded(text);
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool looks_numeric(std::string_view text) {
    text = without_percent(without_sign(text));
    bool digits = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_digit(c)) {
            digits = true;
        } else if (c == 'e' || c == 'E') {
            const std::string_view power = without_sign(text.substr(i + 1));
            return digits && !power.empty() && std::all_of(power.begin(), power.end(), is_digit);
        } else if (c == ' ' || c == '\'') {
            // Thousands only.
            if (i == 0 || !is_digit(text[i - 1]) || i + 3 >= text.size()) return false;
            if (!is_digit(text[i + 1]) || !is_digit(text[i + 2]) || !is_digit(text[i + 3])) return false;
            if (i + 4 < text.size() && is_digit(text[i + 4])) return false;
        } else if (c != '.' && c != ',') {
            return false;
        }
    }
    return digits;
}

MarkEvidence mark_evidence(std::string_view text) {
    const std::size_t point = text.rfind('.'), comma = text.rfind(',');
    constexpr auto none = std::string_view::npos;
    if (point == none && comma == none) return MarkEvidence::none;
    if (!looks_numeric(text)) return MarkEvidence::none;
    text = without_percent(without_sign(text));
    if (point != none && comma != none) return point > comma ? MarkEvidence::point : MarkEvidence::comma;
    const char mark = point == none ? ',' : '.';
    const bool one = std::count(text.begin(), text.end(), mark) == 1;
    if (one && !is_grouped(text, mark)) return mark == ',' ? MarkEvidence::comma : MarkEvidence::point;
    if (one) return mark == ',' ? MarkEvidence::comma_or_thousands : MarkEvidence::point_or_thousands;
    // Several of them separate thousands, so that the other one is the decimal mark.
    return mark == ',' ? MarkEvidence::point : MarkEvidence::comma;
}

std::optional<Numeral> parse_numeral(std::string_view text, Decimal mark) {
    Numeral result;
    if (mark == Decimal::point)
        if (const auto value = plain_number(text)) {
            result.value = *value;
            return result;
        }
    if (!looks_numeric(text)) return std::nullopt;
    result.percent = text.ends_with('%');
    const bool negative = text.front() == '-';
    const std::string_view bare = without_percent(without_sign(text));
    const char decimal = mark == Decimal::point ? '.' : ',';
    std::string digits(bare);
    for (const char group : {decimal == '.' ? ',' : '.', ' ', '\''}) {
        if (bare.find(group) == std::string_view::npos) continue;
        digits = ungrouped(bare, group, decimal);
        result.thousands = true;
    }
    if (!result.thousands) std::replace(digits.begin(), digits.end(), decimal, '.');
    const auto value = plain_number(digits);
    if (!value) return std::nullopt;
    result.value = negative ? -*value : *value;
    return result;
}

std::optional<Numeral> parse_count(std::string_view text, Decimal mark) {
    if (const std::size_t bracket = text.find_first_of("(["); bracket != std::string_view::npos && bracket > 0)
        text = support::trimmed(text.substr(0, bracket));
    for (const char group : {',', '.'})
        if (is_grouped(text, group)) {
            const auto value = plain_number(ungrouped(text, group, '\0'));
            return value ? std::optional(Numeral{*value, false, true}) : std::nullopt;
        }
    return parse_numeral(text, mark);
}

}  // namespace hersurv::tables
