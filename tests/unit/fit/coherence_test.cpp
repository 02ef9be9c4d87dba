// Curves lowered to overall survival: the laws of a minimum over random pairs of curves, the choice of the companion,
// and the catalogue.
#include "fit/coherence.hpp"

#include "hersurv/catalogue.hpp"
#include "hersurv/estimates.hpp"

#include <catch2/catch.hpp>

#include "support/number_text.hpp"
#include "unit/evidence/records.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>

namespace catalogue = hersurv::catalogue;
namespace fit = hersurv::fit;
namespace test = hersurv::test;
using fit::Band;
using test::Paper;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

class Uniform {
  public:
    explicit Uniform(std::uint64_t seed) : engine_(seed) {}
    double between(double low, double high) {
        return low + (high - low) * (static_cast<double>(engine_() >> 11) * 0x1p-53);
    }

  private:
    std::mt19937_64 engine_;
};

fit::FittedModel fitted(const Paper& paper, const char* model) {
    return fit::fit(paper.shared(), *fit::find_model(model));
}

// An arm "a" with a milestone that decides the shape.
Paper one_arm(const std::string& endpoint, double median, const std::string& at_12) {
    return Paper(endpoint).arm({"a", "300", "", "30", std::to_string(median).substr(0, 4), "", "", {{12, at_12}}});
}

double survival(const fit::FittedModel& model, double time) {
    return std::exp(-model.curves->cumulative_hazard(0, time, model.free_parameters));
}

double area(const fit::FittedModel& model, double horizon) {
    constexpr int n = 20000;
    double sum = 0;
    for (int k = 0; k < n; ++k) sum += survival(model, (k + 0.5) * horizon / n) * horizon / n;
    return sum;
}

// PFS above OS from about month 11 on: the medians are 14 and 10, the milestones say the opposite early.
fit::FittedModel pfs_that_crosses(const char* model) { return fitted(one_arm("PFS", 11.5, "0.48"), model); }
fit::FittedModel os_that_crosses(const char* model) { return fitted(one_arm("OS", 10.5, "0.40"), model); }

catalogue::Analysis analysis(const std::string& id, const std::string& endpoint, const std::string& cutoff = "",
                             const std::string& population = "intention to treat", const std::string& arm = "a") {
    catalogue::Analysis result;
    result.id = id;
    result.endpoint = endpoint;
    result.population = population;
    result.data_cutoff = cutoff;
    result.arms.emplace_back().arm = arm;
    return result;
}

std::string companion(const catalogue::Trial& trial, std::size_t i) {
    const auto* os = fit::overall_survival_for(trial, trial.analyses[i]);
    return os == nullptr ? "" : os->id;
}

}  // namespace

TEST_CASE("A lowered curve is the smaller of the two at all times, and everything follows", "[fit][coherence]") {
    Uniform uniform(20261123);
    int n_lowered = 0, n_left = 0;
    for (const char* model : {"exponential", "weibull", "lognormal", "loglogistic", "flexible"}) {
        const int n_pairs = std::string(model) == "flexible" ? 6 : 25;
        for (int pair = 0; pair < n_pairs; ++pair) {
            const auto any = [&](const char* endpoint) {
                const double median = uniform.between(6, 24);
                const double s = std::pow(0.5, std::pow(12 / median, uniform.between(0.8, 1.6)));
                return fitted(one_arm(endpoint, median, std::to_string(s).substr(0, 5)), model);
            };
            const auto own = any("PFS"), os = any("OS");
            const auto lowered = fit::lowered_to(os, own);
            INFO(model << ", pair " << pair);
            double most = 0;
            for (double time = 0.05; time < 200; time *= 1.07) {
                const double least = std::min(survival(own, time), survival(os, time));
                CHECK(survival(lowered, time) == Approx(least).epsilon(1e-9).margin(1e-12));
                most = std::max(most, survival(own, time) - least);
            }
            if (lowered.lowered == nullptr) {
                ++n_left;
                CHECK(most < 1e-4);
                CHECK(lowered.curves == own.curves);
                CHECK(lowered.messages == own.messages);
                continue;
            }
            ++n_lowered;
            const bool said = lowered.messages.size() > own.messages.size();
            CHECK(said == std::ranges::any_of(lowered.lowered->stretches,
                                              [&](const auto& stretch) { return fit::noticeable(own, stretch); }));
            if (most >= 0.011) CHECK(said);
            if (most < 0.0004) CHECK_FALSE(said);
            for (const double horizon : {5.0, 20.0, 60.0}) {
                const double months = lowered.curves->rmst(0, horizon, lowered.free_parameters);
                CHECK(months == Approx(area(lowered, horizon)).epsilon(2e-4));
                CHECK(months <= own.curves->rmst(0, horizon, own.free_parameters) * (1 + 1e-4));
                CHECK(months <= os.curves->rmst(0, horizon, os.free_parameters) * (1 + 1e-4));
            }
            for (const double s : {0.9, 0.5, 0.2})
                CHECK(survival(lowered, lowered.curves->time_at_survival(0, s, lowered.free_parameters)) ==
                      Approx(s).epsilon(1e-6));
            // The slope of S over a short time.
            for (const double time : {3.0, 13.0, 29.0}) {
                const auto& lower = survival(own, time) < survival(os, time) ? own : os;
                CHECK(lowered.curves->density(0, time, lowered.free_parameters) ==
                      lower.curves->density(0, time, lower.free_parameters));
            }
            CHECK(lowered.arms[0].supported_months <= own.arms[0].supported_months * (1 + 1e-9));
            CHECK(lowered.arms[0].parameters == own.arms[0].parameters);
            REQUIRE(lowered.residuals.size() == own.residuals.size());
            for (const auto& residual : lowered.residuals)
                if (lowered.evidence->observations[residual.observation].statistic ==
                    catalogue::StatisticKey{catalogue::StatisticKey::Kind::milestone,
                                            catalogue::StatisticKey::Side::value, 12})
                    CHECK(residual.fitted == Approx(survival(lowered, 12)));
        }
    }
    CHECK(n_lowered > 20);
    CHECK(n_left > 20);
}

