// The curve that a schedule of assessments makes of log-logistic progression times; docs/method.md gives the formulas.
#include "process/schedules.hpp"

#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

namespace hersurv::process {
namespace {

// j^-k for j from a first to a last assessment: every schedule asks for them, and k is a constant of the class.
class AssessmentPowers {
  public:
    // At j = 0 there has been no assessment: the power is infinite.
    AssessmentPowers(double k, double first, double last)
        : k_(k), j_(first), known_(known(k, last)), power_(is_known() ? at_j() : std::pow(first, -k)) {}
    [[nodiscard]] double operator*() const { return power_; }
    void next() {
        // Beyond the table by (1 + 1/j)^-k, whose series leaves out less than 1e-15 of it.
        const double step = 1 / j_;
        j_ += 1;
        if (is_known())
            power_ = at_j();
        else
            power_ *= 1 - k_ * step * (1 - (k_ + 1) / 2 * step * (1 - (k_ + 2) / 3 * step * (1 - (k_ + 3) / 4 * step)));
    }

  private:
    // The table, at least to `last` or as far as it goes at all.
    static const std::vector<double>& known(double k, double last) {
        constexpr double most_known = 2048;
        thread_local double last_k = 0;
        thread_local std::vector<double> table;
        if (k != last_k) table.assign(1, std::numeric_limits<double>::infinity());
        last_k = k;
        while (static_cast<double>(table.size()) <= std::min(last, most_known))
            table.push_back(std::pow(table.size(), -k));
        return table;
    }
    [[nodiscard]] bool is_known() const { return j_ < static_cast<double>(known_.size()); }
    [[nodiscard]] double at_j() const { return known_[static_cast<std::size_t>(j_)]; }

    double k_, j_;
    const std::vector<double>& known_;
    double power_;
};

// Phi(z) to 1e-14: Taylor's series to the fifth order about the nearest of a table. Schedules ask for it so
// often that erfc would take a third of the time of a fit.
class NormalTable {
  public:
    NormalTable() {
        for (int i = 0; i < n_points; ++i) {
            const double z = (i - middle) * step;
            cdf_[static_cast<std::size_t>(i)] = 0.5 * std::erfc(-z / std::numbers::sqrt2);
            density_[static_cast<std::size_t>(i)] = std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
        }
    }
    [[nodiscard]] double cdf(double z) const {
        if (std::fabs(z) >= reach) return z > 0 ? 1 : 0;
        const double nearest = std::nearbyint(z / step), z0 = nearest * step, h = z - z0;
        const int place = static_cast<int>(nearest) + middle;
        const auto i = static_cast<std::size_t>(place);
        // The derivatives of the density are it times (-1)^n He_n(z0).
        const double he2 = z0 * z0 - 1, he3 = z0 * (z0 * z0 - 3), he4 = z0 * (he3 - 3 * z0) + 3;
        return cdf_[i] + density_[i] * h * (1 + h * (-z0 / 2 + h * (he2 / 6 + h * (-he3 / 24 + h * he4 / 120))));
    }

  private:
    static constexpr double step = 1.0 / 64;
    static constexpr int reach = 8, middle = reach * 64, n_points = 2 * middle + 1;
    std::array<double, n_points> cdf_, density_;
};

double normal_cdf(double z) {
    static const NormalTable table;
    return table.cdf(z);
}

}  // namespace

ScanSchedule::ScanSchedule(const evidence::ScanConstants& constants, double interval_months, double median_months)
    : constants_(constants), interval_(interval_months), median_(median_months) {
    if (interval_ <= 0) return;
    log_interval_ = std::log(interval_);
    // What is seen by the median falls with the scale of the true progressions.
    const auto miss = [this](double log_scale) { return seen(median_, log_scale) - 0.5; };
    const double early = std::log(median_) - 1.8, late = std::log(median_) + 0.7;
    const double more = miss(early), less = miss(late);
    log_scale_ = more > 0 ? late : early;
    if (more > 0 && less < 0) {
        std::uintmax_t most_steps = 100;
        const auto near_enough = [](double a, double b) { return std::abs(b - a) < 1e-14; };
        const auto [a, b] = boost::math::tools::toms748_solve(miss, early, late, more, less, near_enough, most_steps);
        log_scale_ = 0.5 * (a + b);
    }
    possible_ = std::abs(seen(median_, log_scale_) - 0.5) < 1e-6;
}

double ScanSchedule::seen(double time_months, double log_scale) const {
    const evidence::ScanConstants& c = constants_;
    // An assessment more than `reach` of its sds before t was held for certain (but for 1e-11), one as far after it was
    // not: only those between need the normal.
    constexpr double reach = 6.7;
    const double now = time_months / interval_, width = reach * c.assessment_sd / interval_;
    // |j - now| < width sqrt(j): between the squares of the roots of x^2 -+ width x - now.
    const double root = std::sqrt(width * width / 4 + now);
    const double first = std::max(1.0, std::floor((root - width / 2) * (root - width / 2)));
    const double last = std::ceil((root + width / 2) * (root + width / 2));
    const double unit = std::exp(c.progression_shape * (log_scale - log_interval_));
    const auto progressed = [](double power) { return 1 / (1 + power); };
    AssessmentPowers power(c.progression_shape, first - 1, last);
    double before = progressed(unit * *power), assessed = before;
    for (double j = first; j <= last; ++j) {
        power.next();
        const double at = progressed(unit * *power);
        assessed += (at - before) * normal_cdf((time_months - j * interval_) / (c.assessment_sd * std::sqrt(j)));
        before = at;
    }
    const double unassessed = progressed(std::exp(c.progression_shape * (log_scale - std::log(time_months))));
    return (1 - c.share_at_assessments) * unassessed + c.share_at_assessments * assessed;
}

double ScanSchedule::shift(double time_months) const {
    if (interval_ <= 0) return 0;
    const evidence::ScanConstants& c = constants_;
    const double p = std::clamp(seen(time_months, log_scale_), c.least_survival, 1 - c.least_survival);
    return std::log(p / (1 - p)) - c.progression_shape * std::log(time_months / median_);
}

double ScanSchedule::log_crossing_density(double time_months) const {
    if (interval_ <= 0) return 0;
    const evidence::ScanConstants& c = constants_;
    const double after = time_months + c.crossing_half_window_months,
                 before = std::max(time_months - c.crossing_half_window_months, c.crossing_earliest_months);
    // The window in log time as 2 h / t, also if it is cut at its early end.
    const double width = 2 * c.crossing_half_window_months / time_months;
    const double risen = shift(after) - shift(before) + c.progression_shape * std::log(after / before) +
                         (c.crossing_typical_slope - c.progression_shape) * width;
    return std::log(std::max(risen / width, c.crossing_least_slope) / c.crossing_typical_slope);
}

}  // namespace hersurv::process
