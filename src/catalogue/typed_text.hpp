// The text of one option as typed or pasted, and the same with one spelling of every blank, dash, point and bracket.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::catalogue {

[[nodiscard]] bool is_blank(char letter);
[[nodiscard]] bool is_digit(char letter);
[[nodiscard]] bool is_letter(char letter);

// A place in the text of an option.
struct Spot {
    std::string option{};                       // "--arm"
    std::shared_ptr<const std::string> text{};  // shared by all places in it
    std::size_t offset = 0;
};
[[nodiscard]] Spot spot_of(std::string option, std::string text, std::size_t offset = 0);

// "--arm 'name=A n=x', column 10: PROBLEM". Columns count characters, not bytes; of a long text the part around the
// place is quoted.
[[nodiscard]] std::string described(const Spot& spot, const std::string& problem);

class TypedText {
  public:
    // Throws UsageError if the text is not UTF-8, or holds a character that nobody sees, which it names.
    TypedText(std::string option, std::string text);

    // Blanks are spaces (no-break, thin and figure spaces, tabs and line ends too), dashes and minus signs "-", raised
    // and middle points ".", "≤" is "<=", typographic quotation marks are straight ones, full-width characters ASCII.
    [[nodiscard]] const std::string& plain() const { return plain_; }
    [[nodiscard]] Spot spot(std::size_t plain_offset) const;
    // Whether the byte is so in the text, and not for another character.
    [[nodiscard]] bool plainly_typed(std::size_t plain_offset) const {
        return (*text_)[origin_[plain_offset]] == plain_[plain_offset];
    }
    // As typed, with plain spaces and none at its ends.
    [[nodiscard]] std::string typed(std::size_t plain_begin, std::size_t plain_end) const;

  private:
    std::string option_, plain_;
    std::shared_ptr<const std::string> text_;
    std::vector<std::size_t> origin_;  // of every byte of plain_, and of its end, in text_
};

}  // namespace hersurv::catalogue
