// Tells falling from rising courses by least squares, whatever their scale.
#include "patients/figure_course.hpp"

#include "support/antitonic.hpp"
#include <algorithm>
#include <cmath>
#include <vector>

namespace hersurv::patients {
namespace {

std::vector<CoursePoint> by_time(std::span<const CoursePoint> points) {
    std::vector<CoursePoint> sorted(points.begin(), points.end());
    std::ranges::stable_sort(sorted, {}, &CoursePoint::time);
    return sorted;
}

double distance_to_falling(const std::vector<double>& values) {
    const std::vector<double> falling = support::antitonic(values);
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += (values[i] - falling[i]) * (values[i] - falling[i]);
    return sum;
}

// Whether the values rise by most of their range, from a low start, and hardly ever fall.
bool rises(const std::vector<CoursePoint>& points) {
    std::vector<double> values, negated;
    for (const CoursePoint& point : points) {
        values.push_back(point.value);
        negated.push_back(-point.value);
    }
    const auto [least, most] = std::ranges::minmax(values);
    const double range = most - least;
    if (!(range > 0)) return false;
    // Means of the first and the last tenth: one bad point does not decide.
    const std::size_t tenth = std::max<std::size_t>(1, values.size() / 10);
    double first = 0, last = 0;
    for (std::size_t i = 0; i < tenth; ++i) {
        first += values[i] / static_cast<double>(tenth);
        last += values[values.size() - 1 - i] / static_cast<double>(tenth);
    }
    constexpr double low_start = 0.7, most_of_range = 0.5, clearly = 0.25;
    return first <= low_start * most && last - first >= most_of_range * range &&
           distance_to_falling(negated) < clearly * distance_to_falling(values);
}

// Whether a survival curve comes out with times and values exchanged that begins with everybody alive, while as they
// are, they begin late and with few.
bool exchanged(const std::vector<CoursePoint>& points) {
    constexpr double near_one = 0.05, beyond = 0.03, near_start = 0.02;
    const double latest = points.back().time;
    if (!(latest > 0)) return false;
    const double scale = latest <= 1 + beyond ? 1 : 100;
    if (std::abs(latest - scale) > near_one * scale) return false;
    double most_value = 0;
    for (const CoursePoint& point : points) {
        if (point.time < -beyond * scale || point.value < 0) return false;
        most_value = std::max(most_value, point.value);
    }
    // As shares or as percent they would be a curve as they are.
    const bool starts_high = points.front().value >= 0.9 * (most_value <= 1 + beyond ? 1 : 100);
    if (starts_high || points.front().time <= near_start * latest || most_value <= 1 + beyond) return false;
    std::vector<double> values;
    for (const CoursePoint& point : points) values.push_back(point.value);
    constexpr double hardly = 0.01;  // of the squared range
    return points.back().value <= near_start * most_value &&
           distance_to_falling(values) <= hardly * most_value * most_value * static_cast<double>(values.size());
}

}  // namespace

Course course_of(std::span<const CoursePoint> points) {
    const std::vector<CoursePoint> sorted = by_time(points);
    if (exchanged(sorted)) return Course::exchanged;
    if (rises(sorted)) return Course::incidence;
    return Course::survival;
}

}  // namespace hersurv::patients
