// A figure for a terminal: curves out of quadrant blocks, intervals out of box-drawing characters, at most `width`
// columns wide where the numbers leave an axis its room.
#include "render/characters.hpp"
#include "render/figure.hpp"
#include "render/figure_style.hpp"
#include "render/layout.hpp"
#include <algorithm>
#include <cmath>
#include <utility>

namespace hersurv::render {

std::string figure_as_text(const Figure& figure, const FigureRenderOptions& options);

namespace {

// Lines of cells that hold one character each.
class Canvas {
  public:
    Canvas(int width, int height)
        : width_(width), cells_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {}

    [[nodiscard]] int width() const { return width_; }

    void put(int column, int row, std::string_view character, int color = plain) {
        if (Cell* const cell = at(column, row)) *cell = {std::string(character), color, 0};
    }

    void write(int column, int row, std::string_view text, int color = plain) {
        for (std::size_t position = 0; position < text.size();)
            put(column++, row, next_character(text, position).bytes, color);
    }

    [[nodiscard]] bool is_blank(int column, int row, int count) const {
        for (int k = 0; k < count; ++k)
            if (const Cell* const cell = const_cast<Canvas*>(this)->at(column + k, row);
                cell == nullptr || !cell->text.empty())
                return false;
        return true;
    }

    // A quarter of a cell; x and y count quarters.
    void dot(int x, int y, int color) {
        Cell* const cell = x < 0 || y < 0 ? nullptr : at(x / 2, y / 2);
        if (cell == nullptr) return;
        cell->quarters |= 1 << ((y % 2) * 2 + x % 2);
        static constexpr std::string_view blocks[16] = {"",
                                                        "\xe2\x96\x98",
                                                        "\xe2\x96\x9d",
                                                        "\xe2\x96\x80",
                                                        "\xe2\x96\x96",
                                                        "\xe2\x96\x8c",
                                                        "\xe2\x96\x9e",
                                                        "\xe2\x96\x9b",
                                                        "\xe2\x96\x97",
                                                        "\xe2\x96\x9a",
                                                        "\xe2\x96\x90",
                                                        "\xe2\x96\x9c",
                                                        "\xe2\x96\x84",
                                                        "\xe2\x96\x99",
                                                        "\xe2\x96\x9f",
                                                        "\xe2\x96\x88"};
        cell->text = blocks[cell->quarters];
        cell->color = color;
    }

    [[nodiscard]] std::string text(bool colored) const {
        std::string all;
        for (std::size_t start = 0; start < cells_.size(); start += static_cast<std::size_t>(width_)) {
            std::size_t end = start + static_cast<std::size_t>(width_);
            while (end > start && cells_[end - 1].text.empty()) --end;
            for (std::size_t k = start; k < end; ++k) {
                const Cell& cell = cells_[k];
                const std::string character = cell.text.empty() ? " " : cell.text;
                all += colored && cell.color != plain
                           ? "\x1b[38;5;" + std::to_string(cell.color) + "m" + character + "\x1b[0m"
                           : character;
            }
            all += '\n';
        }
        return all;
    }

    static constexpr int plain = -1;

  private:
    struct Cell {
        std::string text;
        int color = plain;
        unsigned quarters = 0;
    };
    Cell* at(int column, int row) {
        const auto index =
            static_cast<std::size_t>(row) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(column);
        return column < 0 || column >= width_ || row < 0 || index >= cells_.size() ? nullptr : &cells_[index];
    }

    int width_;
    std::vector<Cell> cells_;
};

// Whether a line has ink in a quarter of a column: everywhere; in every other quarter; in both of every other column.
bool inked(Stroke stroke, int quarter) {
    return stroke == Stroke::solid || stroke == Stroke::thin ||
           (stroke == Stroke::dotted ? quarter % 2 == 0 : quarter / 2 % 2 == 0);
}

std::string clean(std::string_view text) { return with_visible_controls(text); }

class FigureWriter {
  public:
    explicit FigureWriter(const FigureRenderOptions& options) : options_(options) {}

    void paragraph(std::string_view content, std::string_view lead = {}, bool bold = false) {
        const int indent = display_width(lead);
        bool first = true;
        for (const std::string& line : wrap(clean(content), options_.width - indent, true)) {
            text_ += first ? std::string(lead) : std::string(static_cast<std::size_t>(indent), ' ');
            text_ += bold && options_.color ? "\x1b[1m" + line + "\x1b[0m" : line;
            text_ += '\n';
            first = false;
        }
    }
    void gap() { text_ += '\n'; }
    void add(const Canvas& canvas) { text_ += canvas.text(options_.color); }

