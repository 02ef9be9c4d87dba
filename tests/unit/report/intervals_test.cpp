// Which interval is shown with an estimate, and which estimates are called weakly identified.
#include "report/intervals.hpp"

#include <catch2/catch.hpp>

#include "report/numbers.hpp"
#include "unit/evidence/records.hpp"
#include <optional>

namespace fit = hersurv::fit;
using namespace hersurv::report;
using hersurv::test::Paper;

namespace {

constexpr double year = 12;

fit::FittedModel flexible(const Paper& paper) { return fit::fit(paper.shared(), *fit::find_model("flexible")); }

// n, events, follow-up, median, lower, upper, milestones.
Paper of_size(const char* n_old) {
    return Paper("OS")
        .arm({"new", "295", "", "", "25.1", "22.4", "28.0", {{12, "0.80"}}})
        .arm({"old", n_old, "", "", "20.3", "", "", {}});
}

BandedEstimate difference(const fit::FittedModel& model, const Intervals& intervals) {
    return *estimate_with(intervals, model, {0, 1}, [&](const fit::IntervalOptions& options) {
        return std::optional(fit::rmst_difference(model, 0, 1, year, options));
    });
}

Intervals for_people() {
    Intervals intervals;
    intervals.falls_back = true;
    return intervals;
}

Intervals for_programs(fit::Band band) {
    Intervals intervals;
    intervals.band = band;
    intervals.both = true;
    return intervals;
}

}  // namespace

TEST_CASE("people see the population interval, programs both", "[report][intervals]") {
    const fit::FittedModel model = flexible(of_size("290"));
    const fit::Estimate population = fit::rmst_difference(model, 0, 1, year, {fit::Band::population, 0.95}),
                        reconstruction = fit::rmst_difference(model, 0, 1, year, {fit::Band::reconstruction, 0.95});
    REQUIRE(*population.lower < *reconstruction.lower);
    const BandedEstimate seen = difference(model, for_people());
    CHECK(seen.lower == population.lower);
    CHECK(seen.upper == population.upper);
    CHECK_FALSE(seen.instead);
    CHECK_FALSE(interval_cell(seen, 1).other_kind);
    for (const fit::Band band : {fit::Band::population, fit::Band::reconstruction}) {
        const BandedEstimate all = difference(model, for_programs(band));
        CHECK(all.lower == (band == fit::Band::population ? population : reconstruction).lower);
        CHECK(all.reconstruction.lower == reconstruction.lower);
        CHECK(all.reconstruction.upper == reconstruction.upper);
        CHECK(all.population.lower == population.lower);
        CHECK(all.population.upper == population.upper);
    }
}

TEST_CASE("without a number of patients people see the reconstruction band, marked, and programs no other limits",
          "[report][intervals]") {
    const fit::FittedModel model = flexible(of_size(""));
    const fit::Estimate reconstruction = fit::rmst_difference(model, 0, 1, year, {fit::Band::reconstruction, 0.95});
    const BandedEstimate seen = difference(model, for_people());
    CHECK_FALSE(seen.lower);
    REQUIRE(seen.instead);
    CHECK(seen.instead->lower == reconstruction.lower);
    const Interval cell = interval_cell(seen, 1);
    CHECK(cell.other_kind);
    CHECK(cell.upper->value == reconstruction.upper);
    const BandedEstimate asked = difference(model, Intervals{});
    CHECK_FALSE(asked.instead);
    CHECK_FALSE(interval_cell(asked, 1).lower);
    const BandedEstimate all = difference(model, for_programs(fit::Band::population));
    CHECK_FALSE(all.lower);
    CHECK_FALSE(all.population.lower);
    CHECK(all.reconstruction.lower == reconstruction.lower);
    // One arm has its number of patients.
    CHECK(options_for(for_people(), model, 0).band == fit::Band::population);
    CHECK(options_for(for_people(), model, 1).band == fit::Band::reconstruction);
    CHECK(options_for(Intervals{}, model, 1).band == fit::Band::population);
}

TEST_CASE("what comes out of two medians alone is weakly identified, a published median is not",
          "[report][intervals]") {
    const auto medians =
        Paper("OS").arm({"new", "228", "", "", "37.2", "", "", {}}).arm({"old", "224", "", "", "28.1", "", "", {}});
    for (const char* const name : {"flexible", "exponential", "weibull"}) {
        const fit::FittedModel model = fit::fit(medians.shared(), *fit::find_model(name));
        CHECK(difference(model, for_people()).from_medians_alone);
        CHECK(interval_cell(difference(model, for_people()), 1).value.weak);
        CHECK_FALSE(median_with(for_people(), model, 0).weak);
    }
    // One arm has more than its median.
    const fit::FittedModel one = flexible(of_size("290"));
    CHECK_FALSE(difference(one, for_people()).from_medians_alone);
    CHECK(difference(one, for_people()).weak);  // but the other one has not
    const auto both = Paper("OS")
                          .arm({"new", "295", "", "", "25.1", "22.4", "28.0", {{12, "0.80"}}})
                          .arm({"old", "290", "", "", "20.3", "17.9", "23.1", {}});
    CHECK_FALSE(difference(flexible(both), for_people()).weak);
}

TEST_CASE("an interval is named for what it is", "[report][intervals]") {
    Intervals intervals;
    CHECK(interval_name(intervals).ends_with("CI"));
    CHECK(interval_footnote(intervals).find("for a trial of this size") != std::string::npos);
    intervals.band = fit::Band::reconstruction;
    CHECK(interval_name(intervals).find("CI") == std::string::npos);
    CHECK(interval_footnote(intervals).find("not a confidence interval") != std::string::npos);
}
