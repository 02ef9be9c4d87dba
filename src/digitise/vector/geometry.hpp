// Planes and outlines of vector files: the matrix of a coordinate system, and a path whose curves become straight
// pieces.
#pragma once

#include "digitise/drawing.hpp"
#include <cstddef>
#include <vector>

namespace hersurv::digitise {

// x' = a x + c y + e, y' = b x + d y + f, as SVG and PDF write it.
struct Matrix {
    double a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;
    [[nodiscard]] Point apply(Point point) const {
        return {a * point.x + c * point.y + e, b * point.x + d * point.y + f};
    }
    // The length of what is one unit long before, on average over its directions.
    [[nodiscard]] double stretch() const;
};

// What `inner` and then `outer` do.
[[nodiscard]] Matrix combine(const Matrix& outer, const Matrix& inner);

struct Contour {
    std::vector<Point> points{};
    bool closed = false;
};

// The parts of one path, in the units of the page.
using Outline = std::vector<Contour>;

[[nodiscard]] Box box_of(const std::vector<Point>& points);
[[nodiscard]] Box box_of(const Outline& outline);
[[nodiscard]] Box intersect(const Box& first, const Box& second);
[[nodiscard]] Box unite(const Box& first, const Box& second);

// Collects a path that is given in the coordinates of `matrix`.
class OutlineBuilder {
  public:
    explicit OutlineBuilder(const Matrix& matrix) : matrix_(matrix) {}
    void move(Point to);
    void line(Point to);
    void cubic(Point first, Point second, Point to);
    void quadratic(Point control, Point to);
    // An elliptical arc as SVG 2, appendix B.2.4 has it.
    void arc(double radius_x, double radius_y, double rotation_degrees, bool large, bool sweep, Point to);
    void close();
    void rectangle(double x, double y, double width, double height);
    void ellipse(Point centre, double radius_x, double radius_y);
    [[nodiscard]] Point current() const { return current_; }
    [[nodiscard]] bool has_point() const { return has_point_; }
    [[nodiscard]] std::size_t size() const { return points_; }
    // Gives away what was collected and starts anew.
    [[nodiscard]] Outline take();

  private:
    void push(Point point);

    Matrix matrix_;
    Outline outline_{};
    Point current_{};
    Point start_{};
    bool has_point_ = false;
    bool open_ = false;  // a contour is begun that `line` can go on with
    std::size_t points_ = 0;
};

}  // namespace hersurv::digitise
