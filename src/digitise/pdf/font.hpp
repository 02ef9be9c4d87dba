// Fonts of a PDF: which characters the codes of a string are, and how wide.
#pragma once

#include "digitise/pdf/document.hpp"
#include <string>
#include <unordered_map>
#include <vector>

namespace hersurv::digitise {

struct PdfLetter {
    std::string text{};  // UTF-8; empty where the file does not say what it is
    double width = 0;    // in units of the font's size
    bool blank = false;  // a single byte 32: word spacing applies
};

class PdfFont {
  public:
    PdfFont() = default;
    explicit PdfFont(const PdfObject& font);
    [[nodiscard]] std::vector<PdfLetter> letters(const std::string& codes) const;
    // Size of a glyph in units of the font's size; 1 for all but some Type 3 fonts.
    [[nodiscard]] double scale() const { return scale_; }

  private:
    void read_simple(const PdfObject& font);
    void read_composite(const PdfObject& font);
    void read_to_unicode(const std::string& cmap);

    bool two_bytes_ = false;
    double scale_ = 1;
    double default_width_ = 0;
    bool standard_widths_ = false;  // of the 14 fonts that every reader has
    std::unordered_map<unsigned, std::string> text_{};
    std::unordered_map<unsigned, double> widths_{};
};

// The character that a glyph name stands for (Adobe Glyph List: what figures use); 0 if it is unknown.
[[nodiscard]] char32_t character_of_glyph(const std::string& name);

}  // namespace hersurv::digitise
