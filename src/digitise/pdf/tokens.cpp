// The words of a content stream (ISO 32000-1, 7.2 and 7.3).
#include "digitise/pdf/tokens.hpp"

#include <charconv>
#include <cmath>

namespace hersurv::digitise {

namespace {

bool pdf_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0'; }

bool pdf_delimiter(char c) {
    return c == '(' || c == ')' || c == '<' || c == '>' || c == '[' || c == ']' || c == '{' || c == '}' || c == '/' ||
           c == '%';
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_pdf_number(std::string_view word, double& value) {
    if (word.starts_with('+')) word.remove_prefix(1);
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), value, std::chars_format::fixed);
    return fault == std::errc() && end == word.data() + word.size() && std::isfinite(value);
}

}  // namespace

void PdfTokens::skip_blanks() {
    while (at_ < text_.size()) {
        if (text_[at_] == '%')
            while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
        else if (pdf_blank(text_[at_]))
            ++at_;
        else
            return;
    }
}

PdfToken PdfTokens::next() { return next(0); }

PdfToken PdfTokens::next(int depth) {
    skip_blanks();
    PdfToken token;
    if (at_ >= text_.size()) return token;
    const char c = text_[at_];
    constexpr int deepest = 20;
    if (c == '(') return string();
    if (c == '[' && depth < deepest) {
        ++at_;
        return list("]", PdfToken::Kind::array, depth);
    }
    if (text_.substr(at_, 2) == "<<" && depth < deepest) {
        at_ += 2;
        return list(">>", PdfToken::Kind::dictionary, depth);
    }
    if (c == '<') return hexadecimal();
    std::size_t end = at_ + 1;
    if (c == '/' || !pdf_delimiter(c))
        while (end < text_.size() && !pdf_blank(text_[end]) && !pdf_delimiter(text_[end])) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    at_ = end;
    if (c == '/') {
        token.kind = PdfToken::Kind::name;
        for (std::size_t i = 1; i < word.size(); ++i) {
            const bool escaped =
                word[i] == '#' && i + 2 < word.size() && hex_digit(word[i + 1]) >= 0 && hex_digit(word[i + 2]) >= 0;
            token.text += escaped ? static_cast<char>(hex_digit(word[i + 1]) * 16 + hex_digit(word[i + 2])) : word[i];
            if (escaped) i += 2;
        }
    } else if (is_pdf_number(word, token.number)) {
        token.kind = PdfToken::Kind::number;
    } else {
        token.kind = PdfToken::Kind::operation;
        token.text = word;
    }
    return token;
}

PdfToken PdfTokens::list(std::string_view end, PdfToken::Kind kind, int depth) {
    PdfToken token;
    token.kind = kind;
    while (true) {
        skip_blanks();
        if (at_ >= text_.size()) return token;
        if (text_.substr(at_, end.size()) == end) {
            at_ += end.size();
            return token;
        }
        token.items.push_back(next(depth + 1));
    }
}

PdfToken PdfTokens::string() {
    PdfToken token;
    token.kind = PdfToken::Kind::string;
    int open = 0;
    for (; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '(' && open++ == 0) continue;
        if (c == ')' && --open == 0) break;
        if (c != '\\') {
            token.text += c;
            continue;
        }
        if (++at_ >= text_.size()) break;
        const char escaped = text_[at_];
        if (escaped >= '0' && escaped <= '7') {
            int value = 0;
            std::size_t digits = 0;
            for (;
                 digits < 3 && at_ + digits < text_.size() && text_[at_ + digits] >= '0' && text_[at_ + digits] <= '7';
                 ++digits)
                value = value * 8 + (text_[at_ + digits] - '0');
            token.text += static_cast<char>(value & 0xFF);
            at_ += digits - 1;
        } else if (escaped == '\r' || escaped == '\n') {
            if (escaped == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
        } else {
            token.text += escaped == 'n'   ? '\n'
                          : escaped == 'r' ? '\r'
                          : escaped == 't' ? '\t'
                          : escaped == 'b' ? '\b'
                          : escaped == 'f' ? '\f'
                                           : escaped;
        }
    }
    ++at_;
    return token;
}

PdfToken PdfTokens::hexadecimal() {
    PdfToken token;
    token.kind = PdfToken::Kind::string;
    int half = -1;
    for (++at_; at_ < text_.size() && text_[at_] != '>'; ++at_) {
        const int digit = hex_digit(text_[at_]);
        if (digit < 0) continue;
        if (half < 0) {
            half = digit;
        } else {
            token.text += static_cast<char>(half * 16 + digit);
            half = -1;
        }
    }
    if (half >= 0) token.text += static_cast<char>(half * 16);
    ++at_;
    return token;
}

void PdfTokens::skip_inline_image() {
    // Its data end with a blank, EI and a blank.
    for (; at_ + 3 < text_.size(); ++at_)
        if (pdf_blank(text_[at_]) && text_[at_ + 1] == 'E' && text_[at_ + 2] == 'I' &&
            (at_ + 3 == text_.size() || pdf_blank(text_[at_ + 3]))) {
            at_ += 3;
            return;
        }
    at_ = text_.size();
}

}  // namespace hersurv::digitise
