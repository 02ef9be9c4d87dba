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
        y_title_ = {chart_.y.title};
        place_columns();
        // A title that is longer than its axis is broken.
        const Box axes = frame_below(top_ + key.height()).plot;
        y_title_ = wrap_to_width(chart_.y.title, size_, axes.bottom - axes.top + size_);
        place_columns();
        // Inside the axes, in the corner that survival curves leave free, if the key has room there; else above.
        if (!key.wrapped()) {
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
        key.draw(sheet_.draw, sheet_.left(), sheet_.y());
        const PanelFrame frame = frame_below(top_ + key.height());
        Panel panel(sheet_.draw, scale_, chart_, frame);
        finish(panel, frame);
    }

  private:
    static constexpr double widest_name_share = 0.27, widest_label_share = 0.28, least_width = 12, least_height = 7;

    [[nodiscard]] double title_height() const { return chart_.x.title.empty() ? 0 : scale_.small_line; }
    [[nodiscard]] double below() const {
        double height = 1.3 * scale_.small_line + title_height();
        if (!chart_.rows.empty())
            height += scale_.small_line * (1.3 + (names_above_ ? 2.0 : 1.0) * static_cast<double>(chart_.rows.size()));
        return height;
    }

    void place_columns() {
        double names = 0, cells = 0;
        for (const TickRow& row : chart_.rows) {
            names = std::max(names, text_width(row.name, size_, true));
            if (!row.cells.empty()) cells = std::max(cells, text_width(row.cells.front(), size_) / 2);
        }
        names_above_ = names > widest_name_share * sheet_.width();
        const double labels = 1.5 * size_ + widest(chart_.y.ticks, size_) + 0.9 * size_ +
                              scale_.small_line * static_cast<double>(y_title_.size() - 1);
        left_ = sheet_.left() + std::max(labels, chart_.rows.empty() || names_above_ ? cells : names + cells + size_);
        for (const Line& line : chart_.lines)
            label_ = std::max(label_,
                              std::min(text_width(line.name, size_, true) + 0.1, widest_label_share * sheet_.width()));
        // Names beside curves that end early lie inside the axes.
        double width = sheet_.right() - left_ - 0.5 * size_;
        for (const Line& line : chart_.lines) {
            if (line.vertices.empty()) continue;
            const double end = std::clamp(chart_.x.place(line.vertices.back().x), 0.05, 1.0);
            const double own = std::min(text_width(line.name, size_, true) + 0.1, label_);
            width = std::min(width, (sheet_.right() - left_ - own - 1.5 * size_) / end);
        }
        sheet_.require_width(width, least_width * size_);
        right_ = left_ + width;
    }

    [[nodiscard]] PanelFrame frame_below(double top) const {
        const double bottom = sheet_.bottom_of_chart(top + least_height * size_ + below()) - below();
        // A figure whose height is not given keeps the proportions of its axes.
        const double least = sheet_.has_given_height() ? bottom : top + 0.42 * (right_ - left_);
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
        if (chart_.rows.empty()) return;
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
    bool names_above_ = false;
    std::vector<std::string> y_title_;  // lines
};

}  // namespace

void draw(Sheet& sheet, const CurvesChart& chart) { CurvesDrawing(sheet, chart).run(); }

}  // namespace hersurv::render::svg
