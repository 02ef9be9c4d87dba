// Hazard ratios out of p-values and events; the numbers are those of tests/reference/derived_hazard_ratio.R.
#include "hersurv/catalogue.hpp"
#include "hersurv/evidence.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>

using namespace hersurv;
using evidence::DerivedHazardRatio;

namespace {

std::vector<DerivedHazardRatio> derived(const std::string& first, const std::string& second, const std::string& p,
                                        const std::string& ratio = "") {
    catalogue::TypedTrial typed;
    typed.arms = {"name=A " + first, "name=B " + second};
    typed.p_values = {p};
    if (!ratio.empty()) typed.hazard_ratios = {ratio};
    return evidence::derive_hazard_ratios(catalogue::trial_from_text(typed).analyses.front());
}

DerivedHazardRatio only(const std::string& first, const std::string& second, const std::string& p) {
    const auto all = derived(first, second, p);
    REQUIRE(all.size() == 1);
    return all.front();
}

bool says(const DerivedHazardRatio& derived, const std::string& words) {
    return derived.statement.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a hazard ratio out of a p-value and the events of each arm") {
    const auto ratio = only("events=168 median=57.1", "events=200 median=40.8", "0.003");
    REQUIRE(ratio.log_ratio);
    CHECK(*ratio.log_ratio == Approx(-.3105845281).epsilon(1e-9));
    CHECK(ratio.sd == Approx(.1046536237).epsilon(1e-9));
    CHECK(ratio.lower == Approx(-.5215209706).epsilon(1e-9));
    CHECK(ratio.upper == Approx(-.1004741724).epsilon(1e-9));
    CHECK(says(ratio,
               "derived 0.73 (95% CI 0.59\xE2\x80\x93"
               "0.90) from p = 0.003 and 168 v 200 events"));
    CHECK(says(ratio, "direction from the medians"));
}

TEST_CASE("a hazard ratio out of a p-value, all events and the patients of each arm") {
    const auto catalogue = catalogue::read_document(R"({"format": "hersurv-catalogue", "version": 1, "trials": [
        {"id": "T", "arms": [{"id": "A", "n": 200}, {"id": "B", "n": 100}], "analyses": [
        {"id": "os", "endpoint": "OS", "events": {"value": 300}, "arms": {
            "A": {"milestones": [{"time": 24, "survival": 0.40}]}, "B": {"milestones": [{"time": 24, "survival": 0.50}]}},
         "contrasts": [{"experimental": "A", "control": "B", "p_value": {"value": 0.04}}]}]}]})",
                                                    "t.json");
    const auto all = evidence::derive_hazard_ratios(catalogue.trials.front().analyses.front());
    REQUIRE(all.size() == 1);
    CHECK(all.front().log_ratio.value() == Approx(.2515318445).epsilon(1e-9));
    CHECK(all.front().lower == Approx(.0054734433).epsilon(1e-7));
    CHECK(all.front().upper == Approx(.4982656975).epsilon(1e-9));
    CHECK(says(all.front(), "300 events of 200 v 100 patients"));
    CHECK(says(all.front(), "direction from survival at fixed times"));
}

TEST_CASE("an inequality bounds the hazard ratio and gives none") {
    const auto better = only("events=168 median=NR", "events=200 median=40.8", "<0.001");
    CHECK(!better.log_ratio);
    CHECK(says(better, "only bounded by p < 0.001"));
    CHECK(std::exp(-.3443655463) == Approx(.709).margin(.001));
    CHECK(says(better, ": below 0.71"));
    CHECK(says(only("events=168 median=4", "events=200 median=40.8", "<=0.001"), ": above 1.41"));
    CHECK(says(only("events=168", "events=200", "<0.001"), ": below 0.71 or above 1.41"));
    const auto small = only("events=10 median=4", "events=10 median=5", ">0.05");
    CHECK(!small.log_ratio);
    CHECK(says(small, "between 0.42 and 2.40"));
}

TEST_CASE("without direction, events or digits there is no hazard ratio, and the reason is said") {
    const auto nowhere = only("events=168", "events=200", "0.003");
    CHECK(!nowhere.log_ratio);
    CHECK(says(nowhere, "gives 0.73 or 1.36: neither medians nor survival at one time differ"));
    const auto torn = only("events=168 median=5 S(12)=20%", "events=200 median=4 S(12)=30%", "0.003");
    CHECK(!torn.log_ratio);
    CHECK(says(torn, "medians and survival at fixed times disagree"));
    CHECK(!only("events=168 S(6)=80% S(12)=20%", "events=200 S(6)=70% S(12)=30%", "0.003").log_ratio);
    CHECK(says(only("events=168 median=5", "median=4", "0.003"), "only with the events of both arms"));
    CHECK(says(only("events=0 median=5", "events=9 median=4", "0.003"), "only with the events of both arms"));
    CHECK(says(only("events=9 median=5", "events=9 median=4", "0.00"), "give p < 0.01"));
    CHECK(only("events=9 median=5", "events=9 median=4", "1.0").log_ratio == 0);
}

TEST_CASE("a published hazard ratio is not derived again") {
    CHECK(derived("events=168 median=57.1", "events=200 median=40.8", "0.003", "0.7").empty());
}
