// Pictures of step curves, drawn pixel by pixel, whose truth is known exactly.
#pragma once

#include "digitise/curves.hpp"
#include <algorithm>
#include <cmath>
#include <vector>

namespace drawn {

using hersurv::digitise::Axes;
using hersurv::digitise::Box;
using hersurv::digitise::Colour;
using hersurv::digitise::Drawing;
using hersurv::digitise::Step;

inline constexpr Colour white{255, 255, 255}, black{0, 0, 0}, blue{0, 114, 181}, red{188, 60, 41};

// A panel of 600 x 400 px at (60, 40): time 0 to 30 to the right, survival 1 at the top.
class PanelPicture {
  public:
    explicit PanelPicture(Colour ground = white) {
        drawing_.width = 720, drawing_.height = 500;
        drawing_.raster.emplace();
        drawing_.raster->width = 720, drawing_.raster->height = 500;
        drawing_.raster->pixels.assign(std::size_t{720} * 500, ground);
        axes_.time.origin = 60, axes_.time.per_unit = 20;
        axes_.survival.origin = 440, axes_.survival.per_unit = -400;
        axes_.panel = {60, 36, 664, 444};
    }
    // Mixes the colour into every pixel by the share of it that the box covers.
    void fill(const Box& box, Colour colour, double opacity = 1) {
        for (int y = std::max(0, static_cast<int>(box.top)); y < std::min(500.0, std::ceil(box.bottom)); ++y)
            for (int x = std::max(0, static_cast<int>(box.left)); x < std::min(720.0, std::ceil(box.right)); ++x) {
                const double covered = (std::min(box.right, x + 1.0) - std::max(box.left, x + 0.0)) *
                                       (std::min(box.bottom, y + 1.0) - std::max(box.top, y + 0.0)) * opacity;
                if (covered <= 0) continue;
                Colour& pixel = drawing_.raster->pixels[static_cast<std::size_t>(y) * 720 + x];
                const auto mix = [&](std::uint8_t from, std::uint8_t to) {
                    return static_cast<std::uint8_t>(std::lround(from + (to - from) * covered));
                };
                pixel = {mix(pixel.red, colour.red), mix(pixel.green, colour.green), mix(pixel.blue, colour.blue)};
            }
    }
    // Dashes of `on` px with gaps of `off` px; `off` 0: solid.
    void curve(const std::vector<Step>& steps, double until, Colour colour, double thickness = 2, double on = 8,
               double off = 0) {
        double walked = 0;
        const auto line = [&](double x0, double y0, double x1, double y1) {
            const double length = std::abs(x1 - x0) + std::abs(y1 - y0), half = thickness / 2;
            for (double from = 0; from < length;) {
                const double phase = off > 0 ? std::fmod(walked + from, on + off) : 0;
                const double to =
                    off > 0 ? std::min(length, from + (phase < on ? on - phase : on + off - phase)) : length;
                if (off <= 0 || phase < on) {
                    if (y0 == y1)
                        fill({x0 + from, y0 - half, x0 + to, y0 + half}, colour);
                    else
                        fill({x0 - half, y0 + from, x0 + half, y0 + to}, colour);
                }
                from = to + 1e-9;
            }
            walked += length;
        };
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const double x = axes_.time.position(steps[i].time), y = axes_.survival.position(steps[i].survival);
            if (i > 0) line(x, axes_.survival.position(steps[i - 1].survival), x, y);
            line(x, y, axes_.time.position(i + 1 < steps.size() ? steps[i + 1].time : until), y);
        }
    }
    void band(const std::vector<Step>& steps, double until, double half, Colour colour) {
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const double to = i + 1 < steps.size() ? steps[i + 1].time : until;
            const double wide = half * std::min(1.0, (steps[i].time + to) / 20);
            fill({axes_.time.position(steps[i].time), axes_.survival.position(std::min(1.0, steps[i].survival + wide)),
                  axes_.time.position(to), axes_.survival.position(std::max(0.0, steps[i].survival - wide))},
                 colour, .2);
        }
    }
    void frame() {
        fill({59, 440, 661, 441}, black);
        fill({59, 39, 60, 441}, black);
    }
    [[nodiscard]] Drawing& drawing() { return drawing_; }
    [[nodiscard]] const Axes& axes() const { return axes_; }

  private:
    Drawing drawing_{};
    Axes axes_{};
};

// n even drops, from S = 1 to `last` at time 28.
inline std::vector<Step> staircase(int n, double last, double shift = 0) {
    std::vector<Step> steps{{0, 1}};
    for (int i = 1; i <= n; ++i) steps.push_back({28.0 * (i - .5) / n + shift, 1 - (1 - last) * i / n});
    return steps;
}

inline double value_at(const std::vector<Step>& steps, double time) {
    const auto next =
        std::upper_bound(steps.begin(), steps.end(), time, [](double t, const Step& step) { return t < step.time; });
    return next == steps.begin() ? 1 : std::prev(next)->survival;
}

// Mean absolute difference over (0, until].
inline double difference(const std::vector<Step>& one, const std::vector<Step>& other, double until) {
    double sum = 0;
    for (int i = 0; i < 3000; ++i)
        sum += std::abs(value_at(one, (i + .5) / 3000 * until) - value_at(other, (i + .5) / 3000 * until));
    return sum / 3000;
}

}  // namespace drawn
