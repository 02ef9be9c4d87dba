// Patterns of evidence: what it takes to have one, that none claims a number which is not there, and that every fitted
// arm of the built-in catalogue has one.
#include "hersurv/catalogue.hpp"
#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "unit/evidence/records.hpp"
#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace catalogue = hersurv::catalogue;
namespace evidence = hersurv::evidence;
namespace fit = hersurv::fit;
using hersurv::test::Paper;

namespace {

std::set<std::string> held(const Paper& paper, std::size_t arm = 0) {
    const auto evidence = paper.gather();
    std::set<std::string> names;
    for (const fit::Pattern& pattern : fit::patterns())
        if (fit::holds(pattern, evidence, arm)) names.insert(std::string(pattern.name));
    return names;
}

const fit::Pattern& pattern(const char* name) {
    const fit::Pattern* found = fit::find_pattern(name);
    REQUIRE(found != nullptr);
    return *found;
}

using Names = std::set<std::string>;

}  // namespace

TEST_CASE("An arm has the patterns whose numbers are all there, and no other", "[fit]") {
    CHECK(held(Paper().arm({"a", "", "", "", "20.1", "", "", {}})) == Names{"median-alone"});
    CHECK(held(Paper().arm({"a", "", "", "", "20.1", "", "", {}}).arm({"b", "", "", "", "15.0", "", "", {}})) ==
          Names{"median-alone", "median"});
    // Limits are points of the curve only where n is known.
    CHECK(held(Paper().arm({"a", "", "", "", "20.1", "18", "22", {}})) == Names{"median-alone"});
    CHECK(held(Paper().arm({"a", "200", "", "", "20.1", "18", "22", {}})) == Names{"median-alone", "limits-alone"});
    // One limit is not both.
    CHECK(held(Paper().arm({"a", "200", "", "", "20.1", "18", "", {}})) == Names{"median-alone"});
    CHECK(held(Paper().arm({"a", "200", "150", "30", "20.1", "18", "22", {}})) ==
          Names{"median-alone", "limits-alone", "events", "A-alone"});
    // A milestone that rounding alone makes is none.
    CHECK(held(Paper().arm({"a", "", "", "", "", "", "", {{24, "0.4"}}})) == Names{"milestone"});
    CHECK(held(Paper().arm({"a", "", "", "", "", "", "", {{24, "0.00"}}})).empty());

    const auto two_arms = [](const std::string& events) {
        return Paper()
            .arm({"a", "200", events, "30", "20.1", "18", "22", {{12, "0.8"}, {24, "0.4"}}})
            .arm({"b", "199", "150", "30", "15.0", "12", "17", {{24, "0.3"}}});
    };
    const Names without_hr = held(two_arms("140"));
    CHECK(without_hr.contains("limits-1"));
    CHECK_FALSE(without_hr.contains("limits-2"));  // the other arm has one milestone
    CHECK_FALSE(without_hr.contains("A"));
    for (const std::size_t arm : {0, 1}) {
        const Names with_hr = held(two_arms("140").hazard_ratio("a", "b", "0.7"), arm);
        for (const char* name : {"A", "B", "limits-hr-1", "median-hr", "hr-only", "hr-median"})
            CHECK(with_hr.contains(name));
        CHECK_FALSE(with_hr.contains("C"));
        CHECK_FALSE(held(two_arms("").hazard_ratio("a", "b", "0.7"), arm).contains("A"));
    }
    // The events of the other arm are enough for a curve through the hazard ratio.
    CHECK(held(two_arms("").hazard_ratio("a", "b", "0.7"), 0).contains("hr-only"));
    CHECK_FALSE(held(two_arms("").hazard_ratio("a", "b", "0.7"), 1).contains("hr-only"));
}

TEST_CASE("A hazard ratio ties the arms that it compares and no others", "[fit]") {
    const auto paper = Paper()
                           .arm({"a", "", "", "", "20.1", "", "", {}})
                           .arm({"b", "", "", "", "15.0", "", "", {}})
                           .arm({"c", "", "", "", "14.0", "", "", {}})
                           .hazard_ratio("a", "c", "0.7");
    CHECK(held(paper, 0).contains("median-hr"));
    CHECK_FALSE(held(paper, 1).contains("median-hr"));
    CHECK(held(paper, 1).contains("median"));
    CHECK(held(paper, 2).contains("median-hr"));
}

TEST_CASE("A median that was not reached is a case of its own", "[fit]") {
    const auto evidence = Paper()
                              .arm({"a", "200", "60", "30", "NR", "28", "NE", {}})
                              .arm({"b", "200", "90", "30", "25.0", "", "", {}})
                              .arm({"c", "200", "", "", "", "", "", {}})
                              .gather();
    CHECK(fit::median_case(evidence, 0) == fit::MedianCase::not_reached);
    CHECK(fit::median_case(evidence, 1) == fit::MedianCase::reached);
    CHECK(fit::median_case(evidence, 2) == fit::MedianCase::not_printed);
    CHECK(fit::holds(pattern("A-alone"), evidence, 0));
    CHECK(fit::words(pattern("limits-hr-1"), fit::MedianCase::not_reached) ==
          "n, median not reached with 95% CI, one milestone, hazard ratio");
}

