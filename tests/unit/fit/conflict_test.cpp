// Published estimates that no curve has together: which two are named, and which of them is said to be likelier wrong.
#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "unit/evidence/records.hpp"
#include <algorithm>
#include <string>

namespace fit = hersurv::fit;
using hersurv::test::Paper;

namespace {

std::string message_with(const fit::FittedModel& fitted, const std::string& word) {
    const auto found = std::ranges::find_if(
        fitted.messages, [&](const std::string& message) { return message.find(word) != std::string::npos; });
    return found == fitted.messages.end() ? "" : *found;
}

std::string conflict_of(const Paper& paper) {
    return message_with(fit::fit(paper.shared(), *fit::find_model("flexible")), " conflict: ");
}

}  // namespace

TEST_CASE("the message names the two estimates that conflict, and the one that all others speak against",
          "[fit][conflict]") {
    // S(36) = .52 lies above S(24) = .44 and the median at 20 months.
    const std::string rising = conflict_of(Paper("OS").arm(
        {"a", "300", "", "", "20", "17", "23", {{12, "0.70"}, {24, "0.44"}, {36, "0.52"}, {48, "0.20"}}}));
    CHECK(rising.find("S(36 months), 0.52, and ") != std::string::npos);
    CHECK(rising.find("survival cannot increase; S(36 months) is more likely wrong") != std::string::npos);
    // From .99 to .70 within a month.
    const std::string steep = conflict_of(
        Paper("OS").arm({"a", "300", "", "", "20", "17", "23", {{12, "0.99"}, {13, "0.70"}, {36, "0.20"}}}));
    CHECK(steep.find("S(12 months), 0.99, and S(13 months), 0.70, conflict: no plausible curve fits both") !=
          std::string::npos);
    CHECK(steep.find("S(12 months) is more likely wrong") != std::string::npos);
}

TEST_CASE("of two estimates that nothing else speaks of neither is accused", "[fit][conflict]") {
    const std::string message = conflict_of(Paper("OS").arm({"a", "300", "", "", "20", "", "", {{12, "0.42"}}}));
    CHECK(message.find("either may be wrong") != std::string::npos);
    CHECK(message.find("likelier") == std::string::npos);
}

TEST_CASE("sound estimates bring no message of a conflict", "[fit][conflict]") {
    // Of a Weibull of shape 1.3 and median 20.
    CHECK(conflict_of(
              Paper("OS").arm({"a", "400", "279", "31", "20.0", "17.8", "22.2", {{12, "0.70"}, {24, "0.42"}}})) == "");
}

TEST_CASE("a hazard ratio upside down is left out, and neither curve bends to it", "[fit][conflict]") {
    const auto fitted_with = [](const char* ratio, const char* lower, const char* upper) {
        Paper paper("OS");
        paper.arm({"a", "300", "", "", "20", "17", "23", {{12, "0.70"}}})
            .arm({"b", "300", "", "", "12", "10", "14", {}});
        paper.hazard_ratio("a", "b", ratio, lower, upper);
        return fit::fit(paper.shared(), *fit::find_model("flexible"));
    };
    const fit::FittedModel sound = fitted_with("0.62", "0.52", "0.75"), turned = fitted_with("1.60", "1.33", "1.92");
    CHECK(message_with(sound, "hazard ratio").empty());
    const std::string message = message_with(turned, "hazard ratio");
    CHECK(
        message.starts_with("a v b: the published hazard ratio, 1.60, is left out: all other estimates of the two "
                            "arms imply about 0.5"));
    CHECK(message.find("as the hazard ratio of b v a (inverted) it would agree") != std::string::npos);
    for (const double time : {6.0, 12.0, 24.0})
        CHECK(fit::survival_at(turned, 1, time, {}).value ==
              Approx(fit::survival_at(sound, 1, time, {}).value).margin(0.02));
}
