// The flexible model as a fitted model: its curves and their derivatives, status, and what it makes of the published
// numbers.
#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"

#include <catch2/catch.hpp>

#include "evidence/constants.hpp"
#include "process/mixture.hpp"
#include "process/posterior.hpp"
#include "unit/evidence/records.hpp"
#include <cmath>

using namespace hersurv;
using test::Paper;

namespace {

fit::FittedModel flexible(const Paper& paper) { return fit::fit(paper.shared(), *fit::find_model("flexible")); }

Paper two_arms(const std::string& endpoint) {
    return Paper(endpoint)
        .arm({"new", "295", "169", "24.5", "25.1", "22.4", "28.0", {{12, "0.80"}, {24, "0.523"}}})
        .arm({"old", "290", "198", "23.5", "20.3", "17.9", "23.1", {{12, "0.71"}, {24, "0.44"}}})
        .hazard_ratio("new", "old", "0.72");
}

}  // namespace

TEST_CASE("The flexible curve is that of the process", "[flexible]") {
    for (const char* endpoint : {"OS", "PFS"}) {
        const auto paper = two_arms(endpoint);
        const auto fitted = flexible(paper);
        const hersurv::process::Posterior process(paper.shared());
        for (std::size_t arm : {0U, 1U})
            for (const double time : {0.5, 3.0, 12.0, 20.3, 40.0}) {
                const auto s = fit::survival_at(fitted, arm, time, {});
                CHECK(s.value == Approx(process.survival(arm, time)).epsilon(1e-12));
                const auto interval = process.reconstruction_interval(arm, time);
                // Limits of other times may tighten them.
                CHECK(*s.lower >= interval.lower * (1 - 1e-12));
                CHECK(*s.upper <= interval.upper * (1 + 1e-12));
                CHECK(*s.lower == Approx(interval.lower).margin(0.001));
                CHECK(*s.upper == Approx(interval.upper).margin(0.001));
                const auto wider = fit::survival_at(fitted, arm, time, {fit::Band::population, 0.95});
                CHECK(*wider.lower <= *s.lower);
                CHECK(*wider.upper >= *s.upper);
            }
        const auto at_zero = fit::survival_at(fitted, 0, 0, {});
        CHECK(at_zero.value == 1);
        CHECK(*at_zero.lower == 1);
    }
}

TEST_CASE("What is explained is what is fitted", "[flexible]") {
    using Use = fit::NumberInFit::Use;
    for (const char* endpoint : {"OS", "PFS"}) {
        const auto evidence = two_arms(endpoint).shared();
        const auto& constants = evidence->constants->endpoint(endpoint);
        const double nugget_sd = evidence->constants->process(endpoint).nugget_sd;
        const auto weibull = fit::fit(evidence, *fit::find_model("weibull"));
        const auto& numbers = weibull.numbers_in_fit();
        REQUIRE(numbers.size() == evidence->observations.size());
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            const auto& published = evidence->observations[i];
            const auto& number = numbers[i];
            INFO(endpoint << ", " << to_string(published.statistic) << ": " << number.derivation);
            if (published.statistic.is(catalogue::StatisticKey::Kind::median)) {
                CHECK(number.use == Use::median);
                CHECK_FALSE(number.sd.has_value());  // met, up to its rounding
                CHECK(number.derivation == published.derivation);
            } else if (published.statistic.is(catalogue::StatisticKey::Kind::events)) {
                CHECK(number.use == Use::tie);
                CHECK(number.sd >= constants.sd_events);  // fewer than 400 patients
                CHECK(*number.sd < 1.05 * constants.sd_events);
                CHECK(number.value == Approx(published.published.value / *evidence->arms[published.arm].n_patients +
                                             constants.events_offset));
            } else if (published.statistic.is(catalogue::StatisticKey::Kind::hazard_ratio)) {
                CHECK(number.use == Use::tie);
                CHECK(number.value == Approx(std::log(published.published.value)));
            } else {
                CHECK(number.use == Use::anchor);
                CHECK(*number.sd >= (published.statistic.is(catalogue::StatisticKey::Kind::milestone)
                                         ? std::hypot(constants.sd_milestone, nugget_sd)
                                         : std::hypot(constants.limit_sd, nugget_sd)));
                CHECK(*number.sd < 0.03);
            }
        }
    }
}

TEST_CASE("The population band of the flexible curve has the size of a Kaplan-Meier estimate", "[flexible]") {
    // With an S that is known the band is that of the estimate alone: sd of S = sqrt(S (1 - S) / n) where nobody is
    // censored.
    const auto fitted = flexible(Paper("OS").arm({"a", "400", "400", "60", "20", "19.0", "21.1", {{12, "0.76"}}}));
    const auto half_width = [&](fit::Band band, double level) {
        const auto s = fit::survival_at(fitted, 0, 12, {band, level});
        return 0.5 * (*s.upper - *s.lower);
    };
    const double sampling = 1.96 * std::sqrt(0.76 * 0.24 / 400), own = half_width(fit::Band::reconstruction, 0.95);
    CHECK(half_width(fit::Band::population, 0.95) == Approx(std::hypot(sampling, own)).epsilon(0.06));
    CHECK(half_width(fit::Band::population, 0.5) < 0.5 * half_width(fit::Band::population, 0.95));
    // Before the first event it does not fill the range.
    CHECK(*fit::survival_at(fitted, 0, 0.01, {fit::Band::population, 0.95}).lower > 0.95);
}

