// From the records of an analysis to observations: nothing lost, nothing twice, and every oddity of a paper met with a
// reason instead of nonsense.

#include <catch2/catch.hpp>

#include "evidence/constants.hpp"
#include "unit/evidence/records.hpp"
#include <cmath>
#include <map>
#include <set>

namespace evidence = hersurv::evidence;
namespace catalogue = hersurv::catalogue;
namespace test = hersurv::test;
using evidence::Kind;
using test::find;
using test::Paper;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// What holds for the observations of any paper.
void check_sound(const evidence::AnalysisEvidence& evidence) {
    std::set<std::tuple<std::string, std::size_t, std::size_t>> seen;
    for (const auto& o : evidence.observations) {
        INFO(to_string(o.statistic) << " of arm " << o.arm << ": " << o.derivation);
        CHECK(o.arm < evidence.arms.size());
        CHECK(seen.insert({to_string(o.statistic), o.arm, o.control.value_or(999)}).second);
        CHECK_FALSE(o.derivation.empty());
        CHECK(o.used() == (o.kind != Kind::only_compared));
        CHECK(contains(o.derivation, "not used: ") == !o.used());
        if (!o.used()) continue;
        CHECK(std::isfinite(o.sd));
        CHECK(o.sd > 0);
        if (o.kind == Kind::point || o.kind == Kind::bound) {
            CHECK(o.time_months > 0);
            CHECK(o.survival > 0);
            CHECK(o.survival < 1);
        }
        if (o.kind == Kind::log_hazard_ratio) {
            REQUIRE(o.control);
            CHECK(*o.control < evidence.arms.size());
        }
        CHECK(std::isfinite(o.value));
    }
}

// The record of p = `text`.
catalogue::PValue p_value(const std::string& text) {
    catalogue::PValue p;
    p.value = test::as_printed(text);
    return p;
}

}  // namespace

TEST_CASE("Every printed number of an analysis becomes one observation", "[evidence]") {
    Paper paper = Paper("OS")
                      .arm({"a", "295", "169", "24.5", "25.1", "22.4", "28.0", {{12, "0.80"}, {24, "0.523"}}})
                      .arm({"b", "290", "198", "23.5", "20.3", "17.9", "23.1", {{12, "0.71"}, {24, "0.44"}}})
                      .hazard_ratio("a", "b", "0.72");
    paper.analysis.contrasts[0].p_values.push_back(p_value("0.0004"));
    const auto evidence = paper.gather();
    check_sound(evidence);
    CHECK(evidence.observations.size() == 2 * 6 + 2);
    const std::map<std::string, std::vector<double>> printed = {
        {"median", {25.1, 20.3}},        {"median_lower", {22.4, 17.9}},
        {"median_upper", {28.0, 23.1}},  {"milestone_12", {0.80, 0.71}},
        {"milestone_24", {0.523, 0.44}}, {"events", {169, 198}},
        {"hazard_ratio", {0.72}},        {"p_value", {0.0004}}};
    for (const auto& [statistic, values] : printed) {
        for (std::size_t arm = 0; arm < values.size(); ++arm) {
            INFO(statistic << " of arm " << arm);
            const auto* observation = find(evidence, statistic, arm);
            REQUIRE(observation != nullptr);
            CHECK(observation->published.value == values[arm]);
            CHECK(observation->used() == (statistic != "p_value"));
        }
    }
    CHECK(evidence.arms[0].n_patients == 295);
    CHECK(evidence.arms[0].n_events == 169);
    CHECK(evidence.arms[1].follow_up_months == 23.5);
    CHECK(evidence.arms[0].last_printed_month == 28.0);
    CHECK(evidence.arms[1].last_printed_month == 24);
    CHECK(evidence.follow_up_or_guess(1) == 23.5);
    // se = |log HR| / z of the two-sided p.
    CHECK(contains(find(evidence, "p_value")->derivation, "0.093"));
}

