// The test of proportional hazards on printed numbers: exact curves in both directions, and its size and power on
// simulated trials.
#include "hersurv/evidence.hpp"

#include <catch2/catch.hpp>

#include "records.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace evidence = hersurv::evidence;
namespace test = hersurv::test;
using evidence::Proportionality;

namespace {

std::string text(double value, int decimals) {
    std::ostringstream stream;
    stream.precision(decimals);
    stream << std::fixed << value;
    return stream.str();
}

using Curve = std::function<double(double)>;

double time_at(const Curve& curve, double s) {
    double early = 0, late = 1000;
    for (int i = 0; i < 60; ++i) (curve(0.5 * (early + late)) > s ? early : late) = 0.5 * (early + late);
    return early;
}

// What a paper would print of these curves with n patients an arm.
test::Paper paper_of(const Curve& experimental, const Curve& control, const std::string& hr, int n,
                     const std::vector<double>& milestones) {
    test::Paper paper("OS");
    for (const auto& [id, curve] : {std::pair{"new", experimental}, std::pair{"old", control}}) {
        test::ArmLine line{id, std::to_string(n), "", "", text(time_at(curve, 0.5), 1), "", "", {}};
        for (const double time : milestones) line.milestones.emplace_back(time, text(curve(time), 3));
        paper.arm(line);
    }
    return paper.hazard_ratio("new", "old", hr);
}

evidence::ProportionalHazards only(const test::Paper& paper) {
    const auto results = evidence::check_proportional_hazards(paper.analysis, paper.gather());
    REQUIRE(results.size() == 1);
    return results.front();
}

// A trial of n patients an arm, all of them followed to 40 months: what it prints.
struct Sample {
    std::vector<double> times;  // increasing
    explicit Sample(std::vector<double> t) : times(std::move(t)) { std::ranges::sort(times); }
    double survival(double time) const {
        const auto later = times.end() - std::upper_bound(times.begin(), times.end(), time);
        return static_cast<double>(later) / static_cast<double>(times.size());
    }
};

constexpr double end_of_study = 40;

struct Cox {
    double log_hr = 0, se = 0;
};

// Newton's method on the partial likelihood of one binary covariate without ties.
Cox cox(const Sample& experimental, const Sample& control) {
    Cox result;
    for (int step = 0; step < 20; ++step) {
        double score = 0, information = 0;
        const double e = std::exp(result.log_hr);
        std::size_t i = 0, j = 0;
        while (i < experimental.times.size() || j < control.times.size()) {
            const bool first = j == control.times.size() ||
                               (i < experimental.times.size() && experimental.times[i] < control.times[j]);
            const double time = first ? experimental.times[i] : control.times[j];
            if (time > end_of_study) break;
            const double y1 = static_cast<double>(experimental.times.size() - i) * e,
                         y0 = static_cast<double>(control.times.size() - j), p = y1 / (y0 + y1);
            score += (first ? 1 : 0) - p;
            information += p * (1 - p);
            ++(first ? i : j);
        }
        result.log_hr += score / information;
        result.se = 1 / std::sqrt(information);
    }
    return result;
}

test::Paper paper_of(const Sample& experimental, const Sample& control) {
    test::Paper paper("OS");
    const Cox hr = cox(experimental, control);
    for (const auto& [id, sample] : {std::pair{"new", &experimental}, std::pair{"old", &control}}) {
        const auto n = sample->times.size();
        const auto events = std::ranges::count_if(sample->times, [](double t) { return t <= end_of_study; });
        paper.arm({id,
                   std::to_string(n),
                   std::to_string(events),
                   text(end_of_study, 0),
                   text(sample->times[n / 2], 1),
                   "",
                   "",
                   {{6, text(sample->survival(6), 3)},
                    {12, text(sample->survival(12), 3)},
                    {24, text(sample->survival(24), 3)}}});
    }
    paper.hazard_ratio("new", "old", text(std::exp(hr.log_hr), 2));
    auto& ratio = paper.analysis.contrasts[0].hazard_ratio[0];
    ratio.lower = test::as_printed(text(std::exp(hr.log_hr - 1.96 * hr.se), 2));
    ratio.upper = test::as_printed(text(std::exp(hr.log_hr + 1.96 * hr.se), 2));
    ratio.stratified = false;
    return paper;
}

using Draw = std::function<double(double uniform)>;

Draw weibull(double shape, double scale) {
    return [=](double uniform) { return scale * std::pow(-std::log(uniform), 1 / shape); };
}

// Of trials of 200 patients an arm.
std::vector<evidence::ProportionalHazards> tests_of(const Draw& experimental, const Draw& control, int n_trials) {
    std::mt19937_64 engine(7);
    const auto sample = [&](const Draw& draw) {
        std::vector<double> times(200);
        for (double& time : times) time = draw((static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53);
        return Sample(times);
    };
    std::vector<evidence::ProportionalHazards> results;
    for (int trial = 0; trial < n_trials; ++trial) {
        const Sample first = sample(experimental);
        results.push_back(only(paper_of(first, sample(control))));
    }
    return results;
}

int n_contradicted(const std::vector<evidence::ProportionalHazards>& results) {
    return static_cast<int>(
        std::ranges::count(results, Proportionality::contradicted, &evidence::ProportionalHazards::verdict));
}

int n_below(const std::vector<evidence::ProportionalHazards>& results, double p) {
    return static_cast<int>(
        std::ranges::count_if(results, [&](const auto& result) { return result.p_value.value() < p; }));
}

}  // namespace

TEST_CASE("Curves with proportional hazards are not contradicted", "[evidence][proportional]") {
    const std::vector<Curve> baselines = {[](double t) { return std::exp(-t / 20); },
                                          [](double t) { return std::exp(-std::pow(t / 25, 1.5)); },
                                          [](double t) { return 1 / (1 + std::pow(t / 15, 1.8)); },
                                          [](double t) { return 0.3 + 0.7 * std::exp(-std::pow(t / 15, 1.2)); }};
    for (std::size_t b = 0; b < baselines.size(); ++b)
        for (const char* hr : {"0.45", "0.70", "1.00", "1.30"})
            for (const int n : {60, 400, 1500}) {
                const double ratio = std::stod(hr);
                const Curve experimental = [&, ratio](double t) { return std::pow(baselines[b](t), ratio); };
                const auto result = only(paper_of(experimental, baselines[b], hr, n, {6, 12, 24}));
                INFO("baseline " << b << ", hr " << hr << ", n " << n << ": " << result.statement);
                CHECK(result.verdict == Proportionality::not_contradicted);
                REQUIRE(result.p_value);
                CHECK(*result.p_value > 0.3);
                for (const auto& up_to : result.ratios)
                    CHECK(std::abs(up_to.log_ratio - std::log(ratio)) < 0.06 + 2 / static_cast<double>(n));
            }
}

TEST_CASE("Crossing curves are contradicted, and the fewer patients the less so", "[evidence][proportional]") {
    const Curve late = [](double t) { return std::exp(-std::pow(t / 24, 2.2)); },
                early = [](double t) { return std::exp(-std::pow(t / 24, 0.8)); };
    double before = 0;
    for (const int n : {800, 400, 150, 20}) {
        const auto result = only(paper_of(late, early, "0.85", n, {6, 12, 24, 36}));
        INFO(result.statement);
        REQUIRE(result.p_value);
        CHECK(*result.p_value >= before);
        before = *result.p_value;
        CHECK((result.verdict == Proportionality::contradicted) == (n >= 150));
    }
}

TEST_CASE("A hazard ratio that no pair of the printed curves can have is contradicted", "[evidence][proportional]") {
    const Curve old = [](double t) { return std::exp(-t / 20); }, same = [](double t) { return std::exp(-t / 19.5); };
    CHECK(only(paper_of(same, old, "1.03", 500, {12, 24})).verdict == Proportionality::not_contradicted);
    auto paper = paper_of(same, old, "0.50", 500, {12, 24});
    paper.analysis.contrasts[0].hazard_ratio[0].lower = test::as_printed("0.42");
    paper.analysis.contrasts[0].hazard_ratio[0].upper = test::as_printed("0.60");
    CHECK(only(paper).verdict == Proportionality::contradicted);
}

TEST_CASE("The test keeps its level and finds crossing hazards in simulated trials",
          "[evidence][proportional][numbers]") {
    constexpr int n_trials = 300;
    // Level 0.01: 3 of 300 are expected, 9 or more have a probability below 0.004.
    const auto exponential = tests_of(weibull(1, 24), weibull(1, 16), n_trials),
               same_shape = tests_of(weibull(1.4, 22), weibull(1.4, 18), n_trials);
    CHECK(n_contradicted(exponential) < 9);
    CHECK(n_contradicted(same_shape) < 9);
    CHECK(n_contradicted(tests_of(weibull(1.9, 20), weibull(0.9, 20), n_trials)) > 0.95 * n_trials);
    // The p-value is uniform: 15 and 150 of 300 are expected; beyond these limits with a probability of 0.02 each.
    for (const auto* results : {&exponential, &same_shape}) {
        CHECK(n_below(*results, 0.05) >= 7);
        CHECK(n_below(*results, 0.05) <= 25);
        CHECK(n_below(*results, 0.5) >= 130);
        CHECK(n_below(*results, 0.5) <= 170);
    }
}

TEST_CASE("The power that is stated is that of simulated trials", "[evidence][proportional][numbers]") {
    constexpr int n_trials = 200;
    constexpr double change = end_of_study / 2;  // of the median follow-up as the trials publish it
    const double before = 0.7 / std::sqrt(2.0) / 16, after = 2 * before;
    const Draw doubling = [&](double uniform) {
        const double hazard = -std::log(uniform);
        return hazard < before * change ? hazard / before : change + (hazard - before * change) / after;
    };
    const auto results = tests_of(doubling, weibull(1, 16), n_trials);
    double stated = 0;
    for (const auto& result : results) stated += result.power.value() / n_trials;
    const double found = n_contradicted(results) / static_cast<double>(n_trials);
    INFO("stated " << stated << ", found " << found);
    CHECK(std::abs(stated - found) < 0.15);
    // The more patients, the more power.
    const Curve old = [](double t) { return std::exp(-t / 20); }, better = [](double t) { return std::exp(-t / 28); };
    double less = 0;
    for (const int n : {50, 200, 800, 3000}) {
        const auto result = only(paper_of(better, old, "0.71", n, {6, 12, 24}));
        CHECK(result.power.value() > less);
        less = result.power.value();
    }
    CHECK(less > 0.95);
}

TEST_CASE("A ratio that may be stratified has no part in the p-value", "[evidence][proportional]") {
    const Curve old = [](double t) { return std::exp(-t / 20); }, better = [](double t) { return std::exp(-t / 28); };
    auto paper = paper_of(better, old, "0.60", 400, {12, 24});
    const auto tests = [&](std::optional<bool> stratified, const char* ratio) {
        paper.analysis.contrasts[0].hazard_ratio[0].value = test::as_printed(ratio);
        paper.analysis.contrasts[0].hazard_ratio[0].lower = test::as_printed("0.60");
        paper.analysis.contrasts[0].hazard_ratio[0].upper = test::as_printed("0.84");
        paper.analysis.contrasts[0].hazard_ratio[0].stratified = stratified;
        return only(paper);
    };
    CHECK(tests(true, "0.60").of_curves_alone);
    CHECK(tests(std::nullopt, "0.60").of_curves_alone);
    CHECK_FALSE(tests(false, "0.60").of_curves_alone);
    CHECK(tests(true, "0.60").p_value == tests(true, "0.80").p_value);
    CHECK(tests(false, "0.60").p_value != tests(false, "0.80").p_value);
    // The verdict counts it.
    CHECK(tests(true, "0.71").verdict == Proportionality::not_contradicted);
    CHECK(tests(true, "0.20").verdict == Proportionality::contradicted);
}

TEST_CASE("What cannot be tested says why", "[evidence][proportional]") {
    const auto why = [](const test::Paper& paper) {
        const auto result = only(paper);
        CHECK(result.verdict == Proportionality::not_testable);
        CHECK_FALSE(result.p_value);
        return result.statement.substr(result.statement.rfind(": ") + 2);
    };
    using Line = test::ArmLine;
    const auto pair = [](const Line& a, const Line& b) {
        return test::Paper("OS").arm(a).arm(b).hazard_ratio("new", "old", "0.70");
    };
    CHECK(why(pair({"new", "", "", "", "20.0", "", "", {}}, {"old", "200", "", "", "14.0", "", "", {}})) ==
          "the number of patients is not published");
    CHECK(why(pair({"new", "200", "", "", "20.0", "", "", {}}, {"old", "200", "", "", "14.0", "", "", {}})) ==
          "they give both curves at no common time");
    CHECK(why(pair({"new", "200", "", "", "", "", "", {{12, "0.70"}}},
                   {"old", "200", "", "", "", "", "", {{12, "0.60"}}})) ==
          "they give both curves at one time only, and the hazard ratio has no CI");
    // Without a hazard ratio nothing is asked.
    const auto silent = test::Paper("OS").arm({"new", "200", "", "", "20.0", "", "", {}});
    CHECK(evidence::check_proportional_hazards(silent.analysis, silent.gather()).empty());
}
