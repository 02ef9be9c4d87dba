// PFS and OS of the same patients: no patient dies before the progression, each endpoint is as if it were drawn alone,
// and the rank correlation is the one that is asked for.
#include "hersurv/catalogue.hpp"
#include "hersurv/patients.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace catalogue = hersurv::catalogue;
namespace evidence = hersurv::evidence;
namespace fit = hersurv::fit;
using namespace hersurv::patients;

namespace {

Simulation typed(const std::string& endpoint, const std::string& arm, const SimulationOptions& options) {
    catalogue::TypedTrial trial;
    trial.endpoint = endpoint;
    trial.arms = {arm};
    const auto read = catalogue::trial_from_text(trial);
    return {fit::fit_auto(
                std::make_shared<const evidence::AnalysisEvidence>(evidence::gather(read, read.analyses.front()))),
            options};
}

Simulation of_trial(const std::string& id, const std::string& analysis, const SimulationOptions& options) {
    catalogue::Library library{catalogue::LibraryOptions{}};
    const auto* const trial = library.select({id}).front();
    return {fit::fit_auto(std::make_shared<const evidence::AnalysisEvidence>(
                evidence::gather(*trial, *trial->find_analysis(analysis)))),
            options, numbers_of_arms(*trial, *trial->find_analysis(analysis))};
}

// Kendall's way of counting pairs would do as well: ranks without ties, by counting who is smaller.
double spearman(const std::vector<JointPatient>& patients) {
    double squares = 0;
    const auto n = static_cast<double>(patients.size());
    for (const JointPatient& one : patients) {
        double apart = 0;
        for (const JointPatient& other : patients)
            apart += static_cast<double>(other.progression.time_months < one.progression.time_months) -
                     static_cast<double>(other.survival.time_months < one.survival.time_months);
        squares += apart * apart;
    }
    return 1 - 6 * squares / (n * (n * n - 1));
}

// How many records of the first list are not among those of the second.
std::size_t n_changed(std::vector<Patient> records, std::vector<Patient> originals) {
    const auto less = [](const Patient& a, const Patient& b) {
        return a.time_months < b.time_months || (a.time_months == b.time_months && a.event < b.event);
    };
    std::ranges::sort(records, less);
    std::ranges::sort(originals, less);
    std::vector<Patient> changed;
    std::ranges::set_difference(records, originals, std::back_inserter(changed), less);
    return changed.size();
}

}  // namespace

TEST_CASE("no patient dies before the progression, and each endpoint is as drawn alone", "[patients]") {
    for (const Calibration calibration : {Calibration::published, Calibration::none}) {
        const SimulationOptions options{.calibration = calibration, .seed = 5};
        const JointSimulation joint(of_trial("CLEOPATRA", "pfs-irf-2012", options),
                                    of_trial("CLEOPATRA", "os-2015", options));
        REQUIRE(joint.arms().size() == 2);
        for (std::uint64_t replicate = 1; replicate <= 5; ++replicate) {
            const auto drawn = joint.draw(replicate);
            const auto progressions = joint.progression().draw(replicate), survivals = joint.survival().draw(replicate);
            for (std::size_t i = 0; i < drawn.size(); ++i) {
                std::vector<Patient> progression, survival;
                for (const JointPatient& patient : drawn[i].patients) {
                    CHECK(patient.progression.time_months <= patient.survival.time_months);
                    progression.push_back(patient.progression);
                    survival.push_back(patient.survival);
                }
                CHECK(drawn[i].n_earlier <= drawn[i].patients.size() / 50);  // by chance, where few are lost
                CHECK(n_changed(progression, progressions[joint.arms()[i].first].patients) == drawn[i].n_earlier);
                CHECK(n_changed(survival, survivals[joint.arms()[i].second].patients) == 0);
                CHECK(drawn[i].rank_correlation == Approx(usual_rank_correlation).margin(0.01));
            }
            CHECK(joint.draw(replicate)[0].patients.front().progression == drawn[0].patients.front().progression);
        }
    }
}

TEST_CASE("the curves of both endpoints of joint patients are the fitted ones", "[patients]") {
    // The largest difference where a fifth is at risk, as for plain draws of one endpoint.
    constexpr double n = 40'000, at_risk = 0.2;
    const SimulationOptions plain{.calibration = Calibration::none, .seed = 5};
    const JointSimulation joint(typed("PFS", "name=A n=40000 follow-up=50 median=18.5", plain),
                                typed("OS", "name=A n=40000 follow-up=50 median=40", plain), 0.5);
    std::vector<Patient> progression, survival;
    const auto drawn = joint.draw(2)[0];
    for (const JointPatient& patient : drawn.patients) {
        progression.push_back(patient.progression);
        survival.push_back(patient.survival);
    }
    CHECK(drawn.n_earlier == 0);
    CHECK(drawn.rank_correlation == Approx(0.5).margin(0.005));
    const auto largest = [&](const std::vector<Patient>& patients, const Simulation& of) {
        const KaplanMeier curve(patients);
        double difference = 0;
        for (double time = 0.5; static_cast<double>(curve.n_at_risk(time)) > at_risk * n; time += 0.5)
            difference = std::max(difference, std::abs(curve.survival(time) - of.survival(0, time)));
        return difference;
    };
    const double bound = 1.95 / std::sqrt(at_risk * n);
    CHECK(largest(progression, joint.progression()) < bound);
    CHECK(largest(survival, joint.survival()) < bound);
}

TEST_CASE("the rank correlation is the one asked for, or the nearest that PFS before OS allows", "[patients]") {
    // Everybody has both events, so that what is measured on the times is what was asked for.
    const SimulationOptions options{.seed = 8};
    const auto joint = [&](const char* os_median, double correlation) {
        return JointSimulation(typed("PFS", "name=A n=400 events=400 median=10", options),
                               typed("OS", std::string("name=A n=400 events=400 median=") + os_median, options),
                               correlation)
            .draw(1)[0];
    };
    for (const double wanted : {0.3, 0.67, 0.9}) {
        const JointArm arm = joint("60", wanted);
        CHECK(spearman(arm.patients) == Approx(arm.rank_correlation).margin(1e-9));
        CHECK(arm.rank_correlation == Approx(wanted).margin(0.01));
    }
    CHECK(spearman(joint("60", 1).patients) == Approx(1));
    // Medians near one another leave little room.
    const JointArm forced = joint("12", -1);
    CHECK(spearman(forced.patients) == Approx(forced.rank_correlation).margin(1e-9));
    CHECK(forced.rank_correlation > 0.2);
    CHECK(std::ranges::all_of(forced.patients, [](const JointPatient& patient) {
        return patient.progression.time_months <= patient.survival.time_months;
    }));

    CHECK_THROWS_AS(joint("60", 1.5), std::invalid_argument);
    CHECK_THROWS_AS(
        JointSimulation(typed("PFS", "name=A n=30 median=10", options), typed("OS", "name=A n=31 median=20", options)),
        std::invalid_argument);
}