TEST_CASE("Derivations say the numbers that they come from", "[evidence]") {
    const auto evidence = Paper("PFS")
                              .arm({"a", "214", "150", "24.5", "12.40", "10.1", "14.6", {{12, "0.52"}}})
                              .arm({"b", "201", "", "", "", "", "", {}})
                              .hazard_ratio("a", "b", "0.58")
                              .gather();
    check_sound(evidence);
    CHECK(contains(find(evidence, "median")->derivation, "S(12.4) = 0.5"));
    CHECK(contains(find(evidence, "median")->derivation, "12.4 rounded to 0.01"));
    CHECK(contains(find(evidence, "median_lower")->derivation, "S(10.1)"));
    CHECK(contains(find(evidence, "median_lower")->derivation, "lower limit of S"));
    CHECK(contains(find(evidence, "median_lower")->derivation, "214 patients"));
    CHECK_FALSE(contains(find(evidence, "median_lower")->derivation, "assumed"));
    CHECK(contains(find(evidence, "median_upper")->derivation, "upper limit of S"));
    CHECK(contains(find(evidence, "milestone_12")->derivation, "S(12) = 0.52"));
    CHECK(contains(find(evidence, "events")->derivation, "150 of 214 patients"));
    CHECK(contains(find(evidence, "events")->derivation, "24.5 months"));
    CHECK(contains(find(evidence, "hazard_ratio")->derivation, "v b = -0.545"));
}

TEST_CASE("A limit's point follows the interval's level, transform and number of patients", "[evidence]") {
    const auto lower_of = [](double level, catalogue::LimitsTransform transform, const char* n) {
        Paper paper = Paper("OS").arm({"a", n, "", "", "20", "15", "27", {}});
        paper.analysis.arms[0].median[0].level = level;
        paper.analysis.arms[0].median[0].limits = transform;
        return find(paper.gather(), "median_lower")->survival;
    };
    const double usual = lower_of(0.95, catalogue::LimitsTransform::log_log, "200");
    CHECK(usual > 0.5);
    CHECK(usual < 0.7);
    CHECK(lower_of(0.80, catalogue::LimitsTransform::log_log, "200") < usual);
    CHECK(lower_of(0.95, catalogue::LimitsTransform::log_log, "400") < usual);
    CHECK(lower_of(0.95, catalogue::LimitsTransform::log, "200") != usual);
    CHECK(lower_of(0.95, catalogue::LimitsTransform::linear, "200") != usual);
    // The default information stands in for what is not printed, and the derivation says so.
    const auto evidence = Paper("OS").arm({"a", "200", "", "", "20", "15", "27", {}}).gather();
    CHECK(contains(find(evidence, "median_lower")->derivation, "assumed"));
    // Events that complete the curve leave the whole sample at the limit: the point is the one of n patients, less the
    // learnt offset.
    const auto complete = Paper("OS").arm({"a", "200", "200", "60", "20", "15", "27", {}}).gather();
    const double expected =
        *evidence::survival_at_median_limit(evidence::z_of_level(0.95), 200, catalogue::LimitsTransform::log_log);
    CHECK(find(complete, "median_lower")->survival ==
          Approx(expected - hersurv::evidence::builtin_constants()->endpoint("OS").offset_lower).margin(2e-4));
}

TEST_CASE("Rounding is part of the tolerance", "[evidence]") {
    const auto sd_of = [](const char* median) {
        return find(Paper("OS").arm({"a", "", "", "", median, "", "", {}}).gather(), "median")->sd;
    };
    CHECK(sd_of("9") > sd_of("9.0"));
    CHECK(sd_of("9.0") > sd_of("9.00"));
    CHECK(sd_of("90") < sd_of("9"));  // half a month is less of 90 months
    const auto& process = hersurv::evidence::builtin_constants()->process("OS");
    CHECK(sd_of("9.0000") == Approx(process.nugget_sd).epsilon(1e-4));
    // A month's rounding moves y by the learnt factor times 0.29/9, and S by a quarter of that.
    CHECK(sd_of("9") ==
          Approx(std::hypot(process.nugget_sd, process.median_rounding_factor * 0.5 / std::sqrt(3.0) / 9 / 4)));
    const auto milestone = [](const char* s) {
        return find(Paper("OS").arm({"a", "", "", "", "", "", "", {{12, s}}}).gather(), "milestone_12")->sd;
    };
    // The sd was learnt for whole percent: of tenths it is ten times as large, and more decimals do not make it
    // smaller.
    const double whole_percent = hersurv::evidence::builtin_constants()->endpoint("OS").sd_milestone;
    CHECK(milestone("0.5") == Approx(std::hypot(10 * whole_percent, process.nugget_sd)));
    CHECK(milestone("0.50") == Approx(std::hypot(whole_percent, process.nugget_sd)));
    CHECK(milestone("0.500") == milestone("0.50"));
    const auto ratio = [](const char* hr) {
        return find(Paper("OS")
                        .arm({"a", "", "", "", "9", "", "", {}})
                        .arm({"b", "", "", "", "9", "", "", {}})
                        .hazard_ratio("a", "b", hr)
                        .gather(),
                    "hazard_ratio")
            ->sd;
    };
    // No follow-up is published.
    const auto& constants = hersurv::evidence::builtin_constants()->endpoint("OS");
    const double guess = constants.sd_log_hr_by_guess;
    CHECK(ratio("0.7") == Approx(std::hypot(constants.sd_log_hr_otherwise, guess)));
    CHECK(ratio("0.1") == Approx(std::hypot(0.05 / std::sqrt(3.0) / 0.1, guess)));  // its rounding is the larger
}

