// Covariances of parameters: of a trial's sampling, of the reconstruction, and their sum.
#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "unit/evidence/records.hpp"
#include <cmath>
#include <string>
#include <vector>

namespace fit = hersurv::fit;
using hersurv::test::Paper;

namespace {

// Nearly everybody is followed to the event.
Paper followed_to_the_end(const char* n, const char* events) {
    return Paper("OS").arm({"a", n, events, "4000", "20.0", "", "", {}});
}

fit::ParameterCovariances covariances_of(const Paper& paper, const char* model) {
    return fit::parameter_covariances(fit::fit(paper.shared(), *fit::find_model(model), {.target = fit::Target::curve}),
                                      0);
}

}  // namespace

TEST_CASE("without censoring the sampling covariance is the textbook's", "[fit][covariances]") {
    // Exponential: var log(rate) = 1 / events.
    const auto exponential = covariances_of(followed_to_the_end("400", ""), "exponential");
    REQUIRE(exponential.sampling.size == 1);
    CHECK(exponential.order.front() == "log(rate)");
    CHECK(exponential.sampling(0, 0) == Approx(1.0 / 400).epsilon(0.01));
    // Weibull, log scales: var log(shape) = 6 / (n pi^2) = .6079 / n, var log(scale) = 1.1087 / (n shape^2), covariance
    // .2570 / (n shape) (Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 21).
    const auto fitted =
        fit::fit(followed_to_the_end("400", "").shared(), *fit::find_model("weibull"), {.target = fit::Target::curve});
    const double shape = fitted.arms[0].parameters[0];
    const auto weibull = fit::parameter_covariances(fitted, 0);
    REQUIRE(weibull.sampling.size == 2);
    CHECK(weibull.order == std::vector<std::string>{"log(shape)", "log(scale)"});
    CHECK(weibull.sampling(0, 0) == Approx(0.6079 / 400).epsilon(0.02));
    CHECK(weibull.sampling(1, 1) == Approx(1.1087 / (400 * shape * shape)).epsilon(0.02));
    CHECK(weibull.sampling(0, 1) == Approx(0.2570 / (400 * shape)).epsilon(0.03));
    // Log-normal: var meanlog = sdlog^2 / n, var log(sdlog) = 1 / (2 n).
    const auto normal = covariances_of(followed_to_the_end("400", ""), "lognormal");
    REQUIRE(normal.sampling.size == 2);
    CHECK(normal.sampling(0, 0) == Approx(std::exp(2 * normal.estimates[1]) / 400).epsilon(0.02));
    CHECK(normal.sampling(1, 1) == Approx(1.0 / 800).epsilon(0.02));
}

TEST_CASE("the population covariance is the sum, and shrinks with the number of patients", "[fit][covariances]") {
    const auto of = [](const char* n, const char* events) {
        return covariances_of(
            Paper("OS").arm({"a", n, events, "31", "20.0", "17.8", "22.2", {{12, "0.70"}, {24, "0.42"}}}), "weibull");
    };
    const auto small = of("400", "279"), large = of("1600", "1116");
    for (const auto* of_size : {&small, &large}) {
        REQUIRE(of_size->population.size == 2);
        for (std::size_t i = 0; i < 4; ++i)
            CHECK(of_size->population.values[i] ==
                  Approx(of_size->sampling.values[i] + of_size->reconstruction.values[i]));
        // An exponential's log rate would have 1 / events.
        CHECK(of_size->sampling(0, 0) > 0);
    }
    CHECK(large.sampling(0, 0) == Approx(small.sampling(0, 0) / 4).epsilon(0.05));
    CHECK(small.sampling(0, 0) > 0.6079 / 400);  // censoring leaves less
}

TEST_CASE("without patients or a family there is no sampling covariance", "[fit][covariances]") {
    CHECK(covariances_of(Paper("OS").arm({"a", "", "", "31", "20.0", "", "", {}}), "weibull").sampling.size == 0);
    const auto flexible =
        fit::fit(Paper("OS").arm({"a", "100", "", "31", "20.0", "", "", {}}).shared(), *fit::find_model("flexible"));
    CHECK(fit::parameter_covariances(flexible, 0).order.empty());
}