    [[nodiscard]] std::string symbol(std::size_t style) const {
        const std::string character(style_of(style).character);
        return options_.color ? "\x1b[38;5;" + std::to_string(style_of(style).ansi) + "m" + character + "\x1b[0m"
                              : character;
    }

    void key(std::size_t style, const std::string& name, const std::string& note) {
        bool first = true;
        for (const std::string& line :
             wrap(clean(name + (note.empty() ? "" : "  " + note)), options_.width - 2, true)) {
            text_ += (first ? symbol(style) + " " : "  ") + line + '\n';
            first = false;
        }
    }

    // What the strokes mean, with a piece of each.
    void strokes(const StrokeMeanings& meanings) {
        std::string text;
        for (const auto& [stroke, meaning] : {std::pair(Stroke::solid, meanings.solid),
                                              {Stroke::dotted, meanings.dotted},
                                              {Stroke::dashed, meanings.dashed},
                                              {Stroke::thin, meanings.thin}}) {
            if (meaning.empty()) continue;
            constexpr int sample = 5;
            Canvas canvas(sample, 1);
            for (int quarter = 0; quarter < 2 * sample; ++quarter)
                if (inked(stroke, quarter)) canvas.dot(quarter, 1, Canvas::plain);
            const std::string drawn = canvas.text(false);
            text += (text.empty() ? "" : "; ") + drawn.substr(0, drawn.size() - 1) + " " + meaning;
        }
        if (!text.empty()) paragraph(text);
    }

    [[nodiscard]] int width() const { return options_.width; }
    std::string take() { return std::move(text_); }

  private:
    const FigureRenderOptions& options_;
    std::string text_;
};

// The value of a line between its vertices.
std::optional<Vertex> at_x(const Line& line, double x) {
    const auto after = std::ranges::lower_bound(line.vertices, x, {}, &Vertex::x);
    if (after == line.vertices.end()) return std::nullopt;
    if (after == line.vertices.begin()) return after->x == x ? std::optional(*after) : std::nullopt;
    return between(*std::prev(after), *after, x);
}

// A chart of curves on a canvas of characters: the labels of the y axis and the axis to the left, one column for the
// marks at the ends of the lines to the right, the x axis in the last row.
class CurvesPicture {
  public:
    CurvesPicture(const CurvesChart& chart, int width) : chart_(chart) {
        for (const Tick& tick : chart.y.ticks) gutter_ = std::max(gutter_, display_width(tick.label));
        gutter_ += 2;  // a blank and the axis
        columns_ = std::max(20, width - gutter_ - 1);
        rows_ = std::clamp(columns_ / 4, 10, 24);
    }

    [[nodiscard]] Canvas curves() const {
        Canvas canvas(gutter_ + columns_ + 1, rows_ + 1);
        draw_bands(canvas);
        for (const Line& line : chart_.lines) draw_line(canvas, line);
        for (const ThinLine& line : chart_.thin_lines) draw_thin(canvas, line);
        draw_axes(canvas);
        draw_marks(canvas);
        return canvas;
    }

    // The labels of the x axis with the numbers below them, of the ticks that there is room for.
    [[nodiscard]] Canvas below() const {
        const int n_rows = static_cast<int>(chart_.rows.size());
        Canvas canvas(gutter_ + columns_ + 1, 1 + n_rows);
        for (std::size_t k = 0; k < chart_.x.ticks.size(); ++k) {
            const Tick& tick = chart_.x.ticks[k];
            int width = display_width(tick.label);
            for (const TickRow& row : chart_.rows) width = std::max(width, display_width(row.cells[k]));
            const int first = column_of(tick.at) - width / 2;
            bool room = first >= 0 && first + width <= canvas.width();
            for (int row = 0; row <= n_rows && room; ++row)
                room = (first == 0 || canvas.is_blank(first - 1, row, 1)) && canvas.is_blank(first, row, width);
            if (!room) continue;
            const auto centred = [&](const std::string& text, int row) {
                canvas.write(column_of(tick.at) - display_width(text) / 2, row, text);
            };
            centred(tick.label, 0);
            for (int row = 0; row < n_rows; ++row)
                centred(chart_.rows[static_cast<std::size_t>(row)].cells[k], row + 1);
        }
        for (int row = 0; row < n_rows; ++row) {
            const FigureStyle& style = style_of(chart_.rows[static_cast<std::size_t>(row)].style);
            if (canvas.is_blank(0, row + 1, 1)) canvas.put(0, row + 1, style.character, style.ansi);
        }
        return canvas;
    }

