// A figure as SVG: real text, no style sheet, no identifiers, so that it can be edited, searched and put into a page
// with others. Laid out on a sheet 440 units wide, so that the smallest letters are 5.7 points high at a width of 8 cm.
#include "render/characters.hpp"
#include "render/figure.hpp"
#include "render/figure_style.hpp"
#include "render/svg_text.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::render {

std::string figure_as_svg(const Figure& figure, const FigureRenderOptions& options);

namespace {

constexpr double sheet_width = 440, margin = 8;
constexpr double small = 11, large = 13;  // sizes of letters
constexpr double small_line = 14, large_line = 17;
constexpr double ascent = 0.8;              // of the size of the letters, above the line that they stand on
constexpr double mark_radius = 4, cap = 3;  // half the breadth of a symbol and of the end of an interval
constexpr std::string_view ink = "#222222", faint = "#999999";

std::string number(double value) { return support::shortest(std::round(value * 100) / 100 + 0.0); }

struct Point {
    double x = 0, y = 0;
};

struct Box {
    double left = 0, top = 0, right = 0, bottom = 0;
    [[nodiscard]] bool meets(const Box& other) const {
        return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
    [[nodiscard]] bool holds(const Point& point) const {
        return point.x > left && point.x < right && point.y > top && point.y < bottom;
    }
};

enum class Anchor { start, middle, end };

struct Ink {
    std::string_view color = ink;
    double width = 1;
    std::string_view dashes{};
    double opacity = 1;
};

class Drawing {
  public:
    void text(double x, double y, std::string_view content, double size, Anchor anchor = Anchor::start,
              bool bold = false, std::string_view color = ink) {
        body_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\"";
        if (size != small) body_ += " font-size=\"" + number(size) + "\"";
        if (anchor != Anchor::start)
            body_ += anchor == Anchor::middle ? " text-anchor=\"middle\"" : " text-anchor=\"end\"";
        if (bold) body_ += " font-weight=\"bold\"";
        if (color != ink) body_ += " fill=\"" + std::string(color) + "\"";
        body_ += ">" + xml_escaped(content) + "</text>\n";
    }

    void turned_text(double x, double y, std::string_view content) {
        body_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" transform=\"rotate(-90 " + number(x) + " " +
                 number(y) + ")\" text-anchor=\"middle\">" + xml_escaped(content) + "</text>\n";
    }

    void line(Point from, Point to, const Ink& pen = {}) {
        body_ += "<line x1=\"" + number(from.x) + "\" y1=\"" + number(from.y) + "\" x2=\"" + number(to.x) + "\" y2=\"" +
                 number(to.y) + "\"" + stroke(pen) + "/>\n";
    }

    void path(const std::vector<Point>& points, const Ink& pen) {
        if (points.size() < 2) return;
        body_ += "<path fill=\"none\"" + stroke(pen) + " stroke-linejoin=\"round\" d=\"" + track(points) + "\"/>\n";
    }

    void area(const std::vector<Point>& points, std::string_view color, double opacity) {
        if (points.size() < 3) return;
        body_ += "<path fill=\"" + std::string(color) + "\" fill-opacity=\"" + number(opacity) + "\" d=\"" +
                 track(points) + "Z\"/>\n";
    }

    // `parted`: by a white line from what it stands on.
    void symbol(Point at, const FigureStyle& style, bool parted = true) {
        const double r = mark_radius;
        const std::string color(style.color);
        const std::string paint = style.filled
                                      ? " fill=\"" + color + "\"" + (parted ? " stroke=\"#FFFFFF\"" : "") + "/>\n"
                                      : " fill=\"#FFFFFF\" stroke-width=\"1.6\" stroke=\"" + color + "\"/>\n";
        const auto corners = [&](const std::vector<Point>& points) {
            body_ += "<path d=\"" + track(points) + "Z\"" + paint;
        };
        switch (style.shape) {
            case Shape::circle:
                body_ +=
                    "<circle cx=\"" + number(at.x) + "\" cy=\"" + number(at.y) + "\" r=\"" + number(r) + "\"" + paint;
                break;
            case Shape::square:
                corners({{at.x - r, at.y - r}, {at.x + r, at.y - r}, {at.x + r, at.y + r}, {at.x - r, at.y + r}});
                break;
            case Shape::triangle:
                corners({{at.x, at.y - r - 1}, {at.x + r + 1, at.y + r}, {at.x - r - 1, at.y + r}});
                break;
            case Shape::diamond:
                corners({{at.x, at.y - r - 1}, {at.x + r + 1, at.y}, {at.x, at.y + r + 1}, {at.x - r - 1, at.y}});
                break;
            case Shape::inverted_triangle:
                corners({{at.x, at.y + r + 1}, {at.x + r + 1, at.y - r}, {at.x - r - 1, at.y - r}});
                break;
        }
    }

