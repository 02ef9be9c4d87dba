// Curves on two axes, with their bands, marks and key, as SVG.
#include "render/figure_formats/svg_sheet.hpp"
#include <algorithm>
#include <cmath>
#include <utility>

namespace hersurv::render::svg {

void draw(Sheet& sheet, const CurvesChart& chart);

namespace {

class CurvesDrawing {
  public:
    CurvesDrawing(Sheet& sheet, const CurvesChart& chart) : sheet_(sheet), draw_(sheet.draw), chart_(chart) {}

    void run() {
        key();
        key_of_strokes();
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

    static std::string_view dashes_of(Stroke stroke) {
        return stroke == Stroke::dotted ? "1.5 2.5" : stroke == Stroke::dashed ? "5 4" : "";
    }

    // What the strokes mean, as many side by side as there is room for.
    void key_of_strokes() {
        constexpr double sample = 26, gap = 6, apart = 12;
        double x = margin;
        bool any = false;
        for (const auto& [stroke, meaning] : {std::pair(Stroke::solid, chart_.strokes.solid),
                                              {Stroke::dotted, chart_.strokes.dotted},
                                              {Stroke::dashed, chart_.strokes.dashed}}) {
            if (meaning.empty()) continue;
            const double width = sample + gap + text_width(meaning, small);
            if (any && x + width > sheet_width - margin) {
                sheet_.go_to(sheet_.y() + small_line);
                x = margin;
            }
            any = true;
            const double middle = sheet_.y() + small_line / 2;
            draw_.line({x, middle}, {x + sample, middle}, {ink, 2, dashes_of(stroke)});
            draw_.text(x + sample + gap, middle + 0.35 * small, meaning, small);
            x += width + apart;
        }
        if (any) sheet_.go_to(sheet_.y() + small_line);
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

    void band(const Line& line) {
        const auto outline = [&](const std::vector<Vertex>& vertices) {
            std::vector<Point> points;
            for (const Vertex& vertex : vertices)
                if (vertex.band) points.push_back(at(vertex.x, vertex.band->upper));
            for (auto vertex = vertices.rbegin(); vertex != vertices.rend(); ++vertex)
                if (vertex->band) points.push_back(at(vertex->x, vertex->band->lower));
            return points;
        };
        for (const Stretch& part : stretches(line))
            draw_.area(outline(part.vertices), style_of(line.style).color, part.stroke == Stroke::solid ? 0.2 : 0.1);
    }

    void curve(const Line& line) {
        const auto points = [&](const std::vector<Vertex>& vertices) {
            std::vector<Point> result;
            for (const Vertex& vertex : vertices) result.push_back(at(vertex.x, vertex.y));
            return result;
        };
        draw_.open_group(line.name);
        for (const Stretch& part : stretches(line))
            draw_.path(points(part.vertices), {style_of(line.style).color, 2, dashes_of(part.stroke)});
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

}  // namespace

void draw(Sheet& sheet, const CurvesChart& chart) { CurvesDrawing(sheet, chart).run(); }

}  // namespace hersurv::render::svg
