// Numbers as papers print them -> values with their decimals.
#include "catalogue/typed_scanner.hpp"

#include "hersurv/error.hpp"

#include "catalogue/text.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <utility>

namespace hersurv::catalogue {

bool is_blank(char letter) { return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }

std::string described(const Spot& spot, const std::string& problem) {
    const auto is_start = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
    const std::size_t offset = std::min(spot.offset, spot.text.size());
    const auto column = 1 + std::ranges::count_if(std::string_view(spot.text).substr(0, offset), is_start);
    return spot.option + " \"" + spot.text + "\", column " + std::to_string(column) + ": " + problem;
}

double TypedNumber::value() const { return support::parse_number(digits + (percent ? "e-2" : "")).value_or(0); }

support::Json TypedNumber::json() const {
    if (!word.empty()) return word;
    const std::size_t point = digits.find('.');
    const int decimals = point == std::string::npos ? 0 : static_cast<int>(digits.size() - point - 1);
    return support::Json::Number{value(), decimals + (percent ? 2 : 0)};
}

void TypedScanner::fail(std::size_t offset, const std::string& problem) const {
    throw support::UsageError(described(spot(offset), problem));
}

void TypedScanner::skip_blanks() {
    while (!at_end() && is_blank(text_[at_])) ++at_;
}

bool TypedScanner::take(std::string_view token) {
    if (!rest().starts_with(token)) return false;
    at_ += token.size();
    return true;
}

bool TypedScanner::take_any(std::initializer_list<std::string_view> tokens) {
    return std::ranges::any_of(tokens, [&](std::string_view token) { return take(token); });
}

bool TypedScanner::take_word(std::string_view word) {
    if (folded(rest().substr(0, word.size())) != folded(word)) return false;
    const std::size_t next = at_ + word.size();
    if (next < text_.size() && (is_letter(text_[next]) || is_digit(text_[next]))) return false;
    at_ = next;
    return true;
}

std::string TypedScanner::next_word() const {
    std::size_t end = at_;
    while (end < text_.size() && !is_blank(text_[end])) ++end;
    return text_.substr(at_, end - at_);
}

void TypedScanner::refuse_rest() {
    skip_blanks();
    if (!at_end()) fail(at_, "\"" + next_word() + "\" was not expected here");
}

std::string_view TypedScanner::rest() const { return std::string_view(text_).substr(std::min(at_, text_.size())); }

bool TypedScanner::number_follows() const {
    const std::string_view next = rest();
    if (!next.empty() && (is_digit(next.front()) || next.front() == '.')) return true;
    TypedScanner ahead = *this;
    return ahead.take_word("NR") || ahead.take_word("NE");
}

// Behind the number, at once or after blanks.
std::optional<TimeUnit> TypedScanner::time_unit() {
    constexpr std::pair<std::string_view, TimeUnit> spelt_units[] = {
        {"months", TimeUnit::months}, {"month", TimeUnit::months}, {"mo", TimeUnit::months},  {"m", TimeUnit::months},
        {"years", TimeUnit::years},   {"year", TimeUnit::years},   {"yr", TimeUnit::years},   {"yrs", TimeUnit::years},
        {"y", TimeUnit::years},       {"weeks", TimeUnit::weeks},  {"week", TimeUnit::weeks}, {"wk", TimeUnit::weeks},
        {"wks", TimeUnit::weeks},     {"w", TimeUnit::weeks},      {"days", TimeUnit::days},  {"day", TimeUnit::days},
        {"d", TimeUnit::days}};
    TypedScanner ahead = *this;
    ahead.skip_blanks();
    for (const auto& [spelling, unit] : spelt_units) {
        if (!ahead.take_word(spelling)) continue;
        at_ = ahead.at_;
        return unit;
    }
    return std::nullopt;
}

// Value and limits have one unit, wherever it is typed.
void TypedScanner::settle_unit(TypedStatistic& statistic) {
    std::optional<TimeUnit> unit = time_unit();  // behind the limits
    for (const std::optional<TypedNumber>& part : {std::optional(statistic.value), statistic.lower, statistic.upper}) {
        if (!part || !part->unit) continue;
        if (unit && *unit != *part->unit)
            fail(part->offset, "one number is in " + std::string(to_string(*part->unit)) + ", another in " +
                                   std::string(to_string(*unit)) + "; write value and limits in one unit");
        unit = part->unit;
    }
    statistic.unit = unit.value_or(TimeUnit::months);
}

TypedNumber TypedScanner::number(Units units) {
    TypedNumber result;
    result.offset = at_;
    for (const std::string_view word : {"NR", "NE"}) {
        if (take_word(word)) {
            result.word = word;
            return result;
        }
    }
    const std::size_t start = at_;
    if (peek() == '-') result.digits += text_[at_++];
    const std::size_t whole = take_digits(result.digits);
    std::size_t decimals = 0;
    // The raised point of British journals stands for the decimal point.
    if (take_any({".", "\xC2\xB7"})) {
        if (whole == 0) result.digits += '0';
        result.digits += '.';
        decimals = take_digits(result.digits);
    }
    if (units == Units::of_time && whole + decimals > 0) {
        result.unit = time_unit();
        if (!result.unit && is_letter(peek())) {
            const std::string unit = next_word();
            fail(at_, "\"" + unit + "\" is not a unit of time; write " + std::string(time_unit_words) +
                          ", as in 12.7 years or 12.7y");
        }
    }
    const bool glued = is_letter(peek()) || peek() == '.' || peek() == '_';
    if (whole + decimals == 0 || glued) {
        at_ = start;
        const std::string word = next_word();
        fail(start, (word.empty() ? "a number is missing" : "\"" + word + "\" is not a number") +
                        std::string("; write it like 57.1, or NR or NE"));
    }
    if (decimals == 0 && result.digits.back() == '.') result.digits.pop_back();
    if (!support::parse_number(result.digits))
        fail(start, "the number is larger than any, or so near to 0 that it reads as 0; check its digits");
    result.percent = take("%");
    return result;
}

TypedStatistic TypedScanner::statistic(Units units) {
    TypedStatistic result;
    result.value = number(units);
    const std::size_t after_value = at_;
    skip_blanks();
    const char opening = peek();
    if (opening == '[' || opening == '(') {
        ++at_;
        skip_blanks();
        result.level = level(units);
        limits(result, units);
        skip_blanks();
        const char closing = opening == '[' ? ']' : ')';
        if (peek() != closing) fail(at_, std::string("\"") + closing + "\" is missing behind the limits");
        ++at_;
    } else if (number_follows()) {
        limits(result, units);
    } else {
        at_ = after_value;
    }
    if (units == Units::of_time) settle_unit(result);
    return result;
}

std::size_t TypedScanner::take_digits(std::string& digits) {
    const std::size_t start = at_;
    while (is_digit(peek())) digits += text_[at_++];
    return at_ - start;
}

// "95% CI" and what may follow it.
std::optional<double> TypedScanner::level(Units units) {
    TypedScanner ahead = *this;
    if (!is_digit(ahead.peek())) return std::nullopt;
    TypedNumber typed = ahead.number(units);
    ahead.skip_blanks();
    if (!typed.percent && ahead.take("%")) typed.percent = true;
    ahead.skip_blanks();
    if (!typed.percent || !ahead.take_word("CI")) return std::nullopt;
    ahead.take_any({":", ","});
    ahead.skip_blanks();
    at_ = ahead.at_;
    return typed.value();
}

void TypedScanner::limits(TypedStatistic& statistic, Units units) {
    statistic.lower = number(units);
    skip_blanks();
    if (!take_any({",", ";", "-", "\xE2\x80\x93", "\xE2\x80\x94"}) && !take_word("to")) {
        fail(at_, "the upper limit is missing; write the limits like [50,72] or (50-72)");
    }
    skip_blanks();
    statistic.upper = number(units);
    // Limits of a percentage are percentages, with the sign or without.
    for (TypedNumber* limit : {&*statistic.lower, &*statistic.upper}) {
        if (!limit->word.empty()) continue;
        if (limit->percent && !statistic.value.percent && statistic.value.word.empty()) {
            fail(limit->offset, "the limit is in percent, but its value is not");
        }
        limit->percent = limit->percent || statistic.value.percent;
    }
}

}  // namespace hersurv::catalogue
