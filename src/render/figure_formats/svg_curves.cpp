// One chart of curves with its key and the numbers below it, as SVG.
#include "render/figure_formats/svg_panel.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::render::svg {

void draw(Sheet& sheet, const CurvesChart& chart);

namespace {

class CurvesDrawing {
  public:
    CurvesDrawing(Sheet& sheet, const CurvesChart& chart)
        : sheet_(sheet), scale_(sheet.scale()), chart_(chart), size_(scale_.small) {}

    void run() {
        Key key(scale_, sheet_.right() - sheet_.left());
        for (const Line& line : chart_.lines) key.add(line, chart_.marks);
        key.add(chart_.strokes);
        top_ = sheet_.y() + 0.7 * size_;
        // A title that is longer than its axis is broken: what is too narrow is so with the lowest axis.
        y_title_ = wrap_to_width(chart_.y.title, size_, (least_height + 1) * size_);
        with_rows_ = !chart_.rows.empty();
        place_columns();
        leave_out_rows_in_a_crowd(top_);
        break_title(top_);
        // Inside the axes, in the corner that survival curves leave free, if the key has room there; else above.
        if (!key.wrapped() && fits_below(top_)) {
            const PanelFrame frame = frame_below(top_);
            const double left = frame.plot.right - key.width() - 0.3 * size_, top = top_ - 0.2 * size_;
            const Box box{left, top, frame.plot.right, top + key.height()};
            Panel panel(sheet_.draw, scale_, chart_, frame);
            if (panel.is_clear(box)) {
                key.draw(sheet_.draw, left, top);
                panel.reserve(box);
                return finish(panel, frame);
            }
        }
        leave_out_rows_in_a_crowd(top_ + key.height());
        break_title(top_ + key.height());
        key.draw(sheet_.draw, sheet_.left(), sheet_.y());
        const PanelFrame frame = frame_below(top_ + key.height());
        Panel panel(sheet_.draw, scale_, chart_, frame);
        finish(panel, frame);
    }

  private:
    static constexpr double widest_name_share = 0.27, widest_label_share = 0.36, least_width = 12, least_height = 7,
                            usual_least_height = 13;

    [[nodiscard]] double title_height() const { return chart_.x.title.empty() ? 0 : scale_.small_line; }
    [[nodiscard]] double below() const {
        const double height = 1.3 * scale_.small_line + title_height();
        if (!with_rows_) return height;
        const std::vector<std::string> title =
            wrap_to_width(chart_.rows_title, size_, sheet_.right() - sheet_.left(), true);
        const double lines =
            static_cast<double>(title.size()) + (names_above_ ? 2.0 : 1.0) * static_cast<double>(chart_.rows.size());
        return height + scale_.small_line * (0.3 + lines);
    }

    void place_columns() {
        double wider = 0;
        while (width_of_axes(sheet_.width() + wider) < least_width * size_) wider += size_ / 4;
        sheet_.require_width(0, wider);
        right_ = left_ + width_of_axes(sheet_.width());
    }

    // In a figure of a given height the curves come first: no rows that would be higher than the axes above them.
    void leave_out_rows_in_a_crowd(double top) {
        if (!with_rows_ || !sheet_.has_given_height()) return;
        if (fits_below(top) && sheet_.bottom_of_chart(least_below(top)) - below() - top >= below()) return;
        with_rows_ = false;
        place_columns();
    }

    // To the height of axes that begin here.
    void break_title(double top) {
        const double height = fits_below(top) ? frame_below(top).plot.bottom - top : least_height * size_;
        y_title_ = wrap_to_width(chart_.y.title, size_, height + size_);
        place_columns();
    }

