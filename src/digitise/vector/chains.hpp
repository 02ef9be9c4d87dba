// Lines of a vector file that never rise along the time axis: what curves are made of.
#pragma once

#include "digitise/curves.hpp"
#include "digitise/vector/geometry.hpp"
#include <vector>

namespace hersurv::digitise {

// How a line is drawn.
struct LineStyle {
    Colour colour{};
    double width = 0;
    std::vector<double> dashes{};
};
[[nodiscard]] bool same_style(const LineStyle& first, const LineStyle& second);

// Points of the page from left to right; `down` is 1 if the curve falls on the page, -1 for cumulative incidence.
struct Chain {
    std::vector<Point> points{};
    LineStyle style{};
    std::optional<Box> clip{};
    std::vector<std::size_t> paths{};  // of the drawing, that it was joined from
    double bridged = 0;                // length of the gaps between its parts
};

// What turns points of the page to those of the figure. `share` falls from 1 also for curves that rise from 0.
class CurveFrame {
  public:
    CurveFrame(const Axes& axes, bool failure) : axes_(axes), failure_(failure) {}
    [[nodiscard]] double time(double x) const { return axes_.time.value(x); }
    [[nodiscard]] double share(double y) const {
        const double value = axes_.survival.value(y);
        return failure_ ? 1 - value : value;
    }
    [[nodiscard]] double x(double time) const { return axes_.time.position(time); }
    [[nodiscard]] double y(double share) const { return axes_.survival.position(failure_ ? 1 - share : share); }
    // From 0 to the last label.
    [[nodiscard]] double time_range() const;
    [[nodiscard]] double down() const { return failure_ ? -1 : 1; }
    // Where curves may run: the panel, and where it is thought smaller all from time 0 to the last label, and S = 1.
    [[nodiscard]] Box area() const;

  private:
    const Axes& axes_;
    bool failure_;
};

// Every line that begins where curves begin, as far as it goes, its pieces joined; frames and axes are left out.
[[nodiscard]] std::vector<Chain> find_chains(const Drawing& drawing, const CurveFrame& frame);

// The lowest share and the highest one that the line has at a place (the same but at a drop); nullopt before and behind
// it.
struct SpanAt {
    double high = 1, low = 1;
};
[[nodiscard]] std::optional<SpanAt> span_at(const Chain& chain, const CurveFrame& frame, double x, double slack);

// S(t) as steps from (0, 1); `ends_at` is set to the end of the line, or to where it leaves the panel.
[[nodiscard]] std::vector<Step> steps_of(const Chain& chain, const CurveFrame& frame, double& ends_at);

// Which chains are confidence limits of another one.
[[nodiscard]] std::vector<bool> find_limits(const std::vector<Chain>& chains, const CurveFrame& frame);

// Times of the censor marks of each chain, ascending.
[[nodiscard]] std::vector<std::vector<double>> find_marks(const Drawing& drawing, const std::vector<Chain>& curves,
                                                          const CurveFrame& frame);

}  // namespace hersurv::digitise
