// Numbers at risk: how they are read, the follow-up that they show, and what they do to a curve.
#include "evidence/at_risk.hpp"

#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"
#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"
#include "hersurv/patients.hpp"

#include <catch2/catch.hpp>

#include "catalogue/record_writer.hpp"
#include "support/json.hpp"
#include "support/number_text.hpp"
#include "unit/catalogue/documents.hpp"
#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <string>

using namespace hersurv;
using catalogue_documents::small_document;

namespace {

std::string refusal(const std::string& arm) {
    try {
        const std::string text = small_document(R"({"id": "a", "endpoint": "OS", "arms": {"x": {)" + arm + "}}}");
        (void)catalogue::read_document(text, "f");
    } catch (const support::InputError& error) {
        return error.faults().front().pointer + ": " + error.faults().front().problem;
    }
    return "(accepted)";
}

std::string typed_refusal(const std::string& arm) {
    try {
        (void)catalogue::trial_from_text({.endpoint = "OS", .arms = {arm}, .hazard_ratios = {}, .p_values = {}});
    } catch (const support::UsageError& error) {
        return error.what();
    }
    return "(accepted)";
}

// Patients of a log-logistic curve whose follow-up is uniform (accrual) with drop-out.
struct Law {
    double median, shape, first_end, last_end, drop_out;
};

std::vector<patients::Patient> draw(const Law& law, int n, std::mt19937_64& random) {
    const auto uniform = [&] { return (static_cast<double>(random() >> 11U) + 0.5) / 9007199254740992.0; };
    std::vector<patients::Patient> all;
    for (int i = 0; i < n; ++i) {
        const double u = uniform(), death = law.median * std::pow(u / (1 - u), 1 / law.shape);
        const double end = law.first_end + (law.last_end - law.first_end) * uniform();
        const double censored = std::min(end, -std::log(uniform()) / law.drop_out);
        all.push_back({std::min(death, censored), death <= censored});
    }
    return all;
}

// The arm as a paper prints it, with its median time on study as follow-up.
std::string printed_arm(const std::vector<patients::Patient>& all, bool with_numbers_at_risk) {
    const patients::KaplanMeier curve(all);
    std::vector<double> times;
    for (const auto& patient : all) times.push_back(patient.time_months);
    std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
    std::string text = "name=A n=" + std::to_string(all.size()) + " events=" + std::to_string(curve.n_events()) +
                       " follow-up=" + support::fixed(times[times.size() / 2], 1) +
                       " S(12)=" + support::fixed(curve.survival(12), 2);
    if (const auto median = curve.quantile(0.5, catalogue::LimitsTransform::log_log).time_months)
        text += " median=" + support::fixed(*median, 1);
    if (!with_numbers_at_risk) return text;
    text += " at-risk=0:" + std::to_string(all.size());
    for (double time = 6; curve.n_at_risk(time) >= 5; time += 6)
        text += "," + support::fixed(time, 0) + ":" + std::to_string(curve.n_at_risk(time));
    return text;
}

std::shared_ptr<const evidence::AnalysisEvidence> evidence_of(const std::string& arm) {
    const auto trial =
        catalogue::trial_from_text({.endpoint = "OS", .arms = {arm}, .hazard_ratios = {}, .p_values = {}});
    return std::make_shared<const evidence::AnalysisEvidence>(evidence::gather(trial, trial.analyses[0]));
}

double mean_distance(const patients::KaplanMeier& truth, const fit::FittedModel& fitted) {
    double sum = 0;
    int n = 0;
    for (double time = 1; truth.n_at_risk(time) >= 20; ++time, ++n)
        sum += std::abs(fit::survival_at(fitted, 0, time, {.level = 0}).value - truth.survival(time));
    return sum / n;
}

}  // namespace