  private:
    [[nodiscard]] int column_of(double x) const {
        return gutter_ + static_cast<int>(std::lround(chart_.x.place(x) * (columns_ - 1)));
    }
    [[nodiscard]] int row_of(double y) const {
        return static_cast<int>(std::lround((1 - chart_.y.place(y)) * (rows_ - 1)));
    }

    void draw_bands(Canvas& canvas) const {
        for (const Line& line : chart_.lines)
            for (int column = 0; column < columns_; ++column) {
                const auto vertex = at_x(line, chart_.x.value_at(static_cast<double>(column) / (columns_ - 1)));
                if (!vertex || !vertex->band) continue;
                for (int row = row_of(vertex->band->upper); row <= row_of(vertex->band->lower); ++row)
                    canvas.put(gutter_ + column, row, "\xe2\x96\x91", style_of(line.style).ansi);
            }
    }

    // In quarters, two columns and two rows of them a character.
    void draw_thin(Canvas& canvas, const ThinLine& line) const {
        for (int quarter = 0; quarter < 2 * columns_; ++quarter) {
            const double x = chart_.x.value_at((quarter - 0.5) / (2.0 * (columns_ - 1)));
            const auto after = static_cast<std::size_t>(std::ranges::upper_bound(line.x, x) - line.x.begin());
            if (after == 0 || after == line.x.size()) continue;
            const double down = (1 - chart_.y.place(line.y[after - 1])) * 2 * (rows_ - 1) + 0.5;
            canvas.dot(2 * gutter_ + quarter, std::clamp(static_cast<int>(std::lround(down)), 0, 2 * rows_ - 1),
                       Canvas::plain);
        }
    }

    void draw_line(Canvas& canvas, const Line& line) const {
        constexpr int none = -1;
        int before = none;
        for (int quarter = 0; quarter < 2 * columns_; ++quarter) {
            const double x = chart_.x.value_at((quarter - 0.5) / (2.0 * (columns_ - 1)));
            const auto vertex = at_x(line, std::clamp(x, chart_.x.from, chart_.x.to));
            if (!vertex) {
                before = none;
                continue;
            }
            const double down = (1 - chart_.y.place(vertex->y)) * 2 * (rows_ - 1) + 0.5;
            const int y = std::clamp(static_cast<int>(std::lround(down)), 0, 2 * rows_ - 1);
            const int from = before == none || before == y ? y : before < y ? before + 1 : before - 1;
            before = y;
            if (!inked(x < std::min(line.supported_from, line.supported_to) ? Stroke::dotted
                       : x > line.supported_to                              ? Stroke::dashed
                                                                            : Stroke::solid,
                       quarter))
                continue;
            for (int k = std::min(from, y); k <= std::max(from, y); ++k)
                canvas.dot(2 * gutter_ + quarter, k, style_of(line.style).ansi);
        }
    }

    void draw_axes(Canvas& canvas) const {
        for (int row = 0; row < rows_; ++row) canvas.put(gutter_ - 1, row, "\xe2\x94\x82");
        for (const Tick& tick : chart_.y.ticks) {
            canvas.put(gutter_ - 1, row_of(tick.at), "\xe2\x94\xa4");
            canvas.write(gutter_ - 1 - display_width(tick.label), row_of(tick.at), tick.label);
        }
        for (int column = 0; column < columns_; ++column) canvas.put(gutter_ + column, rows_, "\xe2\x94\x80");
        canvas.put(gutter_ - 1, rows_, "\xe2\x94\x94");
        for (const Tick& tick : chart_.x.ticks) canvas.put(column_of(tick.at), rows_, "\xe2\x94\xac");
    }

