// The text operators of a content stream (ISO 32000-1, 9.2 to 9.4).
#include "digitise/pdf/interpreter.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

// Kerning is less; columns of a table are further apart.
constexpr double gap_between_words = 0.2;
constexpr int invisible = 3;

}  // namespace

bool PdfInterpreter::text_operator(const std::string& name, const PdfObject& resources) {
    if (name == "BT") {
        text_ = line_ = Matrix{};
    } else if (name == "Tf") {
        set_font(resources);
    } else if (name == "Td" || name == "TD") {
        if (name == "TD") state_.leading = -operand(1);
        next_line(operand(0), operand(1));
    } else if (name == "Tm") {
        text_ = line_ = {operand(0), operand(1), operand(2), operand(3), operand(4), operand(5)};
    } else if (name == "T*") {
        next_line(0, -state_.leading);
    } else if (name == "Tj") {
        show(last_text());
    } else if (name == "TJ") {
        if (!operands_.empty()) show_list(operands_.back());
    } else if (name == "'" || name == "\"") {
        if (name == "\"") {
            state_.word_space = operand(0);
            state_.letter_space = operand(1);
        }
        next_line(0, -state_.leading);
        show(last_text());
    } else if (name == "Tc") {
        state_.letter_space = operand(0);
    } else if (name == "Tw") {
        state_.word_space = operand(0);
    } else if (name == "Tz") {
        state_.stretch = operand(0) / 100;
    } else if (name == "TL") {
        state_.leading = operand(0);
    } else if (name == "Ts") {
        state_.rise = operand(0);
    } else if (name == "Tr") {
        state_.render = static_cast<int>(operand(0));
    } else {
        return false;
    }
    end_piece();
    return true;
}

void PdfInterpreter::set_font(const PdfObject& resources) {
    if (operands_.size() < 2) return;
    const PdfObject font = resources.key("Font").key(operands_[0].text.c_str());
    state_.font_size = operands_[1].number;
    std::shared_ptr<const PdfFont>& kept = fonts_[font.id()];
    if (kept == nullptr || font.id() == 0) kept = std::make_shared<const PdfFont>(font);
    state_.font = kept;
}

void PdfInterpreter::next_line(double x, double y) {
    line_ = combine(line_, {1, 0, 0, 1, x, y});
    text_ = line_;
}

void PdfInterpreter::show(const std::string& codes) {
    if (state_.font == nullptr) return;
    const Matrix sized{state_.font_size * state_.stretch, 0, 0, state_.font_size, 0, state_.rise};
    for (const PdfLetter& letter : state_.font->letters(codes)) {
        const Matrix whole = combine(combine(state_.matrix, text_), sized);
        if (piece_.text.empty()) {
            piece_.from = whole.apply({0, 0});
            piece_.size = std::hypot(whole.c, whole.d) * state_.font->scale();
            piece_.colour = state_.fill.value_or(Colour{});
        }
        piece_.text += letter.text;
        piece_.to = whole.apply({letter.width, 0});
        const double advance =
            (letter.width * state_.font_size + state_.letter_space + (letter.blank ? state_.word_space : 0)) *
            state_.stretch;
        text_ = combine(text_, {1, 0, 0, 1, advance, 0});
        // Letters that are spaced apart are a table or one label each.
        if (state_.letter_space > gap_between_words * std::abs(state_.font_size)) end_piece();
    }
}

void PdfInterpreter::show_list(const PdfToken& list) {
    for (const PdfToken& item : list.items) {
        if (item.kind == PdfToken::Kind::string) {
            show(item.text);
            continue;
        }
        if (std::abs(item.number) / 1000 > gap_between_words) end_piece();
        text_ = combine(text_, {1, 0, 0, 1, -item.number / 1000 * state_.font_size * state_.stretch, 0});
    }
}

void PdfInterpreter::end_piece() {
    const bool clipped =
        state_.clip && (piece_.from.x > state_.clip->right || piece_.to.x < state_.clip->left ||
                        piece_.from.y < state_.clip->top || piece_.from.y > state_.clip->bottom + piece_.size);
    if (!piece_.text.empty() && state_.render != invisible && !clipped) canvas_.write(piece_);
    piece_ = TextPiece{};
}

}  // namespace hersurv::digitise
