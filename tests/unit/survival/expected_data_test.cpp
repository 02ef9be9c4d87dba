// What a trial is expected to see: against R (tests/reference/expected_cox.R), closed forms, and its laws.
#include "survival/expected_data.hpp"

#include <catch2/catch.hpp>

#include "fit/follow_up.hpp"
#include "process/ties.hpp"
#include "unit/survival/precise.hpp"
#include <cmath>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fit = hersurv::fit;
namespace test = hersurv::test;
using namespace hersurv::survival;

// t_k = T (k / n)^power.
std::vector<double> fine_grid(double end, int n, double power) {
    std::vector<double> grid;
    for (int k = 0; k <= n; ++k) grid.push_back(end * std::pow(static_cast<double>(k) / n, power));
    return grid;
}

struct WeibullArm {
    double shape, scale, n, follow_up;
};

// The curve and follow-up of an arm on a grid.
struct Tabulated {
    std::vector<double> hazard, survival, followed;
    double n;

    Tabulated(const WeibullArm& arm, double gamma, const std::vector<double>& grid)
        : followed(mean_followed(grid, arm.follow_up, gamma)), n(arm.n) {
        for (const double time : grid) {
            hazard.push_back(std::pow(time / arm.scale, arm.shape));
            survival.push_back(std::exp(-hazard.back()));
        }
    }
    ExpectedArm arm() const { return {survival, followed, n}; }
    fit::FollowedCurve curve() const { return {hazard, followed, n}; }
};

double by_fall(const Tabulated& experimental, const Tabulated& control) {
    std::vector<double> gradient(control.survival.size()), other = gradient;
    return hersurv::process::log_hazard_ratio(experimental.arm(), control.arm(), gradient, other);
}

double by_hazard(const Tabulated& experimental, const Tabulated& control) {
    return fit::average_log_hazard_ratio(experimental.curve(), control.curve());
}

}  // namespace

TEST_CASE("Cox's estimate and the events are expected as R integrates them", "[survival][expected]") {
    std::ifstream file(std::string(HERSURV_SOURCE_DIR) + "/tests/reference/expected_cox.csv");
    std::string line;
    std::getline(file, line);
    REQUIRE(line.starts_with("# R "));
    std::getline(file, line);
    REQUIRE(line ==
            "case,shape1,scale1,shape0,scale0,n1,n0,follow_up1,follow_up0,gamma,end,log_hazard_ratio,events1,events0");
    int n_cases = 0;
    while (std::getline(file, line)) {
        ++n_cases;
        INFO(line);
        std::istringstream cells(line.substr(line.find(',') + 1));
        std::vector<double> v;
        for (std::string cell; std::getline(cells, cell, ',');) v.push_back(std::stod(cell));
        REQUIRE(v.size() == 13);
        const WeibullArm one{v[0], v[1], v[4], v[6]}, zero{v[2], v[3], v[5], v[7]};
        const double gamma = v[8], end = v[9], expected = v[10];
        const auto grid = fine_grid(end, 20000, 3);
        const Tabulated experimental(one, gamma, grid), control(zero, gamma, grid);
        CHECK(by_fall(experimental, control) == Approx(expected).epsilon(0).margin(1e-6));
        CHECK(by_hazard(experimental, control) == Approx(expected).epsilon(0).margin(1e-6));
        CHECK(expected_events(experimental.arm()) == Approx(v[11]).epsilon(1e-6));
        CHECK(expected_events(control.arm()) == Approx(v[12]).epsilon(1e-6));
        // The grid of 40 intervals that fits use.
        const auto coarse = fit::follow_up_grid(end);
        const Tabulated a(one, gamma, coarse), b(zero, gamma, coarse);
        CHECK(by_fall(a, b) == Approx(expected).epsilon(0).margin(6e-3));
        CHECK(by_hazard(a, b) == Approx(expected).epsilon(0).margin(6e-3));
    }
    CHECK(n_cases == 7);
}

TEST_CASE("Under proportional hazards the expected Cox estimate is exactly the ratio, whatever the censoring",
          "[survival][expected]") {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> share(0, 1);
    for (const double log_ratio : {-11.0, -3.0, -0.4, -1e-9, 0.0, 1e-4, 0.7, 5.0, 11.0})
        for (const double scale : {1e-9, 1.0, 5.0, 1e6}) {
            std::vector<ExpectedInterval> intervals;
            for (int k = 0; k < 30; ++k) {
                const double y1 = scale * share(random), y0 = scale * share(random), hazard = share(random);
                intervals.push_back({y1, y0, y1 * hazard * std::exp(log_ratio), y0 * hazard});
            }
            INFO("log ratio " << log_ratio << ", patients " << scale);
            CHECK(expected_cox(intervals).log_hazard_ratio == Approx(log_ratio).epsilon(1e-12).margin(1e-13));
        }
}

