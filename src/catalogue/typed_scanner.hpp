// The text of one option, read from left to right: numbers as papers print them, with their limits.
#pragma once

#include "hersurv/records.hpp"

#include "support/json.hpp"
#include <cstddef>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hersurv::catalogue {

[[nodiscard]] bool is_blank(char letter);
[[nodiscard]] bool is_digit(char letter);
[[nodiscard]] bool is_letter(char letter);

// A place in the text of an option.
struct Spot {
    std::string option;  // "--arm"
    std::string text;
    std::size_t offset = 0;
};

// "--arm 'name=A n=x', column 10: PROBLEM". Columns count characters, not bytes.
[[nodiscard]] std::string described(const Spot& spot, const std::string& problem);

// Where in the document a number stands -> where it was typed.
using Spots = std::map<std::string, Spot>;

// A number as typed, or the word in its place.
struct TypedNumber {
    std::string word;    // "NR", "NE"; empty for a number
    std::string digits;  // "57.10"
    bool percent = false;
    std::optional<TimeUnit> unit;  // that stands behind a time
    std::size_t offset = 0;

    // Percents are shifted in the decimal text, so that 80.5% is the double nearest to 0.805.
    [[nodiscard]] double value() const;
    // With the decimals as typed: 57.10 has two, 80% has two, 80.0% three.
    [[nodiscard]] support::Json json() const;
};

struct TypedStatistic {
    TypedNumber value;
    std::optional<TypedNumber> lower, upper;
    std::optional<double> level;
    TimeUnit unit = TimeUnit::months;  // of all its times
};

// Whether a number is a time, behind which a unit may stand: "12.7 years", "12.7y".
enum class Units { none, of_time };
constexpr std::string_view time_unit_words = "months, years, weeks or days";

// What cannot be read is a UsageError that quotes the text and gives the column.
class TypedScanner {
  public:
    TypedScanner(std::string option, std::string text) : option_(std::move(option)), text_(std::move(text)) {}

    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] std::size_t offset() const { return at_; }
    void move_to(std::size_t offset) { at_ = offset; }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
    [[nodiscard]] Spot spot(std::size_t offset) const { return {option_, text_, offset}; }
    [[noreturn]] void fail(std::size_t offset, const std::string& problem) const;

    void skip_blanks();
    bool take(std::string_view token);
    bool take_any(std::initializer_list<std::string_view> tokens);
    // Letters, in any case, that are not the start of a longer word.
    bool take_word(std::string_view word);
    // Up to the next blank, for messages.
    [[nodiscard]] std::string next_word() const;
    // Nothing but blanks may be left.
    void refuse_rest();

    TypedNumber number(Units units = Units::none);
    // "57.1", "57.1[50,72]", "57.1 (95% CI 50-72)", "57.1 50-72".
    TypedStatistic statistic(Units units = Units::none);

  private:
    [[nodiscard]] std::string_view rest() const;
    [[nodiscard]] bool number_follows() const;
    std::size_t take_digits(std::string& digits);
    std::optional<double> level(Units units);
    void limits(TypedStatistic& statistic, Units units);
    std::optional<TimeUnit> time_unit();
    void settle_unit(TypedStatistic& statistic);

    std::string option_;
    std::string text_;
    std::size_t at_ = 0;
};

}  // namespace hersurv::catalogue
