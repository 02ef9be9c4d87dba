// The scoring of the accuracy benchmark: known errors come out, the widened band covers what it should, clusters join
// and their standard error is that of independent groups.
#include "bench/scoring.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

using hersurv::bench::clustered_mean;
using hersurv::bench::ComparedPoint;
using hersurv::bench::score;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// A straight published curve from 1 to 0 on an even grid, the reconstruction off by `error(k)`, its band by `reach`.
template <class Error>
std::vector<ComparedPoint> straight(std::size_t n, const Error& error, double reach) {
    std::vector<ComparedPoint> points;
    for (std::size_t k = 1; k <= n; ++k) {
        const double published = 1 - static_cast<double>(k) / static_cast<double>(n);
        const double model = published + error(k);
        points.push_back({published, model, model - reach, model + reach});
    }
    return points;
}

}  // namespace

TEST_CASE("a curve that is the published one has no error and is covered", "[bench]") {
    const auto result = score(straight(
                                  200, [](std::size_t) { return 0.0; }, 0.01),
                              100);
    REQUIRE(result);
    CHECK(result->mean_absolute_error == 0);
    CHECK(result->largest_error == 0);
    CHECK(result->relative_rmst_error == 0);
    CHECK(result->coverage == 1);
    CHECK(*result->mean_width == Approx(0.02));
}

TEST_CASE("errors that cancel leave the restricted mean right and S wrong", "[bench]") {
    const auto result = score(straight(
                                  200, [](std::size_t k) { return k % 2 == 0 ? 0.05 : -0.05; }, 0.01),
                              1000);
    REQUIRE(result);
    CHECK(result->mean_absolute_error == Approx(0.05));
    CHECK(result->largest_error == Approx(0.05));
    CHECK(result->relative_rmst_error == Approx(0).margin(1e-12));
    CHECK(result->coverage == 0);
}

TEST_CASE("on an even grid the mean error of S is the error of the restricted mean over the horizon", "[bench]") {
    // Exponential curves of rates 0.1 and 0.12 over (0, 20]: RMST = (1 - exp(-20 rate)) / rate.
    const double horizon = 20;
    const std::size_t n = 20000;
    std::vector<ComparedPoint> points;
    for (std::size_t k = 1; k <= n; ++k) {
        const double t = horizon * static_cast<double>(k) / static_cast<double>(n);
        points.push_back({std::exp(-0.1 * t), std::exp(-0.12 * t), std::nullopt, std::nullopt});
    }
    const double expected = (1 - std::exp(-2.0)) / 0.1 - (1 - std::exp(-2.4)) / 0.12;
    const auto result = score(points, 100);
    REQUIRE(result);
    CHECK(result->relative_rmst_error == Approx(expected / horizon).epsilon(1e-3));
    CHECK(result->mean_absolute_error == Approx(result->relative_rmst_error));
}

TEST_CASE("the band is widened by one Kaplan-Meier step and no more", "[bench]") {
    // The published curve is 0.03 above the model, whose band reaches 0.02: a step of 1/100 closes the gap, one of
    // 1/101 does not.
    const auto points = straight(
        50, [](std::size_t) { return -0.03; }, 0.02);
    CHECK(score(points, 100)->coverage == 1);
    CHECK(score(points, 101)->coverage == 0);
    CHECK(*score(points, 100)->mean_width == Approx(0.04));
    CHECK(score(points, 0)->coverage == 0);
}

TEST_CASE("a point without a band is not covered, and a curve with a hole has no score", "[bench]") {
    auto points = straight(
        4, [](std::size_t) { return 0.0; }, 0.1);
    points[0].lower.reset();
    points[1].upper = not_a_number;
    const auto result = score(points, 100);
    REQUIRE(result);
    CHECK(result->coverage == 0.5);
    CHECK(*result->mean_width == Approx(0.2));
    for (auto& point : points) point.upper.reset();
    CHECK_FALSE(score(points, 100)->mean_width);
    points[2].reconstructed = not_a_number;
    CHECK_FALSE(score(points, 100));
    CHECK_FALSE(score({}, 100));
}

TEST_CASE("items that share a key, also through others, are one cluster", "[bench]") {
    const auto numbers = hersurv::bench::clusters({{"trial A", "paper 1"},
                                                   {"trial B", "paper 2"},
                                                   {"trial C", "paper 1"},
                                                   {"trial C", "paper 2"},
                                                   {"trial D", "paper 3"}});
    CHECK(numbers[0] == numbers[1]);
    CHECK(numbers[0] == numbers[2]);
    CHECK(numbers[0] == numbers[3]);
    CHECK(numbers[4] != numbers[0]);
}

TEST_CASE("the standard error is that of independent clusters", "[bench]") {
    const std::vector<double> values = {1, 2, 4, 7};
    // Each its own cluster: sd / sqrt(n); sum of squares about 3.5 is 21, sd = sqrt(7).
    const std::vector<std::size_t> alone = {0, 1, 2, 3};
    const auto independent = clustered_mean(values, alone);
    CHECK(independent->mean == 3.5);
    CHECK(*independent->standard_error == Approx(std::sqrt(7.0 / 4)));

    // Two copies of every value in one cluster say no more than one.
    const std::vector<double> twice = {1, 1, 2, 2, 4, 4, 7, 7};
    const std::vector<std::size_t> pairs = {0, 0, 1, 1, 2, 2, 3, 3};
    CHECK(*clustered_mean(twice, pairs)->standard_error == Approx(*independent->standard_error));

    // Values that cancel within every cluster: the clusters agree on the mean.
    const std::vector<double> cancel = {1, 3, 0, 4};
    const std::vector<std::size_t> two = {5, 5, 9, 9};
    CHECK(*clustered_mean(cancel, two)->standard_error == 0);

    CHECK_FALSE(clustered_mean(cancel, std::vector<std::size_t>{1, 1, 1, 1})->standard_error);
    CHECK_FALSE(clustered_mean({}, {}));
}

TEST_CASE("an error grew only beyond the allowed share", "[bench]") {
    using hersurv::bench::grew;
    CHECK_FALSE(grew(0.0200, 0.02, 0.02));
    CHECK_FALSE(grew(0.0204, 0.02, 0.02));
    CHECK(grew(0.02041, 0.02, 0.02));
    CHECK_FALSE(grew(0.01, 0.02, 0.02));
}
