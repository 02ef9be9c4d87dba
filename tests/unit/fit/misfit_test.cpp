// Families by what they make of the published medians and milestones.
#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "report/misfit_ranking.hpp"
#include "unit/evidence/records.hpp"
#include <cmath>
#include <vector>

namespace fit = hersurv::fit;
namespace report = hersurv::report;
using hersurv::test::Paper;

namespace {

// Everybody is followed to the end, so that every patient counts at every time.
Paper milestones(const char* n) {
    return Paper("OS").arm({"a", n, "", "4000", "", "", "", {{12, "0.70"}, {24, "0.40"}, {36, "0.30"}}});
}

hersurv::study::AnalysisFit fits_of(const Paper& paper, const std::vector<const char*>& names,
                                    const fit::FitOptions& options = {}) {
    std::vector<const fit::Model*> models;
    for (const char* name : names) models.push_back(fit::find_model(name));
    hersurv::study::AnalysisFit fits;
    fits.trial = &paper.trial;
    fits.analysis = &paper.analysis;
    fits.evidence = paper.shared();
    fits.models = fit::fit(fits.evidence, models, options);
    return fits;
}

}  // namespace

TEST_CASE("the misfit is the residual over the standard error of the estimate", "[fit][misfit]") {
    const auto fitted = fit::fit(milestones("200").shared(), *fit::find_model("exponential"));
    const double rate = fitted.arms[0].parameters[0];
    double sum = 0, largest = 0;
    for (const auto& [time, published] : {std::pair{12.0, 0.70}, {24.0, 0.40}, {36.0, 0.30}}) {
        // Binomial, and a number that is rounded to .01.
        const double variance = published * (1 - published) / 200 + 0.01 * 0.01 / 12;
        const double residual = (std::exp(-rate * time) - published) / std::sqrt(variance);
        sum += residual * residual;
        if (std::abs(residual) > std::abs(largest)) largest = residual;
    }
    const fit::Misfit misfit = fit::misfit(fitted, 0);
    CHECK(misfit.n_estimates == 3);
    CHECK(misfit.sum_of_squares == Approx(sum).epsilon(0.01));
    CHECK(misfit.largest == Approx(largest).epsilon(0.01));
    CHECK(misfit.root_mean_square() == Approx(std::sqrt(misfit.sum_of_squares / 3)));
    CHECK(sum > 1);
}

TEST_CASE("fits that are alike share their rank", "[fit][misfit]") {
    CHECK(fit::ranks_of_misfit({}).empty());
    CHECK(fit::ranks_of_misfit({5, 1, 1, 9}) == std::vector<std::size_t>{3, 1, 1, 4});
    // 4.8 is alike with 1 (3.8 apart), 4.85 is not (R: qchisq(.95, 1) = 3.841459); 8.6 is alike with 4.85.
    CHECK(fit::ranks_of_misfit({4.85, 4.8, 8.6, 1}) == std::vector<std::size_t>{3, 1, 3, 1});
    // What is alike with the second of a rank need not be with its first.
    CHECK(fit::ranks_of_misfit({0, 3, 6}) == std::vector<std::size_t>{1, 1, 3});
}

TEST_CASE("more patients tell families apart that fewer do not", "[fit][misfit]") {
    const auto ranks = [](const char* n) {
        const Paper paper = milestones(n);
        const auto fits = fits_of(paper, {"exponential", "weibull", "lognormal"});
        const report::MisfitRanking ranking(fits, {});
        std::vector<std::size_t> of;
        for (const fit::FittedModel& model : fits.models) of.push_back(ranking.of(model, 0).of_all.rank);
        return of;
    };
    CHECK(ranks("20") == std::vector<std::size_t>{1, 1, 1});
    const auto many = ranks("4000");
    CHECK(many[0] > many[2]);
    CHECK(many[2] == 1);
}

TEST_CASE("families that meet every estimate are tied, whatever they say later", "[fit][misfit]") {
    const Paper paper = Paper("OS").arm({"a", "5000", "", "", "", "", "", {{12, "0.420"}, {24, "0.230"}}});
    const auto fits = fits_of(paper, {"weibull", "lognormal", "gompertz", "exponential"});
    const report::MisfitRanking ranking(fits, {});
    double least = 1, most = 0;
    for (std::size_t m = 0; m < 3; ++m) {
        const auto of = ranking.of(fits.models[m], 0);
        CHECK(of.of_all.misfit->root_mean_square() < 1e-3);
        CHECK(of.of_all.rank == 1);
        CHECK(of.of_all.n_alike == 3);
        least = std::min(least, of.survival[1]->value);
        most = std::max(most, of.survival[1]->value);
    }
    CHECK(ranking.of(fits.models[3], 0).of_all.rank == 4);
    CHECK(most > 3 * least);
}

TEST_CASE("arms add up, and those without estimates have no part", "[fit][misfit]") {
    const Paper paper = Paper("OS")
                            .arm({"a", "300", "", "30", "20.0", "", "", {{12, "0.66"}}})
                            .arm({"b", "300", "", "30", "", "", "", {}})
                            .arm({"c", "300", "", "30", "14.0", "", "", {{12, "0.60"}}})
                            .hazard_ratio("a", "b", "0.70", "0.58", "0.84");
    const auto fits = fits_of(paper, {"exponential", "weibull", "flexible"});
    const report::MisfitRanking ranking(fits, {});
    const auto a = ranking.of(fits.models[1], 0), b = ranking.of(fits.models[1], 1), c = ranking.of(fits.models[1], 2);
    REQUIRE(a.of_arm.misfit);
    REQUIRE(c.of_arm.misfit);
    CHECK_FALSE(b.of_arm.misfit);
    CHECK(b.survival[0]);
    CHECK(a.of_all.misfit->n_estimates == 4);
    CHECK(a.of_all.misfit->sum_of_squares == Approx(a.of_arm.misfit->sum_of_squares + c.of_arm.misfit->sum_of_squares));
    CHECK(ranking.of(fits.models[2], 0).of_all.rank == 0);  // no family
    const report::MisfitRanking of_a(fits, [](const std::string& id) { return id == "a"; });
    CHECK(of_a.of(fits.models[1], 0).of_all.misfit->n_estimates == 2);
}
