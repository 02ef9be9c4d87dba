// What is known of a curve before its numbers: mean and covariance of y = logit(1 - S) against u = log(t / median).
#pragma once

#include <Eigen/Core>

#include "evidence/constants.hpp"
#include <cmath>
#include <cstddef>
#include <vector>

namespace hersurv::process {

// S of y = logit(1 - S).
[[nodiscard]] inline double survival_of(double y) { return 1 / (1 + std::exp(y)); }

// Natural cubic spline through (knot, value), linear outside; B(0) = 0.
class NaturalSpline {
  public:
    NaturalSpline(const std::vector<double>& knots, const std::vector<double>& values);
    [[nodiscard]] double operator()(double x) const;

  private:
    [[nodiscard]] double through_knots(double x) const;

    std::vector<double> knots_, values_, second_;  // second derivatives at the knots
    double at_zero_ = 0;
};

// A time of an arm in the coordinates of the kernel; each exponential is taken once.
struct Point {
    std::size_t arm = 0;
    double u = 0;
    double square = 0;                          // min(u^2, most)
    double grown = 1, shrunk = 1, decayed = 1;  // exp(u / length), exp(-u / length), exp(-|u| / length)
    double survival = 0.5;                      // plug-in S
    double per_survival = 2, per_event = 2;     // 1/S, 1/(1 - S)
    double inner = 4;                           // covariance with S(median): 2/S or 2/(1 - S)
};

// Points whose arms follow one another, by coordinate: what a point has in common with all of them takes one pass of
// vector instructions.
class PointColumns {
  public:
    PointColumns() = default;
    explicit PointColumns(const std::vector<Point>& points);

  private:
    friend class Prior;
    struct Block {
        std::size_t arm;
        Eigen::Index begin, size;
    };
    std::vector<Block> blocks_;
    // Squares of the points before and after the median, 0 for the others.
    Eigen::ArrayXd u_, square_before_, square_after_, grown_, shrunk_, decayed_, per_survival_, per_event_, inner_;
};

// Whether a curve is like those that the constants were learnt on.
enum class KindOfCurve { usual, unusual };

class Prior {
  public:
    explicit Prior(const evidence::ProcessConstants& constants, KindOfCurve kind = KindOfCurve::usual);

    // Of this kind among all curves.
    [[nodiscard]] double share() const { return share_; }

    [[nodiscard]] double mean(double u, double median_months) const;
    [[nodiscard]] Point point(std::size_t arm, double time_months, double median_months) const;
    // `noise` = noise_per_patient / n of the arm, `rounding` = variance that the rounding of its median gives; both
    // only within an arm.
    [[nodiscard]] double covariance(const Point& a, const Point& b, double noise, double rounding) const;
    // With each of `others`; noise and rounding of the arm of `a`.
    [[nodiscard]] Eigen::VectorXd covariances(const Point& a, const PointColumns& others, double noise,
                                              double rounding) const;

  private:
    const evidence::ProcessConstants& constants_;
    NaturalSpline spline_;
    double share_, slope_variance_, curvature_variance_, walk_variance_, wiggle_variance_, arm_correlation_;
};

}  // namespace hersurv::process
