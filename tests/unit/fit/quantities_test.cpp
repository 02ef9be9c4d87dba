// Quantities over time against formulas and quadratures of their own.
#include "hersurv/estimates.hpp"

#include <catch2/catch.hpp>

#include "evidence/constants.hpp"
#include "unit/evidence/records.hpp"
#include <cmath>

namespace evidence = hersurv::evidence;
namespace fit = hersurv::fit;
namespace test = hersurv::test;
using fit::Band;
using fit::Estimate;
using test::Paper;

namespace {

constexpr fit::IntervalOptions reconstruction{Band::reconstruction, 0.95}, population{Band::population, 0.95};

Paper new_and_old(const std::string& endpoint = "OS") {
    return Paper(endpoint)
        .arm({"new", "295", "169", "24.5", "25.1", "22.4", "28.0", {{12, "0.80"}, {24, "0.523"}}})
        .arm({"old", "290", "198", "23.5", "20.3", "17.9", "23.1", {{12, "0.71"}, {24, "0.44"}}})
        .hazard_ratio("new", "old", "0.72");
}

fit::FittedModel fitted(const char* model, const std::string& endpoint = "OS") {
    return fit::fit(new_and_old(endpoint).shared(), *fit::find_model(model));
}

// Of an endpoint that comes earlier than OS in the same arms.
fit::FittedModel fitted_progression(const char* model) {
    return fit::fit(Paper("PFS")
                        .arm({"new", "295", "240", "24.5", "9.6", "8.3", "11.0", {{12, "0.41"}, {24, "0.20"}}})
                        .arm({"old", "290", "262", "23.5", "6.4", "5.7", "7.2", {{12, "0.26"}, {24, "0.10"}}})
                        .hazard_ratio("new", "old", "0.65")
                        .shared(),
                    *fit::find_model(model));
}

// Composite Simpson rule.
template <class Function>
double integral(Function f, double to, int intervals) {
    const double h = to / intervals;
    double sum = f(0.0) + f(to);
    for (int i = 1; i < intervals; ++i) sum += (i % 2 == 1 ? 4 : 2) * f(i * h);
    return sum * h / 3;
}

double survival(const fit::FittedModel& model, std::size_t arm, double time) {
    return fit::survival_at(model, arm, time, reconstruction).value;
}

}  // namespace

TEST_CASE("the hazard of a Weibull is its formula", "[fit][quantities]") {
    const fit::FittedModel model = fitted("weibull");
    for (const std::size_t arm : {std::size_t{0}, std::size_t{1}})
        for (const double time : {1.0, 12.0, 30.0}) {
            const double shape = model.arms[arm].parameters[0], scale = model.arms[arm].parameters[1];
            const auto hazard = fit::hazard_at(model, arm, time, population);
            REQUIRE(hazard);
            CHECK(hazard->value == Approx(shape / scale * std::pow(time / scale, shape - 1)).epsilon(1e-9));
            CHECK(*hazard->lower <= hazard->value);
            CHECK(*hazard->upper >= hazard->value);
        }
}

TEST_CASE("a curve without a formula has its mean hazard over a doubling of time", "[fit][quantities]") {
    const fit::FittedModel model = fitted("flexible");
    const double time = 16, from = time / std::sqrt(2), to = time * std::sqrt(2);
    const auto hazard = fit::hazard_at(model, 0, time, reconstruction);
    REQUIRE(hazard);
    CHECK(hazard->value == Approx(std::log(survival(model, 0, from) / survival(model, 0, to)) / (to - from)));
    // The ratio of two hazards is the hazard ratio of that time.
    const auto ratio = fit::hazard_ratio_at(model, 0, 1, time, reconstruction);
    CHECK(ratio->value == Approx(hazard->value / fit::hazard_at(model, 1, time, reconstruction)->value));
    const auto sampled = fit::hazard_at(model, 0, time, population);
    CHECK(*sampled->upper / *sampled->lower > *hazard->upper / *hazard->lower);
}

