// The rules that hold a hazard ratio against its arms, three ratios against one another, events of two endpoints and of
// two arms, and intervals against standard errors: one case that passes beside one that is caught.
#include "unit/audit/fixture.hpp"

using Catch::Matchers::Contains;
using hersurv::audit::Finding;
using hersurv::audit::Severity;

namespace {

// Three arms of 200 patients: what `arms` and `contrasts` of an OS analysis say, and further analyses.
std::vector<Finding> findings(const std::string& arms, const std::string& contrasts, const std::string& more = "") {
    return audit_fixture::findings_of(hersurv::catalogue::read_document(
        R"({"format": "hersurv-catalogue", "version": 1, "trials": [{"id": "T", "design": "randomised",
        "arms": [{"id": "A", "n": 200}, {"id": "B", "n": 200}, {"id": "C", "n": 200}],
        "analyses": [{"id": "os", "endpoint": "OS", "data_cutoff": "2020-01", "arms": {)" +
            arms + R"(}, "contrasts": [)" + contrasts + "]}" + (more.empty() ? "" : ", ") + more + "]}]}",
        "x.json"));
}

std::string contrast(const std::string& experimental, const std::string& control, const std::string& numbers) {
    return R"({"experimental": ")" + experimental + R"(", "control": ")" + control + "\", " + numbers + "}";
}

// The finding of one rule; whatever else is found is printed.
std::vector<Finding> of_rule(const std::vector<Finding>& all, const std::string& rule) {
    std::vector<Finding> some;
    for (const Finding& finding : all) {
        UNSCOPED_INFO(finding.rule << ": " << finding.message);
        if (finding.rule == rule) some.push_back(finding);
    }
    return some;
}

const std::string cleopatra_arms =
    R"("A": {"n": 402, "events": {"value": 235}, "median": {"value": 57.1, "lower": 50, "upper": 72}, "milestones": [{"time": 96, "survival": 0.37}]},
       "B": {"n": 406, "events": {"value": 280}, "median": {"value": 40.8, "lower": 36, "upper": 48}, "milestones": [{"time": 96, "survival": 0.23}]})";

}  // namespace

TEST_CASE("a hazard ratio on the wrong side of its arms is an error", "[audit]") {
    const auto with = [](const std::string& numbers) {
        return of_rule(findings(cleopatra_arms, contrast("A", "B", numbers)), "hazard-ratio-direction");
    };
    CHECK(with(R"("hazard_ratio": {"value": 0.69, "lower": 0.58, "upper": 0.82})").empty());
    const auto found = with(R"("hazard_ratio": {"value": 1.45, "lower": 1.22, "upper": 1.72})");
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::error);
    CHECK_THAT(found[0].message, Contains("medians of 57.1 v 40.8 months, survival of 0.37 v 0.23 at 96 months"));
    CHECK_THAT(found[0].message, Contains("events of 235 of 402 v 280 of 406 patients favour A"));
    CHECK_THAT(found[0].message,
               Contains("the hazard ratio 1.45 [1.22, 1.72] of A v B favours B, but medians of 57.1 v 40.8 months, "
                        "survival of 0.37 v 0.23 at 96 months and events of 235 of 402 v 280 of 406 patients favour A, "
                        "by more than rounding and sampling error explain; most likely the ratio is that of B v A, "
                        "inverted 0.69, or the results of the arms are exchanged"));
    // Nearer to 1 than sampling: nothing can be said.
    CHECK(
        of_rule(
            findings(
                R"("A": {"median": {"value": 20, "lower": 17, "upper": 23}}, "B": {"median": {"value": 19, "lower": 16, "upper": 22}})",
                contrast("A", "B", R"("hazard_ratio": {"value": 1.04, "lower": 0.84, "upper": 1.29})")),
            "hazard-ratio-direction")
            .empty());
}

