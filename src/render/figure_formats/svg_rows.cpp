// Rows of intervals beside one axis, as SVG.
#include "render/figure_formats/svg_sheet.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::render::svg {

void draw(Sheet& sheet, const RowsChart& chart);

namespace {

class RowsDrawing {
  public:
    RowsDrawing(Sheet& sheet, const RowsChart& chart)
        : sheet_(sheet), scale_(sheet.scale()), draw_(sheet.draw), chart_(chart), size_(scale_.small) {}

    void run() {
        place_columns();
        heads();
        place_rows();
        const double first = sheet_.y();
        // Beside labels the guide is one line; below them it is behind each interval.
        if (chart_.guide && !stacked_)
            draw_.line({x(*chart_.guide), first}, {x(*chart_.guide), first + body_height()}, {faint, 1, "2 2"});
        for (const IntervalRow& row : chart_.rows) draw_row(row);
        axis();
    }

  private:
    static constexpr double widest_label_share = 0.42, least_axis = 8;
    static constexpr std::size_t most_label_lines = 6;

    [[nodiscard]] double gap() const { return size_; }
    [[nodiscard]] double indent() const { return 0.8 * size_; }
    [[nodiscard]] double x(double value) const { return left_ + chart_.x.place(value) * (right_ - left_); }

    // Headings, and labels above their intervals, are as wide as the sheet.
    [[nodiscard]] std::vector<std::string> label_lines(const IntervalRow& row) const {
        const double room =
            row.heading || stacked_ ? sheet_.right() - sheet_.left() - indent() : label_width_ - indent();
        return wrap_to_width(row.label, size_, room, row.heading);
    }

    [[nodiscard]] double height_of(const IntervalRow& row) const {
        const auto lines = static_cast<double>(label_lines(row).size());
        if (row.heading) return 0.3 * size_ + row_height_ + scale_.small_line * (lines - 1);
        return row_height_ + scale_.small_line * (stacked_ ? lines : lines - 1);
    }

    [[nodiscard]] double body_height() const {
        double height = 0;
        for (const IntervalRow& row : chart_.rows) height += height_of(row);
        return height;
    }

    [[nodiscard]] double column_width(const std::string& head, bool left, std::size_t k) const {
        double width = 0;
        for (const std::string& word : wrap_to_width(head, size_, 10 * size_, true))
            width = std::max(width, text_width(word, size_, true));
        for (const IntervalRow& row : chart_.rows) {
            const auto& cells = left ? row.left_columns : row.columns;
            if (k < cells.size()) width = std::max(width, text_width(cells[k], size_));
        }
        return width;
    }

    // Columns are as wide as their texts, labels as what leaves the axis its room.
    void place_columns() {
        double left_columns = 0, columns = 0;
        for (std::size_t k = 0; k < chart_.left_heads.size(); ++k) {
            left_widths_.push_back(column_width(chart_.left_heads[k], true, k));
            left_columns += left_widths_.back() + gap();
        }
        for (std::size_t k = 0; k < chart_.column_heads.size(); ++k) {
            widths_.push_back(column_width(chart_.column_heads[k], false, k));
            columns += widths_.back() + gap();
        }
        const double room = sheet_.right() - sheet_.left() - columns - left_columns - gap();
        const double axis = std::max(least_axis * size_, chart_.least_axis_share * sheet_.width());
        double wanted = text_width(chart_.label_head, size_, true);
        for (const IntervalRow& row : chart_.rows)
            if (!row.heading) wanted = std::max(wanted, text_width(row.label, size_) + indent() + 0.1);
        label_width_ = std::min({wanted, widest_label_share * sheet_.width(), room - axis});
        stacked_ = label_width_ < 7 * size_ || std::ranges::any_of(chart_.rows, [this](const IntervalRow& row) {
                       return !row.heading && label_lines(row).size() > most_label_lines;
                   });
        if (stacked_) {
            label_width_ = 0.8 * size_;
            sheet_.require_width(room - label_width_, least_axis * size_);
        }
        left_ = sheet_.left() + label_width_ + left_columns + gap();
        right_ = sheet_.right() - columns;
    }

