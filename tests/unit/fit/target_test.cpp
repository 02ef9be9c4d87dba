// What a family is laid through: exactly through as many estimates as it has parameters, near them, or near the curve.
#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "unit/evidence/records.hpp"
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace fit = hersurv::fit;
using fit::FitStatus;
using fit::Target;
using hersurv::test::Paper;

namespace {

Paper with_milestones(const std::vector<std::pair<double, std::string>>& milestones, const std::string& median = "") {
    return Paper("OS").arm({"a", "200", "", "", median, "", "", milestones});
}

fit::FittedModel fitted(const Paper& paper, const char* model, Target target = Target::automatic) {
    return fit::fit(paper.shared(), *fit::find_model(model), {.target = target});
}

double survival(const fit::FittedModel& model, double time) {
    return fit::survival_at(model, 0, time, {.level = 0}).value;
}

}  // namespace

TEST_CASE("two estimates determine a family of two parameters", "[fit][target]") {
    // log(-log S) is linear in log t under a Weibull: shape = log(log .23 / log .42) / log 2, by hand .761;
    // scale 14.47.
    const auto weibull = fitted(with_milestones({{12, "0.42"}, {24, "0.23"}}), "weibull");
    const double shape = std::log(std::log(0.23) / std::log(0.42)) / std::log(2.0);
    CHECK(shape == Approx(0.761).margin(0.0005));
    CHECK(weibull.arms[0].parameters[0] == Approx(shape).epsilon(1e-7));
    CHECK(weibull.arms[0].parameters[1] == Approx(12 / std::pow(-std::log(0.42), 1 / shape)).epsilon(1e-7));
    CHECK(weibull.arms[0].parameters[1] == Approx(14.47).margin(0.005));
    CHECK(weibull.arms[0].target == Target::published);
    CHECK(fitted(with_milestones({{12, "0.90"}, {60, "0.85"}}), "weibull").arms[0].parameters[0] ==
          Approx(0.269).margin(0.0005));
    // Quartiles: the log-logistic has S = 1 / (1 + (t / scale)^shape), so that 5 and 45 months give scale 15, shape 1.
    const auto quartiles = fitted(with_milestones({{5, "0.75"}, {45, "0.25"}}), "loglogistic");
    CHECK(quartiles.arms[0].parameters[0] == Approx(1).epsilon(1e-7));
    CHECK(quartiles.arms[0].parameters[1] == Approx(15).epsilon(1e-7));
    // The log-normal: quartiles at exp(meanlog -+ .6745 sdlog).
    const auto normal = fitted(with_milestones({{5, "0.75"}, {45, "0.25"}}), "lognormal");
    CHECK(normal.arms[0].parameters[0] == Approx(std::log(15.0)).epsilon(1e-7));
    CHECK(normal.arms[0].parameters[1] == Approx(std::log(3.0) / 0.674489750196).epsilon(1e-7));
    // One estimate and the exponential.
    CHECK(fitted(with_milestones({{24, "0.95"}}), "exponential").arms[0].parameters[0] ==
          Approx(-std::log(0.95) / 24).epsilon(1e-8));
}

TEST_CASE("every family goes through as many random estimates of one of its members as it has parameters",
          "[fit][target]") {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> shape(0.6, 2.2), first(0.55, 0.9);
    for (int repeat = 0; repeat < 25; ++repeat) {
        // Two points of a Weibull, rounded as papers do; gamma, Gompertz and the others reach any such pair as well.
        const double k = shape(random), s = first(random), scale = 12 / std::pow(-std::log(s), 1 / k);
        const auto rounded = [](double value) {
            char text[16];
            std::snprintf(text, sizeof text, "%.2f", value);
            return std::string(text);
        };
        const std::string at_12 = rounded(s), at_30 = rounded(std::exp(-std::pow(30 / scale, k)));
        if (std::stod(at_30) < 0.02) continue;
        const Paper paper = with_milestones({{12, at_12}, {30, at_30}});
        INFO("S(12) = " << at_12 << ", S(30) = " << at_30);
        for (const char* model : {"weibull", "lognormal", "loglogistic", "gamma", "gompertz"}) {
            INFO(model);
            const auto exact = fitted(paper, model);
            CHECK(exact.arms[0].status != FitStatus::no_exact_fit);
            CHECK(survival(exact, 12) == Approx(std::stod(at_12)).epsilon(1e-6));
            CHECK(survival(exact, 30) == Approx(std::stod(at_30)).epsilon(1e-6));
        }
    }
}