    // What names and labels leave to the axes on a sheet of this width.
    [[nodiscard]] double width_of_axes(double sheet_width) {
        double names = 0, cells = 0;
        for (const TickRow& row : chart_.rows) {
            if (!with_rows_) break;
            names = std::max(names, text_width(row.name, size_, true));
            if (!row.cells.empty()) cells = std::max(cells, text_width(row.cells.front(), size_) / 2);
        }
        names_above_ = names > widest_name_share * sheet_width;
        const double labels = 1.5 * size_ + widest(chart_.y.ticks, size_) + 0.9 * size_ +
                              scale_.small_line * static_cast<double>(y_title_.size() - 1);
        left_ = sheet_.left() + std::max(labels, !with_rows_ || names_above_ ? cells : names + cells + size_);
        const double room = sheet_width - scale_.margin - left_, widest_label = widest_label_share * sheet_width;
        label_ = 0;
        // Names beside curves that end early lie inside the axes.
        double width = room - 0.5 * size_;
        for (const Line& line : chart_.lines) {
            if (line.vertices.empty()) continue;
            const double end = std::clamp(chart_.x.place(line.vertices.back().x), 0.05, 1.0);
            const double own = std::min(text_width(line.name, size_, true) + 0.1, widest_label);
            label_ = std::max(label_, own);
            width = std::min(width, (room - own - 1.5 * size_) / end);
        }
        return width;
    }

    [[nodiscard]] double least_below(double top) const { return top + least_height * size_ + below(); }
    [[nodiscard]] bool fits_below(double top) const { return sheet_.fits(least_below(top)); }
    [[nodiscard]] PanelFrame frame_below(double top) const {
        const double bottom = sheet_.bottom_of_chart(least_below(top)) - below();
        // A figure whose height is not given keeps the proportions of its axes.
        const double least =
            sheet_.has_given_height() ? bottom : top + std::max(0.42 * (right_ - left_), usual_least_height * size_);
        return {{left_, top, right_, std::max(bottom, least)}, true, true, false, sheet_.right(), label_};
    }

    void finish(Panel& panel, const PanelFrame& frame) {
        panel.run();
        Drawing& draw = sheet_.draw;
        double title = left_ - 1.2 * size_ - widest(chart_.y.ticks, size_) -
                       scale_.small_line * static_cast<double>(y_title_.size() - 1);
        for (const std::string& line : y_title_) {
            draw.turned_text(title, (frame.plot.top + frame.plot.bottom) / 2, line);
            title += scale_.small_line;
        }
        sheet_.go_to(frame.plot.bottom + 1.3 * scale_.small_line);
        if (!chart_.x.title.empty()) {
            draw.text((left_ + right_) / 2, sheet_.y() + ascent * size_, chart_.x.title, {Anchor::middle});
            sheet_.go_to(sheet_.y() + scale_.small_line);
        }
        rows(panel);
    }

    void rows(const Panel& panel) {
        if (!with_rows_) return;
        sheet_.go_to(sheet_.y() + 0.3 * scale_.small_line);
        sheet_.paragraph(chart_.rows_title, {Anchor::start, true});
        Drawing& draw = sheet_.draw;
        for (const TickRow& row : chart_.rows) {
            const std::string name =
                names_above_ ? shortened_to_width(row.name, size_, sheet_.right() - sheet_.left(), true) : row.name;
            draw.text(sheet_.left(), sheet_.y() + ascent * size_, name,
                      {Anchor::start, true, style_of(row.style).text_color});
            if (names_above_) sheet_.go_to(sheet_.y() + scale_.small_line);
            for (std::size_t k = 0; k < row.cells.size(); ++k)
                if (panel.labelled()[k] && !row.cells[k].empty())
                    draw.text(panel.x(chart_.x.ticks[k].at), sheet_.y() + ascent * size_, row.cells[k],
                              {Anchor::middle});
            sheet_.go_to(sheet_.y() + scale_.small_line);
        }
    }

    Sheet& sheet_;
    const Scale& scale_;
    const CurvesChart& chart_;
    double size_;
    double left_ = 0, right_ = 0, top_ = 0, label_ = 0;
    bool with_rows_ = true, names_above_ = false;
    std::vector<std::string> y_title_;  // lines
};

}  // namespace

void draw(Sheet& sheet, const CurvesChart& chart) { CurvesDrawing(sheet, chart).run(); }

}  // namespace hersurv::render::svg
