// Extrapolated hazards bounded by a life table, against closed forms.
#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "unit/evidence/records.hpp"
#include <cmath>
#include <memory>
#include <vector>

namespace fit = hersurv::fit;
using hersurv::test::Paper;

namespace {

std::shared_ptr<const fit::HazardFloor> constant_floor(double per_month) {
    return std::make_shared<const fit::HazardFloor>(fit::HazardFloor{0, {12 * per_month}, 54, "a test"});
}

fit::FittedModel fitted(const char* model) {
    return fit::fit(
        Paper("OS").arm({"a", "400", "279", "31", "20.0", "17.8", "22.2", {{12, "0.70"}, {24, "0.42"}}}).shared(),
        *fit::find_model(model));
}

double survival(const fit::FittedModel& model, double time) { return fit::survival_at(model, 0, time, {}).value; }

}  // namespace

TEST_CASE("a floor has the hazard of the age", "[fit][floor]") {
    const fit::HazardFloor floor{50, {0.012, 0.024, 0.036}, 50.5, ""};
    CHECK(floor.at(0) == Approx(0.001));
    CHECK(floor.at(5.9) == Approx(0.001));
    CHECK(floor.at(6) == Approx(0.002));
    CHECK(floor.at(17.9) == Approx(0.002));
    CHECK(floor.at(18) == Approx(0.003));
    CHECK(floor.at(1e4) == Approx(0.003));  // the last one holds on
}

TEST_CASE("beyond the supported range a hazard is at least that of the floor", "[fit][floor]") {
    const auto own = fitted("exponential");
    const double rate = own.arms[0].parameters[0], end = own.arms[0].supported_months;
    const double background = 3 * rate;
    const auto bounded = fit::with_hazard_floor(own, constant_floor(background));
    CHECK(survival(bounded, end) == Approx(survival(own, end)));
    for (const double beyond : {0.3, 1.0, 7.5, 60.0})
        CHECK(survival(bounded, end + beyond) == Approx(std::exp(-rate * end - background * beyond)).epsilon(1e-9));
    const double at_end = std::exp(-rate * end);
    CHECK(fit::mean(bounded, 0, {})->value == Approx((1 - at_end) / rate + at_end / background).epsilon(1e-6));
    CHECK(fit::rmst(bounded, 0, end + 10, {}).value ==
          Approx((1 - at_end) / rate + at_end * (1 - std::exp(-10 * background)) / background).epsilon(1e-9));
    CHECK(fit::hazard_at(bounded, 0, end + 5, {})->value == Approx(background).epsilon(1e-9));
    CHECK(fit::hazard_at(bounded, 0, end - 1, {})->value == Approx(rate).epsilon(1e-9));
    // The time at which S is 1% lies on the bounded stretch.
    const double time = bounded.curves->time_at_survival(0, 0.01, bounded.free_parameters);
    CHECK(survival(bounded, time) == Approx(0.01).epsilon(1e-6));
    REQUIRE(bounded.messages.size() == own.messages.size() + 1);
    CHECK(bounded.messages.back().find("life table (a test)") != std::string::npos);
    CHECK(bounded.arms[0].parameters == own.arms[0].parameters);
    const auto interval = fit::survival_at(bounded, 0, end + 20, {.band = fit::Band::population, .level = 0.95});
    CHECK(*interval.lower < interval.value);
    CHECK(*interval.upper > interval.value);
}

TEST_CASE("a floor below the hazard changes nothing", "[fit][floor]") {
    for (const char* model : {"exponential", "weibull", "gamma", "gompertz"}) {
        const auto own = fitted(model), bounded = fit::with_hazard_floor(own, constant_floor(1e-12));
        INFO(model);
        for (const double time : {6.0, 30.5, 77.3, 200.0})
            CHECK(survival(bounded, time) == Approx(survival(own, time)).epsilon(1e-9).margin(1e-15));
        // Within a month the hazard is taken as constant.
        CHECK(fit::rmst(bounded, 0, 120, {}).value == Approx(fit::rmst(own, 0, 120, {}).value).epsilon(1e-4));
        CHECK(bounded.messages == own.messages);
    }
}

TEST_CASE("a heavy tail has a mean under a life table", "[fit][floor]") {
    const auto paper =
        Paper("OS").arm({"a", "400", "", "60", "20.0", "", "", {{2, "0.80"}, {6, "0.68"}, {60, "0.36"}}});
    const auto own = fit::fit(paper.shared(), *fit::find_model("loglogistic"));
    REQUIRE(own.arms[0].parameters[0] < 1);
    CHECK_FALSE(fit::mean(own, 0, {}));
    const auto bounded = fit::with_hazard_floor(own, constant_floor(0.01));
    const auto mean = fit::mean(bounded, 0, {.band = fit::Band::population, .level = 0.95});
    REQUIRE(mean);
    CHECK(mean->value > fit::rmst(bounded, 0, 60, {}).value);
    CHECK(mean->value < fit::rmst(own, 0, 60, {}).value + 0.37 / 0.01);
    CHECK(*mean->lower < mean->value);
    CHECK(*mean->upper > mean->value);
}

TEST_CASE("a curve without a formula is not bounded, and says so", "[fit][floor]") {
    const auto own = fitted("flexible"), bounded = fit::with_hazard_floor(own, constant_floor(0.5));
    CHECK(survival(bounded, 100) == survival(own, 100));
    REQUIRE(bounded.messages.size() == own.messages.size() + 1);
    CHECK(bounded.messages.back().find("families only") != std::string::npos);
}