TEST_CASE("A hazard ratio known to be unstratified and unadjusted is nearer to the curves", "[evidence]") {
    const auto sd_of = [](std::optional<bool> stratified, std::optional<bool> adjusted, const char* follow_up = "24") {
        Paper paper = Paper("OS")
                          .arm({"a", "", "", follow_up, "9.0", "", "", {}})
                          .arm({"b", "", "", "", "9.0", "", "", {}})
                          .hazard_ratio("a", "b", "0.72");
        paper.analysis.contrasts[0].hazard_ratio[0].stratified = stratified;
        paper.analysis.contrasts[0].hazard_ratio[0].adjusted = adjusted;
        return find(paper.gather(), "hazard_ratio")->sd;
    };
    const auto& constants = hersurv::evidence::builtin_constants()->endpoint("OS");
    CHECK(sd_of(false, std::nullopt) == constants.sd_log_hr_unstratified);
    CHECK(sd_of(false, false) == constants.sd_log_hr_unstratified);
    CHECK(sd_of(false, true) == constants.sd_log_hr_otherwise);
    CHECK(sd_of(true, false) == constants.sd_log_hr_otherwise);
    CHECK(sd_of(std::nullopt, std::nullopt) == constants.sd_log_hr_otherwise);
    // Nobody says over which part of the curves the ratio is an average.
    CHECK(sd_of(false, false, "") ==
          Approx(std::hypot(constants.sd_log_hr_unstratified, constants.sd_log_hr_by_guess)));
}

TEST_CASE("Medians and limits that were not reached or not estimable", "[evidence]") {
    for (const char* word : {"NR", "NE"}) {
        INFO(word);
        const auto evidence = Paper("OS").arm({"a", "261", "72", "28.4", word, "40.5", word, {}}).gather();
        check_sound(evidence);
        CHECK(evidence.arms[0].median_not_reached);
        const auto* median = find(evidence, "median");
        CHECK(median->kind == Kind::bound);
        CHECK(median->time_months == 28.4);
        CHECK(median->survival == 0.5);
        CHECK(find(evidence, "median_lower")->kind == Kind::point);  // still a point of the curve
        CHECK(find(evidence, "median_lower")->survival > 0.5);
        CHECK(find(evidence, "median_upper")->kind == Kind::only_compared);
        CHECK(evidence.arms[0].last_printed_month == 40.5);
    }
    const auto without_follow_up = Paper("OS").arm({"a", "261", "72", "", "NR", "", "", {}}).gather();
    check_sound(without_follow_up);
    CHECK(find(without_follow_up, "median")->kind == Kind::only_compared);
    CHECK(find(without_follow_up, "events")->kind == Kind::only_compared);
    CHECK(without_follow_up.follow_up_or_guess(0) > 0);
}

TEST_CASE("What is missing is named", "[evidence]") {
    const auto no_n = Paper("OS").arm({"a", "", "100", "24", "20", "15", "27", {}}).gather();
    check_sound(no_n);
    CHECK(find(no_n, "median")->used());
    CHECK(contains(find(no_n, "median_lower")->derivation, "number of patients"));
    CHECK(contains(find(no_n, "events")->derivation, "number of patients"));

    const auto no_follow_up = Paper("OS").arm({"a", "200", "100", "", "20", "15", "27", {}}).gather();
    check_sound(no_follow_up);
    CHECK(find(no_follow_up, "median_lower")->used());
    CHECK(contains(find(no_follow_up, "events")->derivation, "no follow-up"));
    CHECK(no_follow_up.follow_up_or_guess(0) == 27);

    const auto nobody = Paper("OS").arm({"a", "0", "0", "12", "20", "15", "27", {}}).gather();
    check_sound(nobody);
    CHECK_FALSE(find(nobody, "median_lower")->used());
    CHECK_FALSE(find(nobody, "events")->used());

    const auto too_many = Paper("OS").arm({"a", "200", "201", "24", "20", "15", "27", {}}).gather();
    check_sound(too_many);
    CHECK(contains(find(too_many, "events")->derivation, "more events than patients"));
    CHECK(find(too_many, "median_lower")->used());

    const auto nothing =
        Paper("OS").arm({"a", "", "", "", "", "", "", {}}).arm({"b", "", "", "", "", "", "", {}}).gather();
    CHECK(nothing.observations.empty());
    CHECK(nothing.arms.size() == 2);
    CHECK(nothing.follow_up_or_guess(0) > 0);
    CHECK(Paper("OS").gather().arms.empty());
}

