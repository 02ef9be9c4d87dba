// Runs the content stream of a page (ISO 32000-1, annex A lists the operators): states, paths, colours and objects.
// Text is in text_operators.cpp.
#include "digitise/pdf/interpreter.hpp"

#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

constexpr int deepest_form = 12;
constexpr std::size_t deepest_state = 256, most_operands = 512, most_form_bytes = 64U << 20U;

}  // namespace

PdfInterpreter::PdfInterpreter(Canvas& canvas, Matrix page) : canvas_(canvas), path_(Matrix{}) { state_.matrix = page; }

void PdfInterpreter::run(const std::string& content, const PdfObject& resources) { run(content, resources, 0); }

void PdfInterpreter::run(const std::string& content, const PdfObject& resources, int depth) {
    PdfTokens tokens(content);
    operands_.clear();
    for (PdfToken token = tokens.next(); token.kind != PdfToken::Kind::end; token = tokens.next()) {
        canvas_.spend(1 + token.items.size());
        if (token.kind == PdfToken::Kind::operation) {
            operate(token.text, resources, depth, tokens);
            operands_.clear();
        } else if (operands_.size() < most_operands) {
            operands_.push_back(std::move(token));
        }
    }
}

double PdfInterpreter::operand(std::size_t index) const {
    return index < operands_.size() ? operands_[index].number : 0;
}

std::vector<double> PdfInterpreter::numbers() const {
    std::vector<double> found;
    for (const PdfToken& token : operands_)
        if (token.kind == PdfToken::Kind::number) found.push_back(token.number);
    return found;
}

std::string PdfInterpreter::last_text() const { return operands_.empty() ? "" : operands_.back().text; }

void PdfInterpreter::operate(const std::string& name, const PdfObject& resources, int depth, PdfTokens& tokens) {
    if (name == "ID") {
        tokens.skip_inline_image();
    } else if (name == "Do") {
        draw_object(resources.key("XObject").key(last_text().c_str()), resources, depth);
    } else if (!path_operator(name) && !paint_operator(name) && !state_operator(name, resources) &&
               !colour_operator(name, resources)) {
        text_operator(name, resources);  // others mean nothing for a drawing
    }
}

bool PdfInterpreter::state_operator(const std::string& name, const PdfObject& resources) {
    if (name == "q") {
        if (saved_.size() < deepest_state) saved_.push_back(state_);
    } else if (name == "Q") {
        if (saved_.empty()) return true;
        state_ = std::move(saved_.back());
        saved_.pop_back();
    } else if (name == "cm") {
        state_.matrix =
            combine(state_.matrix, {operand(0), operand(1), operand(2), operand(3), operand(4), operand(5)});
    } else if (name == "w") {
        state_.width = operand(0);
    } else if (name == "d") {
        state_.dashes.clear();
        if (!operands_.empty())
            for (const PdfToken& item : operands_[0].items) state_.dashes.push_back(std::abs(item.number));
        if (std::all_of(state_.dashes.begin(), state_.dashes.end(), [](double length) { return length == 0; }))
            state_.dashes.clear();
    } else if (name == "gs") {
        set_graphics_state(resources.key("ExtGState").key(last_text().c_str()));
    } else {
        return false;
    }
    return true;
}

void PdfInterpreter::set_graphics_state(const PdfObject& state) {
    state_.stroke_opacity = state.key("CA").number(state_.stroke_opacity);
    state_.fill_opacity = state.key("ca").number(state_.fill_opacity);
    state_.width = state.key("LW").number(state_.width);
}

bool PdfInterpreter::path_operator(const std::string& name) {
    const auto point = [&](std::size_t first) { return state_.matrix.apply({operand(first), operand(first + 1)}); };
    // The path is collected on the page: `cm` between its parts moves what follows only.
    if (name == "m") {
        path_.move(point(0));
    } else if (name == "l") {
        if (path_.has_point()) path_.line(point(0));
    } else if (name == "c") {
        path_.cubic(point(0), point(2), point(4));
    } else if (name == "v") {
        path_.cubic(path_.current(), point(0), point(2));
    } else if (name == "y") {
        path_.cubic(point(0), point(2), point(2));
    } else if (name == "h") {
        path_.close();
    } else if (name == "re") {
        const double x = operand(0), y = operand(1), width = operand(2), height = operand(3);
        path_.move(state_.matrix.apply({x, y}));
        path_.line(state_.matrix.apply({x + width, y}));
        path_.line(state_.matrix.apply({x + width, y + height}));
        path_.line(state_.matrix.apply({x, y + height}));
        path_.close();
    } else if (name == "W" || name == "W*") {
        clip_next_ = true;
    } else {
        return false;
    }
    return true;
}

