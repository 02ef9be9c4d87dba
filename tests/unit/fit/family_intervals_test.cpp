// The intervals of a family: those of its own covariance, which hold as often as their level says where it is true.
#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"
#include "hersurv/study.hpp"

#include <catch2/catch.hpp>

#include "unit/evidence/records.hpp"
#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace fit = hersurv::fit;
namespace survival = hersurv::survival;
using fit::Band;
using hersurv::test::Paper;

namespace {

constexpr double z = 1.959963984540054;

Paper one_arm(const std::string& n, const std::string& events) {
    return Paper("OS").arm({"a", n, events, "31", "20.0", "17.8", "22.2", {{12, "0.70"}, {24, "0.42"}}});
}

// Half the width of the 95% interval on the scale log(-log S), divided by z.
double sd_log_log(const fit::Estimate& s) {
    const auto g = [](double x) { return std::log(-std::log(x)); };
    return (g(*s.lower) - g(*s.upper)) / (2 * z);
}

class Uniform {
  public:
    explicit Uniform(std::uint64_t seed) : engine_(seed) {}
    double operator()() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53; }

  private:
    std::mt19937_64 engine_;
};

// What a paper prints of patients whose survival is Weibull, followed from 24 to 60 months: n, events, median with
// limits from the complementary log-log interval (Brookmeyer & Crowley 1982), S at 12 and 24 months.
Paper paper_of(double shape, double scale, int n, Uniform& uniform) {
    struct Patient {
        double time;
        bool event;
    };
    std::vector<Patient> patients;
    int events = 0;
    std::vector<double> followed;
    for (int i = 0; i < n; ++i) {
        const double event = scale * std::pow(-std::log(uniform()), 1 / shape), censored = 24 + 36 * uniform();
        patients.push_back({std::min(event, censored), event <= censored});
        events += event <= censored;
        followed.push_back(censored);
    }
    std::ranges::sort(patients, {}, &Patient::time);
    std::ranges::sort(followed);
    double s = 1, variance = 0, s12 = 1, s24 = 1, median = 0, lower = 0, upper = 0;
    double at_risk = n;
    for (const Patient& patient : patients) {
        if (patient.event) {
            if (patient.time > 12 && s12 == 1) s12 = s;
            if (patient.time > 24 && s24 == 1) s24 = s;
            s *= 1 - 1 / at_risk;
            variance += 1 / (at_risk * (at_risk - 1));
            const double g = std::log(-std::log(s)), reach = z * std::sqrt(variance) / std::abs(std::log(s));
            const auto back = [](double y) { return std::exp(-std::exp(y)); };
            if (median == 0 && s <= 0.5) median = patient.time;
            if (lower == 0 && back(g + reach) <= 0.5) lower = patient.time;
            if (upper == 0 && back(g - reach) <= 0.5) upper = patient.time;
        }
        --at_risk;
    }
    const auto text = [](double x, int decimals) {
        char buffer[32];
        std::snprintf(buffer, sizeof buffer, "%.*f", decimals, x);
        return std::string(buffer);
    };
    return Paper("OS").arm({"a",
                            std::to_string(n),
                            std::to_string(events),
                            text(followed[followed.size() / 2], 1),
                            text(median, 1),
                            text(lower, 1),
                            upper > 0 ? text(upper, 1) : "NE",
                            {{12, text(s12, 3)}, {24, text(s24, 3)}}});
}

}  // namespace

TEST_CASE("the interval of S of a Weibull is that of the covariance of its parameters", "[fit][intervals]") {
    const auto fitted = fit::fit(one_arm("400", "279").shared(), *fit::find_model("weibull"));
    const auto covariances = fit::parameter_covariances(fitted, 0);
    REQUIRE(covariances.population.size == 2);
    const double shape = fitted.arms[0].parameters[0], scale = fitted.arms[0].parameters[1];
    for (const double time : {1.0, 6.0, 12.0, 30.0, 60.0, 120.0, 240.0}) {
        // log H = shape (log t - log scale).
        const double by_log_shape = shape * std::log(time / scale), by_log_scale = -shape;
        for (const Band band : {Band::reconstruction, Band::population}) {
            const auto& matrix = band == Band::population ? covariances.population : covariances.reconstruction;
            const double variance = by_log_shape * by_log_shape * matrix(0, 0) +
                                    2 * by_log_shape * by_log_scale * matrix(0, 1) +
                                    by_log_scale * by_log_scale * matrix(1, 1);
            const auto s = fit::survival_at(fitted, 0, time, {.band = band, .level = 0.95});
            INFO("month " << time << ", " << fit::word(band));
            REQUIRE(s.lower);
            CHECK(s.value == Approx(std::exp(-std::pow(time / scale, shape))).epsilon(1e-9));
            // To first order; the limits of a narrower interval are that to three digits.
            CHECK(sd_log_log(s) == Approx(std::sqrt(variance)).epsilon(0.03));
            const double z_half = 0.674489750196;
            const auto narrow = fit::survival_at(fitted, 0, time, {.band = band, .level = 0.5});
            CHECK(sd_log_log(narrow) * z / z_half == Approx(std::sqrt(variance)).epsilon(5e-3));
        }
    }
}

