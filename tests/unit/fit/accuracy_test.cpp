// The measured accuracy: figures are found under their own key, missing ones stay missing, and the pattern with the
// least error is named.
#include "hersurv/error.hpp"
#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "unit/evidence/records.hpp"
#include <string>

namespace fit = hersurv::fit;
using fit::AccuracyRecord;
using fit::MedianCase;
using hersurv::test::Paper;

namespace {

const std::string head =
    "endpoint,median,pattern,measured,model,n_arms,mae,mae_se,coverage,least_patients,n_arms_small,mae_small,"
    "n_arms_medium,mae_medium,n_arms_large,mae_large\n";

// Of rows that say nothing of the sizes of arms.
AccuracyRecord record_of(std::string rows) {
    for (std::size_t at = 0; (at = rows.find('\n', at)) != std::string::npos; at += 8) rows.insert(at, ",,,,,,,");
    return AccuracyRecord(head + rows, "record.csv");
}

}  // namespace

TEST_CASE("A figure is found by endpoint, pattern, median and model", "[fit]") {
    const AccuracyRecord record = record_of(
        "OS,reached,median,in sample,weibull,30,0.03,0.001,0.9\n"
        "OS,not-reached,median,in sample,weibull,10,0.05,0.001,0.7\n"
        "PFS,reached,median,held out,weibull,4,0.04,0.001,0.8\n"
        "OS,not-reached,limits,in sample,weibull,0,,,\n");
    const auto reached = record.find("OS", "median", MedianCase::reached, "weibull");
    REQUIRE(reached);
    CHECK(reached->n_arms == 30);
    CHECK(reached->error == 0.03);
    CHECK(reached->standard_error == 0.001);
    CHECK(reached->coverage == 0.9);
    CHECK(reached->measured == "in sample");
    CHECK(record.find("OS", "median", MedianCase::not_reached, "weibull")->error == 0.05);
    CHECK(record.find("PFS", "median", MedianCase::reached, "weibull")->measured == "held out");

    // Without a median nobody knows whether it was reached: the mean over all 40 arms.
    const auto either = record.find("OS", "median", MedianCase::not_printed, "weibull");
    REQUIRE(either);
    CHECK(either->n_arms == 40);
    CHECK(either->error == Approx((30 * 0.03 + 10 * 0.05) / 40));
    CHECK(either->coverage == Approx((30 * 0.9 + 10 * 0.7) / 40));
    CHECK(record.find("PFS", "median", MedianCase::not_printed, "weibull")->n_arms == 4);

    // Not measured is nothing, not 0.
    CHECK_FALSE(record.find("OS", "median", MedianCase::reached, "gompertz"));
    CHECK_FALSE(record.find("OS", "limits", MedianCase::reached, "weibull"));
    CHECK_FALSE(record.find("OS", "limits", MedianCase::not_reached, "weibull"));
    CHECK_FALSE(record.find("PFS", "median", MedianCase::not_reached, "weibull"));
}

TEST_CASE("Of two figures the one held out counts, in either order", "[fit]") {
    const std::string in_sample = "OS,reached,A,in sample,weibull,30,0.02,0.001,0.9\n",
                      held_out = "OS,reached,A,held out,weibull,30,0.03,0.001,0.8\n";
    for (const std::string& rows : {in_sample + held_out, held_out + in_sample})
        CHECK(record_of(rows).find("OS", "A", MedianCase::reached, "weibull")->error == 0.03);
}

TEST_CASE("A record without its columns or numbers is refused with its line", "[fit]") {
    CHECK_THROWS_AS(AccuracyRecord("endpoint,median\nOS,reached\n", "record.csv"), hersurv::support::InputError);
    try {
        (void)record_of("OS,reached,A,in sample,weibull,30,,0.001,0.9\n")
            .find("OS", "A", MedianCase::reached, "weibull");
        FAIL("nothing was thrown");
    } catch (const hersurv::support::InputError& error) {
        CHECK(std::string(error.what()).find("record.csv:2") != std::string::npos);
    }
}

