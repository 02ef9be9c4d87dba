// SVG by pugixml, which reads no external entities and no DTD. What is drawn with patterns, gradients, masks and
// filters is left out: no curve is.
#include "digitise/formats.hpp"
#include "digitise/formats/svg_style.hpp"
#include "digitise/vector/canvas.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <unordered_map>

namespace hersurv::digitise {

namespace {

constexpr int deepest_element = 100, deepest_use = 8;

double length_of(const pugi::xml_node& element, const char* name, double whole = 0) {
    return svg_length(element.attribute(name).value(), whole).value_or(0);
}

bool is_element(const pugi::xml_node& node) { return node.type() == pugi::node_element; }

// Elements whose children are not drawn where they are.
bool is_hidden_element(std::string_view name) {
    static constexpr std::string_view names[] = {
        "defs",           "symbol",         "clipPath", "mask",  "pattern", "marker", "filter",
        "linearGradient", "radialGradient", "metadata", "style", "script",  "title",  "desc"};
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// The outline of one basic shape or path; empty for other elements.
Outline shape_outline(const pugi::xml_node& element, const Matrix& matrix, double page_width, double page_height) {
    OutlineBuilder builder(matrix);
    const std::string_view name = local_name(element);
    if (name == "path") {
        svg_path(element.attribute("d").value(), builder);
    } else if (name == "line") {
        builder.move({length_of(element, "x1", page_width), length_of(element, "y1", page_height)});
        builder.line({length_of(element, "x2", page_width), length_of(element, "y2", page_height)});
    } else if (name == "rect") {
        builder.rectangle(length_of(element, "x", page_width), length_of(element, "y", page_height),
                          length_of(element, "width", page_width), length_of(element, "height", page_height));
    } else if (name == "circle" || name == "ellipse") {
        const double radius = length_of(element, "r");
        builder.ellipse({length_of(element, "cx", page_width), length_of(element, "cy", page_height)},
                        name == "circle" ? radius : length_of(element, "rx"),
                        name == "circle" ? radius : length_of(element, "ry"));
    } else if (name == "polyline" || name == "polygon") {
        const std::vector<double> numbers = svg_numbers(element.attribute("points").value());
        for (std::size_t i = 0; i + 1 < numbers.size(); i += 2)
            i == 0 ? builder.move({numbers[0], numbers[1]}) : builder.line({numbers[i], numbers[i + 1]});
        if (name == "polygon") builder.close();
    }
    return builder.take();
}

// The bytes of "data:image/png;base64,...", nothing for what is no such address or not of that form.
std::optional<std::string> embedded_picture(std::string_view address) {
    const std::size_t comma = address.find(',');
    if (!address.starts_with("data:image/") || comma == std::string_view::npos ||
        !address.substr(0, comma).ends_with(";base64"))
        return std::nullopt;
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned block = 0, bits = 0;
    for (const char c : address.substr(comma + 1)) {
        const std::size_t digit = digits.find(c);
        if (digit == std::string_view::npos) continue;
        block = (block << 6U | static_cast<unsigned>(digit)) & 0xFFFFFFU, bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(block >> bits & 0xFFU);
    }
    return bytes;
}

// A picture that stands in the drawing, and the share of the drawing that it covers.
struct SvgImage {
    std::string address{};
    double share = 0;
};

class SvgReader {
  public:
    SvgReader(const pugi::xml_node& root, const std::string& file)
        : root_(root), view_(view_of(root)), canvas_(file, view_.right, view_.bottom) {
        index(root_, 0);
    }

    Drawing read() {
        SvgState state;
        state.matrix = {1, 0, 0, 1, -view_.left, -view_.top};
        children(root_, inside_of(root_, state, rules_), 0, 0);
        return canvas_.finish();
    }
    [[nodiscard]] const SvgImage& largest_image() const { return image_; }

  private:
    void image(const pugi::xml_node& element, const SvgState& state) {
        const double stretch = state.matrix.stretch();
        const double wide = length_of(element, "width", view_.right) * stretch,
                     high = length_of(element, "height", view_.bottom) * stretch;
        const double share = wide * high / std::max(1e-9, view_.right * view_.bottom);
        if (share <= image_.share) return;
        const char* address = element.attribute("href").value();
        image_ = {*address != 0 ? address : element.attribute("xlink:href").value(), share};
    }

    // Left and top of the view box, its width and height as right and bottom.
    static Box view_of(const pugi::xml_node& root) {
        const std::vector<double> box = svg_numbers(root.attribute("viewBox").value());
        if (box.size() == 4 && box[2] > 0 && box[3] > 0) return {box[0], box[1], box[2], box[3]};
        return {0, 0, svg_length(root.attribute("width").value()).value_or(0),
                svg_length(root.attribute("height").value()).value_or(0)};
    }

    void index(const pugi::xml_node& element, int depth) {
        if (depth > deepest_element) return;
        canvas_.spend(1);
        if (const char* id = element.attribute("id").value(); *id != 0) ids_.emplace(id, element);
        if (local_name(element) == "style") {
            std::string text = element.text().get();
            for (std::size_t open = text.find("/*"); open != std::string::npos; open = text.find("/*", open))
                text.erase(open, std::min(text.find("*/", open), text.size()) + 2 - open);
            add_style_sheet(text, rules_);
        }
        for (const pugi::xml_node& child : element.children())
            if (is_element(child)) index(child, depth + 1);
    }

    void children(const pugi::xml_node& element, const SvgState& state, int depth, int uses) {
        if (depth > deepest_element) return;
        for (const pugi::xml_node& child : element.children())
            if (is_element(child)) draw(child, state, depth + 1, uses);
    }

    void draw(const pugi::xml_node& element, const SvgState& around, int depth, int uses) {
        const std::string_view name = local_name(element);
        canvas_.spend(1 + rules_.size() / 8);
        if (is_hidden_element(name)) return;
        SvgState state = inside_of(element, around, rules_);
        if (!state.displayed) return;
        clip(state, depth);
        if (name == "g" || name == "a" || name == "switch") {
            children(element, state, depth, uses);
        } else if (name == "svg") {
            state.matrix = combine(state.matrix, nested(element));
            children(element, state, depth, uses);
        } else if (name == "use") {
            use(element, state, depth, uses);
        } else if (name == "image") {
            image(element, state);
        } else if (name == "text") {
            Cursor cursor;
            text(element, state, depth, cursor);
            flush(cursor);
        } else if (state.visible) {
            shape(element, state);
        }
    }

    static Matrix nested(const pugi::xml_node& element) {
        const Matrix moved{1, 0, 0, 1, length_of(element, "x"), length_of(element, "y")};
        const std::vector<double> box = svg_numbers(element.attribute("viewBox").value());
        if (box.size() != 4 || box[2] <= 0 || box[3] <= 0) return moved;
        const double width = svg_length(element.attribute("width").value()).value_or(box[2]),
                     height = svg_length(element.attribute("height").value()).value_or(box[3]);
        // preserveAspectRatio="xMidYMid meet", what holds where nothing else is said.
        const double scale = std::min(width / box[2], height / box[3]);
        return combine(moved, {scale, 0, 0, scale, (width - scale * box[2]) / 2 - scale * box[0],
                               (height - scale * box[3]) / 2 - scale * box[1]});
    }

    pugi::xml_node referenced(const std::string& id) const {
        const auto found = ids_.find(id);
        return found == ids_.end() ? pugi::xml_node() : found->second;
    }

    void use(const pugi::xml_node& element, SvgState state, int depth, int uses) {
        std::string_view target = element.attribute("href").value();
        if (target.empty()) target = element.attribute("xlink:href").value();
        if (target.size() < 2 || target[0] != '#' || uses >= deepest_use) return;
        const pugi::xml_node found = referenced(std::string(target.substr(1)));
        if (!found) return;
        state.matrix = combine(
            state.matrix, {1, 0, 0, 1, length_of(element, "x", view_.right), length_of(element, "y", view_.bottom)});
        if (local_name(found) == "symbol")
            children(found, inside_of(found, state, rules_), depth, uses + 1);
        else
            draw(found, state, depth + 1, uses + 1);
    }

    // The box of the clip path; a shape that is no rectangle is clipped by its box.
    void clip(SvgState& state, int depth) {
        if (state.clip_reference.empty() || depth > deepest_element) return;
        const pugi::xml_node found = referenced(state.clip_reference);
        if (!found) return;
        const SvgState inside = inside_of(found, SvgState{.matrix = state.matrix}, {});
        std::optional<Box> whole;
        for (const pugi::xml_node& child : found.children()) {
            if (!is_element(child)) continue;
            const SvgState own = inside_of(child, inside, {});
            const Outline outline = shape_outline(child, own.matrix, view_.right, view_.bottom);
            canvas_.spend(1);
            if (!outline.empty()) whole = whole ? unite(*whole, box_of(outline)) : box_of(outline);
        }
        if (whole) state.clip = state.clip ? intersect(*state.clip, *whole) : *whole;
    }

    void shape(const pugi::xml_node& element, const SvgState& state) {
        const Outline outline = shape_outline(element, state.matrix, view_.right, view_.bottom);
        if (outline.empty()) return;
        Paint paint;
        const double scale = state.matrix.stretch();
        if (state.stroke_opacity * state.opacity > 0 && state.stroke_width > 0) paint.stroke = state.stroke;
        if (state.fill_opacity * state.opacity > 0) paint.fill = state.fill;
        // A line has no area to fill.
        if (local_name(element) == "line") paint.fill.reset();
        paint.width = state.stroke_width * scale;
        for (const double dash : state.dashes) paint.dashes.push_back(dash * scale);
        paint.opacity = state.opacity * (paint.stroke ? state.stroke_opacity : state.fill_opacity);
        paint.clip = state.clip;
        canvas_.paint(outline, paint);
    }

    // Where the next letter goes, and the letters that share an anchor.
    struct Cursor {
        double x = 0, y = 0, width = 0;
        std::string text{};
        SvgState state{};
    };

    void flush(Cursor& cursor) {
        if (!cursor.text.empty() && cursor.state.visible) {
            const double shift = cursor.state.anchor == "middle" ? cursor.width / 2
                                 : cursor.state.anchor == "end"  ? cursor.width
                                                                 : 0;
            const Matrix& matrix = cursor.state.matrix;
            canvas_.write({cursor.text, matrix.apply({cursor.x - shift, cursor.y}),
                           matrix.apply({cursor.x - shift + cursor.width, cursor.y}),
                           cursor.state.font_size * matrix.stretch(), cursor.state.fill.value_or(Colour{})});
        }
        const double shift = cursor.state.anchor == "start" ? cursor.width : 0;
        cursor.x += shift;
        cursor.width = 0;
        cursor.text.clear();
    }

    void text(const pugi::xml_node& element, const SvgState& state, int depth, Cursor& cursor) {
        if (depth > deepest_element) return;
        const std::vector<double> xs = svg_numbers(element.attribute("x").value()),
                                  ys = svg_numbers(element.attribute("y").value());
        const double dx = length_of(element, "dx"), dy = svg_length(element.attribute("dy").value()).value_or(0);
        if (!xs.empty() || !ys.empty() || dx != 0 || dy != 0) {
            flush(cursor);
            if (!xs.empty()) cursor.x = xs[0];
            if (!ys.empty()) cursor.y = ys[0];
            cursor.x += dx;
            cursor.y += dy;
        }
        for (const pugi::xml_node& child : element.children()) {
            if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
                cursor.state = state;
                letters(child.value(), xs, cursor);
            } else if (is_element(child) && (local_name(child) == "tspan" || local_name(child) == "textPath")) {
                text(child, inside_of(child, state, rules_), depth + 1, cursor);
            }
        }
    }

    // Letters with their own positions are placed one by one, others after each other.
    void letters(const std::string& value, const std::vector<double>& xs, Cursor& cursor) {
        canvas_.spend(value.size());
        std::size_t number = 0;
        bool blank = cursor.text.empty() && xs.size() < 2;
        for (const char32_t raw : from_utf8(value)) {
            const bool space = raw == U' ' || raw == U'\n' || raw == U'\t' || raw == U'\r';
            if (space && blank) continue;  // blanks are collapsed
            blank = space;
            if (number > 0 && number < xs.size()) {
                flush(cursor);
                cursor.x = xs[number];
            }
            ++number;
            append_utf8(cursor.text, space ? U' ' : raw);
            cursor.width += helvetica_width(space ? U' ' : raw) * cursor.state.font_size;
        }
        if (cursor.text == " ") cursor.text.clear();
    }

    pugi::xml_node root_;
    SvgImage image_{};
    Box view_;
    Canvas canvas_;
    std::vector<SvgRule> rules_{};
    std::unordered_map<std::string, pugi::xml_node> ids_{};
};

// Whether the figure is the image: it fills much of the drawing, and no curve is drawn over it.
bool is_picture(const SvgImage& image, const Drawing& drawing) {
    constexpr double least_share = .1;
    constexpr std::size_t least_points = 20;
    return image.share > least_share && std::ranges::none_of(drawing.paths, [](const Path& path) {
               return path.stroke && path.points.size() > least_points;
           });
}

// A picture that fills the drawing is read from its pixels.
Drawing picture_in(const SvgImage& image, const std::string& file) {
    constexpr double all = .9;
    const std::optional<std::string> bytes = embedded_picture(image.address);
    const std::string_view format = bytes ? format_name(*bytes) : "";
    if (image.share < all || (format != "PNG" && format != "JPEG"))
        fail_picture(file, "the SVG shows its figure as an image, not as lines",
                     "save that image as PNG or JPEG and read it in place of the SVG");
    return read_drawing(*bytes, file);
}

bool recognises_svg(std::string_view bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    bytes = trim_blanks(bytes.substr(0, std::min<std::size_t>(bytes.size(), 4096)));
    return bytes.starts_with("<") &&
           (bytes.find("<svg") != std::string_view::npos || bytes.find(":svg") != std::string_view::npos);
}

// pugixml builds its tree without recursion, but elements in elements in elements cost memory and make no figure.
Drawing read_svg(std::string_view bytes, const std::string& file, const ReadOptions&) {
    constexpr std::size_t most_bytes = 64U << 20U;
    if (bytes.size() > most_bytes)
        fail_picture(file, "the SVG is larger than 64 MiB", "save the figure alone, or as PNG");
    pugi::xml_document document;
    const pugi::xml_parse_result result =
        document.load_buffer(bytes.data(), bytes.size(), pugi::parse_default | pugi::parse_ws_pcdata);
    if (!result)
        fail_picture(file,
                     "the SVG is not well-formed XML (" + std::string(result.description()) + " at byte " +
                         std::to_string(result.offset) + ")",
                     "save it again with the program that made it");
    const pugi::xml_node root = document.document_element();
    if (local_name(root) != "svg")
        fail_picture(file, "the file has no svg element", "save the figure as SVG, PDF or PNG");
    SvgReader reader(root, file);
    Drawing drawing = reader.read();
    if (!(drawing.width > 0) || !(drawing.height > 0))
        fail_picture(file, "the SVG has no size", "give its svg element a viewBox, or width and height");
    return is_picture(reader.largest_image(), drawing) ? picture_in(reader.largest_image(), file) : drawing;
}

}  // namespace

extern const PictureFormat svg_picture;
const PictureFormat svg_picture = {"SVG", recognises_svg, read_svg};

}  // namespace hersurv::digitise
