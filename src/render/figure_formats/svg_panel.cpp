// One pair of axes with its curves.
#include "render/figure_formats/svg_panel.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

namespace hersurv::render::svg {
namespace {

constexpr double thin_width = 0.9;  // points, half of a curve's

}  // namespace

Panel::Panel(Drawing& draw, const Scale& scale, const CurvesChart& chart, const PanelFrame& frame)
    : draw_(draw), scale_(scale), chart_(chart), frame_(frame) {
    choose_labelled_ticks();
    reserve_marks();
}

void Panel::run() {
    axes();
    for (const Line& line : chart_.lines) band(line);
    for (const Drop& drop : chart_.drops)
        draw_.line(at(drop.x, drop.y), {x(drop.x), frame_.plot.bottom}, {style_of(drop.style).color, 1, "1 2"});
    for (const Line& line : chart_.lines) curve(line);
    for (const ThinLine& line : chart_.thin_lines) thin(line);
    for (const Mark& one : chart_.marks) mark(one);
    labels();
}

double Panel::x(double value) const {
    return frame_.plot.left + chart_.x.place(value) * (frame_.plot.right - frame_.plot.left);
}
double Panel::y(double value) const {
    return frame_.plot.bottom - chart_.y.place(value) * (frame_.plot.bottom - frame_.plot.top);
}

// Intervals at the same place are drawn side by side, in the order of their styles.
double Panel::aside_of(const Mark& mark) const {
    std::set<std::size_t> styles;
    for (const Mark& one : chart_.marks) styles.insert(one.style);
    const auto place = static_cast<double>(std::distance(styles.begin(), styles.find(mark.style)));
    return 4 * scale_.unit * (place - 0.5 * (static_cast<double>(styles.size()) - 1));
}

// Ticks that are too near to their neighbours have no label and no numbers below.
void Panel::choose_labelled_ticks() {
    if (frame_.even_labels) return choose_every_nth_tick();
    double end = -1e9;
    for (std::size_t k = 0; k < chart_.x.ticks.size(); ++k) {
        double half = text_width(chart_.x.ticks[k].label, scale_.small) / 2;
        for (const TickRow& row : chart_.rows) half = std::max(half, text_width(row.cells[k], scale_.small) / 2);
        const double place = x(chart_.x.ticks[k].at);
        labelled_.push_back(place - half > end);
        if (labelled_.back()) end = place + half + 0.4 * scale_.small;
    }
}

void Panel::choose_every_nth_tick() {
    const std::size_t n = chart_.x.ticks.size();
    const double width = widest(chart_.x.ticks, scale_.small) + 0.4 * scale_.small;
    std::size_t every = 1;
    const auto overlap = [&] {
        for (std::size_t k = every; k < n; k += every)
            if (x(chart_.x.ticks[k].at) - x(chart_.x.ticks[k - every].at) < width) return true;
        return false;
    };
    while (every < n && overlap()) ++every;
    for (std::size_t k = 0; k < n; ++k) labelled_.push_back(k % every == 0);
}

void Panel::reserve_marks() {
    const double reach = scale_.mark_radius + 2 * scale_.unit;
    for (const Mark& one : chart_.marks) {
        const Point place = at(one.x, one.y);
        const double aside = std::abs(aside_of(one));
        if (one.point) taken_.push_back(Box{place.x, place.y, place.x, place.y}.grown(reach));
        if (one.x_limits)
            taken_.push_back({x(std::max(one.x_limits->lower, chart_.x.from)), place.y - aside - reach,
                              x(std::min(one.x_limits->upper, chart_.x.to)), place.y + aside + reach});
        if (one.y_limits)
            taken_.push_back({place.x - aside - reach, y(std::min(one.y_limits->upper, chart_.y.to)),
                              place.x + aside + reach, y(std::max(one.y_limits->lower, chart_.y.from))});
    }
}

void Panel::axes() {
    const Box& plot = frame_.plot;
    const double size = scale_.small, tick_length = 3 * scale_.unit;
    if (chart_.guide) draw_.line({plot.left, y(*chart_.guide)}, {plot.right, y(*chart_.guide)}, {"#DDDDDD", 1});
    draw_.line({plot.left, plot.top}, {plot.left, plot.bottom});
    draw_.line({plot.left, plot.bottom}, {plot.right, plot.bottom});
    for (const Tick& tick : chart_.y.ticks) {
        draw_.line({plot.left - tick_length, y(tick.at)}, {plot.left, y(tick.at)});
        if (frame_.y_labels)
            draw_.text(plot.left - 1.7 * tick_length, y(tick.at) + middle_of_letters * size, tick.label, {Anchor::end});
    }
    for (std::size_t k = 0; k < chart_.x.ticks.size(); ++k) {
        const double place = x(chart_.x.ticks[k].at);
        draw_.line({place, plot.bottom}, {place, plot.bottom + tick_length});
        if (labelled_[k] && frame_.x_labels)
            draw_.text(place, plot.bottom + 1.5 * tick_length + ascent * size, chart_.x.ticks[k].label,
                       {Anchor::middle});
    }
}

void Panel::band(const Line& line) {
    const auto outline = [&](const std::vector<Vertex>& vertices) {
        const auto held = [&](double value) { return std::clamp(value, chart_.y.from, chart_.y.to); };
        std::vector<Point> points;
        for (const Vertex& vertex : vertices)
            if (vertex.band) points.push_back(at(vertex.x, held(vertex.band->upper)));
        for (auto vertex = vertices.rbegin(); vertex != vertices.rend(); ++vertex)
            if (vertex->band) points.push_back(at(vertex->x, held(vertex->band->lower)));
        return points;
    };
    for (const Stretch& part : stretches(line))
        draw_.area(outline(part.vertices), style_of(line.style).color, part.stroke == Stroke::solid ? 0.2 : 0.1);
}

void Panel::curve(const Line& line) {
    const auto points = [&](const std::vector<Vertex>& vertices) {
        std::vector<Point> result;
        for (const Vertex& vertex : vertices) result.push_back(at(vertex.x, vertex.y));
        return result;
    };
    draw_.open_group(line.name);
    for (const Stretch& part : stretches(line))
        draw_.path(points(part.vertices), {style_of(line.style).color, 1.8, dashes_of(part.stroke)});
    draw_.close_group();
}

void Panel::thin(const ThinLine& line) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < line.x.size(); ++i) points.push_back(at(line.x[i], line.y[i]));
    draw_.path(points, {ink, thin_width});
}