TEST_CASE("The words of a pattern name its numbers", "[fit]") {
    CHECK(fit::words(pattern("A")) == "n, events, median with 95% CI, follow-up, hazard ratio");
    CHECK(fit::words(pattern("median-hr-2")) == "median, two milestones, hazard ratio");
    CHECK(fit::words(pattern("milestone")) == "one milestone (this arm alone)");
    CHECK(fit::words(pattern("hr-median"), fit::MedianCase::not_printed) == "hazard ratio (of the other arm: median)");
    std::set<std::string> words, names;
    for (const fit::Pattern& one : fit::patterns()) {
        CHECK(words.insert(fit::words(one)).second);
        CHECK(names.insert(std::string(one.name)).second);
        CHECK(fit::find_pattern(one.name) == &one);
    }
    CHECK(fit::find_pattern("D") == nullptr);
}

TEST_CASE("Inclusion of patterns is a partial order", "[fit]") {
    CHECK(fit::includes(pattern("A"), pattern("median")));
    CHECK(fit::includes(pattern("A"), pattern("A-alone")));
    CHECK(fit::includes(pattern("A"), pattern("hr-only")));
    CHECK(fit::includes(pattern("limits"), pattern("limits-alone")));
    CHECK_FALSE(fit::includes(pattern("limits"), pattern("median-hr")));
    CHECK_FALSE(fit::includes(pattern("A-alone"), pattern("median")));
    CHECK_FALSE(fit::includes(pattern("A-alone"), pattern("hr-only")));
    for (const fit::Pattern& a : fit::patterns()) {
        CHECK(fit::includes(a, a));
        for (const fit::Pattern& b : fit::patterns()) {
            if (&a != &b && fit::includes(a, b)) CHECK_FALSE(fit::includes(b, a));
            for (const fit::Pattern& c : fit::patterns())
                if (fit::includes(a, b) && fit::includes(b, c)) CHECK(fit::includes(a, c));
        }
    }
}

TEST_CASE("Every fitted arm of the catalogue has a pattern, and no pattern claims what is not printed", "[fit]") {
    catalogue::Library library{catalogue::LibraryOptions{}};
    std::size_t n_fitted = 0;
    for (const catalogue::Trial* trial : library.select({}))
        for (const catalogue::Analysis& analysis : trial->analyses) {
            const auto of_analysis =
                std::make_shared<const evidence::AnalysisEvidence>(evidence::gather(*trial, analysis));
            const auto model = fit::fit(of_analysis, *fit::find_model("weibull"));
            for (std::size_t arm = 0; arm < analysis.arms.size(); ++arm) {
                INFO(trial->id << ", " << analysis.id << ", " << analysis.arms[arm].arm);
                for (const fit::Pattern& richer : fit::patterns())
                    for (const fit::Pattern& poorer : fit::patterns())
                        if (fit::includes(richer, poorer) && fit::holds(richer, *of_analysis, arm))
                            CHECK(fit::holds(poorer, *of_analysis, arm));
                const fit::Pattern* claimed = fit::accuracy_record().pattern_of(*of_analysis, arm);
                if (model.fitted(arm)) {
                    ++n_fitted;
                    REQUIRE(claimed != nullptr);
                }
                if (claimed == nullptr) continue;

                // Against the records themselves.
                const auto has_numbers = [&](const catalogue::ArmResult& result) {
                    const fit::PrintedOfArm& printed = claimed->printed;
                    bool median = false, limits = false;
                    for (const auto& print : result.median) {
                        median = true;
                        limits = limits || (print.lower && print.upper);
                    }
                    return (!printed.n_patients || result.n_patients) && (!printed.events || !result.events.empty()) &&
                           (!printed.median || median) && (!printed.limits || limits) &&
                           (!printed.follow_up || !result.follow_up.empty()) &&
                           static_cast<int>(result.milestones.size()) >= printed.milestones;
                };
                const auto tied = [&](const std::string& other) {
                    return std::any_of(analysis.contrasts.begin(), analysis.contrasts.end(), [&](const auto& contrast) {
                        return !contrast.hazard_ratio.empty() && std::set{contrast.experimental, contrast.control} ==
                                                                     std::set{analysis.arms[arm].arm, other};
                    });
                };
                if (claimed->arms != fit::ArmsOfPattern::by_hazard_ratio) CHECK(has_numbers(analysis.arms[arm]));
                if (claimed->arms != fit::ArmsOfPattern::alone)
                    CHECK(std::any_of(analysis.arms.begin(), analysis.arms.end(), [&](const auto& other) {
                        return other.arm != analysis.arms[arm].arm && has_numbers(other) &&
                               (!claimed->hazard_ratio || tied(other.arm));
                    }));
            }
        }
    CHECK(n_fitted > 200);
}
