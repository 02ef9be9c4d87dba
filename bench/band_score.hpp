// Coverage as a share of rows that come in dependent groups, and faults of the shape of a band.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>

namespace hersurv::bench {

// The rows of one arm or trial: they are not independent of one another.
struct RowSums {
    double rows = 0, covered = 0, width = 0, error = 0, absolute_error = 0;

    // One row: an estimate with its band, and the truth; the band is widened outward by `allowed`.
    void add(double truth, double estimate, double lower, double upper, double allowed) {
        // A curve that touches the widened limit is inside, whatever the last bit says.
        constexpr double last_bits = 1e-12;
        rows += 1;
        covered += truth >= lower - allowed - last_bits && truth <= upper + allowed + last_bits;
        width += upper - lower;
        error += estimate - truth;
        absolute_error += std::abs(estimate - truth);
    }
    RowSums& operator+=(const RowSums& other) {
        rows += other.rows;
        covered += other.covered;
        width += other.width;
        error += other.error;
        absolute_error += other.absolute_error;
        return *this;
    }
};

// Sums over independent groups of rows.
class GroupedSums {
  public:
    void add(const RowSums& group) {
        if (group.rows == 0) return;
        sums_ += group;
        ++n_groups_;
        rows_squared_ += group.rows * group.rows;
        product_ += group.rows * group.covered;
        covered_squared_ += group.covered * group.covered;
    }
    [[nodiscard]] std::size_t n_groups() const { return n_groups_; }
    [[nodiscard]] double rows() const { return sums_.rows; }
    [[nodiscard]] std::optional<double> coverage() const { return per_row(sums_.covered); }
    [[nodiscard]] std::optional<double> width() const { return per_row(sums_.width); }
    [[nodiscard]] std::optional<double> error() const { return per_row(sums_.error); }
    [[nodiscard]] std::optional<double> absolute_error() const { return per_row(sums_.absolute_error); }
    // Variance of the coverage, a ratio of sums over groups (Cochran 1977, Sampling Techniques, eq. 6.13).
    [[nodiscard]] double coverage_variance() const {
        if (n_groups_ < 2) return 0;
        const double p = sums_.covered / sums_.rows, n = static_cast<double>(n_groups_);
        const double residuals = covered_squared_ - 2 * p * product_ + p * p * rows_squared_;
        return std::max(0.0, residuals) * n / (n - 1) / (sums_.rows * sums_.rows);
    }

  private:
    [[nodiscard]] std::optional<double> per_row(double sum) const {
        if (sums_.rows == 0) return std::nullopt;
        return sum / sums_.rows;
    }
    RowSums sums_;
    std::size_t n_groups_ = 0;
    double rows_squared_ = 0, product_ = 0, covered_squared_ = 0;
};

// How far limits of S, in the order of time, rise above an earlier one at most: survival cannot, so no limit of it
// should. Of the upper limit: "it rises"; of the lower limit: the earlier one "falls back" below a later one.
[[nodiscard]] inline double largest_rise(std::span<const double> limits) {
    double rise = 0, least = 1;
    for (const double limit : limits) {
        rise = std::max(rise, limit - least);
        least = std::min(least, limit);
    }
    return rise;
}

}  // namespace hersurv::bench
