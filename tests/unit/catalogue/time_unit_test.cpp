// Times in years, weeks and days: how they are kept, what their rounding is, and that they are written back.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"
#include "hersurv/evidence.hpp"
#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "catalogue/record_writer.hpp"
#include "support/json.hpp"
#include "unit/catalogue/documents.hpp"
#include <cmath>
#include <memory>
#include <string>

using namespace hersurv;
using namespace hersurv::catalogue;
using catalogue_documents::small_document;

namespace {

Analysis analysis_with(const std::string& arm) {
    const std::string text = small_document(R"({"id": "a", "endpoint": "OS", "arms": {"x": {)" + arm + "}}}");
    return read_document(text, "f").trials[0].analyses[0];
}

Statistic median_of(const std::string& members) {
    return analysis_with(R"("median": {)" + members + "}").arms[0].median.at(0);
}

std::string refusal(const std::string& arm) {
    try {
        (void)analysis_with(arm);
    } catch (const support::InputError& error) {
        return error.faults().front().problem + "; " + error.faults().front().remedy;
    }
    return "(accepted)";
}

}  // namespace

TEST_CASE("times in other units are kept in months, with the rounding of their unit", "[catalogue][units]") {
    const Statistic years = median_of(R"("value": 12.7, "lower": 11, "upper": "NR", "unit": "years")");
    CHECK(years.value.value == 152.4);
    CHECK(years.value.decimals == 1);
    CHECK(years.value.half_unit() == Approx(0.6));
    CHECK(printed_text(years.value) == "12.7 years");
    CHECK(years.lower->value == 132);
    CHECK(years.lower->half_unit() == Approx(6));
    CHECK(years.upper->kind == PrintedNumber::Kind::not_reached);
    // 365.25 days in 12 months: 386 d x 12 / 365.25 = 12.6817..., 55 weeks x 84 / 365.25 = 12.6488...
    const Statistic days = median_of(R"("value": 386, "unit": "days")");
    CHECK(days.value.value == Approx(12.681725).epsilon(1e-7));
    CHECK(days.value.half_unit() == Approx(0.5 / 30.4375));
    CHECK(printed_text(days.value) == "386 days");
    const Statistic weeks = median_of(R"("value": 55.0, "unit": "weeks")");
    CHECK(weeks.value.value == Approx(12.648871).epsilon(1e-7));
    CHECK(weeks.value.half_unit() == Approx(0.05 * 7 / 30.4375));
    CHECK(printed_text(weeks.value) == "55.0 weeks");
    CHECK(printed_time_text(median_of(R"("value": 1, "unit": "years")").value) == "1 year");
    CHECK(printed_time_text(median_of(R"("value": 57.1)").value) == "57.1 months");
    CHECK(median_of(R"("value": 57.1, "unit": "months")").value == median_of(R"("value": 57.1)").value);
    // `decimals` is of the number in its unit.
    CHECK(median_of(R"("value": 12, "decimals": 1, "unit": "years")").value.half_unit() == Approx(0.6));
}

TEST_CASE("follow-up and milestones have units too", "[catalogue][units]") {
    const Analysis analysis = analysis_with(
        R"("follow_up": {"median": 5.7, "range": [0, 8.25], "unit": "years"},
           "milestones": [{"time": 5, "unit": "years", "survival": 0.92}, {"time": 24, "unit": "weeks", "survival": 0.99},
                          {"time": 60, "survival": 0.9}])");
    const FollowUp& follow_up = analysis.arms[0].follow_up.at(0);
    CHECK(follow_up.median_months.value == 68.4);
    CHECK(printed_text(follow_up.median_months) == "5.7 years");
    CHECK(follow_up.range_months == std::pair{0.0, 99.0});
    // 5 years are the same time as 60 months; 24 weeks are 5.5195 months.
    REQUIRE(analysis.arms[0].milestones.size() == 2);
    CHECK(analysis.arms[0].milestones[0].time_months == 5.52);
    CHECK(analysis.arms[0].milestones[1].time_months == 60);
    CHECK(analysis.arms[0].milestones[1].survival.size() == 2);
}

TEST_CASE("a bad unit gives one clear message", "[catalogue][units]") {
    CHECK(refusal(R"("median": {"value": 20.1, "unit": "fortnights"})") ==
          "\"fortnights\" is not a valid unit; use months, years, weeks or days");
    CHECK(refusal(R"("median": {"value": 900, "unit": "years"})") ==
          "900 is not a time in years; a time in years is 0 to 833");
    CHECK(refusal(R"("milestones": [{"time": 24, "unit": "w", "survival": 0.9}])").find("use months, years") !=
          std::string::npos);
    CHECK(refusal(R"("follow_up": {"median": 5, "unit": 12})").find("expected text") != std::string::npos);
    CHECK(refusal(R"("events": {"value": 5, "unit": "years"})").find("unknown key") != std::string::npos);
}

TEST_CASE("claims on times may be in other units", "[catalogue][units]") {
    const std::string text =
        R"({"format": "hersurv-catalogue", "version": 1, "trials": [{"id": "A", "arms": [{"id": "x"}],
            "analyses": [{"id": "a", "endpoint": "OS", "arms": {"x": {"median": {"value": 12.7, "unit": "years"}}}}],
            "claims": [{"id": "c", "kind": "restatement", "value": 12.7, "unit": "years",
                        "of": [{"analysis": "a", "arm": "x", "statistic": "median"}]}]}]})";
    const auto claim = read_document(text, "f").trials[0].claims.at(0);
    CHECK(claim.value->value == 152.4);
    CHECK(printed_text(*claim.value) == "12.7 years");
}

TEST_CASE("records with other units are written as they were published", "[catalogue][units]") {
    Trial trial;
    trial.id = "A";
    trial.arms = {{"x", "x", "single", "", 100}};
    trial.analyses = {analysis_with(R"("median": {"value": 12.70, "lower": 11, "upper": 14.3, "unit": "years"},
                                       "follow_up": {"median": 386, "unit": "days"})")};
    const Analysis again = read_document(support::write_json(write_record(trial)), "f").trials[0].analyses[0];
    CHECK(again.arms[0].median[0].value == trial.analyses[0].arms[0].median[0].value);
    CHECK(again.arms[0].median[0].lower == trial.analyses[0].arms[0].median[0].lower);
    CHECK(again.arms[0].median[0].upper == trial.analyses[0].arms[0].median[0].upper);
    CHECK(again.arms[0].follow_up[0].median_months == trial.analyses[0].arms[0].follow_up[0].median_months);
}

TEST_CASE("the exponential gives the one number that it has", "[fit][units]") {
    const auto fitted = [](const std::string& arm) {
        TypedTrial typed;
        typed.endpoint = "OS";
        typed.arms = {arm};
        const Trial trial = trial_from_text(typed);
        const auto evidence =
            std::make_shared<const evidence::AnalysisEvidence>(evidence::gather(trial, trial.analyses[0]));
        return fit::fit(evidence, *fit::find_model("exponential")).arms.at(0).parameters.at(0);
    };
    CHECK(std::log(2) / fitted("name=A n=400 median=152.4") == Approx(152.4).epsilon(1e-8));
    CHECK(std::log(2) / fitted("name=A n=400 median=12.7y S(5y)=0.92") == Approx(152.4).epsilon(1e-8));
    CHECK(fitted("name=A n=400 S(24)=0.95") == Approx(-std::log(0.95) / 24).epsilon(1e-8));
    CHECK(fitted("name=A S(60)=0.92") == Approx(-std::log(0.92) / 60).epsilon(1e-8));
}
