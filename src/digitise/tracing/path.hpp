// The cheapest way of a curve through its panel: from S = 1 at time 0, never rising.
#pragma once

#include "digitise/tracing/strokes.hpp"

namespace hersurv::digitise::tracing {

// Row of the path in each column: where it comes in from the left and where it leaves to the right, below.
struct CurvePath {
    int first = 0;  // column at which it begins
    std::vector<int> enters{}, leaves{};
    double cost = 0;  // mean over its columns
    [[nodiscard]] int end() const { return first + static_cast<int>(enters.size()); }
    [[nodiscard]] bool empty() const { return enters.empty(); }
};

// What is owned near a path: all that is asked of it once the path is found, in little memory.
class InkAlongPath {
  public:
    InkAlongPath() = default;
    InkAlongPath(const Ownership& ink, const CurvePath& path, int reach);
    [[nodiscard]] bool inside(int x, int y) const { return at(x, y) != nullptr; }
    [[nodiscard]] float own(int x, int y) const { return share(x, y, 0); }
    [[nodiscard]] float foreign(int x, int y) const { return share(x, y, 1); }

  private:
    struct Column {
        int top = 0, rows = 0;
        std::size_t from = 0;
    };
    [[nodiscard]] const std::array<float, 2>* at(int x, int y) const {
        if (x < first_ || x - first_ >= static_cast<int>(columns_.size())) return nullptr;
        const Column& column = columns_[x - first_];
        return y < column.top || y >= column.top + column.rows ? nullptr : &shares_[column.from + y - column.top];
    }
    [[nodiscard]] float share(int x, int y, int which) const {
        const std::array<float, 2>* found = at(x, y);
        return found != nullptr ? (*found)[which] : 0;
    }
    int first_ = 0;
    std::vector<Column> columns_{};
    std::vector<std::array<float, 2>> shares_{};  // own, foreign
};

// A place that a path must pass: within `slack` rows of `row` in its column.
struct Gate {
    int column = 0;
    double row = 0, slack = 0;
};

struct PathOptions {
    double start_row = 0;
    int start_column = 0;
    int gap = 0;  // px between dashes that are bridged
    std::vector<Gate> gates{};
    float foreign_cost = .2F;  // of a column on ink of another line
};

// From which strength on a pixel is ink of a line.
inline constexpr float on_ink = .35F;

CurvePath cheapest_path(const Ownership& ink, const PathOptions& options);

}  // namespace hersurv::digitise::tracing