TEST_CASE("one estimate against the ratio is a warning, with a p-value that excludes chance an error", "[audit]") {
    const std::string medians =
        R"("A": {"median": {"value": 12.0, "lower": 10.1, "upper": 14.0}}, "B": {"median": {"value": 18.5, "lower": 15.9, "upper": 21.2}})";
    const std::string ratio = R"("hazard_ratio": {"value": 0.65, "lower": 0.49, "upper": 0.86})";
    const auto alone = of_rule(findings(medians, contrast("A", "B", ratio)), "hazard-ratio-direction");
    REQUIRE(alone.size() == 1);
    CHECK(alone[0].severity == Severity::warning);
    const auto with_p = of_rule(findings(medians, contrast("A", "B", ratio + R"(, "p_value": {"value": 0.003})")),
                                "hazard-ratio-direction");
    REQUIRE(with_p.size() == 1);
    CHECK(with_p[0].severity == Severity::error);
    // Curves that cross: the inverse ratio fits the medians no better.
    CHECK(
        of_rule(
            findings(
                R"("A": {"median": {"value": 5.7, "lower": 5.2, "upper": 6.3}}, "B": {"median": {"value": 5.9, "lower": 5.4, "upper": 6.5}})",
                contrast("A", "B", R"("hazard_ratio": {"value": 0.74, "lower": 0.60, "upper": 0.91})")),
            "hazard-ratio-direction")
            .empty());
}

TEST_CASE("events that fit their hazard ratio only if the arms are exchanged are a warning", "[audit]") {
    const auto with = [](const std::string& a, const std::string& b, const std::string& ratio) {
        return of_rule(findings(R"("A": {"events": {"value": )" + a + R"(}}, "B": {"events": {"value": )" + b + "}}",
                                contrast("A", "B", R"("hazard_ratio": )" + ratio)),
                       "events-exchanged");
    };
    const std::string ratio = R"({"value": 0.65, "lower": 0.51, "upper": 0.83})";
    CHECK(with("110", "145", ratio).empty());
    const auto found = with("145", "110", ratio);
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::warning);
    CHECK(found[0].expected == "110 of 200 v 145 of 200");
    CHECK_THAT(found[0].message, Contains("most likely each arm has the events of the other"));
    CHECK(with("128", "125", R"({"value": 0.97, "lower": 0.76, "upper": 1.24})").empty());
}

TEST_CASE("deaths are events of PFS, and not all of them", "[audit]") {
    const auto with = [](const std::string& a, const std::string& b, const std::string& more = "") {
        return of_rule(
            findings(
                R"("A": {"events": {"value": 150}, "median": {"value": 20}}, "B": {"events": {"value": 160}, "median": {"value": 16}})",
                "",
                R"({"id": "pfs", "endpoint": "PFS", "data_cutoff": "2020-01")" + more +
                    R"(, "arms": {"A": {"median": {"value": 9}, "events": {"value": )" + a +
                    R"(}}, "B": {"median": {"value": 7}, "events": {"value": )" + b + "}}}}"),
            "events-of-endpoints");
    };
    CHECK(with("175", "182").empty());
    const auto fewer = with("140", "182");
    REQUIRE(fewer.size() == 1);
    CHECK(fewer[0].severity == Severity::warning);
    CHECK(fewer[0].at.arm == "A");
    CHECK_THAT(
        fewer[0].message,
        Contains(
            "140 PFS events are fewer than 150 deaths (os) in the same patients, although a death is a PFS event: most "
            "likely the events of the two endpoints are exchanged, unless patients were censored before they died"));
    // A central review censors more.
    const auto reviewed = with("140", "182", R"(, "assessed_by": "BICR")");
    REQUIRE(reviewed.size() == 1);
    CHECK(reviewed[0].severity == Severity::note);
    const auto equal = with("150", "160");
    REQUIRE(equal.size() == 1);
    CHECK(equal[0].severity == Severity::warning);
    CHECK(equal[0].at.analysis == "os");
    CHECK_THAT(equal[0].message, Contains("90 patients had no event"));
    CHECK(with("150", "161").empty());
}

