// Estimates read off a fitted model: their values against formulas, and their intervals against simulation.
#include "hersurv/estimates.hpp"

#include <catch2/catch.hpp>

#include "evidence/constants.hpp"
#include "unit/evidence/records.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>

namespace evidence = hersurv::evidence;
namespace fit = hersurv::fit;
namespace survival = hersurv::survival;
namespace test = hersurv::test;
using fit::Band;
using fit::Estimate;
using test::Paper;

namespace {

class Uniform {
  public:
    explicit Uniform(std::uint64_t seed) : engine_(seed) {}
    double operator()() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53; }
    double normal() { return std::sqrt(-2 * std::log((*this)())) * std::cos(2 * M_PI * (*this)()); }

  private:
    std::mt19937_64 engine_;
};

fit::FittedModel fit_alone(const std::shared_ptr<const evidence::AnalysisEvidence>& evidence, const fit::Model& model,
                           const fit::FitOptions& options = {}) {
    return fit::fit(evidence, model, options);
}

// The curve of a family without its formula, as a reconstruction has none: what the delta method and the sampling error
// of a Kaplan-Meier estimate make of a curve is checked where formulas are known.
fit::FittedModel as_curve(fit::FittedModel fitted) {
    fitted.model = fit::find_model("flexible");
    fitted.reconstruction.reset();
    return fitted;
}

// A cured share that goes to 0 has no interval.
std::vector<fit::Model> models_without_cure() {
    std::vector<fit::Model> models;
    for (const auto& model : fit::parametric_models())
        if (model.family->uncured == nullptr) models.push_back(model);
    return models;
}

Paper two_arms(const std::string& endpoint = "OS") {
    return Paper(endpoint)
        .arm({"new", "295", "169", "24.5", "25.1", "22.4", "28.0", {{12, "0.80"}, {24, "0.523"}}})
        .arm({"old", "290", "198", "23.5", "20.3", "17.9", "23.1", {{12, "0.71"}, {24, "0.44"}}})
        .hazard_ratio("new", "old", "0.72");
}

fit::FittedModel fitted_two_arms(const char* model, const std::string& endpoint = "OS") {
    return fit_alone(two_arms(endpoint).shared(), *fit::find_model(model));
}

// A complete sample of n patients (every one has had the event long ago), so that the effective share is 1 but for the
// learnt constants.
fit::FittedModel complete_sample(int n, double median_months) {
    const std::string size = std::to_string(n);
    auto paper = Paper("OS").arm({"a", size, size, std::to_string(200 * median_months), "1.0000", "", "", {}});
    paper.analysis.arms[0].median[0].value.value = median_months;
    return fit_alone(paper.shared(), *fit::find_model("exponential"));
}

// Variance that the population band adds to the reconstruction's, on the scale `g` on which the interval is symmetric.
double added_variance(const std::function<Estimate(const fit::IntervalOptions&)>& estimate, double (*g)(double)) {
    const auto reach = [&](Band band) {
        const auto e = estimate({.band = band, .level = 0.95});
        REQUIRE(e.lower);
        REQUIRE(e.upper);
        return (g(*e.upper) - g(*e.lower)) / 2 / evidence::z_of_level(0.95);
    };
    const double wide = reach(Band::population), narrow = reach(Band::reconstruction);
    return wide * wide - narrow * narrow;
}

double identity(double x) { return x; }
double log_of(double x) { return std::log(x); }

double variance_of(const std::vector<double>& values) {
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    double sum = 0;
    for (const double value : values) sum += (value - mean) * (value - mean);
    return sum / static_cast<double>(values.size() - 1);
}

// Draws of the free parameters from the normal law of their covariance (Cholesky).
std::vector<std::vector<double>> draws_of(const fit::FittedModel& model, std::size_t n_draws, double shrink) {
    const std::size_t n = model.free_parameters.size();
    std::vector<std::vector<double>> root(n, std::vector<double>(n, 0));
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = model.covariance(i, j);
            for (std::size_t k = 0; k < j; ++k) sum -= root[i][k] * root[j][k];
            root[i][j] = i == j ? std::sqrt(sum) : sum / root[j][j];
        }
    Uniform uniform(20260701);
    std::vector<std::vector<double>> draws(n_draws, model.free_parameters);
    for (auto& draw : draws) {
        std::vector<double> z(n);
        for (double& value : z) value = uniform.normal();
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t k = 0; k <= i; ++k) draw[i] += shrink * root[i][k] * z[k];
    }
    return draws;
}

using OneArm = Estimate (*)(const fit::FittedModel&, std::size_t, double, const fit::IntervalOptions&);

}  // namespace

