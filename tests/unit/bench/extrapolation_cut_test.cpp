// Earlier cuts of a figure, and what a paper publishes of patients.
#include "bench/extrapolation_cut.hpp"

#include <catch2/catch.hpp>

#include "bench/accuracy_patterns.hpp"
#include "bench/laws.hpp"
#include "bench/publish.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>

using namespace hersurv;
using namespace hersurv::bench;
using hersurv::patients::Patient;

namespace {

TwoArms simulated() {
    const auto found =
        std::find_if(laws().begin(), laws().end(), [](const Law& law) { return law.name == "ph-weibull"; });
    return draw_trial(*found, 400, {18, 40, 0.004}, 11, 0);
}

}  // namespace

TEST_CASE("the last cut of dated patients is the figure itself", "[bench]") {
    const TwoArms arms = simulated();
    const auto patients = dated(arms, 1, "figure");
    CHECK(cut_earlier(patients, 0) == arms);
    CHECK(patients[0].size() == arms[0].size());
    double longest = 0;
    for (const auto& arm : arms)
        for (const Patient& patient : arm) longest = std::max(longest, patient.time_months);
    CHECK(last_cut_months(patients) == longest);
    for (const auto& arm : patients)
        for (const DatedPatient& patient : arm) {
            CHECK(patient.potential_months >= patient.patient.time_months);
            CHECK(patient.potential_months <= longest);
        }
    CHECK(cut_earlier(dated(arms, 1, "figure"), 9) == cut_earlier(patients, 9));
    CHECK(cut_earlier(dated(arms, 2, "figure"), 9) != cut_earlier(patients, 9));
}

TEST_CASE("dates of entry are those of a trial with uniform accrual over 18 months", "[bench]") {
    const auto patients = dated(simulated(), 1, "figure");
    double sum = 0;
    std::size_t n = 0, early = 0;
    for (const auto& arm : patients)
        for (const DatedPatient& patient : arm) {
            sum += patient.potential_months;
            ++n;
            early += patient.potential_months < 21;
        }
    // Potential follow-up is uniform from 22 to 40 months, estimated.
    CHECK(sum / static_cast<double>(n) == Approx(31).margin(1));
    CHECK(static_cast<double>(early) / static_cast<double>(n) < 0.02);
}

TEST_CASE("an earlier cut censors what had not happened and leaves out who had not entered", "[bench]") {
    const std::array<std::vector<DatedPatient>, 2> patients = {
        {{{{5, true}, 30}, {{25, true}, 30}, {{25, true}, 40}, {{8, true}, 9}, {{3, false}, 35}, {{30, false}, 30}},
         {}}};
    const TwoArms cut = cut_earlier(patients, 10);
    const std::vector<Patient> expected = {{5, true}, {20, false}, {25, true}, {3, false}, {20, false}};
    CHECK(cut[0] == expected);
    CHECK(cut[1].empty());
}

TEST_CASE("who is censored early dropped out and has an entry of those who were followed to the cut", "[bench]") {
    // 20 patients followed to the cut after 20 to 40 months, and one lost after a month.
    TwoArms arms;
    for (int i = 0; i < 20; ++i) {
        arms[0].push_back({20.0 + i + (i == 19 ? 1 : 0), false});
        arms[1].push_back({20.0 + i, false});
    }
    arms[0].push_back({1, false});
    const auto patients = dated(arms, 1, "figure");
    CHECK(patients[0].front().potential_months == 20);
    CHECK(patients[0].back().potential_months >= 20);
}

TEST_CASE("a paper publishes the estimates of its patients, rounded", "[bench]") {
    TwoArms arms;
    for (int i = 1; i <= 10; ++i) {
        arms[0].push_back({i + 0.04, true});
        arms[1].push_back({2.0 * i + 0.04, i <= 6});
    }
    PublishOptions options;
    options.milestone_months = {12, 6, 60};
    const DigitisedFigure figure = published(frame_of_simulation("x"), arms, options);
    CHECK(figure.arms[0].n_events == 10);
    // Level at one half from 5.04 to 6.04.
    CHECK(*figure.arms[0].median_months == Approx(5.54));
    REQUIRE(figure.arms[1].milestones.size() == 2);  // nobody is at risk at month 60
    CHECK(figure.arms[1].milestones[0].survival == Approx(0.5));
    CHECK_FALSE(figure.arms[0].median_follow_up_months);  // nobody is censored
    CHECK(figure.hazard_ratio > 0);
    CHECK(figure.hazard_ratio < 0.6);

    options.follow_up = FollowUpKind::observed;
    const DigitisedFigure observed = published(frame_of_simulation("x"), arms, options);
    CHECK(*observed.arms[0].median_follow_up_months == Approx(5.54));
    CHECK(*observed.arms[1].median_follow_up_months == Approx(11.04));

    const fit::Pattern full{"full", {true, true, true, true, true, 2}, true};
    const auto records = records_of(observed, full, options.milestone_months);
    REQUIRE(records.size() == 1);
    const auto& analysis = records[0].trial.analyses[0];
    CHECK(analysis.arms[0].median[0].value.value == 5.5);
    REQUIRE(analysis.arms[1].milestones.size() == 2);
    CHECK(analysis.arms[1].milestones[0].time_months == 6);
    CHECK(analysis.arms[1].milestones[0].survival[0].value.value == 0.8);
    CHECK(analysis.arms[1].follow_up[0].median_months.value == 11.0);
    CHECK(analysis.contrasts.size() == 1);

    // No event in one arm: Cox's model has no estimate, and none is published.
    for (Patient& patient : arms[1]) patient.event = false;
    const DigitisedFigure without = published(frame_of_simulation("x"), arms, options);
    CHECK(without.hazard_ratio == 0);
    CHECK_FALSE(printable(full, without).hazard_ratio);
    CHECK(printable(full, figure).hazard_ratio);
}
