// The steps that scan schedules put into a curve of progression.
#pragma once

#include "evidence/constants.hpp"

namespace hersurv::process {

// The curve that a schedule of assessments every d months makes of log-logistic progression times, placed so that
// S(median) = 1/2.
class ScanSchedule {
  public:
    ScanSchedule(const evidence::ScanConstants& constants, double interval_months, double median_months);

    // Whether S(median) = 1/2 is possible: a median before the first assessment is not.
    [[nodiscard]] bool possible() const { return possible_; }
    // What the schedule adds to y: logit(1 - S_scan) - k log(t / median); 0 for no schedule.
    [[nodiscard]] double shift(double time_months) const;
    // log of the slope of the curve at a published time in units of the typical slope: curves cross a level where they
    // fall.
    [[nodiscard]] double log_crossing_density(double time_months) const;

  private:
    [[nodiscard]] double seen(double time_months, double log_scale) const;  // 1 - S_scan

    const evidence::ScanConstants& constants_;
    double interval_, median_, log_interval_ = 0, log_scale_ = 0;
    bool possible_ = true;
};

}  // namespace hersurv::process