TEST_CASE("S(t) starts at exactly 1, falls, and stays inside its interval", "[curve]") {
    for (const auto& model : models_without_cure()) {
        for (const char* endpoint : {"OS", "PFS"}) {
            const auto fitted = fit_alone(two_arms(endpoint).shared(), model);
            for (const Band band : {Band::reconstruction, Band::population}) {
                const fit::IntervalOptions options{.band = band, .level = 0.95};
                INFO(model.name << ", " << endpoint << ", " << fit::word(band));
                const auto start = fit::survival_at(fitted, 0, 0, options);
                CHECK(start.value == 1);
                CHECK(start.lower == 1.0);
                CHECK(start.upper == 1.0);
                double before = 1;
                for (double time = 0.5; time < 80; time += 3.7) {
                    const auto s = fit::survival_at(fitted, 0, time, options);
                    CHECK(s.value < before);
                    before = s.value;
                    REQUIRE(s.lower);
                    REQUIRE(s.upper);
                    CHECK(*s.lower >= 0);
                    CHECK(*s.lower < s.value);
                    CHECK(*s.upper > s.value);
                    CHECK(*s.upper <= 1);
                    if (band == Band::reconstruction) {
                        CHECK(*s.lower > 0);
                        CHECK(*s.upper < 1);
                    }
                    CHECK(s.extrapolated == (time > fitted.arms[0].supported_months));
                    CHECK(s.value == Approx(survival::survival(*model.family, time, fitted.arms[0].parameters)));
                }
            }
        }
    }
}

TEST_CASE("A curve is the list of its points", "[curve]") {
    const auto fitted = fitted_two_arms("weibull");
    const auto points = fit::survival_curve(fitted, 1, {0, 6, 12.5}, {});
    REQUIRE(points.size() == 3);
    for (const auto& point : points) {
        const auto alone = fit::survival_at(fitted, 1, point.time_months, {});
        CHECK(point.survival.value == alone.value);
        CHECK(point.survival.lower == alone.lower);
    }
    CHECK(points[2].time_months == 12.5);
    CHECK(fit::survival_curve(fitted, 1, {}, {}).empty());
}

TEST_CASE("The population band holds the reconstruction's, and is absent without the number of patients", "[curve]") {
    const fit::IntervalOptions narrow{.band = Band::reconstruction, .level = 0.95},
        wide{.band = Band::population, .level = 0.95};
    using Quantity = std::function<Estimate(const fit::FittedModel&, const fit::IntervalOptions&)>;
    const std::vector<std::pair<const char*, Quantity>> quantities = {
        {"S(12)", [](const auto& m, const auto& o) { return fit::survival_at(m, 0, 12, o); }},
        {"median", [](const auto& m, const auto& o) { return fit::median(m, 0, o); }},
        {"RMST", [](const auto& m, const auto& o) { return fit::rmst(m, 0, 24, o); }},
        {"S difference", [](const auto& m, const auto& o) { return fit::survival_difference(m, 0, 1, 12, o); }},
        {"median difference", [](const auto& m, const auto& o) { return fit::median_difference(m, 0, 1, o); }},
        {"RMST difference", [](const auto& m, const auto& o) { return fit::rmst_difference(m, 0, 1, 24, o); }},
        {"RMST ratio", [](const auto& m, const auto& o) { return fit::rmst_ratio(m, 0, 1, 24, o); }},
        {"hazard ratio", [](const auto& m, const auto& o) { return fit::hazard_ratio(m, 0, 1, o); }},
    };
    for (const auto& model : models_without_cure()) {
        const auto fitted = fit_alone(two_arms().shared(), model);
        for (const char* n : {"", "0"}) {
            auto paper = two_arms();
            for (auto& arm : paper.analysis.arms) {
                arm.n_patients.reset();
                if (*n != '\0') arm.n_patients = 0;
            }
            const auto without_n = fit_alone(paper.shared(), model);
            for (const auto& [name, quantity] : quantities) {
                INFO(model.name << ", " << name << ", n = '" << n << "'");
                CHECK(quantity(without_n, narrow).lower);
                CHECK_FALSE(quantity(without_n, wide).lower);
                CHECK_FALSE(quantity(without_n, wide).upper);
                CHECK(quantity(without_n, wide).value == quantity(without_n, narrow).value);
            }
        }
        for (const auto& [name, quantity] : quantities) {
            INFO(model.name << ", " << name);
            const auto a = quantity(fitted, narrow), b = quantity(fitted, wide);
            CHECK(a.value == b.value);
            CHECK(*b.lower < *a.lower);
            CHECK(*b.upper > *a.upper);
            CHECK(a.extrapolated == b.extrapolated);
            for (const Band band : {Band::reconstruction, Band::population}) {
                // Levels nest, and nothing is left of the interval at a level of 0.
                Estimate before = quantity(fitted, {.band = band, .level = 0});
                CHECK(*before.lower == Approx(before.value));
                CHECK(*before.upper == Approx(before.value));
                for (const double level : {0.5, 0.95, 0.999}) {
                    const auto next = quantity(fitted, {.band = band, .level = level});
                    CHECK(*next.lower < *before.lower);
                    CHECK(*next.upper > *before.upper);
                    CHECK(next.value == before.value);
                    before = next;
                }
            }
        }
    }
}

