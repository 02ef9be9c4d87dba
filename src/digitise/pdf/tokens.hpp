// The words of a content stream: operands and operators.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hersurv::digitise {

struct PdfToken {
    enum class Kind { number, name, string, array, dictionary, operation, end };
    Kind kind = Kind::end;
    double number = 0;
    std::string text{};             // of a name, a string or an operator
    std::vector<PdfToken> items{};  // of an array; keys and values of a dictionary in turn
};

class PdfTokens {
  public:
    explicit PdfTokens(std::string_view text) : text_(text) {}
    // The next operand or operator; damaged words are left out.
    [[nodiscard]] PdfToken next();
    // Goes behind the data of an inline image, after its ID.
    void skip_inline_image();

  private:
    [[nodiscard]] PdfToken next(int depth);
    void skip_blanks();
    [[nodiscard]] PdfToken string();
    [[nodiscard]] PdfToken hexadecimal();
    [[nodiscard]] PdfToken list(std::string_view end, PdfToken::Kind kind, int depth);

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace hersurv::digitise
