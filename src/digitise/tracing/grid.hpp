// The part of a raster picture in which curves run, and grids of values over its pixels.
#pragma once

#include "digitise/calibration.hpp"
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hersurv::digitise::tracing {

// Difference of a pixel to the ground: red, green, blue.
struct Ink {
    float red = 0, green = 0, blue = 0;

    Ink operator+(const Ink& other) const { return {red + other.red, green + other.green, blue + other.blue}; }
    Ink operator-(const Ink& other) const { return {red - other.red, green - other.green, blue - other.blue}; }
    Ink operator*(float factor) const { return {red * factor, green * factor, blue * factor}; }
    [[nodiscard]] float dot(const Ink& other) const {
        return red * other.red + green * other.green + blue * other.blue;
    }
    [[nodiscard]] float length() const { return std::sqrt(dot(*this)); }
};

template <typename Value>
class Grid {
  public:
    Grid() = default;
    Grid(int width, int height, Value value = {})
        : width_(width), height_(height), values_(static_cast<std::size_t>(width) * height, value) {}
    [[nodiscard]] int width() const { return width_; }
    [[nodiscard]] int height() const { return height_; }
    Value& operator()(int x, int y) { return values_[static_cast<std::size_t>(y) * width_ + x]; }
    const Value& operator()(int x, int y) const { return values_[static_cast<std::size_t>(y) * width_ + x]; }
    [[nodiscard]] bool inside(int x, int y) const { return x >= 0 && y >= 0 && x < width_ && y < height_; }

  private:
    int width_ = 0, height_ = 0;
    std::vector<Value> values_{};
};

// Inks in half the memory, rounded to `step`.
class InkGrid {
  public:
    InkGrid() = default;
    InkGrid(int width, int height, float step) : step_(step), steps_(width, height) {}
    [[nodiscard]] int width() const { return steps_.width(); }
    [[nodiscard]] int height() const { return steps_.height(); }
    [[nodiscard]] bool inside(int x, int y) const { return steps_.inside(x, y); }
    Ink operator()(int x, int y) const {
        const std::array<std::int16_t, 3>& at = steps_(x, y);
        return {static_cast<float>(at[0]) * step_, static_cast<float>(at[1]) * step_,
                static_cast<float>(at[2]) * step_};
    }
    void set(int x, int y, const Ink& ink) {
        const auto steps = [this](float value) {
            const float scaled = value / step_;
            return static_cast<std::int16_t>(scaled + (scaled < 0 ? -.5F : .5F));
        };
        steps_(x, y) = {steps(ink.red), steps(ink.green), steps(ink.blue)};
    }

  private:
    float step_ = 1;
    Grid<std::array<std::int16_t, 3>> steps_{};
};

// The pixels of a panel, from time 0 to its right edge. For curves that rise (cumulative incidence) it is upside down,
// so that every curve falls.
struct PanelPixels {
    int left = 0, top = 0;  // of the raster
    bool flipped = false;
    Grid<Colour> colours{};  // as they are
    double start_row = 0;    // where a curve begins: S = 1 (or the incidence 0, flipped)
    double end_row = 0;      // the other end of the survival axis
    double zero_column = 0;  // time 0
    double unit_rows = 1;    // pixels from S = 1 to S = 0

    [[nodiscard]] int width() const { return colours.width(); }
    [[nodiscard]] int height() const { return colours.height(); }
    [[nodiscard]] Ink pixel(int x, int y) const {
        const Colour& colour = colours(x, y);
        return {static_cast<float>(colour.red), static_cast<float>(colour.green), static_cast<float>(colour.blue)};
    }
};

PanelPixels cut_canvas(const Raster& raster, const Axes& axes, bool failure);

}  // namespace hersurv::digitise::tracing
