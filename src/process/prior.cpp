// Mean and covariance of the process; docs/method.md gives the formulas.
#include "process/prior.hpp"

#include <algorithm>
#include <cmath>

namespace hersurv::process {
namespace {

constexpr double earliest_u =
    -60;  // exp(-60) of the median is before every event; beyond it the exponentials would overflow
constexpr double latest_u = 60;

}  // namespace

// Second derivatives from the tridiagonal system of continuous slopes, zero at both ends (de Boor 2001, A Practical
// Guide to Splines, chapter IV).
NaturalSpline::NaturalSpline(const std::vector<double>& knots, const std::vector<double>& values)
    : knots_(knots), values_(values), second_(knots.size(), 0.0) {
    const std::size_t n = knots.size();
    std::vector<double> diagonal(n, 1.0), right(n, 0.0);
    for (std::size_t i = 1; i + 1 < n; ++i) {
        const double before = knots[i] - knots[i - 1], after = knots[i + 1] - knots[i];
        const double factor = i > 1 ? before / diagonal[i - 1] : 0;
        diagonal[i] = 2 * (before + after) - factor * before;
        right[i] =
            6 * ((values[i + 1] - values[i]) / after - (values[i] - values[i - 1]) / before) - factor * right[i - 1];
    }
    for (std::size_t i = n - 2; i >= 1; --i)
        second_[i] = (right[i] - (knots[i + 1] - knots[i]) * second_[i + 1]) / diagonal[i];
    // The learnt values give 0 at 0 up to their last digit; what is left would move S(median) off one half.
    at_zero_ = through_knots(0);
}

double NaturalSpline::operator()(double x) const { return through_knots(x) - at_zero_; }

double NaturalSpline::through_knots(double x) const {
    const std::size_t last = knots_.size() - 1;
    const auto chord = [this](std::size_t i) { return (values_[i + 1] - values_[i]) / (knots_[i + 1] - knots_[i]); };
    if (x <= knots_.front()) {
        const double slope = chord(0) - (knots_[1] - knots_[0]) * second_[1] / 6;
        return values_.front() + slope * (x - knots_.front());
    }
    if (x >= knots_.back()) {
        const double slope = chord(last - 1) + (knots_[last] - knots_[last - 1]) * second_[last - 1] / 6;
        return values_.back() + slope * (x - knots_.back());
    }
    const auto above = static_cast<std::size_t>(std::upper_bound(knots_.begin(), knots_.end(), x) - knots_.begin());
    const std::size_t i = above - 1;
    const double width = knots_[above] - knots_[i], a = (knots_[above] - x) / width, b = 1 - a;
    return a * values_[i] + b * values_[above] +
           ((a * a * a - a) * second_[i] + (b * b * b - b) * second_[above]) * width * width / 6;
}

Prior::Prior(const evidence::ProcessConstants& c, KindOfCurve kind)
    : constants_(c),
      spline_(c.knots, c.values),
      share_(1 - c.unusual.share),
      slope_variance_(c.slope_variance),
      curvature_variance_(c.curvature_variance),
      walk_variance_(c.walk_variance),
      wiggle_variance_(c.wiggle_variance),
      arm_correlation_(c.arm_correlation) {
    if (kind == KindOfCurve::usual) return;
    share_ = c.unusual.share;
    slope_variance_ = c.unusual.slope_variance;
    curvature_variance_ = c.unusual.curvature_variance;
    walk_variance_ = c.unusual.walk_variance;
    wiggle_variance_ = c.unusual.wiggle_variance;
    arm_correlation_ = c.unusual.arm_correlation;
}

double Prior::mean(double u, double median_months) const {
    const evidence::ProcessConstants& c = constants_;
    const double x = std::clamp(std::log(median_months / c.typical_median_months), -c.largest_log_median_ratio,
                                c.largest_log_median_ratio);
    const double before = std::min(u, 0.0), after = std::max(u, 0.0);
    return spline_(u) + (c.early_slope_by_median * x + c.early_slope_by_median_squared * x * x) * before +
           (c.late_slope_by_median * x + c.late_slope_by_median_squared * x * x) * after;
}

Point Prior::point(std::size_t arm, double time_months, double median_months) const {
    const evidence::ProcessConstants& c = constants_;
    Point p;
    p.arm = arm;
    p.u = std::clamp(std::log(time_months / median_months), earliest_u, latest_u);
    p.square = std::min(p.u * p.u, c.largest_square);
    p.grown = std::exp(p.u / c.wiggle_length);
    p.shrunk = 1 / p.grown;
    p.decayed = p.u > 0 ? p.shrunk : p.grown;
    const double y = c.plug_in_slope ? *c.plug_in_slope * p.u : mean(p.u, median_months);
    p.survival = std::clamp(survival_of(y), c.noise_least_survival, 1 - c.noise_least_survival);
    p.per_survival = 1 / p.survival;
    p.per_event = 1 / (1 - p.survival);
    p.inner = 2 * std::min(p.per_survival, p.per_event);
    return p;
}

PointColumns::PointColumns(const std::vector<Point>& points) {
    const auto n = static_cast<Eigen::Index>(points.size());
    for (Eigen::ArrayXd* column :
         {&u_, &square_before_, &square_after_, &grown_, &shrunk_, &decayed_, &per_survival_, &per_event_, &inner_})
        column->setZero(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const Point& p = points[static_cast<std::size_t>(i)];
        if (blocks_.empty() || blocks_.back().arm != p.arm) blocks_.push_back({p.arm, i, 0});
        ++blocks_.back().size;
        u_[i] = p.u;
        (p.u < 0 ? square_before_ : square_after_)[i] = p.square;
        grown_[i] = p.grown;
        shrunk_[i] = p.shrunk;
        decayed_[i] = p.decayed;
        per_survival_[i] = p.per_survival;
        per_event_[i] = p.per_event;
        inner_[i] = p.inner;
    }
}

double Prior::covariance(const Point& a, const Point& b, double noise, double rounding) const {
    const bool a_first = a.u < b.u;
    double k = slope_variance_ * a.u * b.u +
               wiggle_variance_ * ((a_first ? a.grown * b.shrunk : b.grown * a.shrunk) - a.decayed * b.decayed);
    if (a.u * b.u > 0)
        k += curvature_variance_ * a.square * b.square + walk_variance_ * std::min(std::abs(a.u), std::abs(b.u));
    if (a.arm != b.arm) return arm_correlation_ * k;
    // Kaplan-Meier covariance on the logit scale, given S(median) = 1/2.
    const Point& earlier = a.survival > b.survival ? a : b;
    const Point& later = a.survival > b.survival ? b : a;
    return k + noise * (earlier.per_survival * later.per_event - a.inner * b.inner / 4) + rounding;
}

// Without branches: of exp(+d) and exp(-d), and of the two orders of survival, the smaller one is the one that is
// wanted.
Eigen::VectorXd Prior::covariances(const Point& a, const PointColumns& others, double noise, double rounding) const {
    Eigen::VectorXd result(others.u_.size());
    const double sign = a.u < 0 ? -1 : 1;
    const Eigen::ArrayXd& square = a.u < 0 ? others.square_before_ : others.square_after_;
    for (const PointColumns::Block& block : others.blocks_) {
        const auto of = [&](const Eigen::ArrayXd& column) { return column.segment(block.begin, block.size); };
        auto k = result.segment(block.begin, block.size).array();
        k = slope_variance_ * a.u * of(others.u_) +
            wiggle_variance_ *
                ((a.grown * of(others.shrunk_)).min(of(others.grown_) * a.shrunk) - a.decayed * of(others.decayed_)) +
            (curvature_variance_ * a.square * of(square) +
             walk_variance_ * (sign * of(others.u_)).min(sign * a.u).max(0.0));
        if (a.arm != block.arm) {
            k *= arm_correlation_;
        } else {
            k += noise * ((a.per_survival * of(others.per_event_)).min(of(others.per_survival_) * a.per_event) -
                          a.inner * of(others.inner_) / 4) +
                 rounding;
        }
    }
    return result;
}

}  // namespace hersurv::process