    // An interval from `from` to `to`, an arrow instead of an end where it goes on.
    void interval(Point from, Point to, bool on_before, bool on_after, const Ink& pen) {
        line(from, to, pen);
        end(from, to, on_before, pen);
        end(to, from, on_after, pen);
    }

    void open_group(std::string_view title) { body_ += "<g>\n<title>" + xml_escaped(title) + "</title>\n"; }
    void close_group() { body_ += "</g>\n"; }

    [[nodiscard]] const std::string& body() const { return body_; }

  private:
    static std::string stroke(const Ink& pen) {
        std::string text = " stroke=\"" + std::string(pen.color) + "\"";
        if (pen.width != 1) text += " stroke-width=\"" + number(pen.width) + "\"";
        if (!pen.dashes.empty()) text += " stroke-dasharray=\"" + std::string(pen.dashes) + "\"";
        if (pen.opacity != 1) text += " stroke-opacity=\"" + number(pen.opacity) + "\"";
        return text;
    }

    static std::string track(const std::vector<Point>& points) {
        std::string text;
        for (const Point& point : points) text += (text.empty() ? "M" : "L") + number(point.x) + " " + number(point.y);
        return text;
    }

    void end(Point at, Point other, bool goes_on, const Ink& pen) {
        const double length = std::hypot(at.x - other.x, at.y - other.y);
        if (length == 0) return;
        const Point along{(at.x - other.x) / length, (at.y - other.y) / length}, across{-along.y, along.x};
        const Point left{at.x + cap * across.x, at.y + cap * across.y},
            right{at.x - cap * across.x, at.y - cap * across.y};
        if (!goes_on) return line(left, right, pen);
        path({{left.x - 4 * along.x, left.y - 4 * along.y}, at, {right.x - 4 * along.x, right.y - 4 * along.y}}, pen);
    }

    std::string body_;
};

// What stands above and below every chart, and how high the sheet has become.
class Sheet {
  public:
    explicit Sheet(const Figure& figure) : figure_(figure) {
        paragraph(figure.title, large, large_line, true);
        y_ += 3;
    }

    [[nodiscard]] double y() const { return y_; }
    void go_to(double y) { y_ = y; }

    void paragraph(std::string_view content, double size, double height, bool bold) {
        for (const std::string& each : wrap_to_width(content, size, sheet_width - 2 * margin, bold)) {
            draw.text(margin, y_ + ascent * size + 1, each, size, Anchor::start, bold);
            y_ += height;
        }
    }

    std::string finished() {
        y_ += 4;
        for (const std::string& each : figure_.caption) paragraph(each, small, small_line, false);
        const double height = std::ceil(y_ + margin - 4);
        const double centimetres = figure_.width_cm / sheet_width;
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(figure_.width_cm) + "cm\" height=\"" +
               number(height * centimetres) + "cm\" viewBox=\"0 0 " + number(sheet_width) + " " + number(height) +
               "\" role=\"img\" font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\" "
               "font-size=\"" +
               number(small) + "\" fill=\"" + std::string(ink) + "\">\n<title>" + xml_escaped(figure_.title) +
               "</title>\n<desc>" + xml_escaped(figure_.description) + "</desc>\n<rect width=\"" + number(sheet_width) +
               "\" height=\"" + number(height) + "\" fill=\"#FFFFFF\"/>\n" + draw.body() + "</svg>\n";
    }

