// Draws of parameters and curves: the distribution that is quoted, both arms together, and each draw a function of its
// seed, trial and number alone.
#include "hersurv/catalogue.hpp"
#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "fit/coherence.hpp"
#include "fit/random_normal.hpp"
#include "unit/evidence/records.hpp"
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace fit = hersurv::fit;
using hersurv::test::Paper;

namespace {

constexpr double never = 1e9;

// Hardly anything is published of either arm but the hazard ratio.
Paper tied() {
    return Paper("OS")
        .arm({"a", "2000", "", "30", "", "", "", {{12, "0.7"}}})
        .arm({"b", "2000", "", "30", "", "", "", {}})
        .hazard_ratio("a", "b", "0.70", "0.58", "0.84");
}

Paper well_known() {
    return Paper("OS")
        .arm({"a", "400", "250", "30", "20.0", "17.5", "23.0", {{12, "0.68"}, {36, "0.30"}}})
        .arm({"b", "400", "290", "30", "14.2", "12.5", "16.4", {{12, "0.56"}}})
        .hazard_ratio("a", "b", "0.70", "0.58", "0.84");
}

fit::FittedModel fitted(const Paper& paper, const char* model, const fit::FitOptions& options = {}) {
    return fit::fit(paper.shared(), *fit::find_model(model), options);
}

double log_of(const std::vector<std::vector<double>>& draw, std::size_t i, std::size_t n_each) {
    return std::log(draw[i / n_each][i % n_each]);
}

}  // namespace

TEST_CASE("a covariance comes back from its factor, also a singular one", "[fit][draws]") {
    // Rank 2 of 3: the third is the sum of the others.
    const std::vector<double> covariance = {4, 1, 5, 1, 9, 10, 5, 10, 15};
    const auto factor = fit::factor_of(covariance, 3);
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) {
            double sum = 0;
            for (std::size_t k = 0; k < 3; ++k) sum += factor[i * 3 + k] * factor[j * 3 + k];
            CHECK(sum == Approx(covariance[i * 3 + j]));
        }
    CHECK(factor[8] == 0);
    hersurv::support::RandomStream random{1};
    double sum = 0, squares = 0, beyond = 0;
    constexpr std::size_t n = 100000;
    for (const double z : fit::standard_normal(random, n)) {
        sum += z;
        squares += z * z;
        beyond += std::abs(z) > 1.959964 ? 1 : 0;
    }
    CHECK(std::abs(sum / n) < 4 / std::sqrt(n));
    CHECK(squares / n == Approx(1).margin(4 * std::sqrt(2.0 / n)));
    CHECK(beyond / n == Approx(0.05).margin(4 * std::sqrt(0.05 * 0.95 / n)));
}

TEST_CASE("draws have the mean, covariance and quantiles that are quoted, of both arms together", "[fit][draws]") {
    const auto model = fitted(tied(), "weibull");
    const auto joint = fit::joint_covariance(model);
    REQUIRE(joint.arms == std::vector<std::size_t>{0, 1});
    REQUIRE(joint.population.size == 4);
    for (const std::size_t arm : {0, 1}) {
        const auto own = fit::parameter_covariances(model, arm);
        for (std::size_t i = 0; i < 2; ++i) {
            CHECK(joint.estimates[2 * arm + i] == own.estimates[i]);
            for (std::size_t j = 0; j < 2; ++j)
                CHECK(joint.population(2 * arm + i, 2 * arm + j) == Approx(own.population(i, j)).epsilon(1e-6));
        }
    }
    // The hazard ratio ties the scales.
    const double correlation = joint.population(1, 3) / std::sqrt(joint.population(1, 1) * joint.population(3, 3));
    CHECK(correlation > 0.2);

    constexpr std::size_t n = 20000;
    const fit::ParameterDraws draws(model, 7);
    std::vector<std::vector<double>> values(4);
    for (std::uint64_t draw = 0; draw < n; ++draw) {
        const auto drawn = draws(draw);
        for (std::size_t i = 0; i < 4; ++i) values[i].push_back(log_of(drawn, i, 2));
    }
    for (std::size_t i = 0; i < 4; ++i) {
        const double sd = std::sqrt(joint.population(i, i));
        double mean = 0;
        for (const double value : values[i]) mean += value / n;
        CHECK(std::abs(mean - joint.estimates[i]) < 4 * sd / std::sqrt(n));
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = 0;
            for (std::size_t k = 0; k < n; ++k)
                sum += (values[i][k] - joint.estimates[i]) * (values[j][k] - joint.estimates[j]) / n;
            // Var of a sample covariance: (s_ii s_jj + s_ij^2) / n.
            const double of = joint.population(i, j);
            const double error = std::sqrt((joint.population(i, i) * joint.population(j, j) + of * of) / n);
            CHECK(std::abs(sum - of) < 4 * error);
        }
        std::vector<double> sorted = values[i];
        std::ranges::sort(sorted);
        // The standard error of a quantile is sqrt(p (1 - p) / n) / density.
        CHECK(sorted[n / 40] == Approx(joint.estimates[i] - 1.959964 * sd).margin(4 * 0.0191 * sd));
        CHECK(sorted[n - n / 40] == Approx(joint.estimates[i] + 1.959964 * sd).margin(4 * 0.0191 * sd));
    }
}