TEST_CASE("The pattern of an arm is the one with the least measured error among the richest that it has", "[fit]") {
    // Medians of both arms and the hazard ratio; of the first one limits as well: median-hr and limits-alone.
    const auto evidence = Paper()
                              .arm({"a", "200", "", "", "20.1", "18", "22", {}})
                              .arm({"b", "200", "", "", "15.0", "", "", {}})
                              .hazard_ratio("a", "b", "0.7")
                              .gather();
    const auto named = [&](const std::string& rows) {
        return std::string(record_of(rows).pattern_of(evidence, 0)->name);
    };
    const std::string hr = "OS,reached,median-hr,in sample,auto,50,0.021,0.001,0.95\n";
    CHECK(named(hr + "OS,reached,limits-alone,in sample,auto,50,0.019,0.001,0.95\n") == "limits-alone");
    CHECK(named(hr + "OS,reached,limits-alone,in sample,auto,50,0.023,0.001,0.95\n") == "median-hr");
    // Few arms do not decide, nor another endpoint or model.
    CHECK(named(hr + "OS,reached,limits-alone,in sample,auto,9,0.019,0.001,0.95\n") == "median-hr");
    CHECK(named(hr + "PFS,reached,limits-alone,in sample,auto,50,0.019,0.001,0.95\n") == "median-hr");
    CHECK(named("OS,reached,limits-alone,in sample,weibull,50,0.019,0.001,0.95\n") == "median-hr");
    // A poorer pattern is not named for a smaller error: chance made it smaller.
    CHECK(named(hr + "OS,reached,median,in sample,auto,50,0.001,0.001,0.95\n") == "median-hr");

    // Where no figure decides, one of few arms is better than none.
    CHECK(named("OS,reached,limits-alone,in sample,auto,3,0.5,0.001,0.95\n") == "limits-alone");
    CHECK(named("") == "median-hr");

    const auto nothing = Paper().arm({"a", "200", "", "", "", "", "", {}}).gather();
    CHECK(fit::accuracy_record().pattern_of(nothing, 0) == nullptr);
}

TEST_CASE("The error is that of arms of the same size, and there is none for arms far smaller", "[fit]") {
    CHECK(fit::size_classes[fit::size_class_of(1)].name == "small");
    CHECK(fit::size_classes[fit::size_class_of(149)].name == "small");
    CHECK(fit::size_classes[fit::size_class_of(150)].name == "medium");
    CHECK(fit::size_classes[fit::size_class_of(1'000'000)].name == "large");
    const AccuracyRecord record(head + "OS,reached,A,held out,auto,60,0.02,0.001,0.95,50,20,0.03,20,0.02,20,0.01\n",
                                "record.csv");
    const auto figure = record.find("OS", "A", MedianCase::reached, "auto");
    REQUIRE(figure);
    CHECK(figure->least_patients == 50);
    CHECK(figure->by_size[fit::size_class_of(100)].error == 0.03);
    CHECK(figure->by_size[fit::size_class_of(500)].n_arms == 20);

    const auto expected_with = [](const char* n) {
        const auto model =
            fit::fit(Paper().arm({"a", n, "", "30", "20.1", "", "", {}}).shared(), *fit::find_model("flexible"));
        return fit::expected_accuracy(model, 0);
    };
    const auto tiny = expected_with("10"), small = expected_with("100"), large = expected_with("500");
    CHECK_FALSE(tiny.measured);
    REQUIRE(tiny.smaller_than_measured);
    CHECK(*tiny.smaller_than_measured > 30);
    REQUIRE(small.measured);
    REQUIRE(large.measured);
    CHECK(small.measured->error > 1.3 * large.measured->error);
    CHECK(expected_with("").measured->error == large.of_all_sizes->error);  // nobody knows of which size
}

TEST_CASE("Numbers that no fit uses do not count", "[fit]") {
    // Five patients: no limit of the median is a point of their curve.
    const auto model =
        fit::fit(Paper().arm({"a", "5", "3", "", "10", "4", "30", {}}).shared(), *fit::find_model("flexible"));
    const auto expected = fit::expected_accuracy(model, 0);
    REQUIRE(expected.pattern != nullptr);
    CHECK(expected.pattern->name == "median-alone");
    CHECK_FALSE(expected.measured);
}

TEST_CASE("What is expected of a curve is the built-in figure of its own evidence and model", "[fit]") {
    const auto evidence = hersurv::test::cleopatra_end_of_study().shared();
    const auto model = fit::fit(evidence, *fit::find_model("weibull"));
    const auto expected = fit::expected_accuracy(model, 0);
    REQUIRE(expected.pattern != nullptr);
    CHECK(expected.pattern->name == "limits-fu-hr-1");
    CHECK(expected.median == MedianCase::reached);
    CHECK(expected.endpoint_class == "OS");
    REQUIRE(expected.measured);
    CHECK(expected.measured->n_arms >= AccuracyRecord::enough_arms);
    // Between tier C, which has more of everything, and the median alone.
    const auto error = [](const char* pattern) {
        return fit::accuracy_record().find("OS", pattern, MedianCase::reached, "weibull")->error;
    };
    CHECK(expected.of_all_sizes->error > error("C"));
    CHECK(expected.of_all_sizes->error < error("median"));
    CHECK(expected.measured->error < expected.of_all_sizes->error);  // 402 patients

    const auto without =
        fit::fit(Paper().arm({"a", "200", "", "", "", "", "", {}}).shared(), *fit::find_model("weibull"));
    CHECK_FALSE(fit::expected_accuracy(without, 0).measured);
}
