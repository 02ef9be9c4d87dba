// The laws of simulated trials: hazards integrate to cumulative hazards, closed forms, and what is drawn from them.
#include "bench/laws.hpp"

#include <catch2/catch.hpp>

#include "bench/simulated_trial.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>

using namespace hersurv::bench;

namespace {

const Law& law_of(const std::string& name) {
    const auto found = std::find_if(laws().begin(), laws().end(), [&](const Law& law) { return law.name == name; });
    REQUIRE(found != laws().end());
    return *found;
}

// Midpoint rule between two times.
double integral(const LawOfArm& law, double from, double to) {
    constexpr int pieces = 20000;
    double sum = 0;
    for (int i = 0; i < pieces; ++i) sum += law.hazard(from + (to - from) * (i + 0.5) / pieces) * (to - from) / pieces;
    return sum;
}

}  // namespace

TEST_CASE("every law's hazard integrates to its cumulative hazard", "[bench]") {
    for (const Law& law : laws())
        for (const LawOfArm* arm : {&law.control, &law.experimental}) {
            INFO(law.name);
            CHECK(arm->cumulative_hazard(0) == 0);
            // Over windows without 0, where some hazards are infinite.
            for (const auto& [from, to] : {std::pair{0.5, 3.0}, std::pair{3.0, 11.0}, std::pair{11.0, 47.0}})
                CHECK(integral(*arm, from, to) ==
                      Approx(arm->cumulative_hazard(to) - arm->cumulative_hazard(from)).epsilon(2e-4));
            for (const double s : {0.95, 0.7, 0.5, 0.35})
                CHECK(arm->survival(arm->time_at_survival(s)) == Approx(s).epsilon(1e-9));
        }
}

TEST_CASE("the laws have the survival of their closed forms", "[bench]") {
    const std::map<std::string, std::map<double, double>> survival = {
        {"weibull-0.8", {{20, 0.5}, {40, std::pow(0.5, std::pow(2, 0.8))}}},
        {"weibull-1.3", {{20, 0.5}, {10, std::pow(0.5, std::pow(0.5, 1.3))}}},
        {"weibull-2", {{20, 0.5}, {40, std::pow(0.5, 4)}}},
        // Normal tail of log(40 / 20) / 0.9 = 0.77016.
        {"lognormal", {{20, 0.5}, {40, 0.220601}}},
        {"cure", {{20, 0.5}, {1000, 0.3}}},
        {"piecewise", {{4, std::exp(-0.24)}, {20, std::exp(-0.48)}, {30, std::exp(-1.08)}}},
        {"delayed", {{5, std::pow(0.5, 5.0 / 14)}, {33, std::pow(0.5, 5.0 / 14 + 1)}}},
        {"crossing", {{6, std::pow(0.5, 9.6 / 14)}, {16, std::pow(0.5, (9.6 + 4.5) / 14)}}},
        {"responders", {{45, 0.4 * 0.5 + 0.6 * std::pow(0.5, 45.0 / 11)}}},
        {"gompertz", {{20, 0.5}}},
        {"late-plateau", {{12, std::pow(0.5, 12.0 / 14)}, {1000, std::pow(0.5, 24.0 / 14)}}},
        {"ph-exponential", {{20, 0.5}, {40, 0.25}}},
    };
    for (const auto& of_law : survival)
        for (const auto& point : of_law.second) {
            INFO(of_law.first << " at " << point.first);
            CHECK(law_of(of_law.first).experimental.survival(point.first) == Approx(point.second).epsilon(1e-5));
        }
    // The hazard of the generalised gamma rises, then falls.
    const LawOfArm& hump = law_of("gengamma").experimental;
    CHECK(hump.hazard(10) > hump.hazard(2));
    CHECK(hump.hazard(10) > hump.hazard(40));
    // The lower tail of a gamma law of shape a = 1 / 0.36 at a exp(-0.6 (log 20 - 2.8) / 0.8), by its power series.
    CHECK(hump.survival(20) == Approx(0.4859854127).epsilon(1e-9));
    CHECK(std::isinf(law_of("cure").experimental.time_at_survival(0.29)));
    CHECK(plateau_months(law_of("cure")) == Approx(55.3).margin(0.5));
}

TEST_CASE("laws have names and numbers of their own, and proportional ones a constant ratio", "[bench]") {
    std::set<std::string_view> names;
    std::set<unsigned> numbers;
    for (const Law& law : laws()) {
        INFO(law.name);
        names.insert(law.name);
        numbers.insert(law.number);
        const auto ratio = [&](double t) { return law.experimental.hazard(t) / law.control.hazard(t); };
        double spread = 0;
        for (const double t : {1.0, 4.5, 7.0, 15.0, 22.0, 45.0})
            spread = std::max(spread, std::abs(ratio(t) - ratio(9)));
        // Gompertz laws of one growth have proportional hazards too.
        CHECK((spread < 1e-9) == (law.proportional || law.name == "gompertz"));
    }
    CHECK(names.size() == laws().size());
    CHECK(numbers.size() == laws().size());
}

TEST_CASE("simulated patients have the quantiles of their law, the accrual and the drop-out", "[bench][numbers]") {
    constexpr std::size_t n = 40000;
    // Nobody is censored before 1e6 months.
    const Schedule without_censoring{18, 1e7, 1e-12};
    for (const Law& law : laws()) {
        INFO(law.name);
        const TwoArms arms = draw_trial(law, n, without_censoring, 7, 0);
        for (const double s : {0.8, 0.5, 0.35}) {
            const double time = law.experimental.time_at_survival(s);
            const auto later = static_cast<double>(std::count_if(
                arms[1].begin(), arms[1].end(), [time](const auto& patient) { return patient.time_months > time; }));
            // Five standard errors.
            CHECK(later / n == Approx(s).margin(5 * std::sqrt(s * (1 - s) / n)));
        }
    }
    const TwoArms arms = draw_trial(law_of("ph-equal"), n, {18, 40, 0.004}, 7, 0);
    double latest = 0, earliest_cut = 100;
    std::size_t dropped = 0, censored = 0;
    for (const auto& patient : arms[0]) {
        latest = std::max(latest, patient.time_months);
        if (patient.event) continue;
        ++censored;
        dropped += patient.time_months < 22;
        if (patient.time_months >= 22) earliest_cut = std::min(earliest_cut, patient.time_months);
    }
    CHECK(latest <= 40);
    CHECK(latest > 37);
    CHECK(earliest_cut < 22.5);
    // By drop-out before month 22: the integral of 0.004 exp(-0.004 t) S(t).
    const LawOfArm& law = law_of("ph-equal").control;
    double expected = 0;
    for (int i = 0; i < 2200; ++i) {
        const double t = (i + 0.5) / 100;
        expected += 0.01 * 0.004 * std::exp(-0.004 * t) * law.survival(t);
    }
    CHECK(static_cast<double>(dropped) / n == Approx(expected).margin(5 * std::sqrt(expected / n)));
    CHECK(censored > dropped);
}

TEST_CASE("a simulated trial does not depend on what else is drawn", "[bench]") {
    const Law& law = law_of("weibull-1.3");
    const TwoArms first = draw_trial(law, 50, {}, 3, 5), again = draw_trial(law, 50, {}, 3, 5);
    CHECK(first == again);
    CHECK(first != draw_trial(law, 50, {}, 3, 6));
    CHECK(first != draw_trial(law, 50, {}, 4, 5));
    CHECK(first[0] != first[1]);
}