TEST_CASE("Median and restricted mean of the flexible curve are those of its S(t)", "[flexible]") {
    const auto fitted = flexible(two_arms("OS"));
    for (std::size_t arm : {0U, 1U}) {
        const auto median = fit::median(fitted, arm, {});
        CHECK(fit::survival_at(fitted, arm, median.value, {}).value == Approx(0.5).margin(1e-6));
        CHECK(*median.lower < median.value);
        CHECK(*median.upper > median.value);
        for (const double horizon : {6.0, 30.0}) {
            double area = 0;
            constexpr int intervals = 2000;
            for (int k = 0; k < intervals; ++k)
                area += horizon / intervals * fit::survival_at(fitted, arm, (k + 0.5) * horizon / intervals, {}).value;
            const auto rmst = fit::rmst(fitted, arm, horizon, {});
            CHECK(rmst.value == Approx(area).epsilon(1e-3));
            CHECK(*rmst.lower < rmst.value);
            CHECK(*rmst.upper > rmst.value);
        }
    }
}

TEST_CASE("A printed median is where the published curve crosses one half, within its rounding", "[flexible]") {
    const auto fitted = flexible(two_arms("OS"));
    for (std::size_t arm : {0U, 1U}) {
        const double printed = arm == 0 ? 25.1 : 20.3;
        const auto median = fit::median(fitted, arm, {});
        CHECK(median.value == Approx(printed).margin(0.05));
        CHECK(*median.upper - *median.lower < 0.3);
        // Of the population, a trial of this size does not know it that well.
        const auto population = fit::median(fitted, arm, {fit::Band::population, 0.95});
        CHECK(*population.upper - *population.lower > 2);
    }
}

TEST_CASE("The flexible curve moves with its free parameters as its derivatives say", "[flexible]") {
    const auto fitted = flexible(two_arms("OS"));
    const auto& curves = *fitted.curves;
    constexpr double step = 1e-4;
    for (std::size_t j = 0; j < fitted.free_parameters.size(); j += 5) {
        auto above = fitted.free_parameters, below = fitted.free_parameters;
        above[j] += step;
        below[j] -= step;
        for (std::size_t arm : {0U, 1U}) {
            double slope = 0;
            constexpr int intervals = 2000;
            constexpr double horizon = 30;
            for (int k = 0; k < intervals; ++k) {
                const double time = (k + 0.5) * horizon / intervals;
                slope += horizon / intervals *
                         (std::exp(-curves.cumulative_hazard(arm, time, above)) -
                          std::exp(-curves.cumulative_hazard(arm, time, below)));
            }
            const double change = curves.rmst(arm, horizon, above) - curves.rmst(arm, horizon, below);
            CHECK(change == Approx(slope).epsilon(0.02).margin(1e-7));
        }
    }
    // All y of an arm up by d: S falls everywhere, so does the median, by d S (1 - S) / f.
    auto moved = fitted.free_parameters;
    for (double& y : moved) y += 0.01;
    const double median = curves.time_at_survival(0, 0.5, fitted.free_parameters);
    const double expected = 0.01 * 0.25 / curves.density(0, median, fitted.free_parameters);
    CHECK(median - curves.time_at_survival(0, 0.5, moved) == Approx(expected).epsilon(1e-6));
    CHECK(curves.cumulative_hazard(0, median, moved) > std::log(2.0));
}

TEST_CASE("The variance of a single point is the process's own", "[flexible]") {
    const auto paper = two_arms("OS");
    const auto fitted = flexible(paper);
    const hersurv::process::Posterior process(paper.shared());
    const std::size_t n = fitted.free_parameters.size();
    std::vector<double> gradient(n, 0.0);
    gradient[n / 4] = 1;  // a point in the middle of the first arm
    const double y = fitted.free_parameters[n / 4];
    // Find the time of that point by its S.
    const double time = fitted.curves->time_at_survival(0, 1 / (1 + std::exp(y)), fitted.free_parameters);
    // Within the components and between them.
    const double inflation = process.arms()[0].inflation;
    const auto moments = process.moments(0, time);
    double mean = 0, square = 0;
    for (std::size_t c = 0; c < moments.size(); ++c) {
        const double weight = process.components()[c].weight;
        mean += weight * moments[c].mean;
        square += weight * (inflation * inflation * moments[c].variance + moments[c].mean * moments[c].mean);
    }
    const double own = square - mean * mean;
    CHECK(fitted.curves->variance(gradient) == Approx(own).epsilon(0.02));
}

TEST_CASE("The flexible model reproduces what CLEOPATRA printed at its end of study", "[flexible]") {
    const auto fitted = flexible(test::cleopatra_end_of_study());
    for (const auto& residual : fitted.residuals) {
        const auto& o = fitted.evidence->observations[residual.observation];
        INFO(to_string(o.statistic) << " " << residual.fitted);
        if (!o.statistic.is(catalogue::StatisticKey::Kind::hazard_ratio)) CHECK(residual.within_rounding);
    }
    CHECK(fitted.arms[0].status == fit::FitStatus::determined);
}

TEST_CASE("What nothing places has no flexible curve, and one number is mostly the prior", "[flexible]") {
    const auto one = flexible(Paper("OS").arm({"a", "", "", "", "20.0", "", "", {}}));
    REQUIRE(one.fitted(0));
    CHECK(one.arms[0].status == fit::FitStatus::prior);
    CHECK_FALSE(one.arms[0].reason.empty());
    CHECK_FALSE(fit::survival_at(one, 0, 12, {fit::Band::population, 0.95}).lower);
    const auto none = flexible(Paper("OS").arm({"a", "100", "", "", "", "", "", {}}));
    CHECK_FALSE(none.fitted(0));
    CHECK(none.curves == nullptr);
    CHECK_FALSE(none.arms[0].reason.empty());
}