TEST_CASE("arms with a common shape share it in every draw, and the patients of both tell it", "[fit][draws]") {
    // All patients are followed to the event: var log(shape) = 6 / (n pi^2), n those of both arms.
    const Paper paper =
        Paper("OS").arm({"a", "300", "", "4000", "20.0", "", "", {}}).arm({"b", "100", "", "4000", "14.0", "", "", {}});
    const auto common = fitted(paper, "weibull", {.shape = fit::Shape::common, .target = fit::Target::curve});
    for (const std::size_t arm : {0, 1})
        CHECK(fit::parameter_covariances(common, arm).sampling(0, 0) == Approx(0.6079 / 400).epsilon(0.02));
    const fit::ParameterDraws draws(common, 1);
    double least = never, most = 0;
    for (std::uint64_t draw = 0; draw < 50; ++draw) {
        const auto drawn = draws(draw);
        CHECK(drawn[0][0] == Approx(drawn[1][0]).epsilon(1e-9));
        CHECK(drawn[0][1] != drawn[1][1]);
        least = std::min(least, drawn[0][0]);
        most = std::max(most, drawn[0][0]);
    }
    CHECK(most > 1.05 * least);
}

TEST_CASE("a draw depends on seed, trial, analysis and number alone", "[fit][draws]") {
    const auto model = fitted(tied(), "weibull");
    const fit::ParameterDraws draws(model, 7), again(model, 7), other(model, 8);
    CHECK(draws(3) == again(3));
    CHECK(draws(3) != draws(4));
    CHECK(draws(3) != other(3));
    Paper renamed = tied();
    renamed.analysis.id = "another";
    CHECK(draws(3) != fit::ParameterDraws(fitted(renamed, "weibull"), 7)(3));
}

TEST_CASE("what has no covariance has no draws, and says why", "[fit][draws]") {
    const auto why = [](const Paper& paper, const char* model, const fit::FitOptions& options = {}) {
        const fit::ParameterDraws draws(fitted(paper, model, options), 1);
        CHECK(draws(0)[0].empty() != draws.why_none(0).empty());
        return draws.why_none(0);
    };
    const Paper unknown_size = Paper("OS").arm({"a", "", "", "31", "20.0", "", "", {}});
    CHECK_THAT(why(unknown_size, "weibull"), Catch::Contains("the number of patients was not published"));
    CHECK_THAT(fit::CurveDraws(fitted(unknown_size, "flexible"), 1).why_none(0),
               Catch::Contains("the number of patients was not published"));
    // A median of 20 and S(21) = .2 is no exponential.
    const Paper impossible = Paper("OS").arm({"a", "100", "", "31", "20.0", "", "", {{21, "0.20"}}});
    CHECK_THAT(why(impossible, "exponential", {.target = fit::Target::published}), Catch::Equals(""));
    const Paper rising = Paper("OS").arm({"a", "100", "", "31", "", "", "", {{12, "0.40"}, {24, "0.45"}}});
    CHECK_THAT(why(rising, "weibull", {.target = fit::Target::published}), Catch::StartsWith("no-exact-fit"));
    CHECK_THAT(why(Paper("OS").arm({"a", "100", "", "", "", "", "", {}}), "weibull"),
               Catch::StartsWith("not-enough-data"));
    CHECK_THAT(why(tied(), "flexible"), Catch::Contains("no parameters"));
    CHECK(why(tied(), "weibull").empty());
}

TEST_CASE("drawn curves of a family are those of the drawn parameters", "[fit][draws]") {
    const auto model = fitted(tied(), "lognormal");
    const fit::ParameterDraws parameters(model, 5);
    const fit::CurveDraws curves(model, 5);
    for (std::uint64_t draw = 0; draw < 5; ++draw)
        for (const std::size_t arm : {0, 1}) {
            const auto natural = parameters(draw)[arm];
            const auto drawn = curves(draw);
            // P(log T > log t) of a normal log T.
            const double s = 0.5 * std::erfc((std::log(18.0) - natural[0]) / natural[1] / std::sqrt(2.0));
            CHECK(std::exp(-drawn[arm]->cumulative_hazard(18)) == Approx(s));
            CHECK(drawn[arm]->cumulative_hazard(0) == 0);
            const double slope =
                (drawn[arm]->cumulative_hazard(18.001) - drawn[arm]->cumulative_hazard(17.999)) / 0.002;
            CHECK(drawn[arm]->hazard(18) == Approx(slope).epsilon(1e-6));
            const double area = (drawn[arm]->rmst(18.001) - drawn[arm]->rmst(17.999)) / 0.002;
            CHECK(area == Approx(s).epsilon(1e-6));
        }
}