void Panel::mark(const Mark& one) {
    const FigureStyle& style = style_of(one.style);
    const Ink pen{style.color, 1.2};
    const double aside = aside_of(one);
    draw_.open_group(one.text);
    if (one.x_limits) {
        const double from = std::max(one.x_limits->lower, chart_.x.from),
                     to = std::min(one.x_limits->upper, chart_.x.to);
        const double height = y(one.y) - aside;
        if (from < to)
            draw_.interval({x(from), height}, {x(to), height},
                           one.x_limits->lower<chart_.x.from, one.x_limits->upper> chart_.x.to, pen);
    }
    if (one.y_limits) {
        const double from = std::max(one.y_limits->lower, chart_.y.from),
                     to = std::min(one.y_limits->upper, chart_.y.to);
        const double place = std::clamp(x(one.x) + aside, frame_.plot.left, frame_.plot.right);
        draw_.interval({place, y(from)}, {place, y(to)},
                       one.y_limits->lower<chart_.y.from, one.y_limits->upper> chart_.y.to, pen);
    }
    if (one.point) draw_.symbol(at(one.x, one.y), style);
    draw_.close_group();
}

// The names beside the ends of the curves, from the highest to the lowest.
void Panel::labels() {
    if (frame_.label_limit <= 0) return;
    std::vector<const Line*> lines;
    for (const Line& line : chart_.lines)
        if (!line.vertices.empty()) lines.push_back(&line);
    std::ranges::stable_sort(lines, {}, [this](const Line* line) { return y(line->vertices.back().y); });
    for (const Line* line : lines) label(*line);
}

// As near to the end of the curve as there is room, with a leader if it is not right beside it. The key has every
// name in any case.
void Panel::label(const Line& line) {
    const double size = scale_.small, height = 1.1 * size;
    const std::string name = shortened_to_width(line.name, size, frame_.widest_label, true);
    const double width = text_width(name, size, true);
    const Point end = at(line.vertices.back().x, line.vertices.back().y);
    constexpr double to_the_right[] = {0.5, 1.4, 2.4, 3.6};
    constexpr int most_steps = 10;
    std::optional<Box> best;
    // Rather across the line of a median than without a name.
    for (const bool off_drops : {true, false}) {
        if (best) break;
        double least = 1e9;
        for (const double right : to_the_right)
            for (int step = -most_steps; step <= most_steps; ++step) {
                const double down = 0.5 * height * step, cost = std::abs(down) + 1.5 * (right - 0.5) * size;
                const Point from{end.x + right * size, end.y + down};
                const Box box{from.x, from.y - height / 2, from.x + width, from.y + height / 2};
                if (cost >= least || !is_free(box, &line, off_drops)) continue;
                best = box;
                least = cost;
            }
    }
    if (!best) return;
    const double middle = (best->top + best->bottom) / 2;
    if (std::abs(middle - end.y) > 0.6 * height || best->left - end.x > 1.5 * size)
        draw_.line(end, {best->left - scale_.unit, middle}, {style_of(line.style).color, 0.6});
    draw_.text(best->left, middle + middle_of_letters * size, name,
               {Anchor::start, true, style_of(line.style).text_color});
    taken_.push_back(*best);
}

