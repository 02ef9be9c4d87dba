// One pair of axes with its curves, and the key that explains them.
#pragma once

#include "render/figure_formats/svg_sheet.hpp"
#include <cstddef>
#include <string>
#include <vector>

namespace hersurv::render::svg {

struct PanelFrame {
    Box plot;
    bool x_labels = true, y_labels = true;
    bool even_labels = false;  // every second tick, or third, ... has a label; else as many as there is room for
    double label_limit = 0;    // names beside the curves end left of it; 0: no names
    double widest_label = 0;   // of these names
};

class Panel {
  public:
    Panel(Drawing& draw, const Scale& scale, const CurvesChart& chart, const PanelFrame& frame);

    void run();
    // Whether a box inside the axes is off all that is drawn, the bands too.
    [[nodiscard]] bool is_clear(const Box& box) const;
    void reserve(const Box& box) { taken_.push_back(box); }
    [[nodiscard]] double x(double value) const;
    // Of the ticks of the x axis; the others have no room.
    [[nodiscard]] const std::vector<bool>& labelled() const { return labelled_; }

  private:
    [[nodiscard]] double y(double value) const;
    [[nodiscard]] Point at(double x_value, double y_value) const { return {x(x_value), y(y_value)}; }
    [[nodiscard]] double aside_of(const Mark& mark) const;
    void choose_labelled_ticks();
    void choose_every_nth_tick();
    void reserve_marks();
    void axes();
    void band(const Line& line);
    void curve(const Line& line);
    void thin(const ThinLine& line);
    void mark(const Mark& one);
    void labels();
    void label(const Line& line);
    [[nodiscard]] bool is_free(const Box& box, const Line* own, bool off_drops) const;

    Drawing& draw_;
    const Scale& scale_;
    const CurvesChart& chart_;
    PanelFrame frame_;
    std::vector<bool> labelled_;
    std::vector<Box> taken_;
};

[[nodiscard]] std::string_view dashes_of(Stroke stroke);

// Samples of the lines with their names, and what the strokes mean.
class Key {
  public:
    Key(const Scale& scale, double room);
    // With its symbol if published estimates have it.
    void add(const Line& line, const std::vector<Mark>& marks);
    void add(const StrokeMeanings& meanings);

    [[nodiscard]] double width() const { return width_; }
    [[nodiscard]] double height() const { return scale_.small_line * static_cast<double>(rows_.size()); }
    [[nodiscard]] bool wrapped() const { return wrapped_; }
    void draw(Drawing& draw, double left, double top) const;

  private:
    struct Sample {
        double left = 0;
        bool of_line = true;  // of a line with its symbol, else of a stroke
        std::size_t style = 0;
        Stroke stroke = Stroke::solid;
        bool any = true;  // false: text that goes on
        std::string name, note;
        bool has_symbol = false;
    };
    void add_text(const Sample& sample);
    [[nodiscard]] double sample_width() const { return 2.2 * scale_.small; }
    [[nodiscard]] double text_left() const { return 2.7 * scale_.small; }

    const Scale& scale_;
    double room_, width_ = 0;
    bool wrapped_ = false;
    std::vector<std::vector<Sample>> rows_;
};

}  // namespace hersurv::render::svg
