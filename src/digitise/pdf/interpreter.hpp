// Runs the content stream of a page: paths, text, colours and states become a Drawing.
#pragma once

#include "digitise/pdf/colour_space.hpp"
#include "digitise/pdf/document.hpp"
#include "digitise/pdf/font.hpp"
#include "digitise/pdf/tokens.hpp"
#include "digitise/vector/canvas.hpp"
#include <map>
#include <memory>

namespace hersurv::digitise {

// What q saves and Q brings back.
struct PdfState {
    Matrix matrix{};
    PdfColourSpace stroke_space{}, fill_space{};
    std::optional<Colour> stroke = Colour{}, fill = Colour{};
    double stroke_opacity = 1, fill_opacity = 1;
    double width = 1;
    std::vector<double> dashes{};
    std::optional<Box> clip{};
    std::shared_ptr<const PdfFont> font{};
    double font_size = 0, letter_space = 0, word_space = 0, stretch = 1, leading = 0, rise = 0;
    int render = 0;
};

// The largest image of a page, and where it is.
struct PlacedImage {
    PdfObject image{};
    Matrix matrix{};
    Box box{};
};

class PdfInterpreter {
  public:
    PdfInterpreter(Canvas& canvas, Matrix page);
    void run(const std::string& content, const PdfObject& resources);
    [[nodiscard]] const std::optional<PlacedImage>& largest_image() const { return largest_; }

  private:
    void run(const std::string& content, const PdfObject& resources, int depth);
    void operate(const std::string& name, const PdfObject& resources, int depth, PdfTokens& tokens);
    bool state_operator(const std::string& name, const PdfObject& resources);
    bool path_operator(const std::string& name);
    bool paint_operator(const std::string& name);
    bool colour_operator(const std::string& name, const PdfObject& resources);
    bool text_operator(const std::string& name, const PdfObject& resources);

    [[nodiscard]] double operand(std::size_t index) const;
    [[nodiscard]] std::vector<double> numbers() const;
    [[nodiscard]] std::string last_text() const;

    void paint(bool stroke, bool fill);
    void set_font(const PdfObject& resources);
    void set_graphics_state(const PdfObject& state);
    void next_line(double x, double y);
    void show(const std::string& codes);
    void show_list(const PdfToken& list);
    void end_piece();
    void draw_object(const PdfObject& object, const PdfObject& resources, int depth);

    Canvas& canvas_;
    PdfState state_{};
    std::vector<PdfState> saved_{};
    std::vector<PdfToken> operands_{};
    OutlineBuilder path_;
    bool clip_next_ = false;
    Matrix text_{}, line_{};
    TextPiece piece_{};
    std::map<int, std::shared_ptr<const PdfFont>> fonts_{};
    std::map<int, std::shared_ptr<const std::string>> forms_{};
    std::size_t form_bytes_ = 0;
    std::optional<PlacedImage> largest_{};
};

}  // namespace hersurv::digitise
