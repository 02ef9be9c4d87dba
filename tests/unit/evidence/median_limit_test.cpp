// The value of a Kaplan-Meier curve at the limits of its median: against R's survfit, against the defining equation,
// and at its limits.

#include <catch2/catch.hpp>

#include "evidence/constants.hpp"
#include "unit/evidence/records.hpp"
#include <cmath>
#include <map>

namespace evidence = hersurv::evidence;
namespace test = hersurv::test;
using hersurv::catalogue::LimitsTransform;

namespace {

const std::map<std::string, LimitsTransform> transforms = {
    {"log-log", LimitsTransform::log_log}, {"log", LimitsTransform::log}, {"plain", LimitsTransform::linear}};

// The pointwise limit of S at z standard errors below S (z < 0: above), written out as R's survfit documents its
// conf.type; std.err is of log S.
double pointwise_limit(double s, double z, double n, LimitsTransform transform) {
    const double se = std::sqrt((1 - s) / (n * s));
    switch (transform) {
        case LimitsTransform::log_log:
            return std::exp(-std::exp(std::log(-std::log(s)) + z * se / -std::log(s)));
        case LimitsTransform::log:
            return s * std::exp(-z * se);
        case LimitsTransform::linear:
            return s - z * se * s;
    }
    return 0;
}

}  // namespace

TEST_CASE("S at a median's limit is where R's survfit has its Kaplan-Meier curve", "[evidence][reference]") {
    std::size_t found = 0, without_limit = 0;
    for (const auto& row : test::reference_rows("median_limits.csv")) {
        const double n = std::stod(row[0]), level = std::stod(row[1]);
        const bool is_lower = row[3] == "lower";
        const double z = (is_lower ? 1 : -1) * evidence::z_of_level(level);
        const auto survival = evidence::survival_at_median_limit(z, n, transforms.at(row[2]));
        INFO("n = " << n << ", level " << level << ", " << row[2] << ", " << row[3]);
        if (row[4] == "NA") {  // R's limit of S never comes down to one half
            ++without_limit;
            CHECK((!survival || *survival < 1 / n));
            continue;
        }
        const double before = std::stod(row[4]), after = std::stod(row[5]);
        if (!survival) {  // no root: then even the first death takes the lower limit of S below one half
            CHECK(is_lower);
            CHECK(pointwise_limit(1 - 1 / n, z, n, transforms.at(row[2])) < 0.5);
            continue;
        }
        ++found;
        CHECK(*survival <= before + 1e-9);
        CHECK(*survival >= after - 1e-9);
    }
    CHECK(found > 240);
    CHECK(without_limit > 0);
}

TEST_CASE("S at a median's limit solves its defining equation", "[evidence]") {
    for (const auto& [name, transform] : transforms) {
        for (const double level : {0.5, 0.8, 0.95, 0.99}) {
            for (const int side : {+1, -1}) {
                for (const double n : {12.0, 13.0, 15.5, 20.0, 33.3, 60.0, 100.0, 402.0, 1e3, 1e4, 1e5, 1e6}) {
                    const double z = side * evidence::z_of_level(level);
                    INFO(name << ", z " << z << ", n " << n);
                    const auto survival = evidence::survival_at_median_limit(z, n, transform);
                    if (n >= 60) REQUIRE(survival);
                    if (!survival) continue;
                    CHECK(std::abs(pointwise_limit(*survival, z, n, transform) - 0.5) < 1e-12);
                    CHECK((side > 0 ? *survival > 0.5 && *survival < 1 : *survival < 0.5 && *survival > 0));
                }
            }
        }
    }
}

TEST_CASE("S at a median's limit nears one half as patients are added, and as the level falls", "[evidence]") {
    for (const auto& [name, transform] : transforms) {
        for (const int side : {+1, -1}) {
            INFO(name << ", side " << side);
            double before = 1;
            for (double n = 3; n < 2e6; n *= 1.09) {
                const auto survival = evidence::survival_at_median_limit(side * 1.96, n, transform);
                if (!survival) {
                    CHECK(before == 1);  // once there is a root, more patients keep it
                    continue;
                }
                const double distance = std::abs(*survival - 0.5);
                CHECK(distance < before);
                before = distance;
                // To first order the limit of S is S -+ z / (2 sqrt n) for every transform.
                if (n > 1e4) CHECK(distance == Approx(1.96 / (2 * std::sqrt(n))).epsilon(0.04));
            }
            CHECK(before < 1e-3);
            double wider = 1;
            for (const double level : {0.99, 0.95, 0.9, 0.8, 0.5, 0.1}) {
                const double distance = std::abs(
                    *evidence::survival_at_median_limit(side * evidence::z_of_level(level), 150, transform) - 0.5);
                CHECK(distance < wider);
                wider = distance;
            }
        }
    }
}

TEST_CASE("Where no S solves the equation there is no value", "[evidence]") {
    std::size_t without = 0;
    for (const auto& [name, transform] : transforms) {
        for (const int side : {+1, -1}) {
            for (const double n : {0.01, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 11.0}) {
                const double z = side * 1.96;
                INFO(name << ", z " << z << ", n " << n);
                const auto survival = evidence::survival_at_median_limit(z, n, transform);
                if (survival) {
                    CHECK(std::abs(pointwise_limit(*survival, z, n, transform) - 0.5) < 1e-12);
                    continue;
                }
                ++without;
                // The limit of S stays on one side of one half on the whole way to 1 (0).
                bool crosses = false;
                for (double logit = 0.01; logit < 8; logit += 0.01) {
                    const double s = 1 / (1 + std::exp(-side * logit));
                    crosses = crosses || (pointwise_limit(s, z, n, transform) > 0.5) == (side > 0);
                }
                CHECK_FALSE(crosses);
            }
        }
        CHECK_FALSE(evidence::survival_at_median_limit(1.96, 0, transform));
        CHECK_FALSE(evidence::survival_at_median_limit(1.96, -4, transform));
        CHECK_FALSE(evidence::survival_at_median_limit(1.96, std::nan(""), transform));
        CHECK_FALSE(evidence::survival_at_median_limit(0, 100, transform));
    }
    CHECK(without > 10);
}