TEST_CASE("Every endpoint has constants: deaths of one cause those of OS, all others those of PFS", "[evidence]") {
    const auto constants_of = [](const char* endpoint) {
        return hersurv::evidence::builtin_constants()->endpoint(endpoint).endpoint_class;
    };
    for (const char* endpoint : {"OS", "CSS", "DSS", "BCSS"}) CHECK(constants_of(endpoint) == "OS");
    for (const char* endpoint : {"PFS", "iDFS", "TTNT", "DOR", "XYFS"}) CHECK(constants_of(endpoint) == "PFS");
}

TEST_CASE("Numbers that say nothing new or nothing at all are kept but not used", "[evidence]") {
    const auto evidence = Paper("OS")
                              .arm({"a",
                                    "200",
                                    "",
                                    "24",
                                    "24.0",
                                    "24.0",
                                    "30.1",
                                    {{0, "1.00"}, {6, "1.00"}, {24, "0.50"}, {60, "0.01"}, {72, "0.00"}, {84, "NE"}}})
                              .gather();
    check_sound(evidence);
    CHECK(contains(find(evidence, "median_lower")->derivation, "same time as the median"));
    CHECK(find(evidence, "median_upper")->used());
    CHECK(contains(find(evidence, "milestone_24")->derivation, "same time as the median"));
    for (const char* statistic : {"milestone_0", "milestone_60", "milestone_72", "milestone_84"}) {
        INFO(statistic);
        CHECK_FALSE(find(evidence, statistic)->used());
    }
    CHECK(evidence.arms[0].last_printed_month == 84);
    // Of an arm whose median was not reached a milestone near 1 is most of what is known.
    const auto high =
        Paper("OS").arm({"a", "300", "", "10", "NR", "", "", {{0, "1.00"}, {6, "0.995"}, {8, "0.997"}}}).gather();
    check_sound(high);
    CHECK(find(high, "milestone_6")->used());
    CHECK_FALSE(find(high, "milestone_0")->used());
    CHECK(find(high, "milestone_8")->used());

    const auto zero = Paper("OS").arm({"a", "200", "", "24", "0", "0", "0.0", {}}).gather();
    check_sound(zero);
    for (const auto& o : zero.observations) CHECK_FALSE(o.used());
    const auto no_ratio = Paper("OS")
                              .arm({"a", "", "", "", "9", "", "", {}})
                              .arm({"b", "", "", "", "9", "", "", {}})
                              .hazard_ratio("a", "b", "NE")
                              .gather();
    check_sound(no_ratio);
    CHECK_FALSE(find(no_ratio, "hazard_ratio")->used());
}

TEST_CASE("Any number of patients gives sound points or none", "[evidence]") {
    for (const char* n : {"1", "2", "3", "5", "8", "12", "20", "40", "100", "1000", "100000"})
        for (const auto transform :
             {catalogue::LimitsTransform::log_log, catalogue::LimitsTransform::log, catalogue::LimitsTransform::linear})
            for (const double level : {0.5, 0.8, 0.95, 0.99, 0.999})
                for (const char* follow_up : {"", "2", "15", "100"})
                    for (const char* events : {"", "0", "1"}) {
                        INFO("n " << n << ", level " << level << ", follow-up " << follow_up << ", events " << events
                                  << ", transform " << static_cast<int>(transform));
                        Paper paper = Paper("PFS").arm({"a", n, events, follow_up, "10.0", "6.1", "31.0", {}});
                        paper.analysis.arms[0].median[0].limits = transform;
                        paper.analysis.arms[0].median[0].level = level;
                        check_sound(paper.gather());
                    }
}

