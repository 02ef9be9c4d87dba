// The average hazard ratio and the expected events under a limited follow-up: exact where they can be, against fine
// integration elsewhere.
#include "fit/follow_up.hpp"

#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "evidence/constants.hpp"
#include "unit/evidence/records.hpp"
#include <cmath>
#include <vector>

namespace evidence = hersurv::evidence;
namespace fit = hersurv::fit;
namespace survival = hersurv::survival;
namespace test = hersurv::test;

namespace {

fit::FollowedCurve followed_weibull(double shape, double scale, double follow_up, double n,
                                    const std::vector<double>& grid) {
    fit::FollowedCurve curve;
    curve.n_patients = n;
    curve.mean_followed = survival::mean_followed(grid, follow_up, 3);
    for (const double time : grid) curve.cumulative_hazard.push_back(std::pow(time / scale, shape));
    return curve;
}

}  // namespace

TEST_CASE("The share still followed is one half at the median follow-up", "[fit]") {
    CHECK(fit::still_followed(0, 20, 4) == 1);
    for (const double gamma : {1.0, 2.2, 4.0, 9.0}) {
        CHECK(fit::still_followed(20, 20, gamma) == 0.5);
        CHECK(fit::still_followed(10, 20, gamma) + fit::still_followed(40, 20, gamma) == Approx(1));
        CHECK(fit::still_followed(5, 20, gamma) > fit::still_followed(6, 20, gamma));
    }
}

TEST_CASE("The grid of the follow-up rises from 0 to its end", "[fit]") {
    const auto grid = fit::follow_up_grid(60.0, 40);
    REQUIRE(grid.size() == 41);
    CHECK(grid.front() == 0);
    CHECK(grid.back() == 60);
    for (std::size_t k = 2; k < grid.size(); ++k) CHECK(grid[k] - grid[k - 1] > grid[k - 1] - grid[k - 2]);
    const auto paper = test::Paper("OS")
                           .arm({"a", "", "", "20", "30", "", "", {{50, "0.3"}}})
                           .arm({"b", "", "", "25", "", "", "", {}});
    CHECK(fit::follow_up_grid(paper.gather()).back() == Approx(1.05 * 50));
    const auto longer =
        test::Paper("OS").arm({"a", "", "", "20", "30", "", "", {}}).arm({"b", "", "", "25", "", "", "", {}});
    CHECK(fit::follow_up_grid(longer.gather()).back() == Approx(1.7 * 25));
}

TEST_CASE(
    "Under proportional hazards the average hazard ratio is the hazard ratio, whatever the follow-up and the sizes",
    "[fit]") {
    const auto grid = fit::follow_up_grid(60.0);
    for (const double log_hr : {-4.0, -1.2, -0.3, 0.0, 1e-7, 0.4, 2.5})
        for (const double shape : {0.5, 1.0, 2.4})
            for (const double n : {1.0, 200.0, 1e5})
                for (const double follow_up : {6.0, 30.0}) {
                    const auto control = followed_weibull(shape, 25, follow_up, 150, grid);
                    const auto treated =
                        followed_weibull(shape, 25 * std::exp(-log_hr / shape), 1.7 * follow_up, n, grid);
                    INFO("log HR " << log_hr << ", shape " << shape << ", n " << n << ", follow-up " << follow_up);
                    CHECK(fit::average_log_hazard_ratio(treated, control) ==
                          Approx(log_hr).epsilon(1e-10).margin(1e-11));
                }
}

TEST_CASE("The average hazard ratio turns its sign with the arms and lies between the hazard ratios there are",
          "[fit]") {
    const auto grid = fit::follow_up_grid(60.0);
    for (const double shape : {0.6, 0.9, 1.6, 2.5})
        for (const double scale : {8.0, 20.0, 50.0}) {
            const auto a = followed_weibull(shape, scale, 20, 120, grid), b = followed_weibull(1.2, 20, 26, 180, grid);
            const double there = fit::average_log_hazard_ratio(a, b);
            CHECK(fit::average_log_hazard_ratio(b, a) == Approx(-there).epsilon(1e-10).margin(1e-11));
            double least = 1e9, most = -1e9;
            for (std::size_t k = 1; k < grid.size(); ++k) {
                const double here = std::log((a.cumulative_hazard[k] - a.cumulative_hazard[k - 1]) /
                                             (b.cumulative_hazard[k] - b.cumulative_hazard[k - 1]));
                least = std::min(least, here);
                most = std::max(most, here);
            }
            CHECK(there >= least - 1e-12);
            CHECK(there <= most + 1e-12);
            CHECK(fit::average_log_hazard_ratio(a, a) == Approx(0).margin(1e-11));
        }
}

TEST_CASE("A hazard ratio that changes is averaged as on a fine grid", "[fit]") {
    for (const double shape : {0.8, 1.1, 1.8}) {
        const auto average = [&](int intervals) {
            const auto grid = fit::follow_up_grid(50.0, intervals);
            return fit::average_log_hazard_ratio(followed_weibull(shape, 30, 24, 200, grid),
                                                 followed_weibull(1.3, 20, 24, 200, grid));
        };
        CHECK(average(40) == Approx(average(5000)).margin(2e-3));
    }
}

TEST_CASE("Expected events are the integral of G dF", "[fit]") {
    for (const char* endpoint : {"OS", "PFS"})
        for (const auto& model : fit::parametric_models())
            for (const double median : {3.0, 12.0, 40.0})
                for (const double follow_up : {8.0, 30.0}) {
                    auto data = test::Paper(endpoint).arm({"a", "200", "", "10", "10", "", "", {}}).gather();
                    data.arms[0].follow_up_months = follow_up;
                    std::vector<double> parameters(model.family->parameters.size());
                    survival::from_median(*model.family, median, model.family->shape_name.empty() ? 0 : 0.2,
                                          parameters);
                    const auto grid = fit::follow_up_grid(data);
                    const double fraction =
                        fit::expected_events_fraction(fit::follow(data, 0, *model.family, parameters, grid));
                    // Midpoints of f(t) G(t) on 20 000 even intervals.
                    constexpr int intervals = 20000;
                    const double width = grid.back() / intervals,
                                 gamma = hersurv::evidence::builtin_constants()->endpoint(endpoint).censoring_gamma;
                    double integral = 0;
                    for (int k = 0; k < intervals; ++k) {
                        const double time = (k + 0.5) * width;
                        integral += width * survival::density(*model.family, time, parameters) /
                                    (1 + std::pow(time / follow_up, gamma));
                    }
                    INFO(endpoint << ", " << model.name << ", median " << median << ", follow-up " << follow_up);
                    CHECK(fraction == Approx(integral).margin(5e-4));
                }
}

TEST_CASE("Curves that are certain or unobserved leave finite averages", "[fit]") {
    const auto grid = fit::follow_up_grid(60.0);
    const auto usual = followed_weibull(1.2, 20, 20, 100, grid);
    for (const double scale : {1e-3, 0.1, 1e4, 1e8}) {
        const auto extreme = followed_weibull(1.2, scale, 20, 100, grid);
        CHECK(std::isfinite(fit::average_log_hazard_ratio(extreme, usual)));
        CHECK(fit::expected_events_fraction(extreme) >= 0);
        CHECK(fit::expected_events_fraction(extreme) <= 1);
    }
}