    Drawing draw;

  private:
    const Figure& figure_;
    double y_ = margin;
};

double widest(const std::vector<Tick>& ticks) {
    double width = 0;
    for (const Tick& tick : ticks) width = std::max(width, text_width(tick.label, small));
    return width;
}

class CurvesDrawing {
  public:
    CurvesDrawing(Sheet& sheet, const CurvesChart& chart) : sheet_(sheet), draw_(sheet.draw), chart_(chart) {}

    void run() {
        key();
        left_ = margin + small_line + widest(chart_.y.ticks) + 10;
        right_ = sheet_width - margin - 2 * mark_radius - 8;
        top_ = sheet_.y() + 8;
        bottom_ = top_ + 230;
        axes();
        for (const Line& line : chart_.lines) band(line);
        for (const Drop& drop : chart_.drops)
            draw_.line(at(drop.x, drop.y), {x(drop.x), bottom_}, {style_of(drop.style).color, 1, "1 2"});
        for (const Line& line : chart_.lines) curve(line);
        for (std::size_t k = 0; k < chart_.marks.size(); ++k) mark(k);
        for (const Line& line : chart_.lines) label(line);
        ends();
        sheet_.go_to(bottom_ + 4 + 2 * small_line + 2);
        rows();
    }

  private:
    [[nodiscard]] double x(double value) const { return left_ + chart_.x.place(value) * (right_ - left_); }
    [[nodiscard]] double y(double value) const { return bottom_ - chart_.y.place(value) * (bottom_ - top_); }
    [[nodiscard]] Point at(double x_value, double y_value) const { return {x(x_value), y(y_value)}; }

    void key() {
        for (const Line& line : chart_.lines) {
            const double middle = sheet_.y() + small_line / 2;
            draw_.line({margin, middle}, {margin + 26, middle}, {style_of(line.style).color, 2});
            draw_.symbol({margin + 13, middle}, style_of(line.style));
            const double start = margin + 32, end = sheet_width - margin;
            const auto write = [&](double x, const std::string& text, bool bold) {
                draw_.text(x, sheet_.y() + small_line / 2 + 0.35 * small, text, small, Anchor::start, bold);
            };
            const double behind = start + text_width(line.name, small, true) + 6;
            if (behind + text_width(line.note, small) <= end) {
                write(start, line.name, true);
                if (!line.note.empty()) write(behind, line.note, false);
                sheet_.go_to(sheet_.y() + small_line);
                continue;
            }
            for (const bool bold : {true, false})
                for (const std::string& part : wrap_to_width(bold ? line.name : line.note, small, end - start, bold)) {
                    write(start, part, bold);
                    sheet_.go_to(sheet_.y() + small_line);
                }
        }
    }

    void axes() {
        if (chart_.guide) draw_.line({left_, y(*chart_.guide)}, {right_, y(*chart_.guide)}, {"#DDDDDD", 1});
        draw_.line({left_, top_}, {left_, bottom_});
        draw_.line({left_, bottom_}, {right_, bottom_});
        for (const Tick& tick : chart_.y.ticks) {
            draw_.line({left_ - 4, y(tick.at)}, {left_, y(tick.at)});
            draw_.text(left_ - 6, y(tick.at) + 0.35 * small, tick.label, small, Anchor::end);
        }
        draw_.turned_text(margin + ascent * small, (top_ + bottom_) / 2, chart_.y.title);
        choose_labelled_ticks();
        for (std::size_t k = 0; k < chart_.x.ticks.size(); ++k) {
            const double place = x(chart_.x.ticks[k].at);
            draw_.line({place, bottom_}, {place, bottom_ + 4});
            if (labelled_[k])
                draw_.text(place, bottom_ + 6 + ascent * small, chart_.x.ticks[k].label, small, Anchor::middle);
        }
        draw_.text((left_ + right_) / 2, bottom_ + 4 + small_line + ascent * small + 2, chart_.x.title, small,
                   Anchor::middle);
    }

