// Whether a family that is fitted to simulated patients gives back the parameters from which they were drawn, with the
// standard errors that hersurv gives beforehand; bench/simulated_fits.py measures the whole catalogue.
#include "hersurv/catalogue.hpp"
#include "hersurv/patients.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

namespace catalogue = hersurv::catalogue;
namespace evidence = hersurv::evidence;
namespace fit = hersurv::fit;
using namespace hersurv::patients;

namespace {

struct Returned {
    std::string name;    // trial, arm, model, parameter
    double off = 0;      // in standard errors of a trial of this size
    double se_over = 0;  // standard error of maximum likelihood over that expected of the sampling
};

// The parameters of each arm in which they are determined, fitted to patients drawn from the family itself.
std::vector<Returned> returned(const fit::FittedModel& model, const Simulation& simulated) {
    std::vector<Returned> all;
    const std::vector<Arm> drawn = simulated.draw(1);
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        const std::size_t arm = simulated.arms()[i].arm;
        if (model.arms[arm].status != fit::FitStatus::determined) continue;
        const fit::ParameterCovariances expected = fit::parameter_covariances(model, arm);
        if (expected.sampling.size == 0) continue;
        const auto fits = fit_patients({drawn[i]}, {model.model->family});
        REQUIRE(fits.front().fitted());
        const LikelihoodFit& found = fits.front().fits.front();
        REQUIRE(found.coordinates == expected.order);
        for (std::size_t k = 0; k < found.estimates.size(); ++k)
            all.push_back({drawn[i].name + " " + std::string(model.model->name) + " " + expected.order[k],
                           (found.estimates[k] - expected.estimates[k]) / std::sqrt(expected.population(k, k)),
                           std::sqrt(found.covariance(k, k) / expected.sampling(k, k))});
    }
    return all;
}

}  // namespace

TEST_CASE("identified parameters come back from patients with the published numbers and events", "[patients]") {
    catalogue::Library library{catalogue::LibraryOptions{}};
    std::size_t n_parameters = 0, n_calibrated = 0, n_near = 0;
    for (const auto& [id, analysis] :
         {std::pair{"CLEOPATRA", "os-2015"}, std::pair{"EMILIA", "os-final"}, std::pair{"NALA", "pfs-central"},
          std::pair{"TH3RESA", "pfs-2013"}, std::pair{"SOPHIA", "os-final"}}) {
        const auto* const trial = library.select({id}).front();
        const fit::Fitter fitter(std::make_shared<const evidence::AnalysisEvidence>(
                                     evidence::gather(*trial, *trial->find_analysis(analysis))),
                                 {});
        for (const fit::Model& model : fit::models()) {
            if (model.name != "weibull" && model.name != "lognormal" && model.name != "loglogistic") continue;
            const fit::FittedModel fitted = fitter.fit(model);
            // Evenly spaced, so that nothing is left of the error of a sample.
            const SimulationOptions even{.calibration = Calibration::none, .deterministic = true};
            for (const Returned& one : returned(fitted, Simulation(fitted, even))) {
                INFO(id << " " << one.name);
                ++n_parameters;
                CHECK(std::abs(one.off) < 1);
                CHECK(one.se_over == Approx(1).margin(0.15));
            }
            for (const std::uint64_t seed : {1, 2})
                for (const Returned& one : returned(fitted, Simulation(fitted, {.seed = seed}))) {
                    ++n_calibrated;
                    n_near += std::abs(one.off) < 1;
                }
        }
    }
    CHECK(n_parameters >= 30);
    // Random draws, moved to the published estimates: 92% over the whole catalogue.
    INFO(n_near << " of " << n_calibrated);
    CHECK(static_cast<double>(n_near) > 0.85 * static_cast<double>(n_calibrated));
}
