// Every rule: silent about sound records and about what rounding explains, loud about what no rounding explains.
#include "audit/place.hpp"
#include "unit/audit/fixture.hpp"
#include <algorithm>
#include <map>
#include <set>

using namespace audit_fixture;
using Catch::Matchers::Contains;
using hersurv::audit::ClaimVerdict;
using hersurv::audit::Finding;
using hersurv::audit::Severity;

namespace {

struct Mutation {
    std::string rule;
    Severity severity;
    std::string statistic, message;
    Replacements replacements;
};

const std::string new_median = R"("value": 57.1, "lower": 50, "upper": 72)";

}  // namespace

TEST_CASE("sound records have no finding", "[audit]") {
    const auto found = findings({});
    for (const auto& finding : found) UNSCOPED_INFO(finding.rule << ": " << finding.message);
    CHECK(found.empty());
}

TEST_CASE("the table of rules is complete in words and has no name twice", "[audit]") {
    std::set<std::string_view> names;
    for (const auto* rule : hersurv::audit::rules()) {
        CHECK(names.insert(rule->name).second);
        CHECK_FALSE(rule->summary.empty());
        CHECK_FALSE(rule->arithmetic.empty());
        CHECK_FALSE(rule->remedy.empty());
        CHECK(hersurv::audit::find_rule(rule->name) == rule);
    }
    CHECK(hersurv::audit::find_rule("no-such-rule") == nullptr);
    for (const char* name : {"interval-holds-value", "milestones-decrease", "events-within-n", "response-arithmetic",
                             "sources-disagree", "claim-arithmetic", "claim-trend", "claim-restatement",
                             "unused-acknowledgement", "not-reproduced", "baseline"})
        CHECK(names.contains(name));
}

TEST_CASE("each contradiction between numbers is found, with its place", "[audit]") {
    const std::vector<Mutation> mutations = {
        {"interval-holds-value",
         Severity::error,
         "median",
         "the lower confidence limit 58 is above the estimate 57.1 by more than rounding",
         {{new_median, R"("value": 57.1, "lower": 58, "upper": 72)"}}},
        {"interval-holds-value",
         Severity::error,
         "median",
         "the upper confidence limit 56 is below the estimate 57.1 by more than rounding",
         {{new_median, R"("value": 57.1, "lower": 50, "upper": 56)"}}},
        {"interval-holds-value",
         Severity::error,
         "hazard_ratio",
         "the upper confidence limit 0.66 is below the estimate 0.68 by more than rounding",
         {{R"("value": 0.68, "lower": 0.56, "upper": 0.84)", R"("value": 0.68, "lower": 0.56, "upper": 0.66)"}}},
        {"interval-holds-value",
         Severity::error,
         "milestone_48",
         "the lower confidence limit 0.583 is above the estimate 0.57 by more than rounding",
         {{R"("lower": 0.52, "upper": 0.63)", R"("lower": 0.583, "upper": 0.63)"},
          {R"("survival": 0.575)", R"("survival": 0.57)"}}},
        {"interval-holds-value",
         Severity::error,
         "",
         "the upper confidence limit 0.600 is below the estimate 0.649 by more than rounding",
         {{R"("upper": 0.798)", R"("upper": 0.6, "decimals": 3)"}}},
        {"interval-holds-value",
         Severity::error,
         "",
         "the lower confidence limit 0.33 is above the estimate 0.31 by more than rounding",
         {{R"("value": 0.31, "lower": 0.28, "upper": 0.34)", R"("value": 0.31, "lower": 0.33, "upper": 0.34)"}}},

        {"milestones-decrease",
         Severity::error,
         "milestone_48",
         "is below 0.5 before the median of 57.1 months",
         {{R"("survival": 0.575, "lower": 0.52)", R"("survival": 0.45, "lower": 0.40)"}}},

        {"events-within-n",
         Severity::error,
         "events",
         "403 events in 402 patients",
         {{R"("value": 168)", R"("value": 403)"}, {R"("value": 389)", R"("value": 624)"}}},
        {"events-within-n", Severity::warning, "events", "168 + 221 = 389", {{R"("value": 389)", R"("value": 388)"}}},
        {"events-within-n",
         Severity::error,
         "events",
         "809 events, but 808 patients in all arms together",
         {{R"("value": 389)", R"("value": 809)"}, {R"("value": 168)", R"("value": 168, "approximate": true)"}}},

        {"response-arithmetic",
         Severity::error,
         "",
         "ORR-IC (active brain metastases): 24/37 = 0.6486, but 0.660 is published",
         {{R"("rate": 0.649, "lower")", R"("rate": 0.66, "decimals": 3, "lower")"},
          {R"("value": 0.084)", R"("value": 0.073)"},
          {R"("value": 0.65,)", R"("value": 0.66,)"}}},
        {"response-arithmetic",
         Severity::error,
         "",
         "ORR-IC (active brain metastases): 38 responders among 37 patients",
         {{R"("responders": 24)", R"("responders": 38)"}}},
        {"response-arithmetic",
         Severity::warning,
         "",
         "no number of responders among 14 patients gives 0.733: 10/14 = 0.7143, 11/14 = 0.7857",
         {{R"("evaluable": 15)", R"("evaluable": 14)"}}},
        {"response-arithmetic",
         Severity::warning,
         "",
         "ORR: 8 responders are not 0.481 of any whole number of patients: 8/16 = 0.5000, 8/17 = 0.4706",
         {{R"("rate": 0.471)", R"("rate": 0.481)"}}},

        {"sources-disagree",
         Severity::warning,
         "milestone_96",
         "value 0.37 in paper, 0.381 in abstract: they differ by more than rounding; the first is used",
         {{R"("survival": 0.372)", R"("survival": 0.381)"}}},
        {"sources-disagree",
         Severity::warning,
         "hazard_ratio",
         "value 0.68 in paper, 0.8 in abstract: they differ by more than rounding; the first is used",
         {{R"("value": 0.7, "decimals": 1)", R"("value": 0.8, "decimals": 1)"}}},
        {"sources-disagree",
         Severity::warning,
         "hazard_ratio",
         "upper limit 0.84 in paper, NE in abstract: they differ by more than rounding; the first is used",
         {{R"("value": 0.7, "decimals": 1)", R"("value": 0.68, "upper": "NE")"}}},
        {"sources-disagree",
         Severity::warning,
         "median",
         "value 57.1 in paper, NR in abstract: they differ by more than rounding; the first is used",
         {{R"("value": 57, "lower": 50.4, "upper": "NR", "approximate": true)", R"("value": "NR")"}}},
        {"sources-disagree",
         Severity::warning,
         "p_value",
         "p < 0.001 in paper, p = 0.02 in abstract: they differ by more than rounding; the first is used",
         {{R"("value": 0.0002)", R"("value": 0.02)"},
          {R"("value": 0.68, "lower": 0.56, "upper": 0.84)", R"("value": 0.68)"},
          {R"("statistic": "hazard_ratio_upper")", R"("statistic": "hazard_ratio")"}}},
        {"sources-disagree",
         Severity::warning,
         "follow_up",
         "median follow-up 50 in paper, 48.8 in abstract: they differ by more than rounding; the first is used",
         {{R"("median": 49.8)", R"("median": 48.8)"}}},
        {"sources-disagree",
         Severity::warning,
         "events",
         "value 168 in paper, 169 in abstract: they differ by more than rounding; the first is used",
         {{R"({"value": 168, "source": "paper"})",
           R"([{"value": 168, "source": "paper"}, {"value": 169, "source": "abstract"}])"}}},
    };
    for (const Mutation& mutation : mutations) {
        INFO(mutation.rule << ", " << mutation.message);
        const Finding finding = only(mutation.replacements);
        CHECK(finding.rule == mutation.rule);
        CHECK(finding.severity == mutation.severity);
        CHECK(to_string(finding.at.statistic) == mutation.statistic);
        CHECK_THAT(finding.message, Contains(mutation.message));
        CHECK_THAT(finding.message, Contains(std::string(hersurv::audit::find_rule(finding.rule)->remedy)));
        CHECK(finding.at.trial == "ONE");
        CHECK(finding.file == "fixture.json");
        CHECK(finding.pointer.starts_with("/trials/0/"));
        CHECK_FALSE(finding.source.empty());
        CHECK_FALSE(finding.published.empty());
        CHECK_FALSE(finding.acknowledged);
    }
}