TEST_CASE("What lies beyond the supported months is marked", "[curve]") {
    const auto fitted = fitted_two_arms("weibull");
    const double end_new = fitted.arms[0].supported_months, end_old = fitted.arms[1].supported_months;
    CHECK(fit::common_horizon(fitted, {0, 1}) == std::min(end_new, end_old));
    CHECK(fit::common_horizon(fitted, {0}) == end_new);
    const double longer = std::max(end_new, end_old), shorter = std::min(end_new, end_old);
    REQUIRE(longer > shorter * 1.001);
    for (std::size_t arm = 0; arm < 2; ++arm) {
        const double end = fitted.arms[arm].supported_months;
        CHECK_FALSE(fit::survival_at(fitted, arm, end, {}).extrapolated);
        CHECK(fit::survival_at(fitted, arm, end * 1.001, {}).extrapolated);
        CHECK_FALSE(fit::rmst(fitted, arm, end, {}).extrapolated);
        CHECK(fit::rmst(fitted, arm, end * 1.001, {}).extrapolated);
        CHECK_FALSE(fit::median(fitted, arm, {}).extrapolated);
    }
    const double between = 0.5 * (shorter + longer);
    CHECK(fit::survival_difference(fitted, 0, 1, between, {}).extrapolated);
    CHECK(fit::rmst_difference(fitted, 0, 1, between, {}).extrapolated);
    CHECK(fit::rmst_ratio(fitted, 1, 0, between, {}).extrapolated);
    CHECK_FALSE(fit::rmst_ratio(fitted, 1, 0, shorter, {}).extrapolated);
    CHECK_FALSE(fit::median_difference(fitted, 0, 1, {}).extrapolated);
    // A median that was not reached is beyond what was seen.
    const auto not_reached = fit_alone(Paper("OS").arm({"a", "261", "", "20", "NR", "", "", {{12, "0.941"}}}).shared(),
                                       *fit::find_model("weibull"));
    CHECK(fit::median(not_reached, 0, {}).value > not_reached.arms[0].supported_months);
    CHECK(fit::median(not_reached, 0, {}).extrapolated);
}

TEST_CASE("What lies before the first published estimate is marked as borrowed", "[curve]") {
    // The new arm has S(12), the old one nothing before its median's lower limit.
    const auto fitted = fit::fit(Paper("OS")
                                     .arm({"new", "295", "", "", "25.1", "22.4", "28.0", {{12, "0.80"}}})
                                     .arm({"old", "290", "", "", "20.3", "17.9", "23.1", {}})
                                     .shared(),
                                 *fit::find_model("flexible"));
    REQUIRE(fitted.arms[0].supported_from_months == Approx(12));
    REQUIRE(fitted.arms[1].supported_from_months > 15);
    CHECK_FALSE(fit::survival_at(fitted, 0, 15, {}).borrowed);
    CHECK(fit::survival_at(fitted, 1, 15, {}).borrowed);
    CHECK(fit::survival_difference(fitted, 0, 1, 15, {}).borrowed);
    CHECK(fit::survival_difference(fitted, 1, 0, 15, {}).borrowed);
    CHECK_FALSE(fit::survival_difference(fitted, 0, 1, 20.3, {}).borrowed);
    CHECK_FALSE(fit::survival_difference(fitted, 0, 1, 0, {}).borrowed);
    CHECK_FALSE(fit::median(fitted, 1, {}).borrowed);
    // A median that nobody published, before the only estimate.
    const auto late = fit::fit(Paper("OS").arm({"a", "261", "", "", "", "", "", {{36, "0.20"}}}).shared(),
                               *fit::find_model("weibull"));
    REQUIRE(fit::median(late, 0, {}).value < 36);
    CHECK(fit::median(late, 0, {}).borrowed);
    CHECK_FALSE(fit::median(late, 0, {}).extrapolated);
}

TEST_CASE("The restricted mean of an exponential is (1 - exp(-r h)) / r", "[curve]") {
    for (const double median : {0.4, 6.0, 55.0}) {
        const auto fitted = complete_sample(200, median);
        const double rate = fitted.arms[0].parameters[0];
        for (const double horizon : {1e-3, 1.0, 12.0, 60.0, 1000.0}) {
            INFO("rate " << rate << ", horizon " << horizon);
            CHECK(fit::rmst(fitted, 0, horizon, {}).value == Approx(-std::expm1(-rate * horizon) / rate).epsilon(1e-9));
        }
        CHECK(fit::rmst(fitted, 0, 0, {}).value == 0);
    }
    for (const auto& model : models_without_cure()) {  // against trapezoids over S
        const auto fitted = fit_alone(two_arms().shared(), model);
        double area = 0;
        constexpr int steps = 20000;
        for (int k = 0; k < steps; ++k)
            area += 36.0 / steps * fit::survival_at(fitted, 0, 36.0 * (k + 0.5) / steps, {.level = 0}).value;
        INFO(model.name);
        CHECK(fit::rmst(fitted, 0, 36, {}).value == Approx(area).epsilon(1e-6));
    }
}

