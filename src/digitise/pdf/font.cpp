// Fonts of a PDF (ISO 32000-1, 9.5 to 9.10).
#include "digitise/pdf/font.hpp"

#include "digitise/pdf/tokens.hpp"
#include "digitise/vector/canvas.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

constexpr std::size_t most_font_bytes = 4U << 20U;
constexpr unsigned most_codes = 65536;

// Codes 128 to 159 of WinAnsiEncoding (annex D); the others are those of Latin 1.
constexpr char32_t win_ansi_128[] = {0x20AC, 0x2022, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                     0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x2022, 0x017D, 0x2022,
                                     0x2022, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                     0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x2022, 0x017E, 0x0178};

char32_t win_ansi(unsigned code) { return code >= 128 && code < 160 ? win_ansi_128[code - 128] : code; }

// What differs in StandardEncoding and MacRomanEncoding among the signs that figures use.
char32_t other_encoding(const std::string& encoding, unsigned code) {
    if (code < 128) return code;
    if (encoding == "MacRomanEncoding")
        return code == 0xA5   ? U'•'
               : code == 0xD0 ? U'–'
               : code == 0xD1 ? U'—'
               : code == 0xE1 ? U'·'
               : code == 0xCA ? U' '
               : code == 0xB1 ? U'±'
                              : 0;
    return code == 0xB1   ? U'–'
           : code == 0xD0 ? U'—'
           : code == 0xB4 ? U'·'
           : code == 0xB7 ? U'•'
           : code == 0xAE ? 0xFB01
           : code == 0xAF ? 0xFB02
                          : 0;
}

// The points, circles and squares of ZapfDingbats, which R draws its symbols with; their widths from its font metrics.
char32_t dingbat(unsigned code, double& width) {
    width = code == 'l' ? 0.791 : code == 'n' ? 0.761 : code == 'm' ? 0.873 : 0.788;
    return code == 'l'   ? U'●'
           : code == 'm' ? U'❍'
           : code == 'n' ? U'■'
           : code == 'u' ? U'◆'
           : code == 's' ? U'▲'
                         : U'•';
}

std::string utf8_of(char32_t character) {
    std::string text;
    if (character != 0) append_utf8(text, character);
    return text;
}

unsigned code_of(const std::string& bytes) {
    unsigned code = 0;
    for (const char byte : bytes.substr(0, 4)) code = code << 8U | static_cast<unsigned char>(byte);
    return code;
}

std::string utf8_of_utf16(const std::string& bytes) {
    std::string text;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        char32_t unit = code_of(bytes.substr(i, 2));
        if (unit >= 0xD800 && unit < 0xDC00 && i + 3 < bytes.size()) {
            unit = 0x10000 + ((unit - 0xD800) << 10U) + (code_of(bytes.substr(i + 2, 2)) - 0xDC00);
            i += 2;
        }
        append_utf8(text, unit);
    }
    return text;
}

}  // namespace

PdfFont::PdfFont(const PdfObject& font) {
    const std::string kind = font.key("Subtype").name();
    if (kind == "Type0")
        read_composite(font);
    else
        read_simple(font);
    if (kind == "Type3") {
        const std::vector<double> matrix = font.key("FontMatrix").numbers();
        const double unit = matrix.size() == 6 ? std::hypot(matrix[0], matrix[1]) : 0.001;
        scale_ = unit * 1000;
        for (auto& [code, width] : widths_) width *= scale_;
    }
    if (const auto cmap = font.key("ToUnicode").stream(most_font_bytes)) read_to_unicode(*cmap);
}