TEST_CASE("The band of a lowered curve is that of the lower one", "[fit][coherence]") {
    for (const char* model : {"weibull", "flexible"}) {
        const auto own = pfs_that_crosses(model), os = os_that_crosses(model);
        const auto lowered = fit::lowered_to(os, own);
        REQUIRE(lowered.lowered != nullptr);
        const fit::IntervalOptions options{Band::reconstruction, 0.9};
        for (const double time : {4.0, 12.0, 20.0}) {
            INFO(model << " at " << time);
            const bool is_os = survival(os, time) < survival(own, time);
            const auto mine = fit::survival_at(lowered, 0, time, options),
                       lower = fit::survival_at(is_os ? os : own, 0, time, options),
                       other = fit::survival_at(is_os ? own : os, 0, time, options);
            CHECK(mine.value == Approx(lower.value));
            CHECK(*mine.lower == Approx(std::min(*lower.lower, *other.lower)).epsilon(1e-6));
            CHECK(*mine.upper == Approx(std::min(*lower.upper, *other.upper)).epsilon(1e-6));
            if (own.reconstruction != nullptr) {
                // A family that stands for the curve has the limits of its reconstruction, which was lowered too.
                auto of_curve = lowered;
                of_curve.intervals_of_reconstruction = true;
                REQUIRE(lowered.reconstruction != nullptr);
                const auto known = fit::survival_at(*lowered.reconstruction, 0, time, options);
                const auto shown = fit::survival_at(of_curve, 0, time, options);
                CHECK(*shown.lower == Approx(std::min(*known.lower, shown.value)).epsilon(1e-9));
                CHECK(*shown.upper == Approx(std::max(*known.upper, shown.value)).epsilon(1e-9));
            }
        }
        const auto median = fit::median(lowered, 0, options), os_median = fit::median(os, 0, options);
        CHECK(median.value == Approx(os_median.value));
        CHECK(*median.lower == Approx(*os_median.lower).epsilon(1e-6));
        CHECK(*median.upper == Approx(*os_median.upper).epsilon(1e-6));
    }
    // Parametric models carry their covariance: block-diagonal.
    const auto own = pfs_that_crosses("weibull"), os = os_that_crosses("weibull");
    const auto lowered = fit::lowered_to(os, own);
    REQUIRE(lowered.covariance.size == 4);
    CHECK(lowered.covariance(0, 1) == own.covariance(0, 1));
    CHECK(lowered.covariance(2, 3) == os.covariance(0, 1));
    CHECK(lowered.covariance(1, 2) == 0);
    const auto before = own.natural_covariance(0), after = lowered.natural_covariance(0);
    for (std::size_t i = 0; i < 4; ++i) CHECK(after.values[i] == Approx(before.values[i]));
}

TEST_CASE("The mean of a lowered curve is the area under it", "[fit][coherence]") {
    const auto own = pfs_that_crosses("weibull"), os = os_that_crosses("weibull");
    for (const auto& model : {fit::lowered_to(os, own), own, os}) {
        const double mean = fit::mean_months(model, 0, model.free_parameters);
        CHECK(mean == Approx(model.curves->rmst(0, 2000, model.free_parameters)).epsilon(1e-9));
        const auto estimate = fit::mean(model, 0, {Band::population, 0.95});
        REQUIRE(estimate);
        CHECK(estimate->extrapolated);
        CHECK(*estimate->lower < mean);
        CHECK(*estimate->upper > mean);
    }
    const auto flexible = pfs_that_crosses("flexible");
    CHECK(fit::mean_months(flexible, 0, flexible.free_parameters) == infinity);
    CHECK_FALSE(fit::mean(fit::lowered_to(os_that_crosses("flexible"), flexible), 0, {}));
}