TEST_CASE("each claim that its numbers do not bear out is found", "[audit]") {
    const std::vector<Mutation> mutations = {
        {"claim-arithmetic",
         Severity::error,
         "gain",
         "57.1 - 40.8 = 16.3 (16.2 to 16.4 with rounding), but 16.6 is claimed",
         {{R"("value": 16.3)", R"("value": 16.6)"}}},
        {"claim-arithmetic",
         Severity::error,
         "rates",
         "0.733 - 0.649 = 0.084",
         {{R"("value": 0.084)", R"("value": 0.09)"},
          {R"("kind": "rate-difference")", R"("kind": "rate-difference", "decimals": 3)"}}},
        {"claim-arithmetic", Severity::error, "times", "57.1/40.8 = 1.4", {{R"("value": 1.4)", R"("value": 1.5)"}}},
        {"claim-arithmetic", Severity::error, "risk", "1 - 0.68 = 0.32", {{R"("value": 0.32)", R"("value": 0.36)"}}},
        {"claim-arithmetic",
         Severity::error,
         "above",
         "not > 45: 40.8 (median OS of ONE, arm old, os); all values in order: 57.1, 40.8",
         {{R"("value": 40,)", R"("value": 45,)"}}},
        {"claim-arithmetic",
         Severity::error,
         "benefit",
         "not < 0.80: 0.84 (upper confidence limit of the hazard ratio of OS of ONE, arm new, os)",
         {{R"("value": 1, "relation")", R"("value": 0.8, "relation")"}}},
        {"claim-trend",
         Severity::error,
         "rise",
         "stated as decreasing, but the values in the stated order are 40.8, 57.1; the first exception is from 40.8",
         {{R"("id": "rise", "kind": "trend", "direction": "increasing")",
           R"("id": "rise", "kind": "trend", "direction": "decreasing")"}}},
        {"claim-trend",
         Severity::error,
         "fall",
         "stated as increasing, but the values in the stated order are 0.81, 0.575, 0.37; the first exception is from "
         "0.81",
         {{R"("direction": "decreasing")", R"("direction": "increasing")"}}},
        {"claim-trend",
         Severity::warning,
         "rise",
         "rounding hides it",
         {{R"("of": [{"analysis": "os", "arm": "old", "statistic": "median"}, {"analysis": "os", "arm": "new", "statistic": "median"}]},
      {"id": "fall")",
           R"("of": [{"analysis": "os", "arm": "old", "statistic": "median"}, {"analysis": "os", "arm": "old", "statistic": "median"}]},
      {"id": "fall")"}}},
        {"claim-restatement",
         Severity::error,
         "again",
         "states 57.9, but the median OS of ONE, arm new, os is 57.1",
         {{R"("value": 57.1, "source": "abstract")", R"("value": 57.9, "source": "abstract")"}}},
        {"claim-restatement",
         Severity::error,
         "again",
         "57.1 is restated for population \"brain metastases\" (the record: \"intention to treat\"); it is the median "
         "OS of ONE, arm new, os",
         {{R"("population": "Intention to treat")", R"("population": "brain metastases")"}}},
        {"claim-restatement",
         Severity::error,
         "again",
         "label \"the old arm\"; it is the median OS of ONE, arm new, os",
         {{R"("population": "Intention to treat")", R"("label": "the old arm")"}}},
        {"claim-restatement",
         Severity::error,
         "again-rate",
         "endpoint \"ORR\" (the record: \"ORR-IC\")",
         {{R"("value": 0.65, "source": "abstract")",
           R"("value": 0.65, "source": "abstract", "stated": {"endpoint": "ORR"})"}}},
    };
    for (const Mutation& mutation : mutations) {
        INFO(mutation.rule << ", " << mutation.message);
        const Finding finding = only(mutation.replacements);
        CHECK(finding.rule == mutation.rule);
        CHECK(finding.severity == mutation.severity);
        CHECK(finding.at.claim == mutation.statistic);
        CHECK(finding.at.trial == "ONE");
        CHECK_THAT(finding.message, Contains(mutation.message));
        CHECK(finding.file == "fixture.json");
        CHECK(finding.pointer.starts_with("/trials/0/claims/"));
    }
}

TEST_CASE("claims that hold are told with their arithmetic", "[audit]") {
    const auto document = catalogue({});
    const auto claims = hersurv::audit::judge_claims({&document.trials[0], &document});
    const std::map<std::string, std::string> arithmetic = {
        {"gain", "57.1 - 40.8 = 16.3, claimed 16.3"},
        {"rates", "0.733 - 0.649 = 0.084, claimed 0.084"},
        {"times", "57.1/40.8 = 1.4, claimed 1.4"},
        {"risk", "1 - 0.68 = 0.32, claimed 0.32"},
        {"above", "57.1, 40.8 > 40 (each)"},
        {"benefit", "0.84 < 1.00"},
        {"rise", "40.8, 57.1, stated as increasing"},
        {"fall", "0.81, 0.575, 0.37, stated as decreasing"},
        {"again", "57.1, restated as 57.1 for population \"Intention to treat\""},
        {"again-rate", "0.649, restated as 0.65"}};
    REQUIRE(claims.size() == document.trials[0].claims.size());
    REQUIRE(claims.size() == arithmetic.size());
    for (std::size_t i = 0; i < claims.size(); ++i) {
        INFO(claims[i].claim->id);
        CHECK(claims[i].claim == &document.trials[0].claims[i]);
        CHECK(claims[i].trial == "ONE");
        CHECK(claims[i].verdict == ClaimVerdict::holds);
        CHECK(claims[i].arithmetic == arithmetic.at(claims[i].claim->id));
        CHECK_FALSE(claims[i].acknowledged);
    }
    CHECK(hersurv::audit::judge_claims({nullptr, &document}).empty());
}

TEST_CASE("a claim holds where no finding is about it, and its verdict is the severity of its finding", "[audit]") {
    const std::string more =
        R"(, {"id": "more", "kind": "exceeds", "value": 50, "source": "paper", "of": [{"analysis": "os", "arm": "new", "statistic": "median_upper"}]},
        {"id": "about", "kind": "ratio", "value": 1.5, "approximate": true, "source": "paper",
         "of": [{"analysis": "os", "arm": "new", "statistic": "median"}, {"analysis": "os", "arm": "old", "statistic": "median"}]},
        {"id": "tie", "kind": "trend", "direction": "increasing", "source": "paper",
         "of": [{"analysis": "os", "arm": "old", "statistic": "median"}, {"analysis": "os", "arm": "old", "statistic": "median"}]})";
    const auto document = catalogue(
        {{"%CLAIMS%", more},
         {new_median, R"("value": 57.1, "lower": 50, "upper": "NR")"},
         {R"("value": 0.084)", R"("value": 0.3)"},
         {"%NOTES%",
          R"(, {"kind": "discrepancy", "rule": "claim-arithmetic", "at": {"claim": "rates"}, "text": "known"})"}});
    const auto found = findings_of(document);
    auto claims = hersurv::audit::judge_claims({&document.trials[0], &document});
    hersurv::audit::carry_acknowledgements(found, claims);
    std::set<ClaimVerdict> seen;
    for (const auto& judged : claims) {
        INFO(judged.claim->id << ": " << judged.arithmetic);
        std::vector<Finding> own;
        for (const Finding& finding : found)
            if (finding.at.claim == judged.claim->id) own.push_back(finding);
        REQUIRE(own.size() == (judged.verdict == ClaimVerdict::holds ? 0 : 1));
        CHECK(judged.acknowledged == (judged.claim->id == "rates"));
        seen.insert(judged.verdict);
        if (own.empty()) continue;
        CHECK(own[0].rule == judged.rule);
        CHECK(own[0].severity == (judged.verdict == ClaimVerdict::contradicted ? Severity::error
                                  : judged.verdict == ClaimVerdict::undecided  ? Severity::warning
                                                                               : Severity::note));
        if (judged.verdict == ClaimVerdict::uncheckable) CHECK_THAT(own[0].message, Contains(judged.arithmetic));
    }
    CHECK(seen.size() == 4);
    const auto about = std::find_if(claims.begin(), claims.end(), [](const auto& c) { return c.claim->id == "about"; });
    CHECK(about->verdict == ClaimVerdict::holds);
    CHECK(about->arithmetic == "57.1/40.8 = 1.4, claimed about 1.5");
}

TEST_CASE("medians and milestones of an arm are held against one another", "[audit]") {
    struct Case {
        std::string arm, rule, message;  // no rule: nothing is wrong
    };
    const std::vector<Case> cases = {
        {R"("median": {"value": "NR", "lower": 50, "upper": 72})", "interval-holds-value",
         "the upper confidence limit 72 is reached, but the estimate is NR"},
        {R"("median": {"value": 60, "lower": "NR", "upper": 72})", "interval-holds-value",
         "the lower confidence limit is NR, but the estimate 60 is reached"},
        // What R gives if the last event ends the curve.
        {R"("median": {"value": 60, "lower": "NR", "upper": "NR"})", "", ""},
        {R"("median": {"value": 60, "lower": "NR"})", "", ""},
        {R"("median": {"value": "NR", "lower": 50, "upper": "NR"})", "", ""},
        {R"("median": {"value": "NR", "lower": "NR", "upper": "NE"})", "", ""},
        {R"("median": {"value": 60, "lower": 72, "upper": 50})", "interval-holds-value",
         "the lower confidence limit 72 is above the upper one, 50, by more than rounding"},
        {R"("milestones": [{"time": 12, "survival": 0.7}, {"time": 24, "survival": 0.72}])", "milestones-decrease",
         "S(24) = 0.72 is above the earlier S(12) = 0.70, by more than rounding"},
        {R"("milestones": [{"time": 24, "survival": 0.72}, {"time": 12, "survival": 0.7}])", "milestones-decrease",
         "S(24) = 0.72 is above the earlier S(12) = 0.70, by more than rounding"},
        // 0.574 may be 0.5744 and 0.58 may be 0.575; 0.5735 and 0.58 cannot be equal.
        {R"("milestones": [{"time": 12, "survival": 0.575}, {"time": 24, "survival": 0.58}])", "", ""},
        {R"("milestones": [{"time": 12, "survival": 0.574}, {"time": 24, "survival": 0.58}])", "milestones-decrease",
         "S(24) = 0.58 is above the earlier S(12) = 0.574, by more than rounding"},
        // Each step is within rounding, the sum of them is not.
        {R"("milestones": [{"time": 12, "survival": 0.50}, {"time": 24, "survival": 0.51}, {"time": 36, "survival": 0.52}])",
         "milestones-decrease", "S(36) = 0.52 is above the earlier S(12) = 0.50, by more than rounding"},
        {R"("milestones": [{"time": 12, "survival": 0.7}, {"time": 24, "survival": "NE"}, {"time": 36, "survival": 0.7}])",
         "", ""},
        {R"("median": {"value": 20}, "milestones": [{"time": 24, "survival": 0.55}])", "milestones-decrease",
         "S(24) = 0.55 is above 0.5 after the median of 20 months"},
        {R"("median": {"value": 20}, "milestones": [{"time": 12, "survival": 0.45}])", "milestones-decrease",
         "S(12) = 0.45 is below 0.5 before the median of 20 months"},
        {R"("median": {"value": 20}, "milestones": [{"time": 20.4, "survival": 0.55}])", "", ""},
        {R"("median": {"value": 20}, "milestones": [{"time": 12, "survival": 0.5}, {"time": 24, "survival": 0.5}])", "",
         ""},
        {R"("median": {"value": "NR"}, "milestones": [{"time": 24, "survival": 0.45}])", "milestones-decrease",
         "S(24) = 0.45 is below 0.5 though the median is not reached"},
        {R"("median": {"value": "NE"}, "milestones": [{"time": 24, "survival": 0.45}])", "", ""},
    };
    for (const Case& one : cases) {
        INFO(one.arm);
        const auto found = findings_of(hersurv::catalogue::read_document(
            R"({"format": "hersurv-catalogue", "version": 1, "trials": [{"id": "T", "arms": [{"id": "a"}], "analyses": [{"id": "os", "endpoint": "OS", "arms": {"a": {)" +
                one.arm + "}}}]}]}",
            "x.json"));
        REQUIRE(found.size() == (one.rule.empty() ? 0 : 1));
        if (one.rule.empty()) continue;
        CHECK(found[0].rule == one.rule);
        CHECK(found[0].severity == Severity::error);
        CHECK(found[0].at.arm == "a");
        CHECK_THAT(found[0].message, Contains(one.message));
    }
}

TEST_CASE("numbers of one analysis are held against one another", "[audit]") {
    // Arms a and b of 200 patients each, 150 and 170 events, an analysis "os" at one data cut; what a case gives
    // replaces what is there.
    struct Case {
        std::string a, contrast, trial, rule;  // no rule: nothing is wrong
        Severity severity = Severity::note;
        std::string message = "";
    };
    const std::string
        sound_a = R"("median": {"value": 24.7, "lower": 21.6, "upper": 28.9})",
        sound_contrast =
            R"("hazard_ratio": {"value": 0.73, "lower": 0.59, "upper": 0.91}, "p_value": {"value": 0.005})";
    const std::vector<Case> cases = {
        {sound_a, sound_contrast, "", ""},
        // Rounding moves the middle of 0.59 and 0.90 from 0.724 to 0.735.
        {sound_a, R"("hazard_ratio": {"value": 0.72, "lower": 0.59, "upper": 0.90})", "", ""},
        {sound_a, R"("hazard_ratio": {"value": 0.76, "lower": 0.59, "upper": 0.90})", "", "hazard-ratio-symmetric",
         Severity::warning, "sqrt(0.59 x 0.90) = 0.7287"},
        {sound_a, R"("hazard_ratio": {"value": 0.71, "lower": 0.59, "upper": 0.90})", "", "hazard-ratio-symmetric",
         Severity::note, "off by"},
        // 320 events: se of at least 0.1118, so a ratio of the limits of at least 1.550.
        {sound_a, R"("hazard_ratio": {"value": 0.73, "lower": 0.585, "upper": 0.91})", "", ""},
        {sound_a, R"("hazard_ratio": {"value": 0.73, "lower": 0.64, "upper": 0.83})", "", "hazard-ratio-precision",
         Severity::error,
         "the CI 0.64 to 0.83 implies a standard error of log HR of 0.06279 to 0.06985 (allowing for rounding), but "
         "with 320 events it is at least 2/sqrt(320) = 0.112"},
        {sound_a, R"("hazard_ratio": {"value": 0.73, "lower": 0.50, "upper": 1.07})", "", "hazard-ratio-precision",
         Severity::warning,
         "the CI 0.50 to 1.07 implies a standard error of log HR of 0.19035 to 0.19784 (allowing for rounding), but "
         "with 150 and 170 events it is about sqrt(1/150 + 1/170) = 0.112"},
        // Another level explains the width.
        {sound_a, R"("hazard_ratio": {"value": 0.73, "lower": 0.64, "upper": 0.83, "level": 0.75})", "", ""},
        {sound_a,
         R"("hazard_ratio": {"value": 0.73, "lower": 0.59, "upper": 0.91}, "p_value": {"value": 0.001, "relation": "<"})",
         "", "p-value-hazard-ratio", Severity::note, "p < 0.001 means at least 3.2905"},
        {sound_a,
         R"("hazard_ratio": {"value": 0.73, "lower": 0.59, "upper": 0.91}, "p_value": {"value": 0.00001, "relation": "<"})",
         "", "p-value-hazard-ratio", Severity::warning, "p < 0.00001 means at least 4.4172"},
        {sound_a,
         R"("hazard_ratio": {"value": 0.95, "lower": 0.76, "upper": 1.18}, "p_value": {"value": 0.001, "relation": "<"})",
         "", "p-value-hazard-ratio", Severity::error, "p < 0.001 means at least 3.2905"},
        {sound_a, R"("hazard_ratio": {"value": 0.73, "lower": 0.59, "upper": 0.91}, "p_value": {"value": 0.5})", "",
         "p-value-hazard-ratio", Severity::error, "p = 0.5"},
        {sound_a, R"("hazard_ratio": {"value": 0.73, "lower": 0.59, "upper": 0.91}, "p_value": {"value": 0.0024})", "",
         ""},
        // One-sided: z = 2.75, as the limits have it.
        {sound_a, R"("hazard_ratio": {"value": 0.734, "lower": 0.59, "upper": 0.914}, "p_value": {"value": 0.0028})",
         "", "p-value-hazard-ratio", Severity::warning, "as a one-sided p-value it fits"},
        // The third decimal of the lower limit leaves less room.
        {sound_a, R"("hazard_ratio": {"value": 0.734, "lower": 0.590, "upper": 0.914}, "p_value": {"value": 0.0028})",
         "", "p-value-hazard-ratio", Severity::warning, "as a one-sided p-value it fits"},
        {sound_a,
         R"("hazard_ratio": {"value": 0.934, "lower": 0.75, "upper": 1.163}, "p_value": {"value": 0.271, "decimals": 3})",
         "", "p-value-hazard-ratio", Severity::warning, "as a one-sided p-value it fits"},
        // A test that says so.
        {sound_a,
         R"("hazard_ratio": {"value": 0.934, "lower": 0.75, "upper": 1.163}, "p_value": {"value": 0.271, "decimals": 3, "test": "one-sided log-rank"})",
         "", ""},
        // A stratified test beside an unstratified ratio may differ by more.
        {sound_a,
         R"("hazard_ratio": {"value": 0.73, "lower": 0.59, "upper": 0.91}, "p_value": {"value": 0.0001, "test": "log-rank"})",
         "", "p-value-hazard-ratio", Severity::warning, "p = 0.0001"},
        {sound_a,
         R"("hazard_ratio": {"value": 0.73, "lower": 0.59, "upper": 0.91}, "p_value": {"value": 0.0001, "test": "stratified log-rank"})",
         "", "p-value-hazard-ratio", Severity::note, "p = 0.0001"},
        // No limits: 320 events allow |z| = |log 0.73| sqrt(320)/2 = 2.8.
        {sound_a, R"("hazard_ratio": {"value": 0.73}, "p_value": {"value": 0.9})", "", ""},
        {sound_a, R"("hazard_ratio": {"value": 0.73}, "p_value": {"value": 0.0000001, "relation": "<"})", "",
         "p-value-hazard-ratio", Severity::error,
         "a hazard ratio of 0.73 with 320 events implies |z| of at most 2.88, allowing for rounding, but p < 0.0000001 "
         "means at least 5.3267: a difference of 2.5, more than the 0.16 expected between two tests of the same data"},
        {R"("events": {"value": 180}, "median": {"value": 24.7})", R"("hazard_ratio": {"value": 1.30})", "",
         "hazard-ratio-medians", Severity::note, "the arm with the longer median has the higher hazard"},
        {R"("events": {"value": 180}, "median": {"value": 19.3})", R"("hazard_ratio": {"value": 1.30})", "", ""},
        {R"("median": {"value": 19.3})", R"("hazard_ratio": {"value": 1.30})", "", "events-exchanged",
         Severity::warning,
         "150 and 170 events in 200 and 200 patients imply a hazard ratio of about 0.73, but 1.30 is published; "
         "exchanged between the arms they imply 1.4: most likely each arm has the events of the other, or the ratio is "
         "inverted"},
        {R"("median": {"value": 60})", R"("hazard_ratio": {"value": 0.9})", "", "hazard-ratio-medians",
         Severity::warning,
         "under proportional hazards the medians of 60 v 19.2 imply a hazard ratio of 19.2/60 = 0.32, but 0.90 is "
         "published; they differ by 1 on the log scale after allowing for rounding, and nine of ten published pairs by "
         "at most 0.277 (sampling error explains 0.28)"},
        {R"("milestones": [{"time": 24, "survival": 0.5}])", R"("hazard_ratio": {"value": 0.76})", "", ""},
        {R"("milestones": [{"time": 24, "survival": 0.7}])", R"("hazard_ratio": {"value": 0.70})", "",
         "proportional-hazards", Severity::note, "0.70 v 0.40 at 24 months means 0.389"},
        {R"("milestones": [{"time": 24, "survival": 0.8}])", R"("hazard_ratio": {"value": 0.70})", "",
         "proportional-hazards", Severity::warning, "0.80 v 0.40 at 24 months means 0.244"},
        {R"("median": {"value": 24.7, "lower": 21.6, "upper": 28.9}, "milestones": [{"time": 18, "survival": 0.62, "lower": 0.55, "upper": 0.68}])",
         "", "", ""},
        {R"("median": {"value": 24.7, "lower": 21.6, "upper": 28.9}, "milestones": [{"time": 18, "survival": 0.52, "lower": 0.45, "upper": 0.58}])",
         "", "", "median-limits-milestones", Severity::warning,
         "the lower confidence limit of S(18) is 0.45, but the lower limit of the median is 21.6 months"},
        {R"("median": {"value": 24.7, "lower": 21.6, "upper": "NR"}, "milestones": [{"time": 36, "survival": 0.41, "lower": 0.34, "upper": 0.47}])",
         "", "", "median-limits-milestones", Severity::warning,
         "the upper confidence limit of S(36) is 0.47, but the upper limit of the median is NR"},
        {R"("median": {"value": 24.7, "lower": 14.0, "upper": 43})", "", "", "median-precision", Severity::warning,
         "log(43/14.0) = 1.12, which is 2.4 times the value expected for 150 events and an exponential curve (0.462) "
         "and more than 2 times"},
        {R"("median": {"value": 24.7, "lower": 24.3, "upper": 25.1})", "", "", "median-precision", Severity::warning,
         "less than 0.2 times"},
        {R"("median": {"value": "NR"})", "", "", "events-follow-up", Severity::error,
         "150 events in 200 patients bring the Kaplan-Meier curve to 0.25 or below, but the median is not reached"},
        {R"("events": {"value": 99}, "median": {"value": "NR"})", "", "", ""},
        {R"("events": {"value": 20}, "median": {"value": 24.7}, "follow_up": {"median": 60})", "", "",
         "events-follow-up", Severity::warning,
         "20 events in 200 patients are a share of 0.1, but with a median of 24.7 months and a follow-up of 60 about "
         "0.8 is expected"},
        {R"("events": {"value": 120}, "median": {"value": 24.7}, "follow_up": {"median": 30})", "", "", ""},

        // A second analysis: PFS of the same patients.
        {sound_a, "",
         R"({"id": "pfs", "endpoint": "PFS", "data_cutoff": "2020-01", "arms": {"a": {"median": {"value": 24.7, "lower": 20, "upper": 33}}}})",
         ""},
        {sound_a, "",
         R"({"id": "pfs", "endpoint": "PFS", "data_cutoff": "2020-01", "arms": {"a": {"median": {"value": 26, "lower": 20, "upper": 33}}}})",
         "pfs-not-above-os", Severity::warning, "26 of PFS is above 24.7 of OS (os)"},
        {sound_a, "",
         R"({"id": "pfs", "endpoint": "PFS", "data_cutoff": "2020-01", "arms": {"a": {"median": {"value": 36, "lower": 32, "upper": 40}}}})",
         "pfs-not-above-os", Severity::error, "and their CIs do not overlap"},
        {sound_a, "",
         R"({"id": "pfs", "endpoint": "PFS", "data_cutoff": "2018-01", "arms": {"a": {"median": {"value": 36, "lower": 32, "upper": 40}}}})",
         "pfs-not-above-os", Severity::warning, "36 of PFS is above"},
        // Another population, or not reached: nothing can be said.
        {sound_a, "",
         R"({"id": "pfs", "endpoint": "PFS", "population": "brain metastases", "arms": {"a": {"median": {"value": 36}}}})",
         ""},
        {sound_a, "", R"({"id": "pfs", "endpoint": "PFS", "arms": {"a": {"median": {"value": "NR"}}}})", ""},
        {sound_a, "",
         R"({"id": "os-bm", "endpoint": "OS", "population": "brain metastases", "arms": {"a": {"n": 80, "median": {"value": 24.7, "lower": 19.0, "upper": 30.1}}}})",
         ""},
        {sound_a, "",
         R"({"id": "os-bm", "endpoint": "OS", "population": "brain metastases", "arms": {"a": {"n": 80, "median": {"value": 24.7, "lower": 21.6, "upper": 28.9}}}})",
         "number-reused", Severity::warning, "the median of \"brain metastases\" (os-bm) is 24.7 [21.6, 28.9]"},
    };
    for (const Case& one : cases) {
        INFO(one.a << ' ' << one.contrast << ' ' << one.trial);
        const bool own_events = one.a.find("events") != std::string::npos;
        const auto found = findings_of(hersurv::catalogue::read_document(
            R"({"format": "hersurv-catalogue", "version": 1, "trials": [{"id": "T", "design": "randomised", "arms": [{"id": "a", "n": 200}, {"id": "b", "n": 200}],
              "analyses": [{"id": "os", "endpoint": "OS", "population": "intention to treat", "data_cutoff": "2020-01", "arms": {"a": {)" +
                std::string(own_events ? "" : R"("events": {"value": 150}, )") + one.a +
                R"(}, "b": {"events": {"value": 170}, "median": {"value": 19.2}, "milestones": [{"time": 24, "survival": 0.4}]}},
              "contrasts": [{"experimental": "a", "control": "b")" +
                (one.contrast.empty() ? "" : ", " + one.contrast) + "}]}" +
                (one.trial.empty() ? "" : ", " + one.trial) + "]}]}",
            "x.json"));
        for (const auto& finding : found) UNSCOPED_INFO(finding.rule << ": " << finding.message);
        REQUIRE(found.size() == (one.rule.empty() ? 0 : 1));
        if (one.rule.empty()) continue;
        CHECK(found[0].rule == one.rule);
        CHECK(found[0].severity == one.severity);
        CHECK_THAT(found[0].message, Contains(one.message));
        CHECK_FALSE(found[0].published.empty());
        CHECK(found[0].pointer.starts_with("/trials/0/analyses/"));
    }
}

TEST_CASE("without patients and limits a ratio far from its medians is a note", "[audit]") {
    const auto found = findings_of(hersurv::catalogue::read_document(
        R"({"format": "hersurv-catalogue", "version": 1, "trials": [{"id": "T", "arms": [{"id": "a"}, {"id": "b"}], "analyses": [{"id": "pfs2", "endpoint": "PFS2",
            "arms": {"a": {"median": {"value": 15.9}}, "b": {"median": {"value": 9.7}}},
            "contrasts": [{"experimental": "a", "control": "b", "hazard_ratio": {"value": 0.29}}]}]}]})",
        "x.json"));
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "hazard-ratio-medians");
    CHECK(found[0].severity == Severity::note);
    CHECK_THAT(found[0].message, Contains("9.7/15.9 = 0.61") && !Contains("sampling"));
}

