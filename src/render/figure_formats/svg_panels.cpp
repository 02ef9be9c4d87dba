// Several charts of curves in a grid with common axes, as SVG.
#include "render/figure_formats/svg_panel.hpp"
#include <algorithm>
#include <cmath>
#include <set>

namespace hersurv::render::svg {

void draw(Sheet& sheet, const PanelsChart& chart);

namespace {

class PanelsDrawing {
  public:
    PanelsDrawing(Sheet& sheet, const PanelsChart& chart)
        : sheet_(sheet), scale_(sheet.scale()), chart_(chart), size_(scale_.small) {}

    void run() {
        if (chart_.panels.empty()) return;
        const CurvesChart& first = chart_.panels.front();
        common_key();
        left_ = sheet_.left() + 1.5 * size_ + widest(first.y.ticks, size_) + 0.9 * size_;
        choose_grid();
        const double top = sheet_.y();
        const double foot = 1.3 * scale_.small_line + scale_.small_line;
        const double least = top + static_cast<double>(n_rows_) * (head_ + least_height * size_ + gap()) + foot;
        const double bottom = sheet_.bottom_of_chart(least) - foot;
        height_ = (bottom - top) / static_cast<double>(n_rows_) - head_ - gap();
        for (std::size_t k = 0; k < chart_.panels.size(); ++k) panel(k, top);
        sheet_.draw.turned_text(sheet_.left() + ascent * size_, (top + bottom) / 2, first.y.title);
        sheet_.draw.text((left_ + sheet_.right()) / 2, bottom + 1.3 * scale_.small_line + ascent * size_, first.x.title,
                         {Anchor::middle});
        sheet_.go_to(bottom + foot);
    }

  private:
    static constexpr double least_width = 11, least_height = 5, usual_shape = 1.4;

    [[nodiscard]] double gap() const { return 0.9 * size_; }

    // Of lines that all panels share, and of the strokes.
    void common_key() {
        Key key(scale_, sheet_.right() - sheet_.left());
        StrokeMeanings strokes;
        std::set<std::size_t> styles;
        for (const CurvesChart& panel : chart_.panels) {
            if (chart_.shared_key)
                for (const Line& line : panel.lines)
                    if (styles.insert(line.style).second) key.add(line, panel.marks);
            if (!panel.strokes.solid.empty()) strokes.solid = panel.strokes.solid;
            if (!panel.strokes.dotted.empty()) strokes.dotted = panel.strokes.dotted;
            if (!panel.strokes.dashed.empty()) strokes.dashed = panel.strokes.dashed;
        }
        key.add(strokes);
        key.draw(sheet_.draw, sheet_.left(), sheet_.y());
        sheet_.go_to(sheet_.y() + key.height() + 0.5 * size_);
    }

    // As many columns as give panels their usual shape in the height that is there.
    void choose_grid() {
        const std::size_t n = chart_.panels.size();
        std::size_t most_lines = 0;
        for (const CurvesChart& panel : chart_.panels) most_lines = std::max(most_lines, panel.lines.size());
        head_ = scale_.small_line * (1.3 + (chart_.shared_key ? 0 : static_cast<double>(most_lines)));
        const double width = sheet_.right() - left_;
        sheet_.require_width(width, least_width * size_);
        double best = 1e9;
        for (std::size_t columns = 1; columns <= n; ++columns) {
            const std::size_t rows = (n + columns - 1) / columns;
            const double each = (width + gap()) / static_cast<double>(columns) - 2 * gap();
            if (columns > 1 && each < least_width * size_) break;
            const double needed = sheet_.y() + static_cast<double>(rows) * (head_ + least_height * size_ + gap()) +
                                  2.3 * scale_.small_line;
            const double high = (room_below(needed) - sheet_.y()) / static_cast<double>(rows) - head_ - gap();
            const double cost = std::abs(std::log(each / std::max(high, 1.0) / usual_shape)) +
                                0.15 * static_cast<double>(rows * columns - n) +
                                (high < least_height * size_ - 0.1 ? 1e3 * static_cast<double>(rows) : 0);
            if (cost >= best) continue;
            best = cost;
            n_columns_ = columns;
            n_rows_ = rows;
        }
        column_ = (width + gap()) / static_cast<double>(n_columns_);
    }

    // Without an error, for layouts that are only tried.
    [[nodiscard]] double room_below(double needed) const {
        return sheet_.bottom_of_chart(sheet_.has_given_height() ? sheet_.y() : needed) - 2.3 * scale_.small_line;
    }

    void panel(std::size_t index, double top) {
        const CurvesChart& chart = chart_.panels[index];
        const std::size_t row = index / n_columns_, column = index % n_columns_;
        const double left = left_ + static_cast<double>(column) * column_,
                     above = top + static_cast<double>(row) * (head_ + height_ + gap());
        const double right = left + column_ - 2 * gap();
        double y = above;
        const auto write = [&](const std::string& text, const TextStyle& style) {
            const std::string shown = shortened_to_width(text, size_, column_ - 1.2 * gap(), style.bold);
            sheet_.draw.text(left, y + ascent * size_, shown, style);
            y += scale_.small_line;
        };
        write(chart.title, {Anchor::start, true});
        if (!chart_.shared_key)
            for (const Line& line : chart.lines)
                write(line.name + (line.note.empty() ? "" : " " + line.note),
                      {Anchor::start, false, style_of(line.style).text_color});
        const bool last = index + n_columns_ >= chart_.panels.size();
        const PanelFrame frame{{left, above + head_, right, above + head_ + height_}, last, column == 0, true, 0, 0};
        Panel(sheet_.draw, scale_, chart, frame).run();
    }

    Sheet& sheet_;
    const Scale& scale_;
    const PanelsChart& chart_;
    double size_;
    std::size_t n_columns_ = 1, n_rows_ = 1;
    double left_ = 0, column_ = 0, head_ = 0, height_ = 0;
};

}  // namespace

void draw(Sheet& sheet, const PanelsChart& chart) { PanelsDrawing(sheet, chart).run(); }

}  // namespace hersurv::render::svg