TEST_CASE("z of a two-sided level", "[evidence]") {
    CHECK(evidence::z_of_level(0.95) == Approx(1.959963984540054).epsilon(1e-14));
    CHECK(evidence::z_of_level(0.99) == Approx(2.575829303548901).epsilon(1e-14));
    CHECK(evidence::z_of_level(0.90) == Approx(1.644853626951473).epsilon(1e-14));
    CHECK(evidence::z_of_level(0.50) == Approx(0.6744897501960817).epsilon(1e-14));
    CHECK(evidence::z_of_level(0.999) == Approx(3.290526731491926).epsilon(1e-12));
    CHECK(evidence::z_of_level(0) == 0);
    for (const double level : {0.1, 0.5, 0.9, 0.95, 0.999})
        CHECK(evidence::z_of_two_sided_p(1 - level) == Approx(evidence::z_of_level(level)).epsilon(1e-12));
    // R: -qnorm(7.8e-22 / 2), -qnorm(1e-300 / 2)
    CHECK(evidence::z_of_two_sided_p(7.8e-22) == Approx(9.60253758306657).epsilon(1e-12));
    CHECK(evidence::z_of_two_sided_p(1e-300) == Approx(37.065787881).epsilon(1e-9));
    CHECK(evidence::z_of_two_sided_p(1) == 0);
}

namespace {

evidence::ArmEvidence followed_arm(std::optional<double> events, std::optional<double> follow_up_months) {
    evidence::ArmEvidence arm;
    arm.n_patients = 200;
    arm.n_events = events;
    arm.follow_up_months = follow_up_months;
    return arm;
}

}  // namespace

TEST_CASE("The effective share of patients is 1 where nobody is censored, and falls with time", "[evidence]") {
    for (const char* endpoint : {"OS", "PFS"}) {
        const auto& constants = hersurv::evidence::builtin_constants()->endpoint(endpoint);
        INFO(endpoint);
        const auto share = [&](std::optional<double> events, std::optional<double> follow_up, double time, double s) {
            return evidence::effective_share(constants, followed_arm(events, follow_up), time, s);
        };
        CHECK(share(100, 20, 0, 1) == 1);      // at the start nobody is lost
        CHECK(share(100, 20, -1, 0.9) == 1);   // a time before the start is the start
        CHECK(share(200, 20, 30, 0.01) == 1);  // complete follow-up
        CHECK(share(std::nullopt, 1e4, 10, 0.5) == Approx(1).margin(1e-4));
        double fewer = 0;
        for (const double events : {20, 60, 100, 140, 180}) {
            const double value = share(events, 20, 15, 0.45);
            CHECK(value > 0);
            CHECK(value < 1);
            CHECK(value >= fewer);  // the more events, the fewer were censored
            fewer = value;
        }
        double before = 1;
        for (const double time : {5.0, 10.0, 20.0, 40.0, 80.0}) {
            const double value = share(std::nullopt, 20, time, 0.4);
            CHECK(value < before);  // the later, the fewer
            before = value;
        }
        // More events than patients say nothing.
        CHECK(share(400, 20, 15, 0.45) == share(std::nullopt, 20, 15, 0.45));
        const double by_default = share(std::nullopt, std::nullopt, 15, 0.45);
        CHECK(by_default == share(200 * constants.default_events_fraction, std::nullopt, 15, 0.45));
        CHECK(by_default == share(std::nullopt, std::nullopt, 30, 0.45));
    }
}

TEST_CASE("The effective share is Greenwood's integral under the censoring that leaves the printed events",
          "[evidence]") {
    for (const char* endpoint : {"OS", "PFS"}) {
        const auto& constants = hersurv::evidence::builtin_constants()->endpoint(endpoint);
        const double k = constants.log_logistic_shape, g = constants.information_gamma;
        constexpr double median = 14;
        for (const double half_followed : {10.0, 20.0, 35.0}) {
            const auto followed = [&](double t) { return 1 / (1 + std::pow(t / half_followed, g)); };
            // Midpoints of F: t where F of the log-logistic curve is p.
            const auto time_at = [&](double p) { return median * std::pow(p / (1 - p), 1 / k); };
            constexpr int steps = 200000;
            double events = 0;
            for (int i = 0; i < steps; ++i) events += followed(time_at((i + 0.5) / steps)) / steps;
            for (const double dead : {0.3, 0.5, 0.6}) {
                double integral = 0;
                for (int i = 0; i < steps; ++i) {
                    const double p = dead * (i + 0.5) / steps;
                    integral += dead / steps / ((1 - p) * (1 - p) * followed(time_at(p)));
                }
                const double expected = dead / (1 - dead) / integral;
                INFO(endpoint << ", half followed " << half_followed << ", dead " << dead);
                // By the follow-up, and by the events with a follow-up that is not the potential one.
                CHECK(evidence::effective_share(constants, followed_arm(std::nullopt, half_followed), time_at(dead),
                                                1 - dead) == Approx(expected).epsilon(1e-3));
                CHECK(evidence::effective_share(constants, followed_arm(200 * events, half_followed * 1.5),
                                                time_at(dead), 1 - dead) == Approx(expected).epsilon(0.02));
            }
        }
    }
}