// Above the axis, left of the limit, and off all that is drawn.
bool Panel::is_free(const Box& box, const Line* own, bool off_drops) const {
    if (box.left < frame_.plot.left + scale_.unit || box.right > frame_.label_limit + 0.1 ||
        box.top < frame_.plot.top - scale_.small || box.bottom > frame_.plot.bottom)
        return false;
    if (std::ranges::any_of(taken_, [&](const Box& other) { return box.meets(other); })) return false;
    for (const Line& line : chart_.lines) {
        const Box around = box.grown(&line == own ? 0 : 2 * scale_.unit);
        for (std::size_t k = 1; k < line.vertices.size(); ++k)
            if (around.crossed_by(at(line.vertices[k - 1].x, line.vertices[k - 1].y),
                                  at(line.vertices[k].x, line.vertices[k].y)))
                return false;
    }
    return !off_drops || std::ranges::none_of(chart_.drops, [&](const Drop& drop) {
        return box.crossed_by({x(drop.x), y(drop.y)}, {x(drop.x), frame_.plot.bottom});
    });
}

bool Panel::is_clear(const Box& box) const {
    const Box around = box.grown(3 * scale_.unit);
    if (around.left < frame_.plot.left) return false;
    if (std::ranges::any_of(taken_, [&](const Box& other) { return around.meets(other); })) return false;
    if (chart_.guide && around.bottom > y(*chart_.guide)) return false;
    for (const Line& line : chart_.lines)
        for (std::size_t k = 1; k < line.vertices.size(); ++k) {
            const Vertex &a = line.vertices[k - 1], &b = line.vertices[k];
            if (around.crossed_by(at(a.x, a.y), at(b.x, b.y))) return false;
            if (!a.band || !b.band) continue;
            const bool beside = x(b.x) < around.left || x(b.x) > around.right;
            if (!beside && y(b.band->upper) < around.bottom && y(b.band->lower) > around.top) return false;
            if (around.crossed_by(at(a.x, a.band->upper), at(b.x, b.band->upper)) ||
                around.crossed_by(at(a.x, a.band->lower), at(b.x, b.band->lower)))
                return false;
        }
    return true;
}

std::string_view dashes_of(Stroke stroke) {
    return stroke == Stroke::dotted ? "1.5 2.5" : stroke == Stroke::dashed ? "5 4" : "";
}

Key::Key(const Scale& scale, double room) : scale_(scale), room_(room) {}

void Key::add_text(const Sample& sample) {
    const double left = sample.left + text_left();
    double width = text_width(sample.name, scale_.small, true) + text_width(sample.note, scale_.small);
    if (!sample.name.empty() && !sample.note.empty()) width += text_width(" ", scale_.small);
    width_ = std::max(width_, left + width);
    rows_.back().push_back(sample);
}

void Key::add(const Line& line, const std::vector<Mark>& marks) {
    Sample sample{0, true, line.style, Stroke::solid, true, line.name, line.note};
    sample.has_symbol = std::ranges::find(marks, line.style, &Mark::style) != marks.end();
    const double room = room_ - text_left();
    const bool fits = text_width(line.name + " ", scale_.small, true) + text_width(line.note, scale_.small) <= room;
    if (fits) {
        rows_.emplace_back();
        return add_text(sample);
    }
    wrapped_ = true;
    for (const bool bold : {true, false}) {
        if (!bold && line.note.empty()) continue;
        for (const std::string& part : wrap_to_width(bold ? line.name : line.note, scale_.small, room, bold)) {
            sample.name = bold ? part : "";
            sample.note = bold ? "" : part;
            rows_.emplace_back();
            add_text(sample);
            sample.any = false;
        }
    }
}

// As many side by side as there is room for.
void Key::add(const StrokeMeanings& meanings) {
    double left = 0;
    for (const auto& [stroke, meaning] : {std::pair(Stroke::solid, meanings.solid),
                                          {Stroke::dotted, meanings.dotted},
                                          {Stroke::dashed, meanings.dashed},
                                          {Stroke::thin, meanings.thin}}) {
        if (meaning.empty()) continue;
        const double width = text_left() + text_width(meaning, scale_.small);
        if (left == 0 || left + width > room_) {
            rows_.emplace_back();
            left = 0;
        }
        add_text({left, false, 0, stroke, true, "", meaning});
        left += width + scale_.small;
    }
}

void Key::draw(Drawing& draw, double left, double top) const {
    for (const std::vector<Sample>& row : rows_) {
        const double middle = top + scale_.small_line / 2;
        for (const Sample& sample : row) {
            const double start = left + sample.left, end = start + sample_width();
            if (sample.any && sample.of_line) {
                draw.line({start, middle}, {end, middle}, {style_of(sample.style).color, 1.8});
                if (sample.has_symbol) draw.symbol({(start + end) / 2, middle}, style_of(sample.style));
            } else if (sample.any) {
                draw.line({start, middle}, {end, middle},
                          {ink, sample.stroke == Stroke::thin ? thin_width : 1.8, dashes_of(sample.stroke)});
            }
            const Point place{start + text_left(), middle + middle_of_letters * scale_.small};
            if (sample.name.empty())
                draw.text(place.x, place.y, sample.note);
            else if (sample.note.empty())
                draw.text(place.x, place.y, sample.name, {Anchor::start, true});
            else
                draw.runs(place.x, place.y, {{sample.name, true}, {" " + sample.note, false}});
        }
        top += scale_.small_line;
    }
}

}  // namespace hersurv::render::svg