TEST_CASE("a Gompertz curve that levels off above one half is found", "[fit][target]") {
    for (const auto& [early, late] :
         {std::pair{"0.90", "0.85"}, {"0.80", "0.70"}, {"0.70", "0.62"}, {"0.95", "0.80"}}) {
        const auto exact = fitted(with_milestones({{12, early}, {60, late}}), "gompertz");
        INFO(early << ", " << late);
        CHECK(exact.arms[0].status != FitStatus::no_exact_fit);
        CHECK(survival(exact, 12) == Approx(std::stod(early)).epsilon(1e-6));
        CHECK(survival(exact, 60) == Approx(std::stod(late)).epsilon(1e-6));
    }
    // By hand: (1 - exp(-60 k)) / (1 - exp(-12 k)) = log .85 / log .90 has k = .0810, rate = k log(1/.9) / (1 - exp(-12
    // k)).
    const auto exact = fitted(with_milestones({{12, "0.90"}, {60, "0.85"}}), "gompertz");
    const double k = -exact.arms[0].parameters[0];
    CHECK((1 - std::exp(-60 * k)) / (1 - std::exp(-12 * k)) == Approx(std::log(0.85) / std::log(0.90)).epsilon(1e-5));
    CHECK(std::isinf(fit::median(exact, 0, {}).value));
}

TEST_CASE("a family that has no such member says so and gives the nearest", "[fit][target]") {
    // An exponential curve with a cured share cannot fall ever faster.
    const auto model = fitted(with_milestones({{12, "0.90"}, {60, "0.02"}}), "exponential-cure");
    CHECK(model.arms[0].status == FitStatus::no_exact_fit);
    CHECK(std::abs(survival(model, 12) - 0.90) < 0.3);
    CHECK(fit::word(model.arms[0].status) == "no-exact-fit");
}

TEST_CASE("a target that is asked for is taken", "[fit][target]") {
    const Paper paper =
        Paper("OS").arm({"a", "300", "210", "48", "20.0", "17.5", "23.1", {{12, "0.70"}, {36, "0.30"}}});
    const auto curve = fitted(paper, "weibull", Target::curve), published = fitted(paper, "weibull", Target::published),
               automatic = fitted(paper, "weibull");
    CHECK(curve.arms[0].target == Target::curve);
    CHECK(published.arms[0].target == Target::published);
    CHECK(automatic.arms[0].target == Target::curve);
    // Three estimates, two parameters: nearer to the estimates than the one that is laid through the curve.
    const auto misfit = [](const fit::FittedModel& model) {  // weighted by the sampling variance
        double sum = 0;
        for (const auto& [time, s] : {std::pair{12.0, 0.70}, {20.0, 0.50}, {36.0, 0.30}})
            sum += std::pow(survival(model, time) - s, 2) / (s * (1 - s));
        return sum;
    };
    CHECK(misfit(published) < misfit(curve));
    // Two, beside other numbers: exactly where it is asked for.
    const Paper two = Paper("OS").arm({"a", "300", "210", "48", "20.0", "17.5", "23.1", {{36, "0.30"}}});
    CHECK(survival(fitted(two, "weibull", Target::published), 36) == Approx(0.30).epsilon(1e-7));
}

TEST_CASE("a family stays within the published confidence interval where one of its members does", "[fit][target]") {
    // The nearest exponential-like member misses the median's interval; a slightly other one does not.
    const auto model = fitted(
        Paper("OS").arm({"a", "300", "200", "50", "20.0", "19.0", "21.0", {{6, "0.90"}, {12, "0.74"}, {48, "0.21"}}}),
        "lognormal");
    CHECK(survival(model, 19.0 - 0.05) >= 0.5);
    CHECK(survival(model, 21.0 + 0.05) <= 0.5);
}