    // Ticks that stand too near to their neighbours have no label and no numbers below.
    void choose_labelled_ticks() {
        double end = -1;
        for (std::size_t k = 0; k < chart_.x.ticks.size(); ++k) {
            double half = text_width(chart_.x.ticks[k].label, small) / 2;
            for (const TickRow& row : chart_.rows) half = std::max(half, text_width(row.cells[k], small) / 2);
            const double place = x(chart_.x.ticks[k].at);
            labelled_.push_back(place - half > end && place + half <= sheet_width - 1);
            if (labelled_.back()) end = place + half + 3;
        }
    }

    // The vertices with one more where the supported range ends, cut there.
    struct Halves {
        std::vector<Vertex> supported, beyond;
    };
    static Halves halves(const Line& line) {
        Halves result;
        for (std::size_t k = 0; k < line.vertices.size(); ++k) {
            const Vertex& vertex = line.vertices[k];
            if (vertex.x <= line.supported_to) {
                result.supported.push_back(vertex);
                continue;
            }
            if (result.beyond.empty() && k > 0) {
                const Vertex& before = line.vertices[k - 1];
                const Vertex cut = between(before, vertex, line.supported_to);
                if (cut.x > before.x) result.supported.push_back(cut);
                result.beyond.push_back(cut);
            }
            result.beyond.push_back(vertex);
        }
        return result;
    }

    void band(const Line& line) {
        const auto outline = [&](const std::vector<Vertex>& vertices) {
            std::vector<Point> points;
            for (const Vertex& vertex : vertices)
                if (vertex.band) points.push_back(at(vertex.x, vertex.band->upper));
            for (auto vertex = vertices.rbegin(); vertex != vertices.rend(); ++vertex)
                if (vertex->band) points.push_back(at(vertex->x, vertex->band->lower));
            return points;
        };
        const Halves parts = halves(line);
        draw_.area(outline(parts.supported), style_of(line.style).color, 0.2);
        draw_.area(outline(parts.beyond), style_of(line.style).color, 0.1);
    }

    void curve(const Line& line) {
        const auto points = [&](const std::vector<Vertex>& vertices) {
            std::vector<Point> result;
            for (const Vertex& vertex : vertices) result.push_back(at(vertex.x, vertex.y));
            return result;
        };
        const Halves parts = halves(line);
        const std::string_view color = style_of(line.style).color;
        draw_.open_group(line.name);
        draw_.path(points(parts.supported), {color, 2});
        draw_.path(points(parts.beyond), {color, 2, "5 4"});
        draw_.close_group();
    }

    // Intervals at the same place are drawn side by side.
    void mark(std::size_t index) {
        const Mark& one = chart_.marks[index];
        const FigureStyle& style = style_of(one.style);
        const Ink pen{style.color, 1.4};
        const double aside =
            2.5 * (static_cast<double>(one.style) - 0.5 * (static_cast<double>(chart_.lines.size()) - 1));
        draw_.open_group(one.text);
        if (one.x_limits) {
            const double from = std::max(one.x_limits->lower, chart_.x.from),
                         to = std::min(one.x_limits->upper, chart_.x.to);
            const double height = y(one.y) - 2 * aside;
            if (from < to)
                draw_.interval({x(from), height}, {x(to), height},
                               one.x_limits->lower<chart_.x.from, one.x_limits->upper> chart_.x.to, pen);
        }
        if (one.y_limits) {
            const double from = std::max(one.y_limits->lower, chart_.y.from),
                         to = std::min(one.y_limits->upper, chart_.y.to);
            const double place = std::clamp(x(one.x) + 2 * aside, left_, right_);
            draw_.interval({place, y(from)}, {place, y(to)},
                           one.y_limits->lower<chart_.y.from, one.y_limits->upper> chart_.y.to, pen);
        }
        if (one.point) draw_.symbol(at(one.x, one.y), style);
        draw_.close_group();
        const Point place = at(one.x, one.y);
        const double reach = mark_radius + 3;
        if (one.point) taken_.push_back({place.x - reach, place.y - reach, place.x + reach, place.y + reach});
        if (one.x_limits)
            taken_.push_back({x(std::max(one.x_limits->lower, chart_.x.from)), place.y - 2 * std::abs(aside) - reach,
                              x(std::min(one.x_limits->upper, chart_.x.to)), place.y + 2 * std::abs(aside) + reach});
        if (one.y_limits)
            taken_.push_back({place.x - 2 * std::abs(aside) - reach, y(std::min(one.y_limits->upper, chart_.y.to)),
                              place.x + 2 * std::abs(aside) + reach, y(std::max(one.y_limits->lower, chart_.y.from))});
    }

