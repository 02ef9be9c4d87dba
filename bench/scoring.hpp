// How near a reconstructed curve is to the published one, and how sure the mean of many such scores is.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hersurv::bench {

// One time of an even grid over (0, horizon].
struct ComparedPoint {
    double published = 0;                // S of the published Kaplan-Meier curve
    double reconstructed = 0;            // S of the model
    std::optional<double> lower, upper;  // of the model's band
};

struct ArmScore {
    double mean_absolute_error = 0;    // of S over the horizon
    double largest_error = 0;          // of S, absolute
    double relative_rmst_error = 0;    // |RMST error| / horizon: on an even grid |mean error of S|
    double coverage = 0;               // share of the points inside the band widened outward by one Kaplan-Meier step
    std::optional<double> mean_width;  // of the band itself, over the points that have one
};

// nullopt where the model has no finite survival at some point. One Kaplan-Meier step is 1 / n: before the first event
// S is exactly 1, which a smooth band does not hold. A point without a band is not covered.
[[nodiscard]] inline std::optional<ArmScore> score(std::span<const ComparedPoint> points, double n_patients) {
    if (points.empty()) return std::nullopt;
    const double step = n_patients > 0 ? 1 / n_patients : 0;
    const auto n = static_cast<double>(points.size());
    ArmScore result;
    double sum_of_errors = 0, sum_of_widths = 0;
    std::size_t n_covered = 0, n_with_band = 0;
    for (const ComparedPoint& point : points) {
        const double error = point.reconstructed - point.published;
        if (!std::isfinite(error)) return std::nullopt;
        sum_of_errors += error;
        result.mean_absolute_error += std::abs(error) / n;
        result.largest_error = std::max(result.largest_error, std::abs(error));
        if (!point.lower || !point.upper || !std::isfinite(*point.lower) || !std::isfinite(*point.upper)) continue;
        ++n_with_band;
        sum_of_widths += *point.upper - *point.lower;
        // A curve that touches the widened limit is inside whatever the last bit says.
        constexpr double last_bits = 1e-12;
        n_covered +=
            point.published >= *point.lower - step - last_bits && point.published <= *point.upper + step + last_bits;
    }
    result.relative_rmst_error = std::abs(sum_of_errors / n);
    result.coverage = static_cast<double>(n_covered) / n;
    if (n_with_band > 0) result.mean_width = sum_of_widths / static_cast<double>(n_with_band);
    return result;
}

// Numbers the items so that two that share any key, directly or through others, have the same number: the arms of one
// trial are one cluster, and so are two trials of one publication.
[[nodiscard]] inline std::vector<std::size_t> clusters(const std::vector<std::vector<std::string>>& keys_of_items) {
    std::vector<std::size_t> parent(keys_of_items.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t i) {
        while (parent[i] != i) i = parent[i] = parent[parent[i]];
        return i;
    };
    std::map<std::string, std::size_t> first_with;
    for (std::size_t i = 0; i < keys_of_items.size(); ++i)
        for (const std::string& key : keys_of_items[i]) {
            const std::size_t a = root(first_with.emplace(key, i).first->second), b = root(i);
            parent[std::max(a, b)] = std::min(a, b);
        }
    for (std::size_t i = 0; i < parent.size(); ++i) parent[i] = root(i);
    return parent;
}

struct ClusteredMean {
    double mean = 0;
    std::optional<double> standard_error;  // absent where there is one cluster only
};

// Mean with the standard error that allows for dependence within clusters: the sandwich estimator of an intercept, with
// the usual G / (G - 1) (Liang & Zeger 1986, Biometrika 73:13; Cameron & Miller 2015, J Hum Resour 50:317, eq. 11).
[[nodiscard]] inline std::optional<ClusteredMean> clustered_mean(std::span<const double> values,
                                                                 std::span<const std::size_t> cluster) {
    if (values.empty()) return std::nullopt;
    const auto n = static_cast<double>(values.size());
    ClusteredMean result;
    result.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    std::map<std::size_t, double> residual_of_cluster;
    for (std::size_t i = 0; i < values.size(); ++i) residual_of_cluster[cluster[i]] += values[i] - result.mean;
    if (residual_of_cluster.size() < 2) return result;
    double sum_of_squares = 0;
    for (const auto& [key, residual] : residual_of_cluster) sum_of_squares += residual * residual;
    const auto n_clusters = static_cast<double>(residual_of_cluster.size());
    result.standard_error = std::sqrt(sum_of_squares * n_clusters / (n_clusters - 1)) / n;
    return result;
}

// Whether an error is more than the allowed share above the recorded one.
[[nodiscard]] inline bool grew(double error, double recorded, double allowed_share) {
    return error > recorded * (1 + allowed_share) + 1e-9;
}

}  // namespace hersurv::bench