TEST_CASE("hazard ratios of three arms close", "[audit]") {
    const auto with = [](const std::string& last) {
        return of_rule(
            findings(R"("A": {}, "B": {}, "C": {})",
                     contrast("A", "C", R"("hazard_ratio": {"value": 0.6, "lower": 0.48, "upper": 0.75})") + ", " +
                         contrast("B", "C", R"("hazard_ratio": {"value": 0.9, "lower": 0.72, "upper": 1.12})") + ", " +
                         last),
            "hazard-ratios-close");
    };
    CHECK(with(contrast("A", "B", R"("hazard_ratio": {"value": 0.67, "lower": 0.54, "upper": 0.83})")).empty());
    CHECK(with(contrast("B", "A", R"("hazard_ratio": {"value": 1.49, "lower": 1.2, "upper": 1.85})")).empty());
    const auto found = with(contrast("A", "B", R"("hazard_ratio": {"value": 0.95, "lower": 0.76, "upper": 1.18})"));
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::warning);
    CHECK(found[0].expected == "about 0.67");
    CHECK_THAT(
        found[0].message,
        Contains(
            "the hazard ratios of A and B v C, 0.6 and 0.9, imply about 0.67 for A v B, but 0.95 [0.76, 1.18] is "
            "published: they differ by 0.34 on the log scale, more than their joint standard error of 0.2, although "
            "they share their patients; most likely one of the three is that of other arms or of another analysis"));
    CHECK(with(contrast("B", "A", R"("hazard_ratio": {"value": 0.67, "lower": 0.54, "upper": 0.83})")).size() == 1);
}

TEST_CASE("a median with its standard error for an interval is a warning", "[audit]") {
    const auto with = [](const std::string& median) {
        return of_rule(
            findings(R"("A": {"events": {"value": 150}, "median": )" + median +
                         R"(, "milestones": [{"time": 12, "survival": 0.70}, {"time": 36, "survival": 0.26}]})",
                     ""),
            "median-standard-error");
    };
    CHECK(with(R"({"value": 20.4, "lower": 17.4, "upper": 23.8})").empty());
    const auto found = with(R"({"value": 20.4, "lower": 18.8, "upper": 22.0})");
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::warning);
    CHECK_THAT(found[0].message, Contains("most likely it is the median plus and minus one standard error"));
    // As narrow, but not symmetric.
    CHECK(with(R"({"value": 20.4, "lower": 19.2, "upper": 22.4})").empty());
}