    // The symbols of the lines, outside the axes where they end, so that every line can be told without its colour.
    void ends() {
        std::vector<const Line*> lines;
        for (const Line& line : chart_.lines)
            if (!line.vertices.empty() && line.vertices.back().x >= chart_.x.to * (1 - 1e-9)) lines.push_back(&line);
        const auto end = [this](const Line* line) { return y(line->vertices.back().y); };
        std::ranges::stable_sort(lines, {}, end);
        constexpr double apart = 2 * mark_radius + 3;
        std::vector<double> places;
        for (const Line* line : lines)
            places.push_back(places.empty() ? end(line) : std::max(end(line), places.back() + apart));
        // Those that were pushed below the axis move up again.
        for (std::size_t k = places.size(); k-- > 0;)
            places[k] = std::min(places[k], k + 1 < places.size() ? places[k + 1] - apart : bottom_);
        for (std::size_t k = 0; k < lines.size(); ++k)
            draw_.symbol({right_ + mark_radius + 4, places[k]}, style_of(lines[k]->style));
    }

    // The name beside the line, where there is room for it; the key has it in any case.
    void label(const Line& line) {
        const double width = text_width(line.name, small, true), height = small + 2;
        constexpr double away[] = {5, 9, 13};
        for (const double gap : away)
            for (std::size_t step = 0; step < line.vertices.size(); ++step) {
                const Vertex& vertex = line.vertices[line.vertices.size() - 1 - step];
                const Point place = at(vertex.x, vertex.y);
                for (const double side : {-1.0, 1.0}) {
                    const double middle = place.y + side * (gap + height / 2);
                    // Above a falling curve the text starts at the point, below it ends there.
                    const double left = side < 0 ? place.x - 2 : place.x + 2 - width;
                    const Box box{left, middle - height / 2, left + width, middle + height / 2};
                    if (!is_free(box, line, gap)) continue;
                    draw_.text(box.left, middle + 0.35 * small, line.name, small, Anchor::start, true,
                               style_of(line.style).color);
                    taken_.push_back(box);
                    return;
                }
            }
    }

    // Inside the axes, off all that is drawn, and farther from every other line than from its own.
    [[nodiscard]] bool is_free(const Box& box, const Line& own, double gap) const {
        if (box.left < left_ + 3 || box.right > right_ || box.top < top_ || box.bottom > bottom_ - 3) return false;
        if (std::ranges::any_of(taken_, [&](const Box& other) { return box.meets(other); })) return false;
        for (const Line& line : chart_.lines) {
            const double room = &line == &own ? 2 : gap + 3;
            const Box around{box.left - room, box.top - room, box.right + room, box.bottom + room};
            for (std::size_t k = 1; k < line.vertices.size(); ++k) {
                const Point a = at(line.vertices[k - 1].x, line.vertices[k - 1].y),
                            b = at(line.vertices[k].x, line.vertices[k].y);
                for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0})
                    if (around.holds({a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)})) return false;
            }
        }
        for (const Drop& drop : chart_.drops)
            if (box.meets({x(drop.x) - 1, y(drop.y), x(drop.x) + 1, bottom_})) return false;
        return true;
    }

    void rows() {
        if (chart_.rows.empty()) return;
        sheet_.paragraph(chart_.rows_title, small, small_line, false);
        for (const TickRow& row : chart_.rows) {
            const double middle = sheet_.y() + small_line / 2;
            draw_.open_group(row.name);
            draw_.line({margin, middle}, {margin + 16, middle}, {style_of(row.style).color, 2});
            draw_.symbol({margin + 8, middle}, style_of(row.style));
            draw_.close_group();
            for (std::size_t k = 0; k < row.cells.size(); ++k)
                if (labelled_[k] && !row.cells[k].empty())
                    draw_.text(x(chart_.x.ticks[k].at), middle + 0.35 * small, row.cells[k], small, Anchor::middle);
            sheet_.go_to(sheet_.y() + small_line);
        }
    }

    Sheet& sheet_;
    Drawing& draw_;
    const CurvesChart& chart_;
    double left_ = 0, right_ = 0, top_ = 0, bottom_ = 0;
    std::vector<bool> labelled_;
    std::vector<Box> taken_;
};