TEST_CASE("limits of a response rate are those of one of the methods in use", "[audit]") {
    struct Case {
        std::string response, message;
        Severity severity = Severity::warning;
    };
    // 24 of 37 in R: binom.test, prop.test with and without correction, and the binom package for the others.
    const std::string counts = R"("rate": 0.649, "responders": 24, "evaluable": 37, )";
    const std::vector<Case> cases = {
        {counts + R"("lower": 0.475, "upper": 0.798)", ""},  // Clopper-Pearson
        {counts + R"("lower": 0.488, "upper": 0.782)", ""},  // Wilson
        {counts + R"("lower": 0.474, "upper": 0.793)", ""},  // Wilson with correction
        {counts + R"("lower": 0.495, "upper": 0.802)", ""},  // Wald
        {counts + R"("lower": 0.487, "upper": 0.782)", ""},  // Agresti-Coull
        {counts + R"("lower": 0.488, "upper": 0.787)", ""},  // Jeffreys
        {counts + R"("lower": 0.486, "upper": 0.789)", ""},  // mid-P
        {counts + R"("lower": 0.47, "upper": 0.79)", ""},    // cut off instead of rounded
        {counts + R"("lower": 0.575, "upper": 0.798)", "only the upper limit agrees with a method"},
        {counts + R"("lower": 0.475, "upper": 0.898)", "only the lower limit agrees with a method"},
        {counts + R"("lower": 0.55, "upper": 0.74)", "24 responders of 37 patients"},
        {counts + R"("lower": 0.475, "upper": 0.787)", "which lies between them", Severity::note},
        // Any count that the rate allows.
        {R"("rate": 0.65, "evaluable": 37, "lower": 0.475, "upper": 0.798)", ""},
        {R"("rate": 0.436, "evaluable": 397, "lower": 0.386, "upper": 0.486)", ""},
        {R"("rate": 0.436, "evaluable": 45, "lower": 0.386, "upper": 0.486)", ""},  // the GRIM test speaks
        {R"("rate": 0.433, "evaluable": 30, "lower": 0.386, "upper": 0.486)", "13 responders of 30 patients"},
        {counts + R"("lower": 0.425, "upper": 0.834, "level": 0.99)", ""},
        {R"("rate": 1, "responders": 12, "evaluable": 12, "lower": 0.735, "upper": 1)", ""},
        {R"("rate": 0, "responders": 0, "evaluable": 12, "lower": 0, "upper": 0.265)", ""},
    };
    for (const Case& one : cases) {
        INFO(one.response);
        auto found = findings_of(hersurv::catalogue::read_document(
            R"({"format": "hersurv-catalogue", "version": 1, "trials": [{"id": "T", "arms": [{"id": "a"}], "analyses": [], "responses": [{"id": "r", "endpoint": "ORR", "arm": "a", )" +
                one.response + "}]}]}",
            "x.json"));
        std::erase_if(found, [](const Finding& finding) { return finding.rule == "response-arithmetic"; });
        for (const auto& finding : found) UNSCOPED_INFO(finding.rule << ": " << finding.message);
        REQUIRE(found.size() == (one.message.empty() ? 0 : 1));
        if (one.message.empty()) continue;
        CHECK(found[0].rule == "response-limits");
        CHECK(found[0].severity == one.severity);
        CHECK_THAT(found[0].message, Contains(one.message));
    }
}

