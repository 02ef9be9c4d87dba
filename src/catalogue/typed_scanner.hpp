// The text of one option, read from left to right: numbers and words as papers report them.
#pragma once

#include "hersurv/records.hpp"

#include "catalogue/typed_text.hpp"
#include "support/json.hpp"
#include <cstddef>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hersurv::catalogue {

// Where in the document a number is -> where it was typed.
using Spots = std::map<std::string, Spot>;

// A number as typed, or the word in its place.
struct TypedNumber {
    std::string word{};    // "NR", "NE"; empty for a number
    std::string digits{};  // "57.10"
    bool percent = false;
    std::optional<TimeUnit> unit{};  // that is after a time
    // ">24", "24+": where the curve had not come to it yet. The word is NR then.
    std::string beyond{};
    std::size_t offset = 0;

    // Percents are shifted in the decimal text, so that 80.5% is the double nearest to 0.805.
    [[nodiscard]] double value() const;
    // With the decimals as typed: 57.10 has two, 80% has two, 80.0% three.
    [[nodiscard]] support::Json json() const;
};

// What a number is, which decides what may be in and after it.
enum class Sort {
    plain,
    time,   // a unit after it: "12.7 years", "12.7y"; ">24" and "24+" for what was not reached by then
    count,  // "1,234"
};
constexpr std::string_view time_unit_words = "months, years, weeks or days";

// What cannot be read is a UsageError that quotes the text and gives the column. Copies are cheap: they share the text.
class TypedScanner {
  public:
    TypedScanner(std::string option, std::string text)
        : text_(std::make_shared<const TypedText>(std::move(option), std::move(text))) {}

    [[nodiscard]] bool at_end() const { return at_ >= text().size(); }
    [[nodiscard]] std::size_t offset() const { return at_; }
    void move_to(std::size_t offset) { at_ = offset; }
    // With one spelling of each sign; offsets are those of this text.
    [[nodiscard]] const std::string& text() const { return text_->plain(); }
    [[nodiscard]] std::string typed(std::size_t begin, std::size_t end) const { return text_->typed(begin, end); }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text()[at_]; }
    [[nodiscard]] Spot spot(std::size_t offset) const { return text_->spot(offset); }
    [[noreturn]] void fail(std::size_t offset, const std::string& problem) const;

    void skip_blanks();
    // Blanks before the token are passed over with it.
    bool take(std::string_view token);
    bool take_any(std::initializer_list<std::string_view> tokens);
    // Letters, in any case, that are not the start of a longer word.
    bool take_word(std::string_view word);
    // In any case, spelt in any of the ways that are one to plain text.
    bool take_text(const std::string& name);
    // Words with blanks or hyphens between them: "not reached", "p value", "log-rank".
    bool take_phrase(std::string_view words);
    bool take_any_phrase(std::initializer_list<std::string_view> phrases);
    bool take_percent();
    // Up to the next blank, for messages.
    [[nodiscard]] std::string next_word() const;
    // Nothing but blanks may be left.
    void refuse_rest();

    TypedNumber number(Sort sort = Sort::plain);
    std::optional<TimeUnit> time_unit();
    // Whether a number, or the word in its place, is next.
    [[nodiscard]] bool number_follows() const;

  private:
    [[nodiscard]] std::string_view rest() const;
    bool take_missing(TypedNumber& number);
    std::size_t take_digits(std::string& digits);
    void take_thousands(std::string& digits);
    void take_unit(TypedNumber& number);

    std::shared_ptr<const TypedText> text_;
    std::size_t at_ = 0;
};

}  // namespace hersurv::catalogue
