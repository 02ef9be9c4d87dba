// The fit against the same objective minimised in R (tests/reference/fit.R), and CLEOPATRA's end of study.
#include "hersurv/curve/curve.hpp"
#include "hersurv/fit/fit.hpp"

#include <catch2/catch.hpp>

#include "unit/evidence/records.hpp"
#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace fit = hersurv::fit;
namespace test = hersurv::test;
using test::Paper;

namespace {

// The papers of fit_cases.csv, by name.
std::map<std::string, Paper> reference_papers() {
    std::map<std::string, Paper> papers;
    std::map<std::string, std::pair<std::string, std::string>> ratios;  // paper -> value, stratified
    for (const auto& row : test::reference_rows("fit_cases.csv")) {
        auto& paper = papers.try_emplace(row[0], row[1]).first->second;
        test::ArmLine line{row[2], row[3], row[4], row[5], row[6], row[7], row[8], {}};
        std::stringstream milestones(row[9]);
        for (std::string milestone; std::getline(milestones, milestone, ';');) {
            const auto equals = milestone.find('=');
            line.milestones.emplace_back(std::stod(milestone.substr(0, equals)), milestone.substr(equals + 1));
        }
        paper.arm(line);
        if (!row[10].empty()) ratios[row[0]] = {row[10], row[11]};
    }
    for (const auto& [name, ratio] : ratios) {
        Paper& paper = papers.at(name);
        paper.hazard_ratio(paper.trial.arms[0].id, paper.trial.arms[1].id, ratio.first);
        if (!ratio.second.empty()) paper.analysis.contrasts[0].hazard_ratio[0].stratified = ratio.second == "yes";
    }
    return papers;
}

}  // namespace

TEST_CASE("Fits agree with the same objective minimised in R", "[fit][reference]") {
    const auto papers = reference_papers();
    REQUIRE(papers.size() >= 6);
    std::map<std::pair<std::string, std::string>, fit::FittedModel> fits;
    for (const auto& [name, paper] : papers)
        for (const auto& model : fit::parametric_models())
            fits.emplace(std::pair{name, std::string(model.name)}, fit::fit(paper.shared(), model));
    std::map<std::pair<std::string, std::string>, std::size_t> compared;
    for (const auto& row : test::reference_rows("fit.csv")) {
        const auto& fitted = fits.at({row[0], row[1]});
        const auto i = static_cast<std::size_t>(std::stoi(row[3])), j = static_cast<std::size_t>(std::stoi(row[4]));
        const double value = std::stod(row[5]);
        INFO(row[0] << ", " << row[1] << ", " << row[2] << " " << i << " " << j);
        ++compared[{row[0], row[1]}];
        if (row[2] == "free") {
            REQUIRE(i < fitted.free_parameters.size());
            CHECK(fitted.free_parameters[i] == Approx(value).epsilon(1e-5).margin(1e-6));
        } else if (row[2] == "covariance") {
            REQUIRE(fitted.covariance.size == fitted.free_parameters.size());
            const double scale = std::sqrt(fitted.covariance(i, i) * fitted.covariance(j, j));
            CHECK(std::abs(fitted.covariance(i, j) - value) < 1e-3 * scale);
            CHECK(fitted.covariance(i, j) == Approx(fitted.covariance(j, i)));
        } else if (row[2] == "objective") {
            CHECK(fitted.objective == Approx(value).epsilon(1e-6).margin(1e-12));
        } else if (row[2] == "inflation") {
            CHECK(fitted.inflation == Approx(value).epsilon(1e-6));
        } else {
            REQUIRE(row[2] == "shape_without_prior");
            std::size_t n_times = 0;
            for (const auto& o : fitted.evidence->observations)
                n_times += o.arm == i && o.kind == hersurv::evidence::Kind::point;
            REQUIRE(i < fitted.arms.size());
            // One point says nothing on the shape.
            REQUIRE(fitted.arms[i].shape_coordinate_without_prior.has_value() == (n_times > 1));
            if (n_times > 1)
                CHECK(*fitted.arms[i].shape_coordinate_without_prior == Approx(value).epsilon(1e-4).margin(1e-4));
        }
    }
    CHECK(compared.size() == fits.size());
    for (const auto& [key, fitted] : fits)
        for (const auto& arm : fitted.arms) CHECK(arm.status != fit::FitStatus::not_converged);
}

TEST_CASE("CLEOPATRA's end of study: a Weibull curve cannot follow the plateau, and the fit says so", "[fit]") {
    const auto fitted = fit::fit(test::cleopatra_end_of_study().shared(), *fit::find_model("weibull"));
    REQUIRE(fitted.fitted(0));
    REQUIRE(fitted.fitted(1));
    // S(72) from the upper limit and S(96) = .37 leave hardly any hazard between them. 0.746 in R too
    // (tests/reference/fit.csv).
    REQUIRE(fitted.arms[0].shape_coordinate_without_prior);
    CHECK(std::exp(*fitted.arms[0].shape_coordinate_without_prior) == Approx(0.746).margin(0.001));
    REQUIRE_FALSE(fitted.messages.empty());
    const auto message = std::find_if(fitted.messages.begin(), fitted.messages.end(),
                                      [](const std::string& m) { return m.find("pertuzumab: ") == 0; });
    REQUIRE(message != fitted.messages.end());
    CHECK(message->find("shape 0.75") != std::string::npos);
    CHECK(message->find("below") != std::string::npos);
    CHECK(message->find("1.35") != std::string::npos);  // exp(.299), what published curves of overall survival show
    CHECK(fitted.inflation > 1);
    // The fit with its prior lies between the numbers' shape and the usual one.
    CHECK(fitted.arms[0].parameters[0] > 0.746);
    CHECK(fitted.arms[0].parameters[0] < 1.35);
    for (std::size_t arm = 0; arm < 2; ++arm) {
        const double median = hersurv::curve::median(fitted, arm, {}).value;
        CHECK(median == Approx(arm == 0 ? 57.1 : 40.8).epsilon(0.06));
        CHECK(fitted.arms[arm].supported_months >= 96);
    }
    CHECK(hersurv::curve::hazard_ratio(fitted, 0, 1, {}).value == Approx(0.69).margin(0.05));
}