TEST_CASE("Intervals agree with a simulation from the covariance of the free parameters", "[curve]") {
    for (const auto& model : models_without_cure()) {
        const auto fitted = fit_alone(two_arms("PFS").shared(), model);
        // A tenth of the sd: what is tested is the gradient, not the curvature.
        constexpr double shrink = 0.1;
        const fit::IntervalOptions narrow{.level = 0.08};
        const auto draws = draws_of(fitted, 6000, shrink);
        const auto simulated_sd = [&](const std::function<double(const std::vector<double>&)>& f) {
            std::vector<double> values;
            for (const auto& draw : draws) values.push_back(f(draw));
            return std::sqrt(variance_of(values)) / shrink;
        };
        const auto half_width = [&](const Estimate& e, double (*g)(double)) {
            return (g(*e.upper) - g(*e.lower)) / 2 / evidence::z_of_level(narrow.level);
        };
        const auto log_log = [](double s) { return -std::log(-std::log(s)); };
        const auto& family = *model.family;
        const auto rmst = [&](std::size_t arm, const std::vector<double>& draw) {
            return survival::rmst(family, 30, fitted.parameters_at(arm, draw));
        };
        const auto s = [&](std::size_t arm, const std::vector<double>& draw) {
            return survival::survival(family, 18, fitted.parameters_at(arm, draw));
        };
        const auto median = [&](std::size_t arm, const std::vector<double>& draw) {
            return survival::quantile(family, 0.5, fitted.parameters_at(arm, draw));
        };
        INFO(model.name);
        CHECK(half_width(fit::rmst(fitted, 0, 30, narrow), identity) ==
              Approx(simulated_sd([&](const auto& d) { return rmst(0, d); })).epsilon(0.05));
        CHECK(half_width(fit::survival_at(fitted, 0, 18, narrow), +log_log) ==
              Approx(simulated_sd([&](const auto& d) { return log_log(s(0, d)); })).epsilon(0.05));
        CHECK(half_width(fit::median(fitted, 1, narrow), log_of) ==
              Approx(simulated_sd([&](const auto& d) { return std::log(median(1, d)); })).epsilon(0.05));
        CHECK(half_width(fit::rmst_difference(fitted, 0, 1, 30, narrow), identity) ==
              Approx(simulated_sd([&](const auto& d) { return rmst(0, d) - rmst(1, d); })).epsilon(0.05));
        CHECK(half_width(fit::rmst_ratio(fitted, 0, 1, 30, narrow), log_of) ==
              Approx(simulated_sd([&](const auto& d) { return std::log(rmst(0, d) / rmst(1, d)); })).epsilon(0.05));
        CHECK(half_width(fit::survival_difference(fitted, 0, 1, 18, narrow), identity) ==
              Approx(simulated_sd([&](const auto& d) { return s(0, d) - s(1, d); })).epsilon(0.05));
        CHECK(half_width(fit::median_difference(fitted, 0, 1, narrow), identity) ==
              Approx(simulated_sd([&](const auto& d) { return median(0, d) - median(1, d); })).epsilon(0.05));
    }
}

TEST_CASE("The population band of S stays a band where hardly anybody has had an event", "[curve]") {
    const auto fitted = complete_sample(50, 10);
    for (const double time : {1e-9, 1e-3, 0.05, 0.5}) {
        const auto s = fit::survival_at(fitted, 0, time, {Band::population, 0.95});
        CHECK(*s.upper <= 1);
        // Nobody of 50 with an event still allows about 3/50 (the rule of three), no more than twice that.
        CHECK(*s.lower > s.value - 6.0 / 50);
        CHECK(*s.lower <= s.value);
    }
    const auto at_zero = fit::survival_at(fitted, 0, 0, {Band::population, 0.95});
    CHECK(at_zero.value == 1);
    CHECK(*at_zero.lower == 1);
}

TEST_CASE("Sampling variance of S, median and restricted mean of a complete sample", "[curve]") {
    constexpr int n = 400;
    constexpr double median = 10;
    const auto family = complete_sample(n, median);
    const double rate = family.arms[0].parameters[0];
    const auto fitted = as_curve(family);
    // S of a complete sample is a binomial share: its arcsine root has variance 1 / (4 n) whatever S is. Each band is
    // measured on the scale on which it is symmetric, and the reconstruction's brought to the other by the slope.
    for (const double time : {2.0, 10.0, 25.0}) {
        const double s = std::exp(-rate * time);
        const auto population = fit::survival_at(fitted, 0, time, {Band::population, 0.95});
        const auto reconstruction = fit::survival_at(fitted, 0, time, {Band::reconstruction, 0.95});
        const auto angle = [](double x) { return std::asin(std::sqrt(x)); };
        const auto log_log = [](double x) { return -std::log(-std::log(x)); };
        const double z = evidence::z_of_level(0.95);
        const double total = (angle(*population.upper) - angle(*population.lower)) / (2 * z);
        const double own = (log_log(*reconstruction.upper) - log_log(*reconstruction.lower)) / (2 * z) * -s *
                           std::log(s) / (2 * std::sqrt(s * (1 - s)));
        CHECK(total * total - own * own == Approx(1.0 / (4 * n)).epsilon(0.01));
    }
    // The area under the Kaplan-Meier curve of a complete sample is the mean of min(T, h): Var = (E min^2 - (E min)^2)
    // / n.
    for (const double horizon : {3.0, 10.0, 25.0, 60.0}) {
        const double e = std::exp(-rate * horizon), mean = (1 - e) / rate,
                     square = 2 / (rate * rate) * (1 - e * (1 + rate * horizon));
        const double variance =
            added_variance([&](const auto& o) { return fit::rmst(fitted, 0, horizon, o); }, identity);
        INFO("horizon " << horizon);
        CHECK(variance == Approx((square - mean * mean) / n).epsilon(0.01));
    }
    // The median of n exponential times: simulated, and the large-sample 1 / (4 n f^2), f = rate / 2.
    Uniform uniform(11);
    std::vector<double> medians;
    for (int repeat = 0; repeat < 4000; ++repeat) {
        std::vector<double> times(n);
        for (double& time : times) time = -std::log(uniform()) / rate;
        std::nth_element(times.begin(), times.begin() + n / 2, times.end());
        medians.push_back(std::log(times[n / 2]));
    }
    const double variance = added_variance([&](const auto& o) { return fit::median(fitted, 0, o); }, log_of);
    CHECK(variance == Approx(variance_of(medians)).epsilon(0.05));
    CHECK(variance == Approx(1 / (n * std::pow(std::log(2.0), 2))).epsilon(0.01));
}