    // As high as they need, or so that they fill the given height.
    void place_rows() {
        const double foot = 0.7 * size_ + 2 * scale_.small_line + (has_arrows() ? 1.5 * scale_.small_line : 0);
        const double first = sheet_.y();
        constexpr double usual = 1.55, tightest = 1.2, widest = 3.5;
        const auto with_rows = [&](double height) {
            row_height_ = height * size_;
            return first + body_height() + foot;
        };
        const double least = with_rows(tightest);
        with_rows(usual);
        if (!sheet_.has_given_height()) return;
        const double bottom = sheet_.bottom_of_chart(least);
        const double each =
            tightest + (bottom - least) / size_ / static_cast<double>(std::max<std::size_t>(1, chart_.rows.size()));
        with_rows(std::clamp(each, tightest, widest));
    }

    [[nodiscard]] bool has_arrows() const { return chart_.guide && !chart_.left_of_guide.empty(); }

    // Right edges of the columns.
    [[nodiscard]] double column_end(std::size_t k) const {
        double end = right_;
        for (std::size_t j = 0; j <= k; ++j) end += gap() + widths_[j];
        return end;
    }
    [[nodiscard]] double left_column_end(std::size_t k) const {
        double end = sheet_.left() + label_width_;
        for (std::size_t j = 0; j <= k; ++j) end += gap() + left_widths_[j];
        return end;
    }

    void heads() {
        const auto lines_of = [&](const std::string& head) { return wrap_to_width(head, size_, 10 * size_, true); };
        std::size_t most = 1;
        for (const auto& heads : {chart_.left_heads, chart_.column_heads})
            for (const std::string& head : heads) most = std::max(most, lines_of(head).size());
        const double bottom = sheet_.y() + scale_.small_line * static_cast<double>(most);
        const auto block = [&](double place, const std::vector<std::string>& lines, Anchor anchor) {
            double y = bottom - scale_.small_line * static_cast<double>(lines.size());
            for (const std::string& line : lines) {
                draw_.text(place, y + ascent * size_, line, {anchor, true});
                y += scale_.small_line;
            }
        };
        if (!stacked_) block(sheet_.left(), {chart_.label_head}, Anchor::start);
        for (std::size_t k = 0; k < chart_.left_heads.size(); ++k)
            block(left_column_end(k), lines_of(chart_.left_heads[k]), Anchor::end);
        for (std::size_t k = 0; k < chart_.column_heads.size(); ++k)
            block(column_end(k), lines_of(chart_.column_heads[k]), Anchor::end);
        draw_.line({sheet_.left(), bottom + 0.1 * size_}, {sheet_.right(), bottom + 0.1 * size_});
        sheet_.go_to(bottom + 0.3 * size_);
    }

    void draw_row(const IntervalRow& row) {
        const double top = sheet_.y() + (row.heading ? 0.3 * size_ : 0);
        const std::vector<std::string> lines = label_lines(row);
        const double above = stacked_ && !row.heading ? scale_.small_line * static_cast<double>(lines.size()) : 0;
        // Beside a label of several lines the interval is in the middle of them.
        const double middle = stacked_ || row.heading ? top + row_height_ / 2 + above : top + (height_of(row)) / 2;
        double baseline = top + row_height_ / 2 + middle_of_letters * size_;
        for (const std::string& line : lines) {
            draw_.text(sheet_.left() + (row.heading ? 0 : indent()), baseline, line, {Anchor::start, row.heading});
            baseline += scale_.small_line;
        }
        if (chart_.guide && stacked_ && !row.heading)
            draw_.line({x(*chart_.guide), middle - 0.5 * row_height_ + scale_.unit},
                       {x(*chart_.guide), middle + 0.5 * row_height_ - scale_.unit}, {faint, 1, "2 2"});
        interval(row, middle);
        const double text = middle + middle_of_letters * size_;
        for (std::size_t k = 0; k < row.left_columns.size(); ++k)
            draw_.text(left_column_end(k), text, row.left_columns[k], {Anchor::end});
        for (std::size_t k = 0; k < row.columns.size(); ++k)
            draw_.text(column_end(k), text, row.columns[k], {Anchor::end});
        sheet_.go_to(sheet_.y() + height_of(row));
    }