bool PdfInterpreter::paint_operator(const std::string& name) {
    const bool closes = name == "s" || name == "b" || name == "b*";
    if (closes) path_.close();
    if (name == "S" || name == "s")
        paint(true, false);
    else if (name == "f" || name == "F" || name == "f*")
        paint(false, true);
    else if (name == "B" || name == "B*" || name == "b" || name == "b*")
        paint(true, true);
    else if (name == "n")
        paint(false, false);
    else
        return false;
    return true;
}

void PdfInterpreter::paint(bool stroke, bool fill) {
    const Outline outline = path_.take();
    const double scale = state_.matrix.stretch();
    Paint paint;
    if (stroke && state_.stroke_opacity > 0) paint.stroke = state_.stroke;
    if (fill && state_.fill_opacity > 0) paint.fill = state_.fill;
    paint.width = state_.width * scale;
    for (const double dash : state_.dashes) paint.dashes.push_back(dash * scale);
    paint.opacity = stroke ? state_.stroke_opacity : state_.fill_opacity;
    paint.clip = state_.clip;
    canvas_.paint(outline, paint);
    if (clip_next_) {
        const Box box = box_of(outline);
        state_.clip = state_.clip ? intersect(*state_.clip, box) : box;
        clip_next_ = false;
    }
}

bool PdfInterpreter::colour_operator(const std::string& name, const PdfObject& resources) {
    const bool stroke = name[0] >= 'A' && name[0] <= 'Z';
    std::string kind = name;
    for (char& c : kind)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    PdfColourSpace& space = stroke ? state_.stroke_space : state_.fill_space;
    std::optional<Colour>& colour = stroke ? state_.stroke : state_.fill;
    // Mixed case is no operator of colours.
    if (name != kind && std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
        return false;
    if (kind == "cs") {
        const PdfObject named = resources.key("ColorSpace").key(last_text().c_str());
        if (!named.is_null())
            space = PdfColourSpace(named);
        else
            space = PdfColourSpace(last_text() == "DeviceRGB"    ? PdfColourSpace::Kind::rgb
                                   : last_text() == "DeviceCMYK" ? PdfColourSpace::Kind::cmyk
                                   : last_text() == "Pattern"    ? PdfColourSpace::Kind::pattern
                                                                 : PdfColourSpace::Kind::gray);
        colour = Colour{};
    } else if (kind == "sc" || kind == "scn") {
        colour = space.colour(numbers());
    } else if (kind == "g" || kind == "rg" || kind == "k") {
        space = PdfColourSpace(kind == "g"    ? PdfColourSpace::Kind::gray
                               : kind == "rg" ? PdfColourSpace::Kind::rgb
                                              : PdfColourSpace::Kind::cmyk);
        colour = space.colour(numbers());
    } else {
        return false;
    }
    return true;
}

void PdfInterpreter::draw_object(const PdfObject& object, const PdfObject& resources, int depth) {
    if (!object.is_stream()) return;
    if (object.key("Subtype").name() == "Image") {
        const Box box = box_of(std::vector<Point>{state_.matrix.apply({0, 0}), state_.matrix.apply({1, 0}),
                                                  state_.matrix.apply({1, 1}), state_.matrix.apply({0, 1})});
        const auto area = [](const Box& some) { return (some.right - some.left) * (some.bottom - some.top); };
        if (!largest_ || area(box) > area(largest_->box)) largest_ = PlacedImage{object, state_.matrix, box};
        return;
    }
    if (object.key("Subtype").name() != "Form" || depth >= deepest_form) return;
    // Censor marks are one form that is drawn a thousand times.
    std::shared_ptr<const std::string>& content = forms_[object.id()];
    if (content == nullptr || object.id() == 0) {
        content = std::make_shared<const std::string>(
            object.stream(most_form_bytes - std::min(form_bytes_, most_form_bytes)).value_or(""));
        form_bytes_ += content->size();
    }
    const std::shared_ptr<const std::string> kept = content;
    const PdfState around = state_;
    const std::vector<PdfState> saved = std::move(saved_);
    saved_.clear();
    const std::vector<double> matrix = object.key("Matrix").numbers();
    if (matrix.size() == 6)
        state_.matrix = combine(state_.matrix, {matrix[0], matrix[1], matrix[2], matrix[3], matrix[4], matrix[5]});
    const std::vector<double> corners = object.key("BBox").numbers();
    if (corners.size() == 4) {
        OutlineBuilder frame(state_.matrix);
        frame.rectangle(corners[0], corners[1], corners[2] - corners[0], corners[3] - corners[1]);
        const Box box = box_of(frame.take());
        state_.clip = state_.clip ? intersect(*state_.clip, box) : box;
    }
    const PdfObject own = object.key("Resources");
    run(*kept, own.is_null() ? resources : own, depth + 1);
    state_ = around;
    saved_ = saved;
}

}  // namespace hersurv::digitise