TEST_CASE("With censoring the sampling variance of the restricted mean is that of independent increments of the hazard",
          "[curve]") {
    // Var S(t) / S(t)^2 = V(t) = (1 - S) / (S n ra(t)); the Kaplan-Meier estimate's log has independent increments, so
    // that Var RMST = integral of A(t)^2 dV(t), A(t) = integral of S from t to the horizon (Klein & Moeschberger 2003,
    // eq. 4.5.2).
    for (const char* endpoint : {"OS", "PFS"})
        for (const auto& model : models_without_cure()) {
            const auto fitted = as_curve(fit_alone(two_arms(endpoint).shared(), model));
            const auto& record = fitted.evidence->arms[0];
            const double n = *record.n_patients;
            for (const double horizon : {10.0, 24.0, 36.0}) {
                constexpr int steps = 4000;
                std::vector<double> s(steps + 1), v(steps + 1), area(steps + 1);
                for (int k = 0; k <= steps; ++k) {
                    const double time = horizon * k / steps;
                    const auto i = static_cast<std::size_t>(k);
                    s[i] = survival::survival(*model.family, time, fitted.arms[0].parameters);
                    v[i] = (1 - s[i]) /
                           (s[i] * n *
                            evidence::effective_share(hersurv::evidence::builtin_constants()->endpoint(endpoint),
                                                      record, time, s[i]));
                }
                for (std::size_t i = steps; i-- > 0;) area[i] = area[i + 1] + horizon / steps * 0.5 * (s[i] + s[i + 1]);
                double expected = 0;
                for (std::size_t i = 0; i < steps; ++i)
                    expected += 0.5 * (area[i] * area[i] + area[i + 1] * area[i + 1]) * (v[i + 1] - v[i]);
                INFO(endpoint << ", " << model.name << ", horizon " << horizon);
                CHECK(added_variance([&](const auto& o) { return fit::rmst(fitted, 0, horizon, o); }, identity) ==
                      Approx(expected).epsilon(0.01));
            }
        }
}

TEST_CASE("Differences change their sign with the arms, and ratios turn over", "[curve]") {
    for (const auto& model : models_without_cure()) {
        const auto fitted = fit_alone(two_arms().shared(), model);
        for (const Band band : {Band::reconstruction, Band::population}) {
            const fit::IntervalOptions options{.band = band, .level = 0.9};
            const auto check_difference = [](const Estimate& there, const Estimate& back) {
                CHECK(back.value == Approx(-there.value));
                CHECK(*back.lower == Approx(-*there.upper));
                CHECK(*back.upper == Approx(-*there.lower));
                CHECK(back.extrapolated == there.extrapolated);
            };
            const auto check_ratio = [](const Estimate& there, const Estimate& back) {
                CHECK(back.value == Approx(1 / there.value).epsilon(1e-9));
                CHECK(*back.lower == Approx(1 / *there.upper).epsilon(1e-6));
                CHECK(*back.upper == Approx(1 / *there.lower).epsilon(1e-6));
            };
            INFO(model.name << ", " << fit::word(band));
            check_difference(fit::survival_difference(fitted, 0, 1, 18, options),
                             fit::survival_difference(fitted, 1, 0, 18, options));
            check_difference(fit::median_difference(fitted, 0, 1, options),
                             fit::median_difference(fitted, 1, 0, options));
            check_difference(fit::rmst_difference(fitted, 0, 1, 24, options),
                             fit::rmst_difference(fitted, 1, 0, 24, options));
            check_ratio(fit::rmst_ratio(fitted, 0, 1, 24, options), fit::rmst_ratio(fitted, 1, 0, 24, options));
            check_ratio(fit::hazard_ratio(fitted, 0, 1, options), fit::hazard_ratio(fitted, 1, 0, options));
            CHECK(fit::rmst_difference(fitted, 0, 1, 24, options).value ==
                  Approx(fit::rmst(fitted, 0, 24, options).value - fit::rmst(fitted, 1, 24, options).value));
            CHECK(fit::rmst_ratio(fitted, 0, 1, 24, options).value ==
                  Approx(fit::rmst(fitted, 0, 24, options).value / fit::rmst(fitted, 1, 24, options).value));
            CHECK(fit::median_difference(fitted, 0, 1, options).value ==
                  Approx(fit::median(fitted, 0, options).value - fit::median(fitted, 1, options).value));
        }
    }
}