TEST_CASE("numbers at risk are read with their order", "[catalogue][at-risk]") {
    const std::string text = small_document(
        R"({"id": "a", "endpoint": "OS", "arms": {"x": {"n": 402,
            "at_risk": {"times": [0, 1, 2.5], "patients": [402, 371, 318], "unit": "years"}}}})");
    const auto trial = catalogue::read_document(text, "f").trials[0];
    const auto& at_risk = trial.analyses[0].arms[0].at_risk;
    REQUIRE(at_risk);
    using Entry = catalogue::NumbersAtRisk::Entry;
    CHECK(at_risk->numbers == std::vector<Entry>{{0, 402}, {12, 371}, {30, 318}});
    const auto again = catalogue::read_document(support::write_json(catalogue::write_record(trial)), "f").trials[0];
    CHECK(again.analyses[0].arms[0].at_risk->numbers == at_risk->numbers);

    CHECK(refusal(R"("n": 9, "at_risk": {"times": [0, 6], "patients": [10, 4]})") ==
          "/trials/0/analyses/0/arms/x/at_risk/patients/0: 10 patients at risk, but n is 9");
    CHECK(refusal(R"("at_risk": {"times": [0, 6], "patients": [10, 11]})") ==
          "/trials/0/analyses/0/arms/x/at_risk/patients/1: 11 patients are at risk after 10");
    CHECK(refusal(R"("at_risk": {"times": [0, 6, 6], "patients": [10, 9, 9]})") ==
          "/trials/0/analyses/0/arms/x/at_risk/times/2: the time is not later than the one before");
    CHECK(refusal(R"("at_risk": {"times": [0, 6], "patients": [10]})").find("2 times, but 1 numbers") !=
          std::string::npos);
    CHECK(refusal(R"("at_risk": {"times": [0], "patients": [9.5]})").find("is not a count") != std::string::npos);
    CHECK(refusal(R"("at_risk": {"times": [-1], "patients": [9]})").find("/at_risk/times/0") != std::string::npos);
    CHECK(refusal(R"("at_risk": {"times": [0]})").find("\"patients\" is missing") != std::string::npos);
}

TEST_CASE("numbers at risk may be typed", "[catalogue][at-risk]") {
    const auto trial = catalogue::trial_from_text({.endpoint = "OS",
                                                   .arms = {"n=402 at-risk=0:402, 1y:371, 2y:318, median=57.1"},
                                                   .hazard_ratios = {},
                                                   .p_values = {}});
    const auto& arm = trial.analyses[0].arms[0];
    using Entry = catalogue::NumbersAtRisk::Entry;
    CHECK(arm.at_risk->numbers == std::vector<Entry>{{0, 402}, {12, 371}, {24, 318}});
    CHECK(arm.median.size() == 1);
    CHECK(typed_refusal("at-risk=402").find("TIME:PATIENTS, like 0:402,12:371") != std::string::npos);
    CHECK(typed_refusal("n=9 at-risk=0:10,6:4").find("10 patients at risk, but n is 9") != std::string::npos);
    CHECK(typed_refusal("at-risk=0:10,6:11").find("column 16: 11 patients are at risk after 10") != std::string::npos);
    CHECK(typed_refusal("at-risk=0:10,6w:9,1y:8").find("several units") != std::string::npos);
}

TEST_CASE("numbers at risk show the follow-up, exactly where the curve is the typical one", "[evidence][at-risk]") {
    const auto& constants = evidence::builtin_constants()->endpoint("OS");
    constexpr double median = 20, follow_up = 30;
    constexpr int n = 1000000;
    std::vector<catalogue::NumbersAtRisk::Entry> at_risk;
    for (int time = 0; time <= 60; time += 6) {
        const double s = 1 / (1 + std::pow(time / median, constants.log_logistic_shape)),
                     g = 1 / (1 + std::pow(time / follow_up, constants.censoring_gamma));
        at_risk.push_back({static_cast<double>(time), static_cast<int>(std::round(n * s * g))});
    }
    const auto found = evidence::follow_up_at_risk(constants, at_risk, n, {{median, 0.5}});
    REQUIRE(found);
    CHECK(found->median_months == Approx(follow_up).epsilon(1e-3));
    CHECK(found->log_sd > 0);
    // Cut off before half of them are: the law goes on.
    at_risk.resize(5);
    CHECK(evidence::follow_up_at_risk(constants, at_risk, n, {{median, 0.5}})->median_months ==
          Approx(follow_up).epsilon(1e-3));
    CHECK_FALSE(evidence::follow_up_at_risk(constants, at_risk, n, {}));
    CHECK_FALSE(evidence::follow_up_at_risk(constants, {{0, n}}, n, {{median, 0.5}}));
}

