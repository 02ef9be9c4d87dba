// Baselines of curves under proportional hazards.
#include "hersurv/catalogue.hpp"
#include "hersurv/study.hpp"

#include <catch2/catch.hpp>

using namespace hersurv;

TEST_CASE("a baseline is its control alone, with every ratio against it", "[study]") {
    catalogue::TypedTrial typed;
    typed.arms = {"name=A n=100 median=30", "name=B n=110 median=25", "name=C n=120 S(12)=80%"};
    typed.hazard_ratios = {"A:C=0.6[0.4,0.9]", "B:C=0.70", "A:B=0.8"};
    const catalogue::Trial trial = catalogue::trial_from_text(typed);
    const study::Baselines baselines = study::baselines_of({{&trial, &trial.analyses.front()}});
    REQUIRE(baselines.analyses.size() == 2);  // of B and of C, which are controls
    REQUIRE(baselines.arms.size() == 3);
    const catalogue::Analysis& of_b = *baselines.analyses[0].analysis;
    REQUIRE(of_b.arms.size() == 1);
    CHECK(of_b.arms[0].arm == "B");
    CHECK(of_b.contrasts.empty());
    CHECK(baselines.arms[0].analysis == &of_b);
    CHECK(baselines.arms[0].arm == "A");
    CHECK(baselines.arms[0].ratio.value.value == 0.8);
    const catalogue::Analysis& of_c = *baselines.analyses[1].analysis;
    CHECK(of_c.arms[0].arm == "C");
    CHECK(baselines.arms[1].analysis == &of_c);
    CHECK(baselines.arms[2].arm == "B");
    CHECK(baselines.arms[1].ratio.lower->value == 0.4);
    CHECK(trial.analyses.front().arms.size() == 3);  // as it was
}

TEST_CASE("without a hazard ratio there is no baseline", "[study]") {
    catalogue::TypedTrial typed;
    typed.arms = {"name=A median=30", "name=B median=25"};
    const catalogue::Trial trial = catalogue::trial_from_text(typed);
    CHECK(study::baselines_of({{&trial, &trial.analyses.front()}}).analyses.empty());
}