TEST_CASE("The population band of a hazard ratio is near the printed limits", "[curve]") {
    // CLEOPATRA, end of study: 0.69 (0.58 to 0.82) with 402 and 406 patients; the fit does not read the limits.
    const auto fitted = fit_alone(test::cleopatra_end_of_study().shared(), *fit::find_model("loglogistic"));
    const auto hr = fit::hazard_ratio(fitted, 0, 1, {.band = Band::population, .level = 0.95});
    CHECK(hr.value == Approx(0.69).margin(0.05));
    CHECK(std::log(*hr.upper / *hr.lower) == Approx(std::log(0.82 / 0.58)).epsilon(0.35));
    // Expected events: 1/d1 + 1/d0 is about the published standard error's square.
    const auto curve = as_curve(fitted);
    const double added = added_variance([&](const auto& o) { return fit::hazard_ratio(curve, 0, 1, o); }, log_of);
    CHECK(std::sqrt(added) == Approx(std::log(0.82 / 0.58) / 2 / 1.96).epsilon(0.1));
}

TEST_CASE("Estimates at the ends of time are numbers or have no interval, never NaN", "[curve]") {
    for (const auto& model : models_without_cure()) {
        const auto fitted = fit_alone(two_arms().shared(), model);
        for (const Band band : {Band::reconstruction, Band::population}) {
            const fit::IntervalOptions options{.band = band, .level = 0.95};
            for (const double time : {0.0, 1e-9, 1e-3, 200.0, 1e4, 1e7}) {
                INFO(model.name << ", " << fit::word(band) << ", t = " << time);
                const auto sound = [](const Estimate& e) {
                    CHECK(std::isfinite(e.value));
                    CHECK(e.lower.has_value() == e.upper.has_value());
                    if (!e.lower) return;
                    CHECK(std::isfinite(*e.lower));
                    CHECK(std::isfinite(*e.upper));
                    CHECK(*e.lower <= e.value * (1 + 1e-9) + 1e-12);
                    CHECK(*e.upper >= e.value * (1 - 1e-9) - 1e-12);
                };
                sound(fit::survival_at(fitted, 0, time, options));
                sound(fit::rmst(fitted, 0, time, options));
                sound(fit::survival_difference(fitted, 0, 1, time, options));
                sound(fit::rmst_difference(fitted, 0, 1, time, options));
                if (time > 0) sound(fit::rmst_ratio(fitted, 0, 1, time, options));
            }
        }
    }
}

TEST_CASE("The mean of a parametric curve is the limit of its restricted mean", "[curve]") {
    for (const char* name : {"exponential", "weibull", "lognormal", "loglogistic"}) {
        const auto fitted = fitted_two_arms(name);
        for (const Band band : {Band::reconstruction, Band::population}) {
            INFO(name << ", " << fit::word(band));
            const auto mean = fit::mean(fitted, 0, {.band = band, .level = 0.95});
            REQUIRE(mean);
            CHECK(mean->extrapolated);
            REQUIRE(mean->lower);
            CHECK(*mean->lower < mean->value);
            CHECK(*mean->upper > mean->value);
            const auto wider = fit::mean(fitted, 0, {.band = band, .level = 0.99});
            CHECK(*wider->upper > *mean->upper);
            const auto& p = fitted.arms[0].parameters;
            if (std::string(name) == "exponential") CHECK(mean->value == Approx(1 / p[0]));
            if (std::string(name) == "weibull") {
                CHECK(mean->value == Approx(p[1] * std::tgamma(1 + 1 / p[0])));
                CHECK(mean->value == Approx(fit::rmst(fitted, 0, 1e4, {}).value));
            }
            // A constant hazard: the mean is the median / log 2, and so are its limits in the reconstruction band.
            if (std::string(name) == "exponential" && band == Band::reconstruction) {
                const auto median = fit::median(fitted, 0, {.band = band, .level = 0.95});
                CHECK(*mean->lower == Approx(*median.lower / std::log(2.0)).epsilon(1e-4));
                CHECK(*mean->upper == Approx(*median.upper / std::log(2.0)).epsilon(1e-4));
            }
        }
        CHECK(added_variance([&](const auto& o) { return *fit::mean(fitted, 0, o); }, log_of) > 0);
    }
    CHECK_FALSE(fit::mean(fitted_two_arms("flexible"), 0, {}));
}

TEST_CASE("A heavy tail has no mean", "[curve]") {
    // S falls as slowly as t^-shape with a shape below 1.
    auto paper = Paper("OS").arm({"a", "400", "", "60", "20.0", "", "", {{2, "0.80"}, {6, "0.68"}, {60, "0.36"}}});
    const auto fitted = fit_alone(paper.shared(), *fit::find_model("loglogistic"));
    REQUIRE(fitted.arms[0].parameters[0] < 1);
    CHECK_FALSE(fit::mean(fitted, 0, {}));
}