TEST_CASE("numbers at risk of simulated trials", "[evidence][at-risk][numbers]") {
    std::mt19937_64 random(20240615);
    double away = 0, away_without = 0, distance = 0, distance_without = 0;
    int n_trials = 0;
    for (const Law& law : {Law{18, 1.6, 22, 40, 0.004}, Law{30, 1.4, 15, 45, 0.01}, Law{12, 2.0, 20, 30, 0.002}})
        for (int i = 0; i < 12; ++i, ++n_trials) {
            const auto all = draw(law, 300, random);
            const patients::KaplanMeier reverse(patients::reversed(all)), truth(all);
            const double follow_up = *reverse.quantile(0.5, catalogue::LimitsTransform::log_log).time_months;
            const auto with = evidence_of(printed_arm(all, true)), without = evidence_of(printed_arm(all, false));
            away += std::abs(std::log(*with->arms[0].follow_up_months / follow_up));
            away_without += std::abs(std::log(*without->arms[0].follow_up_months / follow_up));
            const auto* flexible = fit::find_model("flexible");
            distance += mean_distance(truth, fit::fit(with, *flexible));
            distance_without += mean_distance(truth, fit::fit(without, *flexible));
        }
    INFO("follow-up: " << away / n_trials << " v " << away_without / n_trials << " without; S: " << distance / n_trials
                       << " v " << distance_without / n_trials);
    CHECK(away / n_trials < 0.08);
    CHECK(away < 0.5 * away_without);
    CHECK(distance <= distance_without * 1.01);
}

TEST_CASE("which follow-up counts beside numbers at risk", "[evidence][at-risk]") {
    const std::string arm = "n=400 median=20 at-risk=0:400,6:350,12:290,18:222,24:150,30:82,36:31,42:5 ";
    const double by_numbers = *evidence_of(arm)->arms[0].follow_up_months;
    CHECK(by_numbers > 24);
    CHECK(by_numbers < 40);
    const auto followed = [&](const std::string& follow_up) { return evidence_of(arm + follow_up)->arms[0]; };
    CHECK(*followed("follow-up=19 reverse-kaplan-meier").follow_up_months == 19);
    CHECK(*followed("follow-up=19 observed").follow_up_months == by_numbers);
    CHECK(*followed("follow-up=15").follow_up_months == by_numbers);
    CHECK(followed("follow-up=15").follow_up_derivation.find("the published follow-up is 15 months") !=
          std::string::npos);
    const std::string agreeing = support::fixed(by_numbers * 1.02, 1);
    CHECK(*followed("follow-up=" + agreeing).follow_up_months == Approx(by_numbers * 1.02).margin(0.06));
    CHECK(followed("follow-up=" + agreeing).follow_up_derivation.empty());
}

TEST_CASE("support reaches as far as the numbers at risk", "[fit][at-risk]") {
    const auto supported = [](const std::string& numbers) {
        const auto data = evidence_of("n=400 median=20 follow-up=30 reverse-kaplan-meier " + numbers);
        return fit::fit(data, *fit::find_model("flexible")).arms[0].supported_months;
    };
    // A tenth of 400 are left between 36 (48) and 42 months (32): at 39.
    CHECK(supported("at-risk=0:400,12:300,24:150,36:48,42:32") == Approx(39).epsilon(1e-6));
    CHECK(supported("at-risk=0:400,12:300,24:50,36:4") < 30);
    CHECK(supported("at-risk=0:400,12:320") > 20);
}
