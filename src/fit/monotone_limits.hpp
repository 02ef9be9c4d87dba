// Limits of S(t) that never rise, worked out once for every arm, band and level.
//
// No survival curve rises: where a limit has S(t) at most U with some probability, S is at most U at every later time
// with at least that probability, and where it has S(t) at least L, S is at least L at every earlier time. Limits that
// are worked out time by time do not know that: beyond a published estimate, which pins the curve, the upper one would
// rise again. They are tightened to the least upper limit of all earlier times and the largest lower one of all later
// times, as the quantiles of a distribution over curves that do not rise are.
#pragma once

#include "hersurv/estimates.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>
#include <vector>

namespace hersurv::fit {

class MonotoneLimits {
  public:
    using Limits = std::pair<double, double>;  // lower, upper
    using Raw = std::function<Limits(double time_months)>;

    // `times_months` by arm, increasing: where the limits are compared with those of other times, with every time that
    // a published estimate pins.
    explicit MonotoneLimits(std::vector<std::vector<double>> times_months) : times_(std::move(times_months)) {}

    [[nodiscard]] const std::vector<std::vector<double>>& times_months() const { return times_; }
    // The tightened limits at a time > 0. `raw` gives those of one time; it must be the same function for the same
    // arm, band and level.
    [[nodiscard]] Limits at(std::size_t arm, double time_months, const IntervalOptions& options, const Raw& raw) const;

  private:
    const std::vector<Limits>& table(std::size_t arm, const IntervalOptions& options, const Raw& raw) const;

    std::vector<std::vector<double>> times_;
    mutable std::mutex mutex_;
    mutable std::map<std::tuple<std::size_t, Band, double>, std::vector<Limits>> tables_;
};

}  // namespace hersurv::fit