TEST_CASE("The first print of a statistic counts, completed by the limits of another print of the same value",
          "[evidence]") {
    const auto with_prints = [](std::vector<catalogue::Statistic> prints) {
        Paper paper = Paper("PFS").arm({"a", "402", "", "", "", "", "", {}});
        for (std::size_t i = 0; i < prints.size(); ++i) prints[i].from.source = "source-" + std::to_string(i + 1);
        paper.analysis.arms[0].median = std::move(prints);
        auto evidence = paper.gather();
        check_sound(evidence);
        return evidence;
    };
    const auto completed = with_prints(
        {test::statistic("18.5"), test::statistic("18.5", "15", "23"), test::statistic("18.5", "14.6", "22.8")});
    CHECK(completed.observations.size() == 3);
    CHECK(find(completed, "median")->published == test::as_printed("18.5"));
    CHECK(find(completed, "median")->from.source == "source-1");
    CHECK(find(completed, "median_lower")->published == test::as_printed("15"));
    CHECK(find(completed, "median_upper")->published == test::as_printed("23"));
    // The limits stand in the other source.
    CHECK(find(completed, "median_lower")->from.source == "source-2");
    CHECK(find(completed, "median_upper")->from.source == "source-2");
    CHECK(completed.arms[0].last_printed_month == 23);

    CHECK(with_prints({test::statistic("18.5"), test::statistic("18", "15", "23")}).observations.size() ==
          3);  // the same but for rounding
    CHECK(with_prints({test::statistic("18.5"), test::statistic("17.2", "15", "23")}).observations.size() ==
          1);  // another number: another analysis
    const auto own = with_prints({test::statistic("18.5", "14.6"), test::statistic("18.5", "15", "23")});
    CHECK(own.observations.size() == 2);
    CHECK(find(own, "median_lower")->published == test::as_printed("14.6"));
    CHECK(find(own, "median_lower")->from.source == "source-1");
    const auto not_reached = with_prints({test::statistic("NR"), test::statistic("NR", "30.2", "NR")});
    CHECK(find(not_reached, "median_lower")->published == test::as_printed("30.2"));
}

TEST_CASE("P-values of any size are kept for the record", "[evidence]") {
    // 7.8e-22 is DESTINY-Breast03's, progression-free survival (Cortes et al., N Engl J Med 2022;386:1143).
    for (const char* p : {"1", "0.99", "0.05", "0.0001", "7.8e-22", "1e-300", "0"}) {
        INFO("p = " << p);
        Paper paper = Paper("PFS")
                          .arm({"a", "261", "", "", "25.1", "", "", {}})
                          .arm({"b", "263", "", "", "7.2", "", "", {}})
                          .hazard_ratio("a", "b", "0.28");
        paper.analysis.contrasts[0].p_values.push_back(p_value(p));
        const auto evidence = paper.gather();
        check_sound(evidence);
        REQUIRE(find(evidence, "p_value") != nullptr);
        CHECK_FALSE(find(evidence, "p_value")->used());
        if (std::string(p) == "7.8e-22")
            CHECK(contains(find(evidence, "p_value")->derivation, "error of 0.133 "));  // log 0.28 / 9.60
        CHECK_FALSE(contains(find(evidence, "p_value")->derivation, "inf"));
        CHECK_FALSE(contains(find(evidence, "p_value")->derivation, "nan"));
    }
}

TEST_CASE("A p-value without a hazard ratio, or only bounded, yields no standard error", "[evidence]") {
    Paper paper = Paper("PFS")
                      .arm({"a", "", "", "", "25.1", "", "", {}})
                      .arm({"b", "", "", "", "7.2", "", "", {}})
                      .hazard_ratio("a", "b", "0.28");
    paper.analysis.contrasts[0].p_values.push_back(p_value("0.001"));
    CHECK(contains(find(paper.gather(), "p_value")->derivation, "standard error"));
    paper.analysis.contrasts[0].p_values[0].relation = catalogue::Relation::less;
    CHECK_FALSE(contains(find(paper.gather(), "p_value")->derivation, "standard error"));
    paper.analysis.contrasts[0].p_values[0].relation = catalogue::Relation::equal;
    paper.analysis.contrasts[0].hazard_ratio.clear();
    CHECK_FALSE(contains(find(paper.gather(), "p_value")->derivation, "standard error"));
}