TEST_CASE("years of sources and numbers that look alike", "[audit]") {
    const auto findings_with = [](const std::string& source, const std::string& kind, const std::string& other) {
        return findings_of(hersurv::catalogue::read_document(
            R"({"format": "hersurv-catalogue", "version": 1, "sources": {"s": {)" + source + R"(, "kind": ")" + kind +
                R"("}}, "trials": [
              {"id": "ONE", "arms": [{"id": "a"}], "analyses": [{"id": "os", "endpoint": "OS", "data_cutoff": "2014-02-11", "arms": {"a": {"median": {"value": 22.7, "source": "s", "line": 3}}}}]},
              {"id": "TWO", "arms": [{"id": "a"}], "analyses": [{"id": "os", "endpoint": "OS", "arms": {"a": {"median": {"value": )" +
                other + R"(, "lower": 21.5, "source": "s", "line": 9}}}}]}]})",
            "x.json"));
    };
    CHECK(findings_with(R"("citation": "J Clin Oncol 2015;23:1900-1907", "year": 2015)", "primary", "22.7").empty());
    CHECK(findings_with(R"("citation": "A talk", "year": 2014)", "review", "22.8").empty());

    const auto year = findings_with(R"("citation": "J Clin Oncol 2005;23:1900-1907", "year": 2025)", "primary", "22");
    for (const auto& finding : year) UNSCOPED_INFO(finding.rule << ": " << finding.message);
    REQUIRE(year.size() == 2);  // the source of each trial
    CHECK(year[0].rule == "source-years");
    CHECK(year[0].severity == Severity::error);
    CHECK(year[0].pointer == "/sources/s");
    CHECK_THAT(year[0].message, Contains("the year of source s is 2025, but its citation says 2005"));

    const auto online = findings_with(R"("citation": "J Clin Oncol 2025;23:1900-1907", "year": 2024)", "primary", "22");
    REQUIRE(online.size() == 2);
    CHECK(online[0].severity == Severity::warning);

    const auto cut = findings_with(R"("citation": "J Clin Oncol 2013", "year": 2013)", "primary", "22");
    REQUIRE(cut.size() == 1);
    CHECK(cut[0].rule == "source-years");
    CHECK_THAT(cut[0].message,
               Contains("the data cut-off is in 2014-02-11, but source s, which reports the results, is of 2013"));

    const auto alike = findings_with(R"("citation": "A review 2025", "year": 2025)", "review", "22.7");
    REQUIRE(alike.size() == 1);
    CHECK(alike[0].rule == "look-alike-numbers");
    CHECK(alike[0].severity == Severity::note);
    CHECK_THAT(alike[0].message, Contains("22.7 has 2 different meanings: median OS of ONE, arm a (os), line 3; median "
                                          "OS of TWO, arm a (os), line 9"));
}

TEST_CASE("numbers of two digits look alike only where one is in months and the other in per cent", "[audit]") {
    const auto alike = [](const std::string& first, const std::string& second) {
        const auto arms = [](const std::string& statistic) {
            return R"("arms": [{"id": "a"}], "analyses": [{"id": "os", "endpoint": "OS", "arms": {"a": {)" + statistic +
                   "}}}]}";
        };
        std::vector<std::string> published;
        for (
            const Finding& finding : findings_of(hersurv::catalogue::read_document(
                R"({"format": "hersurv-catalogue", "version": 1, "sources": {"s": {"citation": "A review", "kind": "review"}}, "trials": [
                 {"id": "ONE", )" +
                    arms(first) + R"(, {"id": "TWO", )" + arms(second) + "]}",
                "x.json")))
            published.push_back(finding.published);
        return published;
    };
    const std::string months = R"("median": {"value": 20, "source": "s"})",
                      per_cent = R"("milestones": [{"time": 96, "survival": 0.2, "source": "s"}])",
                      others = R"("milestones": [{"time": 96, "survival": 0.21, "source": "s"}])";
    CHECK(alike(months, per_cent) == std::vector<std::string>{"20"});
    CHECK(alike(per_cent, months) == std::vector<std::string>{"20"});
    CHECK(alike(months, others).empty());
    CHECK(alike(months, months).empty());
}

TEST_CASE("a rate that a claim tells of a number of patients is one that they can have", "[audit]") {
    const auto claim = [](const std::string& n) {
        return Replacements{
            {"%CLAIMS%",
             R"(, {"id": "of", "kind": "restatement", "source": "paper", "value": 0.471, "stated": {"evaluable": )" +
                 n + R"(}, "of": [{"response": "of-responders"}]})"}};
    };
    CHECK(findings(claim("17")).empty());
    const Finding finding = only(claim("26"));
    CHECK(finding.rule == "claim-restatement");
    CHECK_THAT(finding.message,
               Contains("no number of responders among 26 patients gives 0.471: 12/26 = 0.4615, 13/26 = 0.5000"));
}

TEST_CASE("a limit that was rounded past its value holds it, but is not plausible", "[audit]") {
    for (const char* limits :
         {R"("value": 57.1, "lower": 57, "upper": 72)", R"("value": 57.1, "lower": 50, "upper": 57)"}) {
        const Finding finding = only({{new_median, limits}});
        CHECK(finding.rule == "median-precision");
        CHECK_THAT(finding.message, Contains("is more than 6 times as far from the median 57.1"));
    }
}

TEST_CASE("what rounding explains is no finding", "[audit]") {
    const std::vector<Replacements> harmless = {
        // A limit that was rounded past its value.
        {{R"("value": 0.68, "lower": 0.56, "upper": 0.84)", R"("value": 0.68, "lower": 0.68, "upper": 0.68)"},
         {R"("value": 1, "relation")", R"("value": 0.69, "relation")"}},
        {{R"("time": 48, "survival": 0.575, "lower": 0.52, "upper": 0.63)",
          R"("time": 57.13, "survival": 0.505, "lower": 0.45, "upper": 0.56)"},
         {R"("statistic": "milestone_48")", R"("statistic": "milestone_57.13")"}},
        // 16.2 to 16.4 is what 57.1 - 40.8 may be; half a unit more on either side.
        {{R"("value": 16.3)", R"("value": 16.4)"}},
        {{R"("value": 16.3)", R"("value": 16)"}},
        {{R"("value": 16.3)", R"("value": 17, "approximate": true)"}},
        {{R"("value": 40,)", R"("value": 40.8,)"}},
        {{R"("value": 40,)", R"("value": 42, "approximate": true,)"}},
        // "about" lets the events of the arms not add up.
        {{R"("value": 389)", R"("value": 400, "approximate": true)"}},
        // Groups that overlap do not add up either.
        {{R"("value": 389)", R"("value": 200)"}, {R"("design": "randomised")", R"("design": "observational")"}},
        // NE says nothing about a limit.
        {{new_median, R"("value": 57.1, "lower": "NE", "upper": "NE")"}},
        // NR and NE are words for the same hole in the curve.
        {{new_median, R"("value": 57.1, "lower": 50, "upper": "NE")"}},
        // An entry with "about" is not compared.
        {{R"("value": 57, "lower": 50.4, "upper": "NR", "approximate": true)", R"("value": 60, "approximate": true)"}},
        // Limits of another level are not compared.
        {{R"("value": 0.7, "decimals": 1)",
          R"("value": 0.7, "lower": 0.6, "upper": 0.8, "level": 0.9, "decimals": 1)"}},
        {{R"("value": 0.0002)", R"("value": 0.001, "relation": "<=")"}},
        {{R"("value": 57.1, "source": "abstract")", R"("value": 57, "source": "abstract")"}},
        {{R"("value": 57.1, "source": "abstract")", R"("value": 60, "approximate": true, "source": "abstract")"}},
    };
    for (const Replacements& replacements : harmless) {
        INFO(replacements.front().second);
        const auto found = findings(replacements);
        for (const auto& finding : found) UNSCOPED_INFO(finding.rule << ": " << finding.message);
        CHECK(found.empty());
    }
}

TEST_CASE("the GRIM test agrees with trying every count", "[audit][numbers]") {
    // Rates of two and three decimals among few patients: possible exactly where some k/n rounds to it.
    for (const int n : {1, 7, 13, 15, 26, 37, 99}) {
        for (int thousandths = 0; thousandths <= 1000; thousandths += 7) {
            bool possible = false;
            for (int k = 0; k <= n; ++k)
                possible = possible || std::abs(static_cast<double>(k) / n - thousandths / 1000.0) <= 0.0005 + 1e-12;
            const std::string rate = std::to_string(thousandths / 1000.0);
            const auto found = findings(
                {{R"("rate": 0.733, "evaluable": 15)",
                  R"("rate": )" + rate + R"(, "decimals": 3, "evaluable": )" + std::to_string(n)},
                 {R"({"id": "rates", "kind": "rate-difference", "value": 0.084, "source": "paper", "of": [{"response": "of-patients"}, {"response": "counted"}]},)",
                  ""}});
            INFO(rate << " of " << n);
            CHECK(found.empty() == possible);
        }
    }
}

TEST_CASE("a claim whose number is missing or not reached cannot be checked, which is a note", "[audit]") {
    const std::string claim =
        R"(, {"id": "more", "kind": "exceeds", "value": 50, "source": "paper", "of": [{"analysis": "os", "arm": "new", "statistic": "median_upper"}]})";
    const Finding finding = only({{"%CLAIMS%", claim}, {new_median, R"("value": 57.1, "lower": 50, "upper": "NR")"}});
    CHECK(finding.severity == Severity::note);
    CHECK(finding.at.claim == "more");
    CHECK_THAT(finding.message,
               Contains("cannot be checked: the upper confidence limit of the median OS of ONE, arm new, os is NR"));
}

TEST_CASE("a word may be repeated like a number", "[audit]") {
    const auto claim = [](const std::string& value, const std::string& statistic) {
        return Replacements{
            {"%CLAIMS%", R"(, {"id": "word", "kind": "restatement", "source": "paper", "value": )" + value +
                             R"(, "of": [{"analysis": "os", "arm": "new", "statistic": ")" + statistic + R"("}]})"},
            {new_median, R"("value": 57.1, "lower": 50, "upper": "NR")"}};
    };
    CHECK(findings(claim(R"("NR")", "median_upper")).empty());
    CHECK(findings(claim(R"("NE")", "median_upper")).empty());
    for (const char* word : {R"("NR")", R"("NE")"}) {
        const Finding finding = only(claim(word, "median_lower"));
        CHECK(finding.severity == Severity::error);
        CHECK_THAT(finding.message,
                   Contains("but the lower confidence limit of the median OS of ONE, arm new, os is 50"));
    }
    CHECK(only(claim("72", "median_upper")).severity == Severity::note);
}

TEST_CASE("claims of a document are checked across its trials", "[audit]") {
    const std::string trend =
        R"(, "claims": [{"id": "across", "kind": "trend", "direction": "decreasing", "source": "paper", "of": [
        {"trial": "ONE", "analysis": "os", "arm": "old", "statistic": "median"}, {"trial": "one", "analysis": "os", "arm": "new", "statistic": "median"}]}])";
    const Finding finding = only({{"%DOCUMENT%", trend}});
    CHECK(finding.rule == "claim-trend");
    CHECK(finding.at.trial.empty());
    CHECK(finding.at.claim == "across");
    CHECK(finding.file == "fixture.json");
    CHECK(finding.pointer == "/claims/0");

    const Finding missing = only(
        {{"%DOCUMENT%",
          R"(, "claims": [{"id": "x", "kind": "exceeds", "value": 1, "source": "paper", "of": [{"trial": "TWO", "response": "r"}]}])"}});
    CHECK(missing.severity == Severity::note);
    CHECK_THAT(missing.message, Contains("unknown trial TWO"));
}