TEST_CASE("limits of another level, copied limits and copied p-values name what they are", "[audit]") {
    const std::string events = R"("A": {"events": {"value": 150}}, "B": {"events": {"value": 170}})";
    const auto precision = [&](const std::string& ratio) {
        return of_rule(findings(events, contrast("A", "B", R"("hazard_ratio": )" + ratio)), "hazard-ratio-precision");
    };
    CHECK(precision(R"({"value": 0.73, "lower": 0.585, "upper": 0.91})").empty());
    const auto wide = precision(R"({"value": 0.73, "lower": 0.547, "upper": 0.974})");  // exp(+-2.576 x 0.112)
    REQUIRE(wide.size() == 1);
    CHECK(wide[0].severity == Severity::warning);
    CHECK_THAT(
        wide[0].message,
        Contains(
            "the CI 0.547 to 0.974 implies a standard error of log HR of 0.14682 to 0.14755 (allowing for rounding), "
            "but with 150 and 170 events it is about sqrt(1/150 + 1/170) = 0.112: most likely it is a 99% CI"));
    const auto narrow = precision(R"({"value": 0.73, "lower": 0.607, "upper": 0.878})");  // exp(+-1.645 x 0.112)
    REQUIRE(narrow.size() == 1);
    CHECK_THAT(
        narrow[0].message,
        Contains("the CI 0.607 to 0.878 implies a standard error of log HR of 0.093809 to 0.09452 (allowing for "
                 "rounding), but with 320 events it is at least 2/sqrt(320) = 0.112: most likely it is a 90% CI"));

    const auto copied = of_rule(
        findings(
            R"("A": {"median": {"value": 20.4, "lower": 15.1, "upper": 21.9}}, "B": {"median": {"value": 17.2, "lower": 15.1, "upper": 21.9}})",
            ""),
        "number-reused");
    REQUIRE(copied.size() == 1);
    CHECK_THAT(copied[0].message, Contains("that of one arm is given for both"));

    const std::string milestone = R"({"time": 12, "survival": 0.7, "lower": 0.63, "upper": 0.76}, )",
                      again = R"({"time": 24, "survival": 0.7, "lower": 0.63, "upper": 0.76})";
    const auto times =
        of_rule(findings(R"("A": {"median": {"value": 30.4}, "milestones": [)" + milestone + again + "]}", ""),
                "number-reused");
    REQUIRE(times.size() == 1);
    CHECK_THAT(times[0].message, Contains("as if nobody had died in between"));
    // A plateau.
    CHECK(of_rule(findings(R"("A": {"median": {"value": "NR"}, "milestones": [)" + milestone + again + "]}", ""),
                  "number-reused")
              .empty());

    const auto p_values = of_rule(
        findings(
            R"("A": {}, "B": {})",
            contrast("A", "B",
                     R"("hazard_ratio": {"value": 0.84, "lower": 0.67, "upper": 1.05}, "p_value": {"value": 0.031})"),
            R"({"id": "pfs", "endpoint": "PFS", "arms": {"A": {}, "B": {}}, "contrasts": [)" +
                contrast(
                    "A", "B",
                    R"("hazard_ratio": {"value": 0.79, "lower": 0.64, "upper": 0.98}, "p_value": {"value": 0.031})") +
                "]}"),
        "p-value-hazard-ratio");
    REQUIRE(p_values.size() == 1);
    CHECK(p_values[0].severity == Severity::warning);
    CHECK_THAT(p_values[0].message,
               Contains("the hazard ratio 0.84 [0.67, 1.05] implies |z| = 1.49 to 1.5754, allowing for rounding, but p "
                        "= 0.031 means 2.1507 to 2.1635: a difference of 0.58, more than the 0.13 expected between two "
                        "tests of the same data; it equals the p-value of PFS (pfs) and most likely is that one"));
}

TEST_CASE("sound numbers that look odd have no finding", "[audit]") {
    // A log-rank p-value of 0.049 beside limits that hold 1 (a question on Cross Validated), and ratios without arms.
    CHECK(
        findings(
            R"("A": {"n": 60, "events": {"value": 25}}, "B": {"n": 60, "events": {"value": 32}})",
            contrast(
                "A", "B",
                R"("hazard_ratio": {"value": 0.6, "lower": 0.35, "upper": 1.02}, "p_value": {"value": 0.049, "test": "log-rank"})"))
            .empty());
    // A median that is reached with 9 events of 30 (issue 290 of R's survival).
    CHECK(findings(R"("A": {"n": 25, "events": {"value": 21}, "median": {"value": 12.9, "lower": 10.6, "upper": 20.3}},
                      "B": {"n": 30, "events": {"value": 9}, "median": {"value": 16.4, "lower": 10.5, "upper": "NE"}})",
                   "")
              .empty());
    // EFS, DFS and RFS are endpoints.
    for (const char* endpoint : {"EFS", "DFS", "RFS"})
        CHECK(
            findings(
                "", "",
                std::string(R"({"id": "e", "endpoint": ")") + endpoint +
                    R"(", "arms": {"A": {"milestones": [{"time": 18, "survival": 0.73}]}, "B": {"milestones": [{"time": 18, "survival": 0.64}]}},
                  "contrasts": [{"experimental": "A", "control": "B", "hazard_ratio": {"value": 0.71}}]})")
                .empty());
}
