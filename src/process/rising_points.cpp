// Pools the points that rise.
#include "process/rising_points.hpp"

#include "support/antitonic.hpp"
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

namespace hersurv::process {
namespace {

constexpr double surely_rises = 3;      // sds by which points must rise
constexpr double sd_of_median = 0.005;  // of S at it: hardly any other number is as sure

struct PublishedPoint {
    double time_months = 0, survival = 0, sd = 0;
    Anchor* anchor = nullptr;  // nullptr: the median
};

std::vector<PublishedPoint> points_of(Placement& placement, std::size_t arm) {
    std::vector<PublishedPoint> points;
    for (Anchor& anchor : placement.anchors)
        if (anchor.arm == arm) points.push_back({anchor.time_months, anchor.survival, anchor.sd, &anchor});
    if (const auto& median = placement.arms[arm].median_months) points.push_back({*median, 0.5, sd_of_median, nullptr});
    std::ranges::sort(points, {}, &PublishedPoint::time_months);
    return points;
}

bool rise(const PublishedPoint& earlier, const PublishedPoint& later) {
    return later.time_months > earlier.time_months &&
           later.survival - earlier.survival > surely_rises * std::hypot(earlier.sd, later.sd);
}

std::vector<double> falling(const std::vector<PublishedPoint>& points) {
    std::vector<double> survival, weights;
    for (const PublishedPoint& point : points) {
        survival.push_back(point.survival);
        weights.push_back(1 / (point.sd * point.sd));
    }
    return support::antitonic(survival, weights);
}

}  // namespace

void read_rising_points_less_surely(Placement& placement) {
    for (std::size_t arm = 0; arm < placement.arms.size(); ++arm) {
        const std::vector<PublishedPoint> points = points_of(placement, arm);
        const std::vector<double> pooled = falling(points);
        for (std::size_t i = 0; i < points.size(); ++i) {
            const bool contradicted = std::ranges::any_of(
                points, [&](const PublishedPoint& other) { return rise(points[i], other) || rise(other, points[i]); });
            if (!contradicted || points[i].anchor == nullptr) continue;
            Anchor& anchor = *points[i].anchor;
            anchor.sd = std::hypot(anchor.sd, anchor.survival - pooled[i]);
            NumberInFit& number = placement.numbers[anchor.observation];
            number.sd = anchor.sd;
            number.derivation += "; given less weight, since another published point of the curve contradicts it";
        }
    }
}

}  // namespace hersurv::process
