// What the readers of vector files draw on: paths, pieces of text and the outlines of letters become a Drawing.
#pragma once

#include "digitise/drawing.hpp"
#include "digitise/vector/geometry.hpp"
#include <string>
#include <vector>

namespace hersurv::digitise {

// How a path is painted; lengths in units of the page.
struct Paint {
    std::optional<Colour> stroke{};
    double width = 0;
    std::vector<double> dashes{};
    std::optional<Colour> fill{};
    double opacity = 1;
    std::optional<Box> clip{};
};

// A piece of text as the file has it: from the start of its baseline to the end.
struct TextPiece {
    std::string text{};  // UTF-8
    Point from{};
    Point to{};
    double size = 0;  // of the font, in units of the page
    Colour colour{};
};

// The outline of what may be a letter: filled and not stroked.
struct Glyph {
    Outline outline{};
    Box box{};
    Colour colour{};
};

class Canvas {
  public:
    // `name` of the file, for messages.
    Canvas(std::string name, double width, double height);
    void paint(const Outline& outline, const Paint& paint);
    void write(TextPiece piece);
    void place(Raster raster) { drawing_.raster = std::move(raster); }
    // Throws InputError where the file has more of something than a figure can have.
    void spend(std::size_t steps);
    // Text is joined to labels, straight lines become strokes, outlined letters are read.
    [[nodiscard]] Drawing finish();

  private:
    std::string name_;
    Drawing drawing_{};
    std::vector<TextPiece> pieces_{};
    std::vector<TextPiece> symbols_{};
    std::vector<Glyph> glyphs_{};
    std::size_t spent_ = 0;
};

// Whether the text is one sign that programs draw censor marks with.
[[nodiscard]] bool is_symbol(const std::string& text);

// A sign with the box of its letter, not joined to others.
[[nodiscard]] std::optional<Label> symbol_label(const TextPiece& piece);

// Pieces of one line are joined to the labels that a reader sees.
[[nodiscard]] std::vector<Label> join_text(std::vector<TextPiece> pieces);

// The number that the text of a label is, with its percent sign: "0.5", "0·5", "50%", "1,204"; sets nothing for other
// text.
void read_number(Label& label);

// The numbers that are drawn as outlines of their letters.
[[nodiscard]] std::vector<Label> read_glyphs(const std::vector<Glyph>& glyphs);

// The horizontal and vertical lines among the paths: axes, ticks, frames, grids; curves are none.
[[nodiscard]] std::vector<Stroke> straight_lines(const std::vector<Path>& paths);

// Width of a letter of Helvetica in units of its size (Adobe Font Metrics of the 14 standard fonts); 0.556 for letters
// it has not.
[[nodiscard]] double helvetica_width(char32_t letter);

[[nodiscard]] std::u32string from_utf8(const std::string& text);
void append_utf8(std::string& text, char32_t letter);

}  // namespace hersurv::digitise
