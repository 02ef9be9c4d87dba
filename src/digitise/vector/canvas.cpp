// What the readers of vector files draw on.
#include "digitise/vector/canvas.hpp"

#include "hersurv/error.hpp"

#include <algorithm>
#include <cmath>

namespace hersurv::digitise {

namespace {

// A figure of four panels with grids and ten thousand censor marks has a tenth of this.
constexpr std::size_t most_steps = 4'000'000;
// Of the height of the page: letters are smaller, plain areas larger.
constexpr double largest_letter = 0.08;
// What paints over something without hiding it, a band or a shadow, has no letters.
constexpr double opaque = 0.6;

bool finite_point(const Point& point) { return std::isfinite(point.x) && std::isfinite(point.y); }

bool horizontal_piece(const Point& from, const Point& to, double slack) {
    return std::abs(to.y - from.y) <= slack && std::abs(to.x - from.x) > slack;
}

bool vertical_piece(const Point& from, const Point& to, double slack) {
    return std::abs(to.x - from.x) <= slack && std::abs(to.y - from.y) > slack;
}

}  // namespace

Canvas::Canvas(std::string name, double width, double height) : name_(std::move(name)) {
    drawing_.width = width;
    drawing_.height = height;
}

void Canvas::spend(std::size_t steps) {
    spent_ += steps;
    if (spent_ > most_steps)
        throw support::InputError({{name_, "", "the drawing has more than 4 million points or operations",
                                    "save the page with the figure alone, or as PNG"}});
}

void Canvas::paint(const Outline& outline, const Paint& paint) {
    if (!paint.stroke && !paint.fill) return;
    for (const Contour& contour : outline) {
        spend(contour.points.size());
        if (contour.points.size() < 2 || !std::all_of(contour.points.begin(), contour.points.end(), finite_point))
            continue;
        drawing_.paths.push_back({contour.points, contour.closed, paint.stroke, paint.width, paint.dashes, paint.fill,
                                  paint.opacity, paint.clip});
    }
    const Box box = box_of(outline);
    const double largest = largest_letter * drawing_.height;
    if (paint.fill && !paint.stroke && paint.opacity > opaque && box.right - box.left < largest &&
        box.bottom - box.top < largest && box.right - box.left > 0 && box.bottom - box.top > 0 &&
        *paint.fill != Colour{255, 255, 255})
        glyphs_.push_back({outline, box, *paint.fill});
}

void Canvas::write(TextPiece piece) {
    spend(1 + piece.text.size());
    if (!finite_point(piece.from) || !finite_point(piece.to) || !std::isfinite(piece.size) || piece.size <= 0) return;
    if (is_symbol(piece.text))
        if (auto symbol = symbol_label(piece)) drawing_.symbols.push_back(std::move(*symbol));
    // Letters are of text too, where it is drawn letter by letter.
    const bool letter = piece.text == "o" || piece.text == "x" || piece.text == "O" || piece.text == "X";
    if (letter || !is_symbol(piece.text)) pieces_.push_back(std::move(piece));
}

Drawing Canvas::finish() {
    drawing_.labels = join_text(std::move(pieces_));
    drawing_.strokes = straight_lines(drawing_.paths);
    // Small filled shapes beside text that can be read are points and boxes of a legend, not letters.
    std::vector<Label> read = read_glyphs(glyphs_);
    drawing_.labels.insert(drawing_.labels.end(), read.begin(), read.end());
    return std::move(drawing_);
}

std::vector<Stroke> straight_lines(const std::vector<Path>& paths) {
    // Frames have five points, an axis with its ticks in one path some more; curves have many.
    constexpr std::size_t most_points = 6;
    std::vector<Stroke> strokes;
    for (const Path& path : paths) {
        if (path.points.size() > most_points) continue;
        const Box box = box_of(path.points);
        const double width = box.right - box.left, height = box.bottom - box.top;
        if (path.stroke) {
            const double slack = std::max(0.02, 0.001 * std::max(width, height));
            for (std::size_t i = 0; i + 1 < path.points.size() + (path.closed ? 1U : 0U); ++i) {
                const Point from = path.points[i], to = path.points[(i + 1) % path.points.size()];
                if (horizontal_piece(from, to, slack) || vertical_piece(from, to, slack))
                    strokes.push_back({from, to, path.width, *path.stroke});
            }
        } else if (path.fill && path.points.size() >= 4) {
            // Some programs fill a thin rectangle where others draw a line.
            const double thin = std::min(width, height), length = std::max(width, height);
            if (length < 3 * thin || thin > 3) continue;
            const double x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
            if (width > height)
                strokes.push_back({{box.left, y}, {box.right, y}, thin, *path.fill});
            else
                strokes.push_back({{x, box.top}, {x, box.bottom}, thin, *path.fill});
        }
    }
    return strokes;
}

}  // namespace hersurv::digitise