TEST_CASE("A message names arm, analysis, months and points", "[fit][coherence]") {
    const auto lowered = fit::lowered_to(os_that_crosses("exponential"), pfs_that_crosses("exponential"));
    REQUIRE(lowered.lowered != nullptr);
    REQUIRE(lowered.lowered->stretches.size() == 1);
    CHECK(lowered.lowered->stretches[0].from_months == 0);
    CHECK(lowered.lowered->stretches[0].to_months == infinity);
    REQUIRE_FALSE(lowered.messages.empty());
    const std::string points = [&] {
        double most = 0;
        for (double time = 0.1; time < 100; time *= 1.01)
            most = std::max(most, survival(lowered.lowered->own, time) - survival(lowered, time));
        return hersurv::support::fixed(100 * most, 1);
    }();
    CHECK(lowered.messages.back() == "a: PFS would have exceeded OS (analysis) at all times (by up to " + points +
                                         " points) and was capped at OS, while the parameters are those of the fit");
}

TEST_CASE("The companion is OS of the same population at the nearest data cut", "[fit][coherence]") {
    catalogue::Trial trial;
    trial.analyses = {analysis("pfs", "PFS", "2014-06"),
                      analysis("os-2012", "OS", "2012"),
                      analysis("os-2014", "OS", "2014-11-30"),
                      analysis("os-other", "OS", "2014-06", "brain metastases"),
                      analysis("os-arm", "OS", "2014-06", "intention to treat", "b"),
                      analysis("os-undated", "OS"),
                      analysis("pfs-undated", "PFS"),
                      analysis("pfs-bm", "PFS", "", "brain metastases"),
                      analysis("pfs-bm-stable", "PFS", "", "stable brain metastases"),
                      analysis("ttp", "TTP", "2014-06"),
                      analysis("dor", "DOR", "2014-06"),
                      analysis("cns-pfs", "CNS-PFS", "2014-06"),
                      analysis("pfs2", "PFS2", "2012-03"),
                      analysis("efs", "EFS", "2014-06"),
                      analysis("dfs", "DFS", "2014-06"),
                      analysis("rfs", "RFS", "2012-03"),
                      analysis("idfs", "iDFS", "2014-06"),
                      analysis("dmfs", "DMFS", "2014-06"),
                      analysis("ttnt", "TTNT", "2014-06"),
                      analysis("css", "CSS", "2014-06"),
                      analysis("other", "XFS", "2014-06")};
    CHECK(companion(trial, 0) == "os-2014");
    CHECK(companion(trial, 6) == "os-2012");  // the first: none is the default
    trial.analyses[5].is_default = true;
    CHECK(companion(trial, 6) == "os-undated");
    CHECK(companion(trial, 0) == "os-2014");
    CHECK(companion(trial, 7) == "os-other");
    CHECK(companion(trial, 8).empty());
    for (const std::size_t i : {1, 5, 9, 10}) CHECK(companion(trial, i).empty());
    CHECK(companion(trial, 11) == "os-2014");
    CHECK(companion(trial, 12) == "os-2012");
    CHECK(companion(trial, 13) == "os-2014");
    CHECK(companion(trial, 14) == "os-2014");
    CHECK(companion(trial, 15) == "os-2012");
    CHECK(companion(trial, 16) == "os-2014");
    CHECK(companion(trial, 17) == "os-2014");
    // Deaths do not count, only those of one cause do, or nobody says.
    for (const std::size_t i : {18, 19, 20}) CHECK(companion(trial, i).empty());
}

TEST_CASE("No curve of the built-in catalogue that counts deaths is above overall survival", "[fit][coherence]") {
    catalogue::Library library{catalogue::LibraryOptions{}};
    int n_moved = 0, n_pairs = 0;
    for (const catalogue::Trial* trial : library.select({}))
        for (const auto& one : trial->analyses) {
            const auto* overall = fit::overall_survival_for(*trial, one);
            if (overall == nullptr) continue;
            ++n_pairs;
            const auto fit_of = [&](const catalogue::Analysis& a) {
                return fit::fit(
                    std::make_shared<const hersurv::evidence::AnalysisEvidence>(hersurv::evidence::gather(*trial, a)),
                    *fit::find_model("weibull"));
            };
            const auto os = fit_of(*overall);
            const auto lowered = fit::lowered_to(os, fit_of(one));
            n_moved += lowered.lowered != nullptr;
            for (std::size_t arm = 0; arm < lowered.arms.size(); ++arm)
                for (std::size_t other = 0; other < os.arms.size(); ++other) {
                    if (lowered.evidence->arms[arm].id != os.evidence->arms[other].id) continue;
                    if (!lowered.fitted(arm) || !os.fitted(other)) continue;
                    for (double time = 1; time < 200; time *= 1.3) {
                        INFO(trial->id << "/" << one.id << " at " << time);
                        CHECK(lowered.curves->cumulative_hazard(arm, time, lowered.free_parameters) >=
                              os.curves->cumulative_hazard(other, time, os.free_parameters) * (1 - 1e-8));
                    }
                }
        }
    CHECK(n_pairs > 30);
    CHECK(n_moved >= 5);
}