class RowsDrawing {
  public:
    RowsDrawing(Sheet& sheet, const RowsChart& chart) : sheet_(sheet), draw_(sheet.draw), chart_(chart) {}

    void run() {
        place_columns();
        heads();
        // Beside labels the guide is one line; below them it stands behind each interval.
        const double first = sheet_.y();
        if (chart_.guide && !stacked_)
            draw_.line({x(*chart_.guide), first}, {x(*chart_.guide), first + body_height()}, {faint, 1, "2 2"});
        for (const IntervalRow& row : chart_.rows) draw_row(row);
        axis();
    }

  private:
    static constexpr double row_height = 16, gap = 10, least_axis = 120, most_label = 170;

    [[nodiscard]] double x(double value) const { return left_ + chart_.x.place(value) * (right_ - left_); }

    [[nodiscard]] std::vector<std::string> label_lines(const IntervalRow& row) const {
        const double indent = row.heading ? 0 : 8;
        const double room = row.heading || stacked_ ? sheet_width - 2 * margin - indent : label_width_ - indent;
        return wrap_to_width(row.label, small, room, row.heading);
    }

    [[nodiscard]] double height_of(const IntervalRow& row) const {
        const auto lines = static_cast<double>(label_lines(row).size());
        if (row.heading) return 4 + row_height + small_line * (lines - 1);
        return row_height + small_line * (stacked_ ? lines : lines - 1);
    }

    [[nodiscard]] double body_height() const {
        double height = 0;
        for (const IntervalRow& row : chart_.rows) height += height_of(row);
        return height;
    }

    // Columns as wide as their texts, labels up to what leaves the axis its room.
    void place_columns() {
        double columns = 0;
        for (std::size_t k = 0; k < chart_.column_heads.size(); ++k) {
            double width = 0;
            for (const std::string& word : wrap_to_width(chart_.column_heads[k], small, 110, true))
                width = std::max(width, text_width(word, small, true));
            for (const IntervalRow& row : chart_.rows)
                if (k < row.columns.size()) width = std::max(width, text_width(row.columns[k], small));
            widths_.push_back(width);
            columns += width + gap;
        }
        for (const IntervalRow& row : chart_.rows)
            if (!row.heading) label_width_ = std::max(label_width_, text_width(row.label, small) + 8);
        label_width_ = std::max(label_width_, text_width(chart_.label_head, small, true));
        label_width_ = std::min({label_width_, most_label, sheet_width - 2 * margin - columns - least_axis - gap});
        // Long labels stand above their intervals.
        stacked_ =
            std::ranges::any_of(chart_.rows, [this](const IntervalRow& row) { return label_lines(row).size() > 2; });
        if (stacked_) label_width_ = 8;
        left_ = margin + label_width_ + gap;
        right_ = sheet_width - margin - columns;
    }

    // Right edge of column k.
    [[nodiscard]] double column_end(std::size_t k) const {
        double end = right_;
        for (std::size_t j = 0; j <= k; ++j) end += gap + widths_[j];
        return end;
    }

