// Coverage as a ratio of sums over groups, rising limits, and the zones of a support.
#include "bench/band_score.hpp"

#include <catch2/catch.hpp>

#include "bench/support_rows.hpp"
#include <cmath>
#include <vector>

using namespace hersurv::bench;

TEST_CASE("rows are covered by the band widened by what is allowed", "[bench]") {
    RowSums sums;
    sums.add(0.5, 0.52, 0.45, 0.6, 0);
    sums.add(0.5, 0.52, 0.51, 0.6, 0.01);
    sums.add(0.5, 0.52, 0.511, 0.6, 0.01);
    CHECK(sums.rows == 3);
    CHECK(sums.covered == 2);
    CHECK(sums.error == Approx(0.06));
    CHECK(sums.width == Approx(0.15 + 0.09 + 0.089));
}

TEST_CASE("the variance of coverage is that between groups", "[bench]") {
    GroupedSums grouped;
    // Four trials of 10 rows with coverage 1, 1, 0.5, 0.5.
    for (const double covered : {10.0, 10.0, 5.0, 5.0}) grouped.add({10, covered, 1, 0.5, 0.5});
    grouped.add({});  // nothing of that zone
    CHECK(grouped.n_groups() == 4);
    CHECK(*grouped.coverage() == Approx(0.75));
    CHECK(*grouped.width() == Approx(0.1));
    // Variance of four means with deviations of 0.25: 4 * 0.0625 / 3 / 4.
    CHECK(grouped.coverage_variance() == Approx(0.0625 / 3));
    CHECK_FALSE(GroupedSums().coverage());
}

TEST_CASE("the largest rise of a limit is from its lowest point so far", "[bench]") {
    CHECK(largest_rise(std::vector<double>{1, 0.8, 0.6, 0.5}) == 0);
    CHECK(largest_rise(std::vector<double>{0.9, 0.6, 0.62, 0.61, 0.65, 0.3}) == Approx(0.05));
    CHECK(largest_rise({}) == 0);
}

TEST_CASE("rows before, within and after the support", "[bench]") {
    const Support support{6, 24};
    CHECK(support.zone_of(5) == Zone::borrowed);
    CHECK(support.zone_of(6) == Zone::supported);
    CHECK(support.zone_of(24) == Zone::supported);
    CHECK(support.zone_of(25) == Zone::extrapolated);
}