TEST_CASE("the sampling error of a hazard is that of the events of its time", "[fit][quantities]") {
    // Everybody was followed to the event: d events in an interval give a log hazard of variance 1/d.
    auto paper = Paper("OS").arm({"a", "4000", "4000", "3000", "15.000", "", "", {}});
    auto model = fit::fit(paper.shared(), *fit::find_model("exponential"));
    model.model = fit::find_model("flexible");  // a curve without a formula, whose sampling error is Kaplan-Meier's
    model.reconstruction.reset();
    const double time = 15, rate = std::log(2.0) / 15;
    const double events = 4000 * (std::exp(-rate * time / std::sqrt(2)) - std::exp(-rate * time * std::sqrt(2)));
    const auto reach = [&](const fit::IntervalOptions& options) {
        const auto hazard = fit::hazard_at(model, 0, time, options);
        return std::log(*hazard->upper / *hazard->lower) / 2 / evidence::z_of_level(0.95);
    };
    const double added = std::pow(reach(population), 2) - std::pow(reach(reconstruction), 2);
    // Greenwood's increments have n (1/S2 - 1/S1) / (H2 - H1)^2, which for a doubling of time is within a tenth of it.
    CHECK(added == Approx(1 / events).epsilon(0.1));
}

TEST_CASE("the cumulative hazard is -log S, and so are its limits", "[fit][quantities]") {
    for (const char* const name : {"weibull", "flexible"}) {
        const fit::FittedModel model = fitted(name);
        for (const auto& options : {reconstruction, population}) {
            const Estimate s = fit::survival_at(model, 0, 18, options),
                           h = fit::cumulative_hazard_at(model, 0, 18, options);
            CHECK(h.value == Approx(-std::log(s.value)));
            CHECK(*h.lower == Approx(-std::log(*s.upper)));
            CHECK(*h.upper == Approx(-std::log(*s.lower)));
        }
        const Estimate start = fit::cumulative_hazard_at(model, 0, 0, population);
        CHECK(start.value == 0);
        CHECK_FALSE(std::signbit(*start.upper));
    }
}

TEST_CASE("the restricted mean is the area under the curve", "[fit][quantities]") {
    for (const char* const name : {"weibull", "flexible"}) {
        const fit::FittedModel model = fitted(name);
        const double area = integral([&](double t) { return survival(model, 0, t); }, 24, 400);
        CHECK(fit::rmst(model, 0, 24, reconstruction).value == Approx(area).epsilon(1e-4));
    }
}

TEST_CASE("expected events are the integral of G dF", "[fit][quantities]") {
    const fit::FittedModel model = fitted("weibull");
    const double shape = model.arms[0].parameters[0], scale = model.arms[0].parameters[1];
    const double gamma = model.evidence->constants->endpoint("OS").censoring_gamma,
                 follow_up = model.evidence->arms[0].follow_up_months.value();
    for (const double time : {6.0, 18.0, 40.0}) {
        const double share = integral(
            [&](double t) {
                const double density =
                    t > 0 ? shape / scale * std::pow(t / scale, shape - 1) * std::exp(-std::pow(t / scale, shape)) : 0;
                return density / (1 + std::pow(t / follow_up, gamma));
            },
            time, 20000);
        const auto events = fit::expected_events_by(model, 0, time, population);
        REQUIRE(events);
        CHECK(events->value == Approx(295 * share).epsilon(2e-4));
        CHECK(*events->lower < events->value);
        CHECK(*events->upper > events->value);
        CHECK(*events->upper <= 295);
    }
    // A binomial number of patients, beside what is not known of the curve.
    const fit::FittedModel curve = fitted("flexible");
    const auto angle = [](double events) { return std::asin(std::sqrt(events / 295)); };
    const auto reach = [&](const fit::IntervalOptions& options) {
        const auto events = fit::expected_events_by(curve, 0, 18, options);
        return (angle(*events->upper) - angle(*events->lower)) / 2 / evidence::z_of_level(0.95);
    };
    CHECK(std::pow(reach(population), 2) - std::pow(reach(reconstruction), 2) == Approx(1.0 / (4 * 295)));
    CHECK(fit::expected_events_by(curve, 0, 0, population)->value == 0);
    double before = 0;
    for (double time = 1; time < 2000; time *= 1.1) {
        const double events = fit::expected_events_by(curve, 0, time, reconstruction)->value;
        CHECK(events >= before);
        before = events;
    }
}

