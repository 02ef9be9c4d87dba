// Where draws of curves come from (private to the module).
#pragma once

#include "fit/flexible.hpp"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hersurv::fit {

using DrawnCurves = std::vector<std::unique_ptr<const DrawnCurve>>;  // by arm

class CurveDraws::Source {
  public:
    virtual ~Source() = default;
    [[nodiscard]] virtual const std::string& why_none(std::size_t arm) const = 0;
    [[nodiscard]] virtual DrawnCurves draw(std::uint64_t number) const = 0;
};

// Of a fit of the flexible model that is not capped.
[[nodiscard]] std::shared_ptr<const CurveDraws::Source> flexible_draws(const FittedModel& fitted, std::uint64_t seed);

// The hazard of a curve without a formula: the mean over the doubling of time about it.
[[nodiscard]] double mean_hazard_about(const DrawnCurve& curve, double time_months);

// Where drawn curves without a formula for their area are added up: fine in the trial, which ends at `end_months`, then
// by 3% to the last time that there is.
[[nodiscard]] std::vector<double> area_grid(double end_months);

// The area under a curve that is known on a grid from 0 on, linear in between (trapezoidal rule).
class AreaUnder {
  public:
    AreaUnder(const std::vector<double>& grid_months, std::vector<double> survival);
    // `survival_there`: S at the horizon.
    [[nodiscard]] double up_to(double horizon_months, double survival_there) const;

  private:
    const std::vector<double>& grid_months_;
    std::vector<double> survival_, area_;
};

}  // namespace hersurv::fit