TEST_CASE("notes acknowledge exactly the findings at their place", "[audit]") {
    const auto rising = std::pair<std::string, std::string>(R"("survival": 0.372)", R"("survival": 0.39)");
    const auto note = [](const std::string& rest) {
        return std::pair<std::string, std::string>("%NOTES%", R"(, {"text": "known", )" + rest + "}");
    };
    SECTION("each member that is given must be the finding's, those left out match") {
        for (const char* at :
             {R"({"analysis": "os", "arm": "new", "statistic": "milestone_96"})", R"({"analysis": "os"})",
              R"({"arm": "new"})", R"({"source": "abstract", "arm": "new", "analysis": "os"})",
              R"({"trial": "ONE", "arm": "new"})"}) {
            INFO(at);
            const Finding finding =
                only({rising, note(R"("kind": "discrepancy", "rule": "sources-disagree", "at": )" + std::string(at))});
            CHECK(finding.rule == "sources-disagree");
            CHECK(finding.acknowledged);
            CHECK(finding.acknowledgement == "known");
        }
    }
    SECTION("a note elsewhere acknowledges nothing and is a finding itself") {
        for (
            const char* rest :
            {R"("kind": "discrepancy", "rule": "sources-disagree", "at": {"arm": "old"})",
             R"("kind": "discrepancy", "rule": "sources-disagree", "at": {"source": "paper"})",
             R"("kind": "discrepancy", "rule": "sources-disagree", "at": {"analysis": "os", "arm": "new", "statistic": "median"})",
             R"("kind": "discrepancy", "rule": "milestones-decrease", "at": {"analysis": "os", "arm": "new", "statistic": "milestone_96"})",
             R"("kind": "discrepancy", "rule": "sources-disagrees", "at": {"analysis": "os", "arm": "new", "statistic": "milestone_96"})",
             R"("kind": "discrepancy", "rule": "unused-acknowledgement", "at": {"analysis": "os", "arm": "new", "statistic": "milestone_96"})",
             R"("kind": "remark", "rule": "sources-disagree", "at": {"analysis": "os", "arm": "new", "statistic": "milestone_96"})",
             R"("kind": "discrepancy", "rule": "sources-disagree")"}) {
            INFO(rest);
            const auto found = findings({rising, note(rest)});
            REQUIRE(found.size() == 2);
            CHECK(found[0].rule == "sources-disagree");
            CHECK_FALSE(found[0].acknowledged);
            CHECK(found[1].rule == "unused-acknowledgement");
            CHECK(found[1].severity == Severity::error);
            CHECK(found[1].at.trial == "ONE");
            CHECK(found[1].pointer == "/trials/0/notes/1");
        }
    }
    SECTION("a note that has no finding is one") {
        const Finding finding = only({note(
            R"("kind": "discrepancy", "rule": "sources-disagree", "at": {"analysis": "os", "arm": "new", "statistic": "milestone_96"})")});
        CHECK(finding.rule == "unused-acknowledgement");
        CHECK_THAT(finding.message,
                   Contains("the rule sources-disagree has no finding at analysis os, arm new, milestone_96"));
    }
    SECTION("rules that depend on the model or the baseline are not missed") {
        CHECK(
            findings(
                {note(
                    R"("kind": "discrepancy", "rule": "not-reproduced", "at": {"analysis": "os", "arm": "new", "statistic": "milestone_96"})")})
                .empty());
    }
    SECTION("a document's note names the trial") {
        const std::string with_trial =
            R"(, "notes": [{"kind": "discrepancy", "text": "known", "rule": "sources-disagree", "at": {"trial": "ONE", "analysis": "os", "arm": "new", "statistic": "milestone_96"}}])";
        CHECK(only({rising, {"%DOCUMENT%", with_trial}}).acknowledged);
    }
}