TEST_CASE("The sampling error of the mean of an exponential is that of its events", "[curve]") {
    // Var log mean = Var log rate = 1 / events.
    const auto fitted = complete_sample(1000, 10);
    CHECK(added_variance([&](const auto& o) { return *fit::mean(fitted, 0, o); }, log_of) ==
          Approx(1.0 / 1000).epsilon(0.01));
}

TEST_CASE("The hazard ratio at a time is h1 over h0", "[curve]") {
    for (const Band band : {Band::reconstruction, Band::population}) {
        const fit::IntervalOptions options{.band = band, .level = 0.95};
        const auto exponential = fitted_two_arms("exponential");
        const double rates = exponential.arms[0].parameters[0] / exponential.arms[1].parameters[0];
        // Weibull with a common shape has proportional hazards.
        const auto weibull = fit_alone(two_arms().shared(), *fit::find_model("weibull"), {.shape = fit::Shape::common});
        const auto& a = weibull.arms[0].parameters;
        const auto& b = weibull.arms[1].parameters;
        for (const double time : {1.0, 6.0, 24.0, 50.0}) {
            const auto constant = fit::hazard_ratio_at(exponential, 0, 1, time, options);
            REQUIRE(constant);
            CHECK(constant->value == Approx(rates));
            CHECK(*constant->lower < rates);
            CHECK(*constant->upper > rates);
            CHECK(constant->extrapolated == (time > fit::common_horizon(exponential, {0, 1})));
            CHECK(fit::hazard_ratio_at(weibull, 0, 1, time, options)->value == Approx(std::pow(b[1] / a[1], a[0])));
        }
        // With shapes of their own it moves as t^(k1 - k0).
        const auto separate = fitted_two_arms("weibull");
        const double early = fit::hazard_ratio_at(separate, 0, 1, 5, options)->value,
                     late = fit::hazard_ratio_at(separate, 0, 1, 20, options)->value;
        CHECK(late / early == Approx(std::pow(4.0, separate.arms[0].parameters[0] - separate.arms[1].parameters[0])));
        CHECK(fit::hazard_ratio_at(separate, 1, 0, 5, options)->value == Approx(1 / early));
        // The flexible curve: over a doubling of time, with a band, and marked where that goes beyond the numbers.
        const auto flexible = fitted_two_arms("flexible");
        const auto smooth = fit::hazard_ratio_at(flexible, 0, 1, 12, options);
        REQUIRE(smooth);
        const auto fallen = [&](std::size_t arm) {
            const auto h = [&](double t) {
                return flexible.curves->cumulative_hazard(arm, t, flexible.free_parameters);
            };
            return h(12 * std::sqrt(2.0)) - h(12 / std::sqrt(2.0));
        };
        CHECK(smooth->value == Approx(fallen(0) / fallen(1)));
        CHECK(*smooth->lower < smooth->value);
        CHECK(*smooth->upper > smooth->value);
        const double end = fit::common_horizon(flexible, {0, 1});
        CHECK_FALSE(fit::hazard_ratio_at(flexible, 0, 1, 0.7 * end, options)->extrapolated);
        CHECK(fit::hazard_ratio_at(flexible, 0, 1, 0.8 * end, options)->extrapolated);
    }
}

TEST_CASE("The sampling error of a hazard ratio at a time is that of the events of the window", "[curve]") {
    // Var log(H(b) - H(a)) = (1/S(b) - 1/S(a)) / n / (H(b) - H(a))^2 for each arm of a complete sample.
    auto paper = Paper("OS")
                     .arm({"a", "800", "800", "4000", "10.00", "", "", {}})
                     .arm({"b", "600", "600", "4000", "14.00", "", "", {}});
    const auto fitted = fit_alone(paper.shared(), *fit::find_model("exponential"));
    const auto curve = as_curve(fitted);
    const double time = 8, from = time / std::sqrt(2.0), to = time * std::sqrt(2.0);
    double expected = 0;
    for (const std::size_t arm : {0U, 1U}) {
        const double rate = fitted.arms[arm].parameters[0], n = arm == 0 ? 800 : 600;
        expected += (std::exp(rate * to) - std::exp(rate * from)) / n / std::pow(rate * (to - from), 2);
    }
    const double added =
        added_variance([&](const auto& o) { return *fit::hazard_ratio_at(curve, 0, 1, time, o); }, log_of);
    CHECK(added == Approx(expected).epsilon(0.02));
}

