// Widths of texts out of the advance widths of DejaVu Sans, the widest of the fonts that a figure may be shown in.
#include "render/svg_text.hpp"

#include "render/characters.hpp"
#include <algorithm>

namespace hersurv::render {
namespace {

// Advance widths of the characters from blank to tilde, in hundredths of an em, rounded up.
constexpr int regular[] = {32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37,  32, 34, 64, 64, 64,
                           64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 78, 64,
                           58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64,  62, 74, 69, 99, 69,
                           62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36,  64, 64, 28, 28, 58,
                           28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60,  53, 64, 34, 64, 84};
constexpr int bold_face[] = {35, 46,  53, 84, 70, 101, 88, 31,  46, 46, 53, 84, 38, 42,  38, 37, 70, 70,  70,
                             70, 70,  70, 70, 70, 70,  70, 40,  40, 84, 84, 84, 59, 100, 78, 77, 74, 84,  69,
                             69, 83,  84, 38, 38, 78,  64, 100, 84, 86, 74, 86, 78, 73,  69, 82, 78, 111, 78,
                             73, 73,  46, 37, 46, 84,  50, 50,  68, 72, 60, 72, 68, 44,  72, 72, 35, 35,  67,
                             35, 105, 72, 69, 72, 72,  50, 60,  48, 72, 66, 93, 65, 66,  59, 72, 37, 72,  84};

// The share of an em.
double advance(char32_t code, bool bold) {
    if (code >= 0x20 && code < 0x7f) return (bold ? bold_face : regular)[code - 0x20] / 100.0;
    // No letter of the European scripts is wider; what is wide in a terminal fills an em.
    return 1.1;
}

}  // namespace

double text_width(std::string_view raw, double size, bool bold) {
    const std::string text = with_visible_controls(raw);
    double width = 0;
    for (std::size_t position = 0; position < text.size();) width += advance(next_character(text, position).code, bold);
    return width * size;
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
