// Numbers as papers report them -> values with their decimals.
#include "catalogue/typed_scanner.hpp"

#include "hersurv/error.hpp"

#include "catalogue/text.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <utility>

namespace hersurv::catalogue {

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
    while (!at_end() && is_blank(text()[at_])) ++at_;
}

bool TypedScanner::take(std::string_view token) {
    const std::size_t start = at_;
    skip_blanks();
    if (!rest().starts_with(token)) {
        at_ = start;
        return false;
    }
    at_ += token.size();
    return true;
}

bool TypedScanner::take_any(std::initializer_list<std::string_view> tokens) {
    return std::ranges::any_of(tokens, [&](std::string_view token) { return take(token); });
}

bool TypedScanner::take_word(std::string_view word) {
    if (folded(rest().substr(0, word.size())) != folded(word)) return false;
    const std::size_t next = at_ + word.size();
    if (next < text().size() && (is_letter(text()[next]) || is_digit(text()[next]))) return false;
    at_ = next;
    return true;
}

bool TypedScanner::take_text(const std::string& name) {
    const TypedText wanted("", name);
    const std::size_t start = at_;
    skip_blanks();
    if (folded(rest().substr(0, wanted.plain().size())) != folded(wanted.plain())) {
        at_ = start;
        return false;
    }
    at_ += wanted.plain().size();
    return true;
}

bool TypedScanner::take_phrase(std::string_view words) {
    const std::size_t start = at_;
    skip_blanks();
    while (true) {
        const std::size_t end = std::min(words.find(' '), words.size());
        if (!take_word(words.substr(0, end))) break;
        if (end == words.size()) return true;
        words.remove_prefix(end + 1);
        if (!take("-")) skip_blanks();
        skip_blanks();
    }
    at_ = start;
    return false;
}

bool TypedScanner::take_any_phrase(std::initializer_list<std::string_view> phrases) {
    return std::ranges::any_of(phrases, [&](std::string_view phrase) { return take_phrase(phrase); });
}

bool TypedScanner::take_percent() { return take("%") || take_any_phrase({"percent", "per cent"}); }

std::string TypedScanner::next_word() const {
    constexpr std::size_t longest = 40;
    std::size_t end = at_;
    while (end < text().size() && end - at_ < longest && !is_blank(text()[end])) ++end;
    while (end < text().size() && support::is_continuation(text()[end])) ++end;
    return typed(at_, end);
}

void TypedScanner::refuse_rest() {
    skip_blanks();
    if (at_end()) return;
    const bool decimal_comma = peek() == ',' && at_ > 0 && is_digit(text()[at_ - 1]) && is_digit(text()[at_ + 1]);
    fail(at_, "\"" + next_word() + "\" was not expected here" + (decimal_comma ? "; write decimals with a point" : ""));
}

std::string_view TypedScanner::rest() const { return std::string_view(text()).substr(std::min(at_, text().size())); }

bool TypedScanner::number_follows() const {
    TypedScanner ahead = *this;
    ahead.skip_blanks();
    TypedNumber ignored;
    return is_digit(ahead.peek()) || ahead.peek() == '.' || ahead.take_missing(ignored);
}

// Behind the number, at once or after blanks.
std::optional<TimeUnit> TypedScanner::time_unit() {
    constexpr std::pair<std::string_view, TimeUnit> spelt_units[] = {
        {"months", TimeUnit::months}, {"month", TimeUnit::months}, {"mo", TimeUnit::months}, {"mos", TimeUnit::months},
        {"mth", TimeUnit::months},    {"mths", TimeUnit::months},  {"m", TimeUnit::months},  {"years", TimeUnit::years},
        {"year", TimeUnit::years},    {"yr", TimeUnit::years},     {"yrs", TimeUnit::years}, {"y", TimeUnit::years},
        {"weeks", TimeUnit::weeks},   {"week", TimeUnit::weeks},   {"wk", TimeUnit::weeks},  {"wks", TimeUnit::weeks},
        {"w", TimeUnit::weeks},       {"days", TimeUnit::days},    {"day", TimeUnit::days},  {"d", TimeUnit::days}};
    const std::size_t start = at_;
    skip_blanks();
    for (const auto& [spelling, unit] : spelt_units)
        if (take_word(spelling)) return unit;
    at_ = start;
    return std::nullopt;
}

// The words for a number that there is not. NA is what R prints where a curve or its limit does not come to one half.
bool TypedScanner::take_missing(TypedNumber& number) {
    const std::size_t start = at_;
    if (take_any_phrase({"NR", "NYR", "not reached", "not yet reached", "not attained", "infinity", "inf"}) ||
        take("\xE2\x88\x9E")) {
        number.word = "NR";
        return true;
    }
    if (take_any_phrase({"NE", "NA", "NC", "not estimable", "not evaluable", "not estimated", "not calculable",
                         "not calculated"})) {
        number.word = "NE";
        return true;
    }
    if (take_any_phrase({"not reported", "not stated", "not available", "not applicable"}))
        fail(start, "\"" + typed(start, at_) + "\": leave out what is not reported");
    return false;
}

// Groups of three digits after the first one to three: "1,234", "1'234", or with a thin or no-break space between.
// What a plain blank separates are two numbers.
void TypedScanner::take_thousands(std::string& digits) {
    if (digits.size() > 3) return;
    while (true) {
        TypedScanner ahead = *this;
        const char separator = ahead.peek();
        const bool typographic_blank = separator == ' ' && !text_->plainly_typed(at_);
        if (separator != ',' && separator != '\'' && !typographic_blank) return;
        ++ahead.at_;
        std::string group;
        if (ahead.take_digits(group) != 3 || ahead.peek() == '.') return;
        digits += group;
        at_ = ahead.at_;
    }
}

void TypedScanner::take_unit(TypedNumber& number) {
    number.unit = time_unit();
    if (number.unit || !is_letter(peek())) return;
    fail(at_, "\"" + next_word() + "\" is not a unit of time; write " + std::string(time_unit_words) +
                  ", as in 12.7 years or 12.7y");
}

TypedNumber TypedScanner::number(Sort sort) {
    skip_blanks();
    TypedNumber result;
    result.offset = at_;
    if (take_missing(result)) return result;
    const std::size_t start = at_;
    bool beyond = sort == Sort::time && take_any({">=", ">"});
    skip_blanks();
    if (peek() == '-' && !beyond) result.digits += text()[at_++];
    const std::size_t whole = take_digits(result.digits);
    if (sort == Sort::count && whole > 0) take_thousands(result.digits);
    std::size_t decimals = 0;
    // The raised point of British journals stands for the decimal point.
    if (peek() == '.') {
        ++at_;
        if (whole == 0) result.digits += '0';
        result.digits += '.';
        decimals = take_digits(result.digits);
    }
    if (sort == Sort::time && whole + decimals > 0) {
        if (!beyond && peek() == '+') {
            ++at_;
            beyond = true;
        }
        take_unit(result);
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
        fail(start, "the number is too large or too small to be represented; check its digits");
    result.percent = take_percent();
    if (beyond) {
        result.word = "NR";
        result.beyond = typed(start, at_);
    }
    return result;
}

std::size_t TypedScanner::take_digits(std::string& digits) {
    const std::size_t start = at_;
    while (is_digit(peek())) digits += text()[at_++];
    return at_ - start;
}

}  // namespace hersurv::catalogue