TEST_CASE("Every summary has limits that widen with band and level, and a mark beyond the numbers", "[curve]") {
    for (const char* name : {"weibull", "flexible"}) {
        const auto model = fitted_two_arms(name);
        const double horizon = fit::common_horizon(model, {0, 1});
        using At = std::function<Estimate(double, const fit::IntervalOptions&)>;
        const std::vector<std::pair<const char*, At>> summaries = {
            {"survival", [&](double t, const auto& o) { return fit::survival_at(model, 0, t, o); }},
            {"survival difference",
             [&](double t, const auto& o) { return fit::survival_difference(model, 0, 1, t, o); }},
            {"rmst", [&](double t, const auto& o) { return fit::rmst(model, 0, t, o); }},
            {"rmst difference", [&](double t, const auto& o) { return fit::rmst_difference(model, 0, 1, t, o); }},
            {"rmst ratio", [&](double t, const auto& o) { return fit::rmst_ratio(model, 0, 1, t, o); }},
            {"hazard ratio at", [&](double t, const auto& o) { return *fit::hazard_ratio_at(model, 0, 1, t, o); }},
            {"hazard ratio", [&](double, const auto& o) { return fit::hazard_ratio(model, 0, 1, o); }},
            {"median", [&](double, const auto& o) { return fit::median(model, 0, o); }},
            {"median difference", [&](double, const auto& o) { return fit::median_difference(model, 0, 1, o); }}};
        for (const auto& [what, at] : summaries) {
            INFO(name << ", " << what);
            double before = 0;
            for (const auto& [band, level] : {std::pair{Band::reconstruction, 0.5},
                                              {Band::reconstruction, 0.95},
                                              {Band::population, 0.95},
                                              {Band::population, 0.999}}) {
                const auto e = at(0.6 * horizon, {.band = band, .level = level});
                REQUIRE(e.lower);
                REQUIRE(e.upper);
                CHECK(*e.lower < e.value);
                CHECK(*e.upper > e.value);
                CHECK(*e.upper - *e.lower > before);
                before = *e.upper - *e.lower;
                CHECK_FALSE(e.extrapolated);
            }
            const bool has_time =
                std::string(what).find("median") == std::string::npos && std::string(what) != "hazard ratio";
            CHECK(at(1.2 * horizon, {}).extrapolated == has_time);
        }
    }
}

TEST_CASE("The limits of a family that stands for the curve are the curve's, widened to hold its value", "[curve]") {
    using At = std::function<Estimate(const fit::FittedModel&, const fit::IntervalOptions&)>;
    const std::vector<std::pair<const char*, At>> quantities = {
        {"S(0)", [](const auto& m, const auto& o) { return fit::survival_at(m, 0, 0, o); }},
        {"S(12)", [](const auto& m, const auto& o) { return fit::survival_at(m, 0, 12, o); }},
        {"S(60)", [](const auto& m, const auto& o) { return fit::survival_at(m, 0, 60, o); }},
        {"median", [](const auto& m, const auto& o) { return fit::median(m, 0, o); }},
        {"RMST", [](const auto& m, const auto& o) { return fit::rmst(m, 0, 24, o); }},
        {"S difference", [](const auto& m, const auto& o) { return fit::survival_difference(m, 0, 1, 12, o); }},
        {"median difference", [](const auto& m, const auto& o) { return fit::median_difference(m, 0, 1, o); }},
        {"RMST difference", [](const auto& m, const auto& o) { return fit::rmst_difference(m, 0, 1, 24, o); }},
        {"RMST ratio", [](const auto& m, const auto& o) { return fit::rmst_ratio(m, 0, 1, 24, o); }},
        {"hazard ratio", [](const auto& m, const auto& o) { return fit::hazard_ratio(m, 0, 1, o); }},
        {"hazard ratio at 12", [](const auto& m, const auto& o) { return *fit::hazard_ratio_at(m, 0, 1, 12, o); }},
    };
    std::size_t widened = 0, as_they_are = 0;
    for (const char* endpoint : {"OS", "PFS"}) {
        const auto evidence = two_arms(endpoint).shared();
        std::vector<const fit::Model*> models;
        for (const auto& model : fit::parametric_models()) models.push_back(&model);
        for (const auto& alone : fit::fit(evidence, models)) {
            auto family = alone;
            family.intervals_of_reconstruction = true;  // as `auto` has it
            CHECK(family.intervals_suppose().empty());
            CHECK(alone.intervals_suppose() == alone.model->name);
            const fit::FittedModel& flexible = *family.reconstruction;
            for (const Band band : {Band::reconstruction, Band::population})
                for (const auto& [what, at] : quantities) {
                    const fit::IntervalOptions options{.band = band, .level = 0.95};
                    INFO(endpoint << ", " << family.model->name << ", " << fit::word(band) << ", " << what);
                    const Estimate own = at(family, options), of_curve = at(flexible, options);
                    CHECK(own.value == at(alone, options).value);
                    REQUIRE(own.lower);
                    REQUIRE(own.upper);
                    CHECK(*own.lower == std::min(own.value, *of_curve.lower));
                    CHECK(*own.upper == std::max(own.value, *of_curve.upper));
                    const bool outside = own.value < *of_curve.lower || own.value > *of_curve.upper;
                    ++(outside ? widened : as_they_are);
                    if (std::string(what) != "hazard ratio at 12") CHECK(own.extrapolated == of_curve.extrapolated);
                }
        }
    }
    CHECK(widened > 40);
    CHECK(as_they_are > 200);
}
