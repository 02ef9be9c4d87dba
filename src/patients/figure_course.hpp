// What the points of one arm are the course of, before anything about them is repaired.
#pragma once

#include <span>

namespace hersurv::patients {

struct CoursePoint {
    double time = 0, value = 0;  // as they are in the file, in any unit and scale
};

enum class Course {
    survival,   // or nothing that can be told from it
    incidence,  // rises from near 0: the share with the event
    exchanged,  // the time column has survival, and the reverse
};
// Needs two points or more, in any order.
[[nodiscard]] Course course_of(std::span<const CoursePoint> points);

}  // namespace hersurv::patients