    void draw_marks(Canvas& canvas) const {
        for (const Mark& mark : chart_.marks)
            if (mark.point)
                canvas.put(column_of(mark.x), row_of(mark.y), style_of(mark.style).character,
                           style_of(mark.style).ansi);
        // Behind the end of each line its symbol.
        for (const Line& line : chart_.lines)
            if (!line.vertices.empty())
                canvas.put(column_of(std::min(line.vertices.back().x, chart_.x.to)) + 1,
                           row_of(std::clamp(line.vertices.back().y, chart_.y.from, chart_.y.to)),
                           style_of(line.style).character, style_of(line.style).ansi);
    }

    const CurvesChart& chart_;
    int gutter_ = 0, columns_ = 0, rows_ = 0;
};

void write_curves(FigureWriter& writer, const CurvesChart& chart) {
    for (const Line& line : chart.lines) writer.key(line.style, line.name, line.note);
    writer.strokes(chart.strokes);
    writer.gap();
    const CurvesPicture picture(chart, writer.width());
    writer.paragraph(chart.y.title);
    writer.add(picture.curves());
    writer.add(picture.below());
    writer.paragraph(chart.x.title + (chart.rows.empty() ? "" : "; below: " + chart.rows_title));
}

void write_panels(FigureWriter& writer, const PanelsChart& chart) {
    for (const CurvesChart& panel : chart.panels) {
        writer.paragraph(panel.title, {}, true);
        write_curves(writer, panel);
        if (&panel != &chart.panels.back()) writer.gap();
    }
}

// Rows of intervals: labels, the axis, and columns of text to the right of it.
class RowsPicture {
  public:
    RowsPicture(const RowsChart& chart, int width) : chart_(chart) {
        constexpr int least_axis = 16, least_label = 14;
        int columns = 0;
        for (std::size_t k = 0; k < chart.column_heads.size(); ++k) {
            widths_.push_back(column_width(k));
            columns += gap + widths_.back();
        }
        label_ = display_width(chart.label_head);
        for (const IntervalRow& row : chart.rows)
            if (!row.heading) label_ = std::max(label_, 2 + display_width(clean(row.label)));
        // Two fifths for the labels, which can be wrapped; an axis cannot.
        label_ = std::min({label_, 2 * width / 5, width - columns - gap - least_axis});
        // Where labels have no room beside their intervals they are above them.
        stacked_ = label_ < least_label;
        if (stacked_) label_ = 2;
        left_ = label_ + gap;
        axis_ = std::max(least_axis, width - left_ - columns);
        whole_ = left_ + axis_ + columns;
    }

    [[nodiscard]] bool stacked() const { return stacked_; }

    [[nodiscard]] Canvas head() const {
        std::vector<std::vector<std::string>> lines;
        std::size_t n_rows = 1;
        for (std::size_t k = 0; k < widths_.size(); ++k) {
            lines.push_back(wrap(chart_.column_heads[k], widths_[k], false));
            n_rows = std::max(n_rows, lines.back().size());
        }
        Canvas canvas(whole_, static_cast<int>(n_rows) + 1);
        if (!stacked_) canvas.write(0, static_cast<int>(n_rows) - 1, chart_.label_head);
        for (std::size_t k = 0; k < lines.size(); ++k)
            for (std::size_t row = 0; row < lines[k].size(); ++row)
                canvas.write(column_end(k) - display_width(lines[k][row]),
                             static_cast<int>(n_rows - lines[k].size() + row), lines[k][row]);
        for (int column = 0; column < whole_; ++column) canvas.put(column, static_cast<int>(n_rows), "\xe2\x94\x80");
        return canvas;
    }

    [[nodiscard]] Canvas row(const IntervalRow& row) const {
        const auto lines = stacked_ ? std::vector<std::string>(1) : wrap(clean(row.label), label_ - 2, true);
        Canvas canvas(whole_, static_cast<int>(lines.size()));
        for (std::size_t k = 0; k < lines.size(); ++k) canvas.write(2, static_cast<int>(k), lines[k]);
        if (chart_.guide)
            for (std::size_t k = 0; k < lines.size(); ++k)
                canvas.put(column_of(*chart_.guide), static_cast<int>(k), "\xe2\x94\x8a");
        draw_interval(canvas, row);
        for (std::size_t k = 0; k < row.columns.size(); ++k) {
            const std::string cell = clean(row.columns[k]);
            canvas.write(column_end(k) - display_width(cell), 0, cell);
        }
        return canvas;
    }

