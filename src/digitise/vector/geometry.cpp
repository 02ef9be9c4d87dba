// Planes and outlines of vector files.
#include "digitise/vector/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hersurv::digitise {

double Matrix::stretch() const { return std::sqrt(std::abs(a * d - b * c)); }

Matrix combine(const Matrix& outer, const Matrix& inner) {
    return {outer.a * inner.a + outer.c * inner.b,           outer.b * inner.a + outer.d * inner.b,
            outer.a * inner.c + outer.c * inner.d,           outer.b * inner.c + outer.d * inner.d,
            outer.a * inner.e + outer.c * inner.f + outer.e, outer.b * inner.e + outer.d * inner.f + outer.f};
}

Box box_of(const std::vector<Point>& points) {
    if (points.empty()) return {};
    Box box{points[0].x, points[0].y, points[0].x, points[0].y};
    for (const Point& point : points) box = unite(box, {point.x, point.y, point.x, point.y});
    return box;
}

Box box_of(const Outline& outline) {
    Box box{};
    bool first = true;
    for (const Contour& contour : outline) {
        if (contour.points.empty()) continue;
        box = first ? box_of(contour.points) : unite(box, box_of(contour.points));
        first = false;
    }
    return box;
}

Box intersect(const Box& first, const Box& second) {
    Box box{std::max(first.left, second.left), std::max(first.top, second.top), std::min(first.right, second.right),
            std::min(first.bottom, second.bottom)};
    box.right = std::max(box.right, box.left);
    box.bottom = std::max(box.bottom, box.top);
    return box;
}

Box unite(const Box& first, const Box& second) {
    return {std::min(first.left, second.left), std::min(first.top, second.top), std::max(first.right, second.right),
            std::max(first.bottom, second.bottom)};
}

void OutlineBuilder::push(Point point) {
    outline_.back().points.push_back(matrix_.apply(point));
    current_ = point;
    ++points_;
}

void OutlineBuilder::move(Point to) {
    current_ = start_ = to;
    has_point_ = true;
    open_ = false;
}

void OutlineBuilder::line(Point to) {
    if (!open_) {
        outline_.emplace_back();
        push(current_);
        open_ = true;
    }
    push(to);
}

void OutlineBuilder::cubic(Point first, Point second, Point to) {
    const Point from = current_;
    // Pieces of a quarter of a circle that are off by less than 0.2% of its radius.
    constexpr int pieces = 8;
    for (int piece = 1; piece <= pieces; ++piece) {
        const double t = static_cast<double>(piece) / pieces, u = 1 - t;
        const double weight_0 = u * u * u, weight_1 = 3 * u * u * t, weight_2 = 3 * u * t * t, weight_3 = t * t * t;
        line({weight_0 * from.x + weight_1 * first.x + weight_2 * second.x + weight_3 * to.x,
              weight_0 * from.y + weight_1 * first.y + weight_2 * second.y + weight_3 * to.y});
    }
    current_ = to;
}

void OutlineBuilder::quadratic(Point control, Point to) {
    const Point from = current_;
    cubic({from.x + 2.0 / 3 * (control.x - from.x), from.y + 2.0 / 3 * (control.y - from.y)},
          {to.x + 2.0 / 3 * (control.x - to.x), to.y + 2.0 / 3 * (control.y - to.y)}, to);
}

void OutlineBuilder::arc(double radius_x, double radius_y, double rotation_degrees, bool large, bool sweep, Point to) {
    const Point from = current_;
    radius_x = std::abs(radius_x);
    radius_y = std::abs(radius_y);
    if (radius_x == 0 || radius_y == 0 || (from.x == to.x && from.y == to.y)) {
        line(to);
        return;
    }
    const double angle = rotation_degrees * std::numbers::pi / 180, cosine = std::cos(angle), sine = std::sin(angle);
    const double half_x = (from.x - to.x) / 2, half_y = (from.y - to.y) / 2;
    const double x = cosine * half_x + sine * half_y, y = -sine * half_x + cosine * half_y;
    const double excess = x * x / (radius_x * radius_x) + y * y / (radius_y * radius_y);
    if (excess > 1) {
        radius_x *= std::sqrt(excess);
        radius_y *= std::sqrt(excess);
    }
    const double square_x = radius_x * radius_x, square_y = radius_y * radius_y,
                 below = square_x * y * y + square_y * x * x;
    double factor = below > 0 ? std::sqrt(std::max(0.0, (square_x * square_y - below) / below)) : 0;
    if (large == sweep) factor = -factor;
    const double centre_x = factor * radius_x * y / radius_y, centre_y = -factor * radius_y * x / radius_x;
    const double start = std::atan2((y - centre_y) / radius_y, (x - centre_x) / radius_x);
    double turn = std::atan2((-y - centre_y) / radius_y, (-x - centre_x) / radius_x) - start;
    if (sweep && turn < 0) turn += 2 * std::numbers::pi;
    if (!sweep && turn > 0) turn -= 2 * std::numbers::pi;
    const double middle_x = (from.x + to.x) / 2, middle_y = (from.y + to.y) / 2;
    constexpr int pieces = 24;
    for (int piece = 1; piece <= pieces; ++piece) {
        const double at = start + turn * piece / pieces;
        const double u = radius_x * std::cos(at) + centre_x, v = radius_y * std::sin(at) + centre_y;
        line({cosine * u - sine * v + middle_x, sine * u + cosine * v + middle_y});
    }
    current_ = to;
}

void OutlineBuilder::close() {
    if (open_) outline_.back().closed = true;
    open_ = false;
    current_ = start_;
}

void OutlineBuilder::rectangle(double x, double y, double width, double height) {
    move({x, y});
    line({x + width, y});
    line({x + width, y + height});
    line({x, y + height});
    close();
}

void OutlineBuilder::ellipse(Point centre, double radius_x, double radius_y) {
    move({centre.x + radius_x, centre.y});
    arc(radius_x, radius_y, 0, false, true, {centre.x - radius_x, centre.y});
    arc(radius_x, radius_y, 0, false, true, {centre.x + radius_x, centre.y});
    close();
}

Outline OutlineBuilder::take() {
    Outline taken;
    taken.swap(outline_);
    has_point_ = open_ = false;
    points_ = 0;
    return taken;
}

}  // namespace hersurv::digitise