TEST_CASE("The expected Cox estimate has its information, and the ends of its range without a root",
          "[survival][expected]") {
    // One interval: e^b = (d1 / Y1) / (d0 / Y0), information d p (1 - p) with p = d1 / d.
    const std::vector<ExpectedInterval> one{{3, 2, 0.5, 0.25}};
    CHECK(expected_cox(one).log_hazard_ratio == Approx(std::log(0.5 / 3 / (0.25 / 2))).epsilon(1e-14));
    CHECK(expected_cox(one).information == Approx(0.75 * (2.0 / 3) * (1.0 / 3)).epsilon(1e-12));
    // One event, of one arm: no finite estimate.
    const std::vector<ExpectedInterval> only_experimental{{3, 2, 1, 0}}, only_control{{3, 2, 0, 1}};
    CHECK(expected_cox(only_experimental).log_hazard_ratio == Approx(12).epsilon(1e-9));
    CHECK(expected_cox(only_control).log_hazard_ratio == Approx(-12).epsilon(1e-9));
    // Nobody at risk in one arm, or no event: nothing is known.
    const std::vector<ExpectedInterval> alone{{0, 5, 0, 1}, {4, 0, 2, 0}}, quiet{{3, 2, 0, 0}};
    for (const auto& intervals : {alone, quiet, std::vector<ExpectedInterval>{}}) {
        CHECK(expected_cox(intervals).log_hazard_ratio == 0);
        CHECK(expected_cox(intervals).information == 0);
    }
}

TEST_CASE("The integral of G dF has its closed forms", "[survival][expected]") {
    const auto fraction = [](double rate, double follow_up, double gamma, const std::vector<double>& grid) {
        std::vector<double> survival;
        for (const double time : grid) survival.push_back(std::exp(-rate * time));
        const auto followed = mean_followed(grid, follow_up, gamma);
        return expected_events({survival, followed});
    };
    // Nobody is lost: F at the end, on any grid.
    for (const int n : {1, 7, 400})
        for (const double rate : {1e-9, 0.03, 2.0})
            CHECK(fraction(rate, 1e300, 4, fine_grid(36, n, 1.5)) ==
                  Approx(-std::expm1(-rate * 36)).epsilon(1e-13).margin(1e-15));
    // Everybody is followed for the same time: F there.
    CHECK(fraction(0.05, 20, 1e7, fine_grid(60, 600000, 1)) == Approx(-std::expm1(-1.0)).margin(1e-5));
    // gamma = 1: a e^a E1(a), a = rate times the median follow-up.
    int n_values = 0;
    for (const test::PreciseRow& row : test::read_precise()) {
        if (row.function != "exponential_followed") continue;
        ++n_values;
        INFO(row.argument);
        CHECK(fraction(1, row.argument, 1, fine_grid(45, 40000, 3)) == Approx(row.value).epsilon(1e-7));
        CHECK(fraction(0.1, 10 * row.argument, 1, fine_grid(450, 40000, 3)) == Approx(row.value).epsilon(1e-7));
    }
    CHECK(n_values == 3);
}

TEST_CASE("Events and censored patients add up to those who are no longer at risk", "[survival][expected]") {
    const auto grid = fine_grid(50, 40, 1.5);
    std::vector<double> survival, followed;
    for (const double time : grid) {
        survival.push_back(std::exp(-std::pow(time / 20, 1.4)));
        followed.push_back(still_followed(time, 24, 3));
    }
    const auto events = cumulative_fallen(survival, followed), censored = cumulative_fallen(followed, survival);
    REQUIRE(events.size() == grid.size());
    for (std::size_t k = 0; k < grid.size(); ++k)
        CHECK(events[k] + censored[k] == Approx(1 - survival[k] * followed[k]).margin(1e-14));
    const auto means = mean_followed(grid, 24, 3);
    CHECK(events.back() == Approx(expected_events({survival, means})).epsilon(1e-14));
    // The share still followed is one half at the median, and 1 at the start.
    for (const double gamma : {1.0, 2.2, 9.0}) {
        CHECK(still_followed(0, 20, gamma) == 1);
        CHECK(still_followed(20, 20, gamma) == 0.5);
        CHECK(still_followed(1e-9, 20, gamma) <= 1);
    }
}