TEST_CASE("limits are values of members of the family, however little is known", "[fit][intervals]") {
    // Five patients hardly tell a shape; but no Weibull curve with such a median has lost half of its patients by the
    // first day.
    const auto fitted =
        fit::fit(Paper("OS").arm({"a", "5", "", "", "10", "", "", {}}).shared(), *fit::find_model("weibull"));
    const fit::IntervalOptions population{.band = Band::population, .level = 0.95};
    CHECK(*fit::survival_at(fitted, 0, 0.03, population).lower > 0.5);
    CHECK(*fit::survival_at(fitted, 0, 1, population).lower > 0.3);
    CHECK(*fit::survival_at(fitted, 0, 12, population).lower < 0.2);
    // One death among a hundred leaves the median open above.
    const auto one_event = fit::fit(Paper("OS").arm({"a", "100", "1", "", "", "", "", {{12, "0.99"}}}).shared(),
                                    *fit::find_model("gengamma"));
    const auto median = fit::median(one_event, 0, population);
    REQUIRE(median.upper);
    CHECK(std::isinf(*median.upper));
    CHECK(*median.lower > 0);
}

TEST_CASE("the interval of a family does not stretch to what it misses", "[fit][intervals]") {
    // No exponential has these points.
    const auto paper = Paper("OS").arm(
        {"a", "2000", "1200", "60", "", "", "", {{6, "0.90"}, {12, "0.60"}, {24, "0.50"}, {48, "0.45"}}});
    const auto fitted = fit::fit(paper.shared(), *fit::find_model("exponential"));
    CHECK(fitted.intervals_suppose() == "exponential");
    const auto s = fit::survival_at(fitted, 0, 48, {.band = Band::population, .level = 0.95});
    CHECK(*s.upper < 0.45);
    CHECK(fitted.arms[0].rms_distance > 0.05);
    CHECK(std::abs(fitted.arms[0].largest_distance) > fitted.arms[0].rms_distance);
    // Where it is told to be.
    const double month = fitted.arms[0].largest_distance_months;
    const double of_curve = fit::survival_at(*fitted.reconstruction, 0, month, {}).value;
    CHECK(fit::survival_at(fitted, 0, month, {}).value - of_curve ==
          Approx(fitted.arms[0].largest_distance).margin(1e-6));
}

TEST_CASE("if the family holds its intervals cover as often as they say, beyond the support too", "[fit][intervals]") {
    Uniform uniform(20261128);
    for (const int n : {100, 600}) {
        int s36 = 0, s72 = 0, median = 0, mean = 0;
        constexpr int trials = 150;
        const double shape = 1.3, scale = 26;
        for (int i = 0; i < trials; ++i) {
            const auto fitted = fit::fit(paper_of(shape, scale, n, uniform).shared(), *fit::find_model("weibull"));
            const fit::IntervalOptions options{.band = Band::population, .level = 0.95};
            const auto holds = [](const fit::Estimate& e, double truth) {
                return e.lower && *e.lower <= truth && truth <= *e.upper;
            };
            const auto s = [&](double time) { return std::exp(-std::pow(time / scale, shape)); };
            s36 += holds(fit::survival_at(fitted, 0, 36, options), s(36));
            s72 += holds(fit::survival_at(fitted, 0, 72, options), s(72));
            median += holds(fit::median(fitted, 0, options), scale * std::pow(std::log(2.0), 1 / shape));
            mean += holds(*fit::mean(fitted, 0, options), scale * std::tgamma(1 + 1 / shape));
        }
        INFO("n " << n << ": S(36) " << s36 << ", S(72) " << s72 << ", median " << median << ", mean " << mean << " of "
                  << trials);
        // Of 150 draws at .95 fewer than 134 have a probability below 1 in 1000.
        for (const int covered : {s36, s72, median, mean}) CHECK(covered >= 134);
    }
}

TEST_CASE("arms with a common shape tell one another of it", "[fit][intervals]") {
    const auto paper = Paper("OS")
                           .arm({"a", "400", "279", "31", "20.0", "17.8", "22.2", {{12, "0.70"}, {24, "0.42"}}})
                           .arm({"b", "400", "300", "31", "16.0", "14.0", "18.1", {{12, "0.62"}, {24, "0.33"}}});
    const auto of = [&](fit::Shape shape) {
        return fit::parameter_covariances(fit::fit(paper.shared(), *fit::find_model("weibull"), {.shape = shape}), 0);
    };
    const auto separate = of(fit::Shape::separate), common = of(fit::Shape::common);
    REQUIRE(separate.sampling.size == 2);
    REQUIRE(common.sampling.size == 2);
    // Twice the patients know the shape.
    CHECK(common.sampling(0, 0) == Approx(separate.sampling(0, 0) / 2).epsilon(0.1));
}