    void interval(const IntervalRow& row, double middle) {
        const FigureStyle& style = style_of(row.style);
        if (row.limits) {
            const double from = std::clamp(row.limits->lower, chart_.x.from, chart_.x.to),
                         to = std::clamp(row.limits->upper, chart_.x.from, chart_.x.to);
            draw_.interval({x(from), middle}, {x(to), middle},
                           row.limits->lower<chart_.x.from, row.limits->upper> chart_.x.to, {style.color, 1.3});
        }
        if (!row.value || *row.value < chart_.x.from || *row.value > chart_.x.to) return;
        const Point place{x(*row.value), middle};
        if (row.weight) {
            constexpr double smallest = 0.12;
            const double largest = std::min(0.55 * size_, 0.45 * row_height_);
            draw_.square(place, largest * std::sqrt(std::max(*row.weight, smallest)), style.color);
        } else {
            draw_.symbol(place, style, false);
        }
    }

    void axis() {
        const double y = sheet_.y() + 0.4 * size_, tick_length = 3 * scale_.unit;
        draw_.line({left_, y}, {right_, y});
        double end = -1e9;
        for (const Tick& tick : chart_.x.ticks) {
            const double place = x(tick.at), half = text_width(tick.label, size_) / 2;
            draw_.line({place, y}, {place, y + tick_length});
            if (place - half <= end) continue;
            draw_.text(place, y + 1.5 * tick_length + ascent * size_, tick.label, {Anchor::middle});
            end = place + half + 0.3 * size_;
        }
        sheet_.go_to(y + 0.3 * size_ + scale_.small_line);
        if (has_arrows()) favours();
        const double half = text_width(chart_.x.title, size_) / 2;
        const double centre = std::clamp((left_ + right_) / 2, sheet_.left() + half,
                                         std::max(sheet_.left() + half, sheet_.right() - half));
        draw_.text(centre, sheet_.y() + ascent * size_, chart_.x.title, {Anchor::middle});
        sheet_.go_to(sheet_.y() + scale_.small_line);
    }

    // Which side of the guide is in favour of what: words with arrows.
    void favours() {
        const double guide = x(*chart_.guide), baseline = sheet_.y() + (ascent + 0.55) * size_;
        const double arrow = sheet_.y() + 0.35 * size_, apart = 0.5 * size_;
        const double left_width = text_width(chart_.left_of_guide, size_),
                     right_width = text_width(chart_.right_of_guide, size_);
        const double left_end = std::max(guide - apart, sheet_.left() + left_width);
        const double right_start = std::min(std::max(guide + apart, left_end + apart), sheet_.right() - right_width);
        const Ink pen{ink, 0.8};
        draw_.arrow({guide - apart, arrow}, {std::max(left_, guide - std::max(left_width, 2 * size_)), arrow}, pen);
        draw_.arrow({guide + apart, arrow}, {std::min(right_, guide + std::max(right_width, 2 * size_)), arrow}, pen);
        draw_.text(left_end, baseline, chart_.left_of_guide, {Anchor::end});
        draw_.text(right_start, baseline, chart_.right_of_guide);
        sheet_.go_to(sheet_.y() + 1.5 * scale_.small_line);
    }

    Sheet& sheet_;
    const Scale& scale_;
    Drawing& draw_;
    const RowsChart& chart_;
    double size_;
    std::vector<double> left_widths_, widths_;
    double label_width_ = 0, left_ = 0, right_ = 0, row_height_ = 0;
    bool stacked_ = false;
};

}  // namespace

void draw(Sheet& sheet, const RowsChart& chart) { RowsDrawing(sheet, chart).run(); }

}  // namespace hersurv::render::svg
