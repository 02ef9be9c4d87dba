// A contradiction is one only beyond the rounding of what is published: half a month of 20, half a tenth of 20.0.
#include "unit/audit/fixture.hpp"
#include <string>
#include <vector>

using namespace audit_fixture;
using Catch::Matchers::Contains;

namespace {

std::vector<hersurv::audit::Finding> findings_of_arm(const std::string& arm) {
    return findings_of(hersurv::catalogue::read_document(
        R"({"format": "hersurv-catalogue", "version": 1, "trials": [{"id": "T", "arms": [{"id": "a"}],
            "analyses": [{"id": "os", "endpoint": "OS", "arms": {"a": {)" +
            arm + "}}}]}]}",
        "x.json"));
}

}  // namespace

TEST_CASE("the decimals that a number is written with are its tolerance", "[audit]") {
    struct Case {
        std::string median, rest, rule, message;
    };
    const std::string after = R"(, "milestones": [{"time": 20.4, "survival": 0.55}])";
    const std::string found = "S(20.4) = 0.55 is above 0.5 after the median of 20.0 months";
    const std::vector<Case> cases = {
        {R"({"value": 20})", after, "", ""},
        {R"({"value": 20.0})", after, "milestones-decrease", found},
        {R"({"value": 2.00e1})", after, "milestones-decrease", found},
        {R"({"value": 20, "decimals": 1})", after, "milestones-decrease", found},
        {R"({"value": 20.0, "decimals": 0})", after, "", ""},
        {R"({"value": 20.0})", R"(, "milestones": [{"time": 20.04, "survival": 0.55}])", "", ""},
        {R"([{"value": 20.4}, {"value": 20}])", "", "", ""},
        {R"([{"value": 20.4}, {"value": 20.0}])", "", "sources-disagree", "they differ by more than rounding"},
        {R"([{"value": 20.04}, {"value": 20.0}])", "", "", ""},
    };
    for (const Case& one : cases) {
        INFO(one.median << one.rest);
        const auto findings = findings_of_arm("\"median\": " + one.median + one.rest);
        REQUIRE(findings.size() == (one.rule.empty() ? 0 : 1));
        if (one.rule.empty()) continue;
        CHECK(findings[0].rule == one.rule);
        CHECK_THAT(findings[0].message, Contains(one.message));
    }
}

TEST_CASE("a claim that repeats a number is held to the decimals of both", "[audit]") {
    // 40.8 is within half a month of 41, but not within half a tenth of 41.0.
    const auto repeated = [](const std::string& value) {
        return findings_of(catalogue({{"%CLAIMS%", R"(, {"id": "repeat", "kind": "restatement", "source": "abstract",
            "of": [{"analysis": "os", "arm": "old", "statistic": "median"}], "value": )" +
                                                       value + "}"}}));
    };
    CHECK(repeated("41").empty());
    const auto findings = repeated("41.0");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].rule == "claim-restatement");
}