    void heads() {
        double lowest = sheet_.y();
        const auto block = [&](double place, const std::string& head, double width, Anchor anchor) {
            double y = sheet_.y();
            for (const std::string& line : wrap_to_width(head, small, width, true)) {
                draw_.text(place, y + ascent * small + 1, line, small, anchor, true);
                y += small_line;
            }
            lowest = std::max(lowest, y);
        };
        block(margin, chart_.label_head, std::max(label_width_, text_width(chart_.label_head, small, true)),
              Anchor::start);
        for (std::size_t k = 0; k < chart_.column_heads.size(); ++k)
            block(column_end(k), chart_.column_heads[k], widths_[k], Anchor::end);
        draw_.line({margin, lowest + 2}, {sheet_width - margin, lowest + 2});
        sheet_.go_to(lowest + 5);
    }

    void draw_row(const IntervalRow& row) {
        const double top = sheet_.y() + (row.heading ? 4 : 0);
        double baseline = top + row_height / 2 + 0.35 * small;
        const std::vector<std::string> lines = label_lines(row);
        const double above = stacked_ && !row.heading ? small_line * static_cast<double>(lines.size()) - 2 : 0;
        const double middle = top + row_height / 2 + above;
        for (const std::string& line : lines) {
            draw_.text(margin + (row.heading ? 0 : 8), baseline, line, small, Anchor::start, row.heading);
            baseline += small_line;
        }
        const FigureStyle& style = style_of(row.style);
        if (chart_.guide && stacked_ && !row.heading)
            draw_.line({x(*chart_.guide), middle - row_height / 2 + 1}, {x(*chart_.guide), middle + row_height / 2 - 1},
                       {faint, 1, "2 2"});
        if (row.limits) {
            const double from = std::clamp(row.limits->lower, chart_.x.from, chart_.x.to),
                         to = std::clamp(row.limits->upper, chart_.x.from, chart_.x.to);
            draw_.interval({x(from), middle}, {x(to), middle},
                           row.limits->lower<chart_.x.from, row.limits->upper> chart_.x.to, {style.color, 1.6});
        }
        if (row.value && *row.value >= chart_.x.from && *row.value <= chart_.x.to)
            draw_.symbol({x(*row.value), middle}, style, false);
        for (std::size_t k = 0; k < row.columns.size(); ++k)
            draw_.text(column_end(k), middle + 0.35 * small, row.columns[k], small, Anchor::end);
        sheet_.go_to(sheet_.y() + height_of(row));
    }

    void axis() {
        const double y = sheet_.y() + 4;
        draw_.line({left_, y}, {right_, y});
        double end = -1;
        for (const Tick& tick : chart_.x.ticks) {
            const double place = x(tick.at), half = text_width(tick.label, small) / 2;
            draw_.line({place, y}, {place, y + 4});
            if (place - half <= end) continue;
            draw_.text(place, y + 6 + ascent * small, tick.label, small, Anchor::middle);
            end = place + half + 2;
        }
        sheet_.go_to(y + 6 + small_line);
        const double middle = (left_ + right_) / 2;
        const double half = text_width(chart_.x.title, small) / 2;
        const double centre = std::clamp(middle, margin + half, sheet_width - margin - half);
        draw_.text(centre, sheet_.y() + ascent * small, chart_.x.title, small, Anchor::middle);
        sheet_.go_to(sheet_.y() + small_line);
        if (chart_.left_of_guide.empty() || !chart_.guide) return;
        draw_.text(x(*chart_.guide) - 4, sheet_.y() + ascent * small, chart_.left_of_guide, small, Anchor::end);
        draw_.text(x(*chart_.guide) + 4, sheet_.y() + ascent * small, chart_.right_of_guide, small);
        sheet_.go_to(sheet_.y() + small_line);
    }

    Sheet& sheet_;
    Drawing& draw_;
    const RowsChart& chart_;
    std::vector<double> widths_;
    double label_width_ = 0, left_ = 0, right_ = 0;
    bool stacked_ = false;
};

}  // namespace

std::string figure_as_svg(const Figure& figure, const FigureRenderOptions&) {
    Sheet sheet(figure);
    if (const auto* const curves = std::get_if<CurvesChart>(&figure.chart))
        CurvesDrawing(sheet, *curves).run();
    else
        RowsDrawing(sheet, std::get<RowsChart>(figure.chart)).run();
    return sheet.finished();
}

}  // namespace hersurv::render
