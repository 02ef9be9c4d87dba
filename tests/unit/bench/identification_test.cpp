// What "determined" means: the limits that come with it hold the truth in simulated Weibull trials, and a single median
// never identifies a shape.
#include "hersurv/evidence.hpp"
#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "bench/accuracy_patterns.hpp"
#include "bench/laws.hpp"
#include "bench/publish.hpp"
#include "bench/simulated_trial.hpp"
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace bench = hersurv::bench;
namespace evidence = hersurv::evidence;
namespace fit = hersurv::fit;

namespace {

struct Counted {
    int determined = 0, covered = 0;
};

constexpr int n_trials = 12;

// Of the experimental arm's Weibull shape.
Counted count(std::string_view law_name, double shape, const fit::Pattern& pattern) {
    const bench::Law& law = *std::ranges::find(bench::laws(), law_name, &bench::Law::name);
    bench::PublishOptions options;
    options.milestone_months = bench::milestone_months("OS");
    Counted counted;
    for (std::uint64_t trial = 0; trial < n_trials; ++trial) {
        const auto figure =
            bench::published(bench::frame_of_simulation(law.name), bench::draw_trial(law, 400, {}, 21, trial), options);
        const auto record = bench::records_of(figure, pattern).front().trial;
        const auto published =
            std::make_shared<const evidence::AnalysisEvidence>(evidence::gather(record, record.analyses.front()));
        const fit::ArmFit arm = fit::fit(published, *fit::find_model("weibull")).arms[1];
        CHECK((arm.status == fit::FitStatus::determined) == !arm.parameter_limits.empty());
        if (arm.status != fit::FitStatus::determined) continue;
        ++counted.determined;
        const auto [lower, upper] = arm.parameter_limits.front();
        CHECK(lower <= arm.parameters.front());
        CHECK(arm.parameters.front() <= upper);
        counted.covered += lower <= shape && shape <= upper;
    }
    return counted;
}

}  // namespace

TEST_CASE("The limits of a shape that is determined hold the true one", "[fit][identification]") {
    const fit::Pattern full{"full", {true, true, true, true, true, 2}, true};
    Counted all;
    for (const auto& [law, shape] : {std::pair{"weibull-0.8", 0.8}, {"weibull-1.3", 1.3}, {"weibull-2", 2.0}}) {
        const Counted counted = count(law, shape, full);
        all.determined += counted.determined;
        all.covered += counted.covered;
    }
    CHECK(all.determined > n_trials);
    // 95% are expected; of 36, 31 or fewer have a probability of 0.03.
    CHECK(all.covered >= 0.87 * all.determined);
}

TEST_CASE("A median does not identify a shape", "[fit][identification]") {
    CHECK(count("weibull-0.8", 0.8, {"median", {true, false, true, false, false, 0}}).determined == 0);
    CHECK(count("weibull-0.8", 0.8, {"median-hr", {true, false, true, false, false, 0}, true}).determined == 0);
}
