// What is known of a curve before its numbers: mean and covariance of y = logit(1 - S) against u = log(t / median), and
// the steps that scan schedules put into a curve of progression.
#pragma once

#include "evidence/constants.hpp"
#include <cstddef>
#include <vector>

namespace hersurv::fit {

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
struct ProcessPoint {
    std::size_t arm = 0;
    double u = 0;
    double square = 0;                          // min(u^2, most)
    double grown = 1, shrunk = 1, decayed = 1;  // exp(u / length), exp(-u / length), exp(-|u| / length)
    double survival = 0.5;                      // plug-in S
    double per_survival = 2, per_event = 2;     // 1/S, 1/(1 - S)
    double inner = 4;                           // covariance with S(median): 2/S or 2/(1 - S)
};

class ProcessPrior {
  public:
    explicit ProcessPrior(const evidence::ProcessConstants& constants);

    [[nodiscard]] const evidence::ProcessConstants& constants() const { return constants_; }
    [[nodiscard]] double mean(double u, double median_months) const;
    [[nodiscard]] ProcessPoint point(std::size_t arm, double time_months, double median_months) const;
    // `noise` = noise_per_patient / n of the arm, `rounding` = variance that the rounding of its median gives; both
    // only within an arm.
    [[nodiscard]] double covariance(const ProcessPoint& a, const ProcessPoint& b, double noise, double rounding) const;

  private:
    const evidence::ProcessConstants& constants_;
    NaturalSpline spline_;
};

// The curve that a schedule of assessments every d months makes of log-logistic progression times, placed so that
// S(median) = 1/2.
class ScanSchedule {
  public:
    ScanSchedule(const evidence::ScanConstants& constants, double interval_months, double median_months);

    // Whether S(median) = 1/2 is possible: a median before the first assessment is not.
    [[nodiscard]] bool possible() const { return possible_; }
    // What the schedule adds to y: logit(1 - S_scan) - k log(t / median); 0 for no schedule.
    [[nodiscard]] double shift(double time_months) const;
    // log of the slope of the curve at a printed time in units of the typical slope: curves cross a level where they
    // fall.
    [[nodiscard]] double log_crossing_density(double time_months) const;

  private:
    [[nodiscard]] double seen(double time_months, double log_scale) const;  // 1 - S_scan

    const evidence::ScanConstants& constants_;
    double interval_, median_, log_interval_ = 0, log_scale_ = 0;
    bool possible_ = true;
};

}  // namespace hersurv::fit
