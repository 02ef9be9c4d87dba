// Pieces of text of a vector file, joined to the labels that a reader sees.
#include "digitise/vector/canvas.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <array>
#include <cmath>

namespace hersurv::digitise {

namespace {

// Letters 32 to 126 of Helvetica, in thousandths of the size (Adobe Font Metrics, Helvetica.afm).
constexpr std::array<short, 95> helvetica_widths = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};

struct PlacedPiece {
    TextPiece piece{};
    bool turned = false;
    double along_from = 0, along_to = 0, across = 0;  // on the baseline, in the direction of reading
};

bool numeric_text(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == '.' || c == ',' || c == '%' || c == ' ' || c == '-';
    });
}

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return "";
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<PlacedPiece> placed(TextPiece piece) {
    const double x = piece.to.x - piece.from.x, y = piece.to.y - piece.from.y;
    PlacedPiece result;
    if (std::abs(y) <= 0.1 * std::abs(x) && x >= 0) {
        result.along_from = piece.from.x;
        result.along_to = piece.to.x;
        result.across = piece.from.y;
    } else if (std::abs(x) <= 0.1 * std::abs(y) && y < 0) {
        result.turned = true;
        result.along_from = -piece.from.y;
        result.along_to = -piece.to.y;
        result.across = piece.from.x;
    } else {
        return std::nullopt;  // slanted, upside down or from the top to the bottom: no label of an axis
    }
    result.piece = std::move(piece);
    return result;
}

// Whether `next` goes on where `before` ends; `blank` whether a blank is between them.
bool goes_on(const PlacedPiece& before, const PlacedPiece& next, bool& blank) {
    const double size = std::max(before.piece.size, next.piece.size), gap = next.along_from - before.along_to;
    if (before.turned != next.turned || std::abs(before.across - next.across) > 0.15 * size ||
        std::abs(before.piece.size - next.piece.size) > 0.2 * size || before.piece.colour != next.piece.colour)
        return false;
    const bool numbers = numeric_text(before.piece.text) && numeric_text(next.piece.text);
    blank = gap > 0.15 * size;
    return gap > -0.3 * size && gap < (numbers ? 0.15 : 0.45) * size;
}

Label label_of(const PlacedPiece& placed, const std::string& text) {
    // Blanks at the ends take room that the label does not fill.
    const auto width = [&](const std::string& some) {
        double sum = 0;
        for (const char32_t letter : from_utf8(some)) sum += helvetica_width(letter);
        return sum;
    };
    Label label;
    const double whole = width(text), length = placed.along_to - placed.along_from, size = placed.piece.size;
    const std::string start = text.substr(0, std::min(text.find_first_not_of(' '), text.size()));
    label.text = trimmed(text);
    const double from = placed.along_from + (whole > 0 ? length * width(start) / whole : 0),
                 to = from + (whole > 0 ? length * width(label.text) / whole : 0);
    label.turned = placed.turned;
    // Digits are 0.72 of the size high and stand on the baseline.
    constexpr double ascent = 0.72;
    label.box = placed.turned ? Box{placed.across - ascent * size, -to, placed.across, -from}
                              : Box{from, placed.across - ascent * size, to, placed.across};
    label.colour = placed.piece.colour;
    read_number(label);
    return label;
}

}  // namespace

double helvetica_width(char32_t letter) {
    if (letter >= 32 && letter < 127) return helvetica_widths[letter - 32] / 1000.0;
    return letter == U'−' ? 0.584 : letter == U'·' ? 0.278 : letter == 0xA0 ? 0.278 : 0.556;
}

std::u32string from_utf8(const std::string& text) {
    std::u32string letters;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
        char32_t letter = length == 1 ? lead : lead & (0xFFU >> (length + 1));
        for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
            letter = (letter << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
        letters.push_back(letter);
        i += length;
    }
    return letters;
}

void append_utf8(std::string& text, char32_t letter) {
    const auto part = [&](unsigned shift) { return static_cast<char>(0x80U | ((letter >> shift) & 0x3FU)); };
    if (letter < 0x80) {
        text += static_cast<char>(letter);
    } else if (letter < 0x800) {
        text += static_cast<char>(0xC0U | (letter >> 6U));
        text += part(0);
    } else if (letter < 0x10000) {
        text += static_cast<char>(0xE0U | (letter >> 12U));
        text += part(6);
        text += part(0);
    } else if (letter < 0x110000) {
        text += static_cast<char>(0xF0U | (letter >> 18U));
        text += part(12);
        text += part(6);
        text += part(0);
    }
}

void read_number(Label& label) {
    std::string plain;
    for (const char32_t letter : from_utf8(trimmed(label.text))) {
        if (letter == U'−' || letter == U'–')
            plain += '-';
        else if (letter == U'·')
            plain += '.';
        else
            append_utf8(plain, letter);
    }
    if (!plain.empty() && plain.back() == '%') {
        label.percent = true;
        plain = trimmed(plain.substr(0, plain.size() - 1));
    }
    // A comma before three digits separates thousands where no zero leads, elsewhere it is a decimal comma.
    const std::size_t comma = plain.find(',');
    if (comma != std::string::npos && plain.find_first_of(".,", comma + 1) == std::string::npos) {
        if (plain.size() - comma == 4 && plain[0] != '0')
            plain.erase(comma, 1);
        else
            plain[comma] = '.';
    }
    if (plain.find_first_not_of("0123456789.-+") == std::string::npos) label.number = support::parse_number(plain);
    if (!label.number) label.percent = false;
}

bool is_symbol(const std::string& text) {
    static constexpr std::string_view signs[] = {"+", "|", "x", "X", "o", "O", "×", "●",
                                                 "○", "•", "❍", "■", "◆", "▲", "*", "^"};
    return std::find(std::begin(signs), std::end(signs), text) != std::end(signs);
}

std::optional<Label> symbol_label(const TextPiece& piece) {
    auto one = placed(piece);
    if (!one) return std::nullopt;
    Label label = label_of(*one, piece.text);
    label.number.reset();
    return label;
}

std::vector<Label> join_text(std::vector<TextPiece> pieces) {
    std::vector<PlacedPiece> all;
    for (TextPiece& piece : pieces)
        if (!trimmed(piece.text).empty())
            if (auto one = placed(std::move(piece))) all.push_back(std::move(*one));
    // Lines from the top to the bottom, along each; pieces of one line differ by less than rounding across.
    std::stable_sort(all.begin(), all.end(), [](const PlacedPiece& first, const PlacedPiece& second) {
        if (first.turned != second.turned) return second.turned;
        const double line_1 = std::round(first.across * 2), line_2 = std::round(second.across * 2);
        return line_1 != line_2 ? line_1 < line_2 : first.along_from < second.along_from;
    });
    std::vector<Label> labels;
    for (std::size_t i = 0; i < all.size();) {
        PlacedPiece line = all[i];
        std::size_t next = i + 1;
        bool blank = false;
        for (; next < all.size() && goes_on(line, all[next], blank); ++next) {
            if (blank && line.piece.text.back() != ' ') line.piece.text += ' ';
            line.piece.text += all[next].piece.text;
            line.along_to = std::max(line.along_to, all[next].along_to);
        }
        labels.push_back(label_of(line, line.piece.text));
        i = next;
    }
    return labels;
}

}  // namespace hersurv::digitise
