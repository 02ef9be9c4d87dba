// Rows of intervals beside one axis, as SVG.
#include "render/figure_formats/svg_sheet.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::render::svg {

void draw(Sheet& sheet, const RowsChart& chart);

namespace {

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

void draw(Sheet& sheet, const RowsChart& chart) { RowsDrawing(sheet, chart).run(); }

}  // namespace hersurv::render::svg
