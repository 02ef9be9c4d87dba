// The limits of a catalogue: what is at one is read, what is beyond it is refused with the remedy.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"
#include "hersurv/records.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "catalogue/names.hpp"
#include <algorithm>
#include <string>

using namespace hersurv;
using namespace hersurv::catalogue;

namespace {

// A trial of arms with a median and milestones each.
std::string document(const std::string& id, int n_arms, int n_milestones) {
    std::string arms, results;
    for (int arm = 0; arm < n_arms; ++arm) {
        const std::string separator = arm == 0 ? "" : ",";
        arms += fmt::format(R"({}{{"id": "a{}", "n": 100}})", separator, arm);
        std::string milestones;
        for (int i = 0; i < n_milestones; ++i)
            milestones += fmt::format(R"({}{{"time": {}, "survival": {:.4f}, "source": "s"}})", i == 0 ? "" : ",",
                                      0.1 * (i + 1), 0.99 - 0.9 * i / n_milestones);
        results += fmt::format(R"({}"a{}": {{"milestones": [{}]}})", separator, arm, milestones);
    }
    return fmt::format(
        R"({{"format": "hersurv-catalogue", "version": 1, "sources": {{"s": {{"citation": "c", "year": 2020}}}},
            "trials": [{{"id": "{}", "arms": [{}], "analyses": [{{"id": "os", "endpoint": "OS", "arms": {{{}}}}}]}}]}})",
        id, arms, results);
}

void check_limit(const std::string& inside, const std::string& outside, const std::string& problem) {
    CAPTURE(problem);
    CHECK(validate_document(inside, "f").empty());
    const auto faults = validate_document(outside, "f");
    REQUIRE(faults.size() == 1);
    CHECK(faults.front().problem == problem);
    CHECK_FALSE(faults.front().remedy.empty());
}

}  // namespace

TEST_CASE("names, arms and milestones have limits", "[catalogue][limits]") {
    check_limit(document(std::string(300, 'X'), 2, 1), document(std::string(301, 'X'), 2, 1),
                "the name \"" + std::string(40, 'X') + "...\" is 301 bytes long");
    check_limit(document("X", 40, 1), document("X", 41, 1), "the analysis has 41 arms");
    check_limit(document("X", 2, 120), document("X", 2, 121), "the analysis has 242 milestones");
}

TEST_CASE("a name that is cut in a message is cut between characters", "[catalogue][limits]") {
    std::string name = "X";
    for (int i = 0; i < 200; ++i) name += "\u00e9";
    const auto faults = validate_document(document(name, 2, 1), "f");
    REQUIRE(faults.size() == 1);
    CHECK(faults.front().problem == "the name \"" + name.substr(0, 39) + "...\" is 401 bytes long");
}

TEST_CASE("of many faults the first thousand are told, and how many there are", "[catalogue][limits]") {
    std::string trials = "{}";
    for (int i = 1; i < 2000; ++i) trials += ", {}";
    const auto faults =
        validate_document(R"({"format": "hersurv-catalogue", "version": 1, "trials": [)" + trials + "]}", "f");
    REQUIRE(faults.size() == 1001);
    // An empty trial lacks its id and its arms, at least.
    CHECK(std::ranges::count(faults, "/trials/0", &support::Fault::pointer) >= 1);
    CHECK(faults.back().problem.ends_with("more faults not listed"));
    CHECK(std::stoi(faults.back().problem) >= 1000);
}

TEST_CASE("what is longer than a name is near to no name", "[catalogue][limits]") {
    const std::string name(300, 'x');
    CHECK(nearest(name + "y", {name}).empty());
    CHECK(nearest(name.substr(1) + "y", {name}).size() == 1);
}