TEST_CASE("quantiles of drawn curves of a family are its own population interval", "[fit][draws]") {
    const auto model = fitted(well_known(), "weibull");
    const fit::CurveDraws draws(model, 9);
    constexpr std::size_t n = 4000;
    for (const std::size_t arm : {0, 1})
        for (const double time : {6.0, 24.0, 60.0}) {
            std::vector<double> survival;
            for (std::uint64_t draw = 0; draw < n; ++draw)
                survival.push_back(std::exp(-draws(draw)[arm]->cumulative_hazard(time)));
            std::ranges::sort(survival);
            const auto own = fit::survival_at(model, arm, time, {fit::Band::population, 0.95});
            const double width = *own.upper - *own.lower;
            CHECK(survival[n / 2] == Approx(own.value).margin(0.05 * width));
            CHECK(survival[n / 40] == Approx(*own.lower).margin(0.08 * width));
            CHECK(survival[n - n / 40] == Approx(*own.upper).margin(0.08 * width));
        }
}

TEST_CASE("drawn flexible curves never rise, and have the limits of the population band", "[fit][draws]") {
    const auto model = fitted(well_known(), "flexible");
    const fit::CurveDraws draws(model, 3);
    constexpr std::size_t n = 2000;
    const std::vector<double> times = {6, 12, 18, 24, 36};
    for (const std::size_t arm : {0, 1}) {
        std::vector<std::vector<double>> survival(times.size());
        std::size_t rises = 0;
        for (std::uint64_t draw = 0; draw < n; ++draw) {
            const auto drawn = draws(draw);
            for (std::size_t k = 0; k < times.size(); ++k)
                survival[k].push_back(std::exp(-drawn[arm]->cumulative_hazard(times[k])));
            double before = 0;
            for (int k = 1; k <= 80 && draw < 100; ++k) {
                const double hazard = drawn[arm]->cumulative_hazard(0.02 * std::pow(1.13, k));
                rises += hazard < before - 1e-12 ? 1 : 0;
                before = hazard;
            }
        }
        CHECK(rises == 0);
        for (std::size_t k = 0; k < times.size(); ++k) {
            std::ranges::sort(survival[k]);
            const auto band = fit::survival_at(model, arm, times[k], {fit::Band::population, 0.95});
            const double width = *band.upper - *band.lower;
            CHECK(survival[k][n / 2] == Approx(band.value).margin(0.06 * width));
            CHECK(survival[k][n / 40] == Approx(*band.lower).margin(0.12 * width));
            CHECK(survival[k][n - n / 40] == Approx(*band.upper).margin(0.12 * width));
        }
    }
    // The area under a draw, added up finely.
    const auto drawn = draws(1);
    double area = 0;
    for (int k = 0; k < 20000; ++k) area += std::exp(-drawn[0]->cumulative_hazard((k + 0.5) * 36 / 20000)) * 36 / 20000;
    CHECK(drawn[0]->rmst(36) == Approx(area).epsilon(1e-3));
    const double doubling =
        (drawn[0]->cumulative_hazard(10 * std::sqrt(2.0)) - drawn[0]->cumulative_hazard(10 / std::sqrt(2.0))) /
        (10 / std::sqrt(2.0));
    CHECK(drawn[0]->hazard(10) == Approx(doubling));
}

TEST_CASE("a drawn curve that is capped is nowhere above the draw of overall survival", "[fit][draws]") {
    const auto one = [](const char* endpoint, const char* analysis, const char* median, const char* at_24) {
        Paper paper(endpoint);
        paper.arm({"a", "300", "", "30", median, "", "", {{24, at_24}}});
        paper.analysis.id = analysis;
        return paper;
    };
    for (const char* name : {"flexible", "weibull"}) {
        const auto os = fitted(one("OS", "os", "14.0", "0.25"), name),
                   capped = fit::lowered_to(os, fitted(one("PFS", "pfs", "13.0", "0.35"), name));
        REQUIRE(capped.lowered != nullptr);
        const fit::CurveDraws of_os(os, 2), of_pfs(capped, 2);
        bool capped_somewhere = false, below_somewhere = false;
        for (std::uint64_t draw = 0; draw < 20; ++draw) {
            const auto overall = of_os(draw), pfs = of_pfs(draw);
            for (const double time : {3.0, 12.0, 24.0, 60.0}) {
                const double difference = pfs[0]->cumulative_hazard(time) - overall[0]->cumulative_hazard(time);
                CHECK(difference >= -1e-12);
                (difference < 1e-12 ? capped_somewhere : below_somewhere) = true;
            }
            CHECK(pfs[0]->rmst(36) <= overall[0]->rmst(36) + 1e-6);
        }
        CHECK(capped_somewhere);
        CHECK(below_somewhere);
    }
}