TEST_CASE("there are no expected events without patients or follow-up", "[fit][quantities]") {
    const auto events = [](Paper paper) {
        return fit::expected_events_by(fit::fit(paper.shared(), *fit::find_model("flexible")), 0, 12, reconstruction);
    };
    CHECK_FALSE(events(Paper("OS").arm({"a", "", "", "30", "20.0", "", "", {}})));
    CHECK_FALSE(events(Paper("OS").arm({"a", "100", "", "", "20.0", "", "", {}})));
    CHECK(events(Paper("OS").arm({"a", "100", "", "30", "20.0", "", "", {}})));
}

TEST_CASE("the states add up, and their limits hold them", "[fit][quantities]") {
    const fit::FittedModel overall = fitted("flexible"), free = fitted_progression("flexible");
    for (const double time : {0.0, 3.0, 12.0, 24.0})
        for (const auto& options : {reconstruction, population}) {
            const fit::States states = fit::states_at(free, 0, overall, 0, time, options);
            CHECK(states.progression_free.value + states.progressed.value + states.dead.value == Approx(1));
            CHECK(states.dead.value == Approx(1 - survival(overall, 0, time)).margin(1e-12));
            for (const Estimate& state : {states.progression_free, states.progressed, states.dead}) {
                REQUIRE(state.lower);
                REQUIRE(state.upper);
                CHECK(*state.lower <= state.value);
                CHECK(*state.upper >= state.value);
                CHECK(*state.lower >= 0);
                CHECK(*state.upper <= 1);
            }
        }
    // MOVER: the margins of the two curves in quadrature.
    const Estimate os = fit::survival_at(overall, 0, 12, reconstruction),
                   pfs = fit::survival_at(free, 0, 12, reconstruction);
    const Estimate progressed = fit::states_at(free, 0, overall, 0, 12, reconstruction).progressed;
    CHECK(progressed.value - *progressed.lower == Approx(std::hypot(os.value - *os.lower, *pfs.upper - pfs.value)));
    CHECK(*progressed.upper - progressed.value == Approx(std::hypot(*os.upper - os.value, pfs.value - *pfs.lower)));
}

TEST_CASE("a curve under proportional hazards is that of the control to the power of the ratio", "[fit][quantities]") {
    auto paper = Paper("OS").arm({"old", "100", "", "", "", "", "", {{12, "0.80"}, {24, "0.60"}, {36, "0.45"}}});
    const fit::FittedModel model = fit::fit(paper.shared(), *fit::find_model("flexible"));
    const fit::PublishedRatio ratio{0.6, std::log(0.9 / 0.4) / 2 / evidence::z_of_level(0.95), 0.01};
    const double wanted[] = {87.5, 73.6, 61.9};
    for (const int i : {0, 1, 2}) {
        const double time = 12 * (i + 1);
        const Estimate s = fit::proportional_survival(model, 0, ratio, time, population),
                       h = fit::proportional_cumulative_hazard(model, 0, ratio, time, population);
        CHECK(s.value == Approx(std::pow(survival(model, 0, time), 0.6)));
        CHECK(std::round(1000 * s.value) / 10 == Approx(wanted[i]));
        CHECK(h.value == Approx(-std::log(s.value)));
        CHECK(*h.upper == Approx(-std::log(*s.lower)));
        // In quadrature on the scale of log(-log S).
        const Estimate control = fit::survival_at(model, 0, time, population);
        const auto g = [](double x) { return std::log(-std::log(x)); };
        CHECK(g(*s.lower) - g(s.value) ==
              Approx(std::hypot(g(*control.lower) - g(control.value), std::log(0.9 / 0.4) / 2)));
        CHECK(g(s.value) - g(*s.upper) ==
              Approx(std::hypot(g(control.value) - g(*control.upper), std::log(0.9 / 0.4) / 2)));
    }
    const Estimate start = fit::proportional_survival(model, 0, ratio, 0, population);
    CHECK(start.value == 1);
    CHECK(*start.lower == 1);
    const auto hazard = fit::proportional_hazard(model, 0, ratio, 12, reconstruction);
    CHECK(hazard->value == Approx(0.6 * fit::hazard_at(model, 0, 12, reconstruction)->value));
    // No confidence limits of the ratio, no confidence limits of the curve.
    CHECK_FALSE(fit::proportional_survival(model, 0, {0.6, std::nullopt, 0.01}, 12, population).lower);
    CHECK(fit::proportional_survival(model, 0, {0.6, std::nullopt, 0.01}, 12, reconstruction).lower);
}