    // The axis with its labels.
    [[nodiscard]] Canvas foot() const {
        Canvas canvas(whole_, 2);
        for (int column = left_; column < left_ + axis_; ++column) canvas.put(column, 0, "\xe2\x94\x80");
        for (const Tick& tick : chart_.x.ticks) {
            canvas.put(column_of(tick.at), 0, "\xe2\x94\xac");
            const int width = display_width(tick.label), first = column_of(tick.at) - width / 2;
            if (first >= 0 && canvas.is_blank(std::max(0, first - 1), 1, width + 1)) canvas.write(first, 1, tick.label);
        }
        return canvas;
    }

  private:
    static constexpr int gap = 2;

    [[nodiscard]] int column_width(std::size_t k) const {
        int width = 0;
        for (const std::string& line : wrap(chart_.column_heads[k], 12, false))
            width = std::max(width, display_width(line));
        for (const IntervalRow& row : chart_.rows)
            if (k < row.columns.size()) width = std::max(width, display_width(clean(row.columns[k])));
        return width;
    }
    [[nodiscard]] int column_of(double x) const {
        return left_ + static_cast<int>(std::lround(chart_.x.place(x) * (axis_ - 1)));
    }
    [[nodiscard]] int column_end(std::size_t k) const {
        int end = left_ + axis_;
        for (std::size_t j = 0; j <= k; ++j) end += gap + widths_[j];
        return end;
    }

    void draw_interval(Canvas& canvas, const IntervalRow& row) const {
        const FigureStyle& style = style_of(row.style);
        if (row.limits) {
            const int from = column_of(std::clamp(row.limits->lower, chart_.x.from, chart_.x.to)),
                      to = column_of(std::clamp(row.limits->upper, chart_.x.from, chart_.x.to));
            for (int column = from; column <= to; ++column) canvas.put(column, 0, "\xe2\x94\x80", style.ansi);
            canvas.put(from, 0, row.limits->lower < chart_.x.from ? "\xe2\x86\x90" : "\xe2\x94\x9c", style.ansi);
            canvas.put(to, 0, row.limits->upper > chart_.x.to ? "\xe2\x86\x92" : "\xe2\x94\xa4", style.ansi);
        }
        if (row.value && *row.value >= chart_.x.from && *row.value <= chart_.x.to)
            canvas.put(column_of(*row.value), 0, style.character, style.ansi);
    }

    const RowsChart& chart_;
    std::vector<int> widths_;  // of the columns of text
    int label_ = 0, left_ = 0, axis_ = 0, whole_ = 0;
    bool stacked_ = false;
};

void write_rows(FigureWriter& writer, const RowsChart& chart) {
    const RowsPicture picture(chart, writer.width());
    writer.add(picture.head());
    for (const IntervalRow& row : chart.rows) {
        if (row.heading) {
            writer.paragraph(row.label, {}, true);
            continue;
        }
        if (picture.stacked()) writer.paragraph(row.label, "  ");
        writer.add(picture.row(row));
    }
    writer.add(picture.foot());
    std::string title = chart.x.title;
    if (chart.guide && !chart.left_of_guide.empty())
        title += "; left of the line: " + chart.left_of_guide + ", right: " + chart.right_of_guide;
    writer.paragraph(title);
}

// A terminal is too narrow for columns on both sides of the axis.
RowsChart with_columns_on_one_side(RowsChart chart) {
    chart.column_heads.insert(chart.column_heads.begin(), chart.left_heads.begin(), chart.left_heads.end());
    for (IntervalRow& row : chart.rows)
        row.columns.insert(row.columns.begin(), row.left_columns.begin(), row.left_columns.end());
    return chart;
}

}  // namespace

std::string figure_as_text(const Figure& figure, const FigureRenderOptions& options) {
    FigureWriter writer(options);
    if (options.continued) writer.gap();
    writer.paragraph(figure.title, {}, true);
    writer.gap();
    if (const auto* const curves = std::get_if<CurvesChart>(&figure.chart))
        write_curves(writer, *curves);
    else if (const auto* const panels = std::get_if<PanelsChart>(&figure.chart))
        write_panels(writer, *panels);
    else
        write_rows(writer, with_columns_on_one_side(std::get<RowsChart>(figure.chart)));
    const std::vector<std::string> caption = figure.shown_caption();
    if (!caption.empty()) writer.gap();
    for (const std::string& each : caption) writer.paragraph(each);
    return writer.take();
}

}  // namespace hersurv::render