TEST_CASE("without its number of patients an arm has no population interval, the other one has", "[fit][intervals]") {
    const auto paper = Paper("OS")
                           .arm({"a", "", "", "31", "20.0", "17.8", "22.2", {{12, "0.70"}, {24, "0.42"}}})
                           .arm({"b", "400", "300", "31", "16.0", "14.0", "18.1", {{12, "0.62"}, {24, "0.33"}}});
    const auto fitted = fit::fit(paper.shared(), *fit::find_model("weibull"));
    const fit::IntervalOptions population{.band = Band::population, .level = 0.95};
    CHECK_FALSE(fit::survival_at(fitted, 0, 18, population).lower);
    CHECK(fit::survival_at(fitted, 0, 18, {}).lower);
    CHECK(fit::survival_at(fitted, 1, 18, population).lower);
    CHECK_FALSE(fit::rmst_difference(fitted, 0, 1, 24, population).lower);
}

TEST_CASE("a cure model that cures nobody has the intervals of the family without a share", "[fit][intervals]") {
    const auto paper = Paper("OS").arm(
        {"a", "400", "390", "90", "20.0", "18.2", "22.0", {{12, "0.66"}, {24, "0.435"}, {60, "0.125"}}});
    const auto plain = fit::fit(paper.shared(), *fit::find_model("exponential"), {.target = fit::Target::curve}),
               cure = fit::fit(paper.shared(), *fit::find_model("exponential-cure"), {.target = fit::Target::curve});
    REQUIRE(cure.arms[0].parameters[1] < 1e-4);
    const fit::IntervalOptions population{.band = Band::population, .level = 0.95};
    const auto a = fit::survival_at(plain, 0, 36, population), b = fit::survival_at(cure, 0, 36, population);
    REQUIRE(b.lower);
    CHECK(sd_log_log(b) == Approx(sd_log_log(a)).epsilon(0.05));
    // There is no distribution to draw such a share from.
    CHECK(fit::parameter_covariances(cure, 0).population.size == 0);
}

TEST_CASE("where a cured share is not identified the family with nobody cured is in the interval", "[fit][intervals]") {
    const auto paper = one_arm("400", "279");
    const fit::FitOptions near_curve{.target = fit::Target::curve};
    const auto plain = fit::fit(paper.shared(), *fit::find_model("weibull"), near_curve),
               cure = fit::fit(paper.shared(), *fit::find_model("weibull-cure"), near_curve);
    REQUIRE(cure.arms[0].parameters.back() > 0.01);
    for (const Band band : {Band::reconstruction, Band::population})
        for (const double month : {6.0, 36.0, 60.0, 120.0, 240.0}) {
            const fit::IntervalOptions options{.band = band, .level = 0.95};
            INFO(fit::word(band) << ", month " << month);
            // Nobody is 6 in a million.
            const auto holds = [](const fit::Estimate& outer, const fit::Estimate& inner) {
                const double slack = 1e-4 * std::max(1.0, *inner.upper);
                return *outer.lower <= *inner.lower + slack && *outer.upper >= *inner.upper - slack;
            };
            CHECK(holds(fit::survival_at(cure, 0, month, options), fit::survival_at(plain, 0, month, options)));
            CHECK(holds(fit::rmst(cure, 0, month, options), fit::rmst(plain, 0, month, options)));
            const auto deaths = fit::expected_events_by(cure, 0, month, options),
                       without = fit::expected_events_by(plain, 0, month, options);
            CHECK(holds(*deaths, *without));
        }
    CHECK(fit::median(cure, 0, {}).upper >= fit::median(plain, 0, {}).upper);
}

TEST_CASE("a cure model covers where nobody is cured and nobody can know", "[fit][intervals]") {
    Uniform uniform(20261129);
    int s36 = 0, s72 = 0;
    constexpr int trials = 100;
    const double shape = 1.3, scale = 26;
    for (int i = 0; i < trials; ++i) {
        const auto fitted = fit::fit(paper_of(shape, scale, 300, uniform).shared(), *fit::find_model("weibull-cure"));
        for (const double month : {36.0, 72.0}) {
            const auto s = fit::survival_at(fitted, 0, month, {.band = Band::population, .level = 0.95});
            const double truth = std::exp(-std::pow(month / scale, shape));
            (month == 36 ? s36 : s72) += s.lower && *s.lower <= truth && truth <= *s.upper;
        }
    }
    INFO("S(36) " << s36 << ", S(72) " << s72 << " of " << trials);
    // Of 100 draws at .95 fewer than 88 have a probability below 1 in 1000.
    CHECK(s36 >= 88);
    CHECK(s72 >= 88);
}

TEST_CASE("a median that a family does not reach has the lower limit that its curve has", "[fit][intervals]") {
    const auto paper = Paper("OS").arm({"a", "60", "12", "", "", "", "", {{12, "0.90"}, {60, "0.62"}}});
    const auto fitted = fit::fit(paper.shared(), *fit::find_model("gompertz"));
    const fit::IntervalOptions options{.band = Band::population, .level = 0.95};
    const auto median = fit::median(fitted, 0, options);
    REQUIRE(median.lower);
    if (std::isinf(median.value)) CHECK(std::isinf(*median.upper));
    REQUIRE(std::isfinite(*median.lower));
    CHECK(*fit::survival_at(fitted, 0, *median.lower, options).lower == Approx(0.5).margin(0.002));
}
