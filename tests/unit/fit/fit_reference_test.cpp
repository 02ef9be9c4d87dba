// The families laid through a reconstructed curve, against the same sum of squares minimised in R
// (tests/reference/fit.R), and CLEOPATRA's end of study.
#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "unit/evidence/records.hpp"
#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace fit = hersurv::fit;
namespace test = hersurv::test;

TEST_CASE("Families laid through a curve agree with the same sum of squares minimised in R", "[fit][reference]") {
    const auto papers = test::process_papers();
    using Key = std::tuple<std::string, std::string, std::string>;  // paper, model, sharing
    std::map<Key, fit::FittedModel> fits;
    std::vector<const fit::Model*> models;
    for (const auto& model : fit::parametric_models()) models.push_back(&model);
    for (const auto& [name, evidence] : papers)
        for (const auto& [word, shape] :
             {std::pair{"separate", fit::Shape::separate}, {"common", fit::Shape::common}}) {
            const auto all = fit::fit(evidence, models, {.shape = shape, .target = fit::Target::curve});
            for (const auto& fitted : all) fits.emplace(Key{name, std::string(fitted.model->name), word}, fitted);
        }
    std::map<Key, std::size_t> compared;
    for (const auto& row : test::reference_rows("fit.csv")) {
        const std::string& quantity = row[4];
        const auto arm = std::stoul(row[3]), i = std::stoul(row[5]), j = std::stoul(row[6]);
        const double value = std::stod(row[7]);
        INFO(row[0] << ", " << row[1] << " " << row[2] << ", arm " << arm << ", " << quantity << " " << i << " " << j);
        if (quantity == "supported_months") {
            CHECK(fits.at({row[0], "weibull", "separate"}).arms[arm].supported_months == Approx(value).epsilon(1e-5));
            continue;
        }
        const Key key{row[0], row[1], row[2]};
        const auto& fitted = fits.at(key);
        const fit::ArmFit& result = fitted.arms[arm];
        CHECK(result.status != fit::FitStatus::not_converged);
        ++compared[key];
        if (quantity == "rms_distance") {
            CHECK(result.rms_distance == Approx(value).epsilon(1e-4));
            continue;
        }
        // R leaves the rest out where nobody is cured: the minimum is at a logit of minus infinity.
        if (fitted.model->family->uncured != nullptr) CHECK(result.parameters.back() > 1e-3);
        if (quantity == "parameter") {
            CHECK(result.parameters[i] == Approx(value).epsilon(1e-4).margin(1e-5));
        } else {
            REQUIRE(quantity == "covariance");
            const auto covariance = fitted.natural_covariance(arm);
            CHECK(std::abs(covariance(i, j) - value) < 2e-3 * std::sqrt(covariance(i, i) * covariance(j, j)));
        }
    }
    CHECK(compared.size() >= 90);
    for (const fit::Model* model : models)
        CHECK(std::ranges::any_of(
            compared, [&](const auto& entry) { return std::get<1>(entry.first) == model->name && entry.second >= 3; }));
}

TEST_CASE("CLEOPATRA's end of study: no Weibull curve follows the plateau, one with a cured share does", "[fit]") {
    const auto evidence = test::cleopatra_end_of_study().shared();
    const auto weibull = fit::fit(evidence, *fit::find_model("weibull")),
               cure = fit::fit(evidence, *fit::find_model("weibull-cure"));
    for (const std::size_t arm : {0U, 1U}) {
        CHECK(weibull.arms[arm].rms_distance > 1.7 * cure.arms[arm].rms_distance);
        CHECK(cure.arms[arm].rms_distance < 0.012);
        CHECK(cure.arms[arm].parameters.back() > 0.1);
        CHECK(cure.arms[arm].parameters.back() < (arm == 0 ? 0.37 : 0.23));
        for (const auto* fitted : {&weibull, &cure}) {
            const double median = hersurv::fit::median(*fitted, arm, {}).value;
            CHECK(median == Approx(arm == 0 ? 57.1 : 40.8).epsilon(0.1));
            CHECK(fitted->arms[arm].supported_months >= 96);
        }
    }
    CHECK(hersurv::fit::hazard_ratio(weibull, 0, 1, {}).value == Approx(0.69).margin(0.05));
}
