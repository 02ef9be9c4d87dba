// Widths of texts out of the advance widths of Liberation Sans, which are those of Helvetica and Arial.
#include "render/svg_text.hpp"

#include "render/characters.hpp"
#include <algorithm>
#include <array>

namespace hersurv::render {
namespace {

// Advance widths in thousandths of an em: of the characters from blank to tilde, and of Latin-1 and Latin Extended-A.
constexpr std::array<short, 95> ascii_regular = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};
constexpr std::array<short, 95> ascii_bold = {
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584};
constexpr std::array<short, 224> latin_regular = {
    278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 0,   737, 552,  400, 549,  333, 333, 333, 576, 537,
    278, 333, 333, 365, 556, 834, 834, 834, 611, 667, 667, 667, 667, 667, 667, 1000, 722, 667,  667, 667, 667, 278, 278,
    278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667,  667, 611,  556, 556, 556, 556, 556,
    556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278, 556, 556, 556, 556, 556,  556, 556,  549, 611, 556, 556, 556,
    556, 500, 556, 500, 667, 556, 667, 556, 667, 556, 722, 500, 722, 500, 722, 500,  722, 500,  722, 615, 722, 556, 667,
    556, 667, 556, 667, 556, 667, 556, 667, 556, 778, 556, 778, 556, 778, 556, 778,  556, 722,  556, 722, 556, 278, 278,
    278, 278, 278, 278, 278, 222, 278, 278, 735, 444, 500, 222, 667, 500, 500, 556,  222, 556,  222, 556, 292, 556, 334,
    556, 222, 722, 556, 722, 556, 722, 556, 604, 723, 556, 778, 556, 778, 556, 778,  556, 1000, 944, 722, 333, 722, 333,
    722, 333, 667, 500, 667, 500, 667, 500, 667, 500, 611, 278, 611, 375, 611, 278,  722, 556,  722, 556, 722, 556, 722,
    556, 722, 556, 722, 556, 944, 722, 667, 500, 667, 611, 500, 611, 500, 611, 500,  222};
constexpr std::array<short, 224> latin_bold = {
    278, 333, 556, 556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 0,   737, 552,  400, 549,  333, 333, 333, 576, 556,
    278, 333, 333, 365, 556, 834, 834, 834, 611, 722, 722, 722, 722, 722, 722, 1000, 722, 667,  667, 667, 667, 278, 278,
    278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667,  667, 611,  556, 556, 556, 556, 556,
    556, 889, 556, 556, 556, 556, 556, 278, 278, 278, 278, 611, 611, 611, 611, 611,  611, 611,  549, 611, 611, 611, 611,
    611, 556, 611, 556, 722, 556, 722, 556, 722, 556, 722, 556, 722, 556, 722, 556,  722, 556,  722, 719, 722, 611, 667,
    556, 667, 556, 667, 556, 667, 556, 667, 556, 778, 611, 778, 611, 778, 611, 778,  611, 722,  611, 722, 611, 278, 278,
    278, 278, 278, 278, 278, 278, 278, 278, 785, 556, 556, 278, 722, 556, 556, 611,  278, 611,  278, 611, 385, 611, 479,
    611, 278, 722, 611, 722, 611, 722, 611, 708, 723, 611, 778, 611, 778, 611, 778,  611, 1000, 944, 722, 389, 722, 389,
    722, 389, 667, 556, 667, 556, 667, 556, 667, 556, 611, 333, 611, 479, 611, 333,  722, 611,  722, 611, 722, 611, 722,
    611, 722, 611, 722, 611, 944, 778, 667, 556, 667, 611, 500, 611, 500, 611, 500,  278};

struct Punctuation {
    char32_t code;
    short regular, bold;
};
constexpr std::array<Punctuation, 14> punctuation = {{{0x2010, 333, 333},
                                                      {0x2011, 333, 333},
                                                      {0x2013, 556, 556},
                                                      {0x2014, 1000, 1000},
                                                      {0x2018, 222, 278},
                                                      {0x2019, 222, 278},
                                                      {0x201c, 333, 500},
                                                      {0x201d, 333, 500},
                                                      {0x2020, 556, 556},
                                                      {0x2021, 556, 556},
                                                      {0x2026, 1000, 1000},
                                                      {0x2212, 584, 584},
                                                      {0x2264, 549, 549},
                                                      {0x2265, 549, 549}}};

// The share of an em.
double advance(char32_t code, bool bold) {
    constexpr double thousand = 1000;
    if (code >= 0x20 && code < 0x7f) return (bold ? ascii_bold : ascii_regular)[code - 0x20] / thousand;
    if (code >= 0xa0 && code < 0x180) return (bold ? latin_bold : latin_regular)[code - 0xa0] / thousand;
    const auto* const mark = std::ranges::find(punctuation, code, &Punctuation::code);
    if (mark != punctuation.end()) return (bold ? mark->bold : mark->regular) / thousand;
    // An em, as an ideograph has.
    return 1;
}

}  // namespace

double text_width(std::string_view raw, double size, bool bold) {
    const std::string text = with_visible_controls(raw);
    double width = 0;
    for (std::size_t position = 0; position < text.size();) width += advance(next_character(text, position).code, bold);
    return width * size;
}

std::string shortened_to_width(std::string_view raw, double size, double width, bool bold) {
    if (text_width(raw, size, bold) <= width) return std::string(raw);
    const std::string text = with_visible_controls(raw);
    constexpr std::string_view ellipsis = "\xe2\x80\xa6";
    std::string kept;
    for (std::size_t position = 0; position < text.size();) {
        const std::string longer = kept + std::string(next_character(text, position).bytes);
        if (text_width(longer + std::string(ellipsis), size, bold) > width) break;
        kept = longer;
    }
    while (kept.ends_with(' ')) kept.pop_back();
    return kept + std::string(ellipsis);
}

std::vector<std::string> wrap_to_width(std::string_view raw, double size, double width, bool bold) {
    const std::string all = with_visible_controls(raw);
    const std::string_view text = all;
    std::vector<std::string> lines(1);
    const auto fits = [&](const std::string& line) { return text_width(line, size, bold) <= width; };
    std::size_t start = 0;
    while (start < text.size()) {
        const std::size_t blank = std::min(text.find(' ', start), text.size());
        const std::string_view word = text.substr(start, blank - start);
        start = blank + 1;
        if (word.empty()) continue;
        const std::string longer = lines.back().empty() ? std::string(word) : lines.back() + " " + std::string(word);
        if (fits(longer)) {
            lines.back() = longer;
            continue;
        }
        if (!lines.back().empty()) lines.emplace_back();
        for (std::size_t position = 0; position < word.size();) {
            const std::string_view character = next_character(word, position).bytes;
            if (!lines.back().empty() && !fits(lines.back() + std::string(character))) lines.emplace_back();
            lines.back() += character;
        }
    }
    return lines;
}

}  // namespace hersurv::render