void PdfFont::read_simple(const PdfObject& font) {
    std::string name = font.key("BaseFont").name();
    const PdfObject encoding = font.key("Encoding");
    const std::string base = encoding.is_name() ? encoding.name() : encoding.key("BaseEncoding").name();
    const bool dingbats = name.find("Dingbats") != std::string::npos;
    const bool embedded = !font.key("FontDescriptor").is_null() || font.key("Subtype").name() == "Type3";
    for (unsigned code = 32; code < 256; ++code) {
        double width = 0;
        if (dingbats) {
            text_[code] = utf8_of(dingbat(code, width));
            widths_[code] = width;
        } else {
            text_[code] = utf8_of(base == "WinAnsiEncoding" || base == "PDFDocEncoding" ? win_ansi(code)
                                                                                        : other_encoding(base, code));
        }
    }
    const PdfObject differences = encoding.key("Differences");
    unsigned code = 0;
    for (int i = 0; i < std::min(differences.size(), 1024); ++i) {
        const PdfObject item = differences.item(i);
        if (item.is_number())
            code = static_cast<unsigned>(std::clamp(item.number(), 0.0, 255.0));
        else if (code < 256)
            text_[code++] = dingbats ? "●" : utf8_of(character_of_glyph(item.name()));
    }
    const std::vector<double> widths = font.key("Widths").numbers();
    const auto first = static_cast<unsigned>(std::clamp(font.key("FirstChar").number(), 0.0, 255.0));
    for (std::size_t i = 0; i < std::min<std::size_t>(widths.size(), 256); ++i)
        widths_[first + static_cast<unsigned>(i)] = widths[i] / 1000;
    standard_widths_ = widths.empty() && !embedded;
    default_width_ = font.key("FontDescriptor").key("MissingWidth").number() / 1000;
}

void PdfFont::read_composite(const PdfObject& font) {
    two_bytes_ = true;
    const PdfObject descendant = font.key("DescendantFonts").item(0);
    default_width_ = descendant.key("DW").number(1000) / 1000;
    // "c [w1 w2 ...]" or "first last w".
    const PdfObject widths = descendant.key("W");
    const int size = std::min(widths.size(), 200'000);
    for (int i = 0; i + 1 < size;) {
        const auto first = static_cast<unsigned>(std::clamp(widths.item(i).number(), 0.0, 65535.0));
        const PdfObject second = widths.item(i + 1);
        if (second.is_array()) {
            const std::vector<double> list = second.numbers();
            for (std::size_t k = 0; k < std::min<std::size_t>(list.size(), most_codes); ++k)
                widths_[first + static_cast<unsigned>(k)] = list[k] / 1000;
            i += 2;
        } else {
            const auto last = static_cast<unsigned>(std::clamp(second.number(), 0.0, 65535.0));
            const double width = widths.item(i + 2).number() / 1000;
            for (unsigned code = first; code <= last && widths_.size() < most_codes; ++code) widths_[code] = width;
            i += 3;
        }
    }
}

void PdfFont::read_to_unicode(const std::string& cmap) {
    PdfTokens tokens(cmap);
    std::vector<PdfToken> operands;
    for (PdfToken token = tokens.next(); token.kind != PdfToken::Kind::end; token = tokens.next()) {
        if (token.kind != PdfToken::Kind::operation) {
            operands.push_back(std::move(token));
            continue;
        }
        if (token.text == "endbfchar") {
            for (std::size_t i = 0; i + 1 < operands.size() && text_.size() < most_codes; i += 2)
                text_[code_of(operands[i].text)] = utf8_of_utf16(operands[i + 1].text);
        } else if (token.text == "endbfrange") {
            for (std::size_t i = 0; i + 2 < operands.size(); i += 3) {
                const unsigned first = code_of(operands[i].text),
                               last = std::min(code_of(operands[i + 1].text), first + most_codes);
                const PdfToken& target = operands[i + 2];
                for (unsigned code = first; code <= last && text_.size() < most_codes; ++code) {
                    const unsigned step = code - first;
                    if (target.kind == PdfToken::Kind::array) {
                        if (step < target.items.size()) text_[code] = utf8_of_utf16(target.items[step].text);
                    } else {
                        text_[code] = utf8_of(code_of(target.text) + step);
                    }
                }
            }
        }
        operands.clear();
    }
}

std::vector<PdfLetter> PdfFont::letters(const std::string& codes) const {
    std::vector<PdfLetter> found;
    const std::size_t length = two_bytes_ ? 2 : 1;
    for (std::size_t i = 0; i + length <= codes.size(); i += length) {
        const unsigned code = code_of(codes.substr(i, length));
        PdfLetter letter;
        if (const auto text = text_.find(code); text != text_.end()) letter.text = text->second;
        const auto width = widths_.find(code);
        if (width != widths_.end())
            letter.width = width->second;
        else
            letter.width =
                standard_widths_ && !letter.text.empty() ? helvetica_width(from_utf8(letter.text)[0]) : default_width_;
        letter.blank = length == 1 && code == 32;
        found.push_back(std::move(letter));
    }
    return found;
}

}  // namespace hersurv::digitise
