// What must hold of every family laid through every reconstructed curve, whatever the evidence: it is a survival curve
// and the nearest of its family, families that hold one another are ordered by distance, and nothing depends on order.
#include "hersurv/estimates.hpp"
#include "hersurv/fit.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "evidence/constants.hpp"
#include "unit/evidence/records.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

namespace evidence = hersurv::evidence;
namespace fit = hersurv::fit;
namespace survival = hersurv::survival;
namespace test = hersurv::test;
using fit::FitStatus;
using fit::FittedModel;
using fit::Shape;
using test::Paper;

namespace {

using Evidence = std::shared_ptr<const evidence::AnalysisEvidence>;

// Uniform on (low, high), the same on every platform.
class Uniform {
  public:
    explicit Uniform(std::uint64_t seed) : engine_(seed) {}
    double operator()(double low, double high) {
        return low + (high - low) * (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53;
    }

  private:
    std::mt19937_64 engine_;
};

std::string text(const char* format, double value) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, format, value);
    return buffer;
}

std::vector<const fit::Model*> families() {
    std::vector<const fit::Model*> all;
    for (const auto& model : fit::parametric_models()) all.push_back(&model);
    return all;
}

const FittedModel& named(const std::vector<FittedModel>& fits, const std::string& name) {
    return *std::ranges::find_if(fits, [&](const FittedModel& fitted) { return fitted.model->name == name; });
}

// Two arms with everything a paper prints.
Paper full_paper(const std::string& endpoint = "OS") {
    return Paper(endpoint)
        .arm({"new", "295", "169", "24.5", "25.1", "22.4", "28.0", {{12, "0.80"}, {24, "0.523"}}})
        .arm({"old", "290", "198", "23.5", "20.3", "17.9", "23.1", {{12, "0.71"}, {24, "0.44"}}})
        .hazard_ratio("new", "old", "0.72");
}

// Any mixture of numbers that papers print.
Paper random_paper(Uniform& uniform, const std::string& endpoint) {
    Paper paper(endpoint);
    const std::size_t n_arms = 1 + static_cast<std::size_t>(uniform(0, 3));
    for (std::size_t i = 0; i < n_arms; ++i) {
        const auto maybe = [&](double share, std::string value) {
            return uniform(0, 1) < share ? std::move(value) : std::string();
        };
        const double median = std::exp(uniform(std::log(2), std::log(80))),
                     n = std::exp(uniform(std::log(8), std::log(1500)));
        test::ArmLine line;
        line.id = std::string(1, static_cast<char>('a' + i));
        line.n = maybe(0.8, text("%.0f", n));
        line.events = maybe(0.5, text("%.0f", n * uniform(0, 1)));
        line.follow_up = maybe(0.6, text("%.1f", median * uniform(0.3, 3)));
        line.median = maybe(0.7, uniform(0, 1) < 0.1 ? "NR" : text("%.1f", median));
        if (!line.median.empty()) {
            line.lower = maybe(0.6, text("%.1f", median * uniform(0.6, 0.98)));
            line.upper = maybe(0.6, uniform(0, 1) < 0.3 ? "NE" : text("%.1f", median * uniform(1.02, 1.7)));
        }
        for (const double time : {6.0, 12.0, 24.0})
            if (uniform(0, 1) < 0.3)
                line.milestones.emplace_back(time,
                                             text("%.2f", std::pow(0.5, std::pow(time / median, uniform(0.8, 2)))));
        paper.arm(line);
        if (i > 0 && uniform(0, 1) < 0.7) paper.hazard_ratio(line.id, "a", text("%.2f", uniform(0.3, 1.4)));
    }
    return paper;
}

std::vector<Paper> extreme_papers() {
    std::vector<Paper> papers;
    papers.push_back(Paper("OS").arm({"a", "5", "4", "12.0", "6.1", "1.2", "30.0", {}}));
    papers.push_back(Paper("OS").arm({"a", "5", "4", "12.0", "", "", "", {}}));
    papers.push_back(Paper("OS").arm({"a", "1", "1", "12.0", "3", "", "", {}}));
    papers.push_back(Paper("OS").arm({"a", "100", "1", "12.0", "NR", "", "", {}}));
    papers.push_back(Paper("OS").arm({"a", "100", "0", "12.0", "NR", "", "", {}}));
    papers.push_back(Paper("OS").arm({"a", "100", "100", "12.0", "NE", "", "", {}}));
    papers.push_back(Paper("OS").arm({"a", "800", "", "36.0", "NR", "", "", {{36, "0.985"}}}));
    papers.push_back(Paper("OS").arm({"a", "800", "", "36.0", "", "", "", {{1e-9, "0.999"}, {24, "0.62"}}}));
    papers.push_back(Paper("OS").arm({"a", "80", "", "", "", "", "", {{1, "0.011"}}}));
    papers.push_back(Paper("PFS").arm({"a", "300", "290", "3.0", "0.1", "0.05", "0.2", {}}));
    papers.push_back(Paper("OS").arm({"a", "300", "20", "200", "300", "250", "NR", {}}));
    papers.push_back(Paper("OS")
                         .arm({"a", "90", "", "", "", "", "", {}})
                         .arm({"b", "90", "", "12", "9.0", "6.0", "12.0", {}})
                         .hazard_ratio("a", "b", "0.01"));
    return papers;
}

// The root of the sum of squares that a family minimises, of one arm at any free parameters: 24 even times over the
// supported range, and with their weights the printed median and milestones (docs/method.md).
// A family of one parameter has the median as it is published, or the milestone that is all.
constexpr double weight_of_median = 2;

double distance(const FittedModel& fitted, std::size_t arm, std::span<const double> free, double of_median) {
    constexpr int n_times = 24;
    const FittedModel& flexible = *fitted.reconstruction;
    double sum = 0;
    const auto look_at = [&](double time, double weight, const evidence::Observation* published = nullptr) {
        const double own = std::exp(-fitted.curves->cumulative_hazard(arm, time, free)),
                     curve = std::exp(-flexible.curves->cumulative_hazard(arm, time, flexible.free_parameters)),
                     wanted = published != nullptr && weight > 2 ? published->survival : curve;
        sum += std::pow(weight * (own - wanted), 2);
    };
    for (int k = 1; k <= n_times; ++k) look_at(fitted.arms[arm].supported_months * k / n_times, 1);
    using Statistic = hersurv::catalogue::StatisticKey::Kind;
    std::vector<const evidence::Observation*> medians, milestones;
    for (const auto& o : fitted.evidence->observations) {
        if (o.arm != arm || o.kind != evidence::Kind::point) continue;
        if (o.statistic.is(Statistic::median)) medians.push_back(&o);
        if (o.statistic.is(Statistic::milestone)) milestones.push_back(&o);
    }
    for (const auto* o : medians) look_at(o->time_months, of_median, o);
    const auto n_numbers = std::ranges::count_if(
        fitted.evidence->observations, [arm](const auto& o) { return o.used() && (o.arm == arm || o.control == arm); });
    const bool only = n_numbers == 1 && milestones.size() == 1;
    for (const auto* o : milestones) look_at(o->time_months, only && of_median > 2 ? of_median : 1.5, o);
    return std::sqrt(sum);
}

double distance(const FittedModel& fitted, std::span<const double> free, double of_median) {
    double sum = 0;
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm)
        if (fitted.fitted(arm)) sum += std::pow(distance(fitted, arm, free, of_median), 2);
    return std::sqrt(sum);
}

double distance(const FittedModel& fitted, std::span<const double> free) {
    return distance(fitted, free, weight_of_median);
}

void check_domains(const survival::Family& family, const std::vector<double>& parameters) {
    REQUIRE(parameters.size() == family.parameters.size());
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        INFO(family.parameters[p].name);
        CHECK(std::isfinite(parameters[p]));
        if (family.parameters[p].domain == survival::Domain::positive) CHECK(parameters[p] > 0);
        if (family.parameters[p].domain == survival::Domain::share) CHECK((parameters[p] >= 0 && parameters[p] < 1));
    }
}

void check_positive_semi_definite(const fit::SymmetricMatrix& covariance) {
    if (covariance.size == 0) return;
    const auto n = static_cast<Eigen::Index>(covariance.size);
    const Eigen::MatrixXd matrix = Eigen::Map<const Eigen::MatrixXd>(covariance.values.data(), n, n);
    REQUIRE(matrix.allFinite());
    const double largest = matrix.cwiseAbs().maxCoeff();
    CHECK((matrix - matrix.transpose()).cwiseAbs().maxCoeff() <= 1e-9 * largest);
    CHECK(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(matrix).eigenvalues().minCoeff() >= -1e-9 * largest);
}

void check_residuals(const FittedModel& fitted) {
    const auto& observations = fitted.evidence->observations;
    std::vector<bool> seen(observations.size(), false);
    for (const auto& residual : fitted.residuals) {
        const auto& o = observations[residual.observation];
        INFO(to_string(o.statistic) << " " << o.published.value << ": " << residual.fitted);
        seen[residual.observation] = true;
        CHECK_FALSE(std::isnan(residual.fitted));
        CHECK(std::isfinite(residual.standardised));
        if (o.published.is_number())
            CHECK(residual.within_rounding ==
                  (std::abs(residual.fitted - o.published.value) <= o.published.half_unit() * (1 + 1e-9)));
        if (o.kind == evidence::Kind::point) {
            const double s = std::exp(-fitted.curves->cumulative_hazard(o.arm, o.time_months, fitted.free_parameters));
            const double missed = fitted.model->family != nullptr ? fitted.evidence->constants->reading().sd_model : 0;
            CHECK(residual.standardised == Approx((s - o.survival) / std::hypot(o.sd, missed)).margin(1e-9));
        }
    }
    for (std::size_t i = 0; i < observations.size(); ++i) {
        const auto& o = observations[i];
        INFO(to_string(o.statistic));
        if (o.used() && fitted.fitted(o.arm) && (!o.control || fitted.fitted(*o.control)))
            CHECK((seen[i] || o.statistic.is_limit_of(hersurv::catalogue::StatisticKey::Kind::median)));
    }
}

void check_sound(const FittedModel& fitted) {
    const FittedModel& flexible = *fitted.reconstruction;
    REQUIRE(fitted.arms.size() == fitted.evidence->arms.size());
    CHECK(flexible.model->name == "flexible");
    CHECK((fitted.curves == nullptr) == fitted.free_parameters.empty());
    CHECK(fitted.covariance.size == fitted.free_parameters.size());
    check_positive_semi_definite(fitted.covariance);
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) {
        const fit::ArmFit& result = fitted.arms[arm];
        INFO("arm " << arm << ": " << fit::word(result.status) << " " << result.reason);
        CHECK(fitted.fitted(arm) == flexible.fitted(arm));
        const bool nobody_cured =
            fitted.fitted(arm) && fitted.model->family->uncured != nullptr && result.parameters.back() < 1.2e-5;
        if (nobody_cured)
            CHECK_FALSE(result.reason.empty());
        else
            CHECK((result.status == FitStatus::determined) == result.reason.empty());
        if (!fitted.fitted(arm)) {
            CHECK(result.reason == flexible.arms[arm].reason);
            CHECK(result.parameters.empty());
            CHECK(fitted.coordinates[arm].empty());
            continue;
        }
        // Where an arm hardly falls, a cured share and a late median say the same: only there may a search not end.
        if (result.status == FitStatus::not_converged) CHECK(fitted.model->family->uncured != nullptr);
        check_domains(*fitted.model->family, result.parameters);
        CHECK(fitted.parameters_at(arm, fitted.free_parameters) == result.parameters);
        CHECK(result.supported_months == flexible.arms[arm].supported_months);
        CHECK(result.supported_months > 0);
        CHECK(result.rms_distance >= 0);
        CHECK(result.rms_distance < 1);
        check_positive_semi_definite(fitted.natural_covariance(arm));
        double before = 1;
        for (double time = 1e-9; time < 1e4; time *= 3) {
            const double s = fit::survival_at(fitted, arm, time, {.level = 0}).value;
            CHECK(s <= before);
            CHECK(s >= 0);
            before = s;
        }
    }
    check_residuals(fitted);
}

// Families that are members of others run no nearer to the curve, but for minima that are as good as the same.
void check_order(const std::vector<FittedModel>& fits) {
    const auto no_nearer = [&](const std::string& narrow, const std::string& wide) {
        const FittedModel &a = named(fits, narrow), &b = named(fits, wide);
        INFO(narrow << " is a member of " << wide);
        CHECK(distance(b, b.free_parameters) <= 1.02 * distance(a, a.free_parameters, weight_of_median) + 1e-3);
    };
    for (const char* cure : {"", "-cure"}) {
        for (const char* wide : {"weibull", "gamma", "gompertz"})
            no_nearer(std::string("exponential") + cure, std::string(wide) + cure);
        for (const char* narrow : {"weibull", "lognormal", "gamma"})
            no_nearer(std::string(narrow) + cure, std::string("gengamma") + cure);
    }
    for (const FittedModel& fitted : fits)
        if (fitted.model->family->uncured != nullptr)
            no_nearer(std::string(fitted.model->family->uncured->name), std::string(fitted.model->name));
}

// Whether the natural parameters are still within the range of double: a level curve has no scale.
bool in_range(const FittedModel& fitted, const std::vector<double>& free) {
    const survival::Family& family = *fitted.model->family;
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) {
        if (!fitted.fitted(arm)) continue;
        const auto parameters = fitted.parameters_at(arm, free);
        for (std::size_t p = 0; p < parameters.size(); ++p)
            if (!std::isfinite(parameters[p]) ||
                (family.parameters[p].domain == survival::Domain::positive && parameters[p] <= 0))
                return false;
    }
    return true;
}

void check_minimum(const FittedModel& fitted) {
    const double least = distance(fitted, fitted.free_parameters);
    auto moved = fitted.free_parameters;
    for (std::size_t j = 0; j < moved.size(); ++j)
        for (const double step : {-0.1, -0.02, 0.02, 0.1}) {
            moved[j] = fitted.free_parameters[j] + step;
            INFO("coordinate " << j << " by " << step);
            if (in_range(fitted, moved)) CHECK(distance(fitted, moved) >= least * (1 - 1e-4) - 1e-6);
            moved[j] = fitted.free_parameters[j];
        }
}

void check_all(const Evidence& evidence) {
    for (const Shape shape : {Shape::separate, Shape::common}) {
        const auto fits = fit::fit(evidence, families(), {.shape = shape, .target = fit::Target::curve});
        REQUIRE(fits.size() == fit::parametric_models().size());
        for (const FittedModel& fitted : fits) {
            INFO(fitted.model->name << (shape == Shape::common ? ", common shape" : ""));
            check_sound(fitted);
            if (fitted.curves == nullptr) continue;
            check_minimum(fitted);
        }
        if (fits.front().curves != nullptr && shape == Shape::separate) check_order(fits);
    }
}

}  // namespace

TEST_CASE("The table of models is complete", "[fit]") {
    REQUIRE(fit::parametric_models().size() + 1 == fit::models().size());
    for (const auto& model : fit::parametric_models()) {
        INFO(model.name);
        REQUIRE(model.family != nullptr);
        CHECK(model.family->name == model.name);
        CHECK(fit::find_model(model.name) == &model);
    }
    CHECK(fit::find_model("cauchy") == nullptr);
    CHECK(fit::word(FitStatus::not_enough_data) == "not-enough-data");
}

TEST_CASE("Any mixture of numbers gives the nearest curve of every family", "[fit][numbers]") {
#ifdef __SANITIZE_ADDRESS__
    constexpr int n_papers = 8;  // ten times as slow
#else
    constexpr int n_papers = 24;
#endif
    Uniform uniform(5);
    std::size_t n_fitted = 0, not_converged = 0;
    for (int repeat = 0; repeat < n_papers; ++repeat) {
        INFO("paper " << repeat);
        const auto evidence = random_paper(uniform, repeat % 4 == 3 ? "PFS" : "OS").shared();
        check_all(evidence);
        for (const auto& fitted : fit::fit(evidence, families()))
            for (std::size_t arm = 0; arm < evidence->arms.size(); ++arm) {
                n_fitted += fitted.fitted(arm);
                not_converged += fitted.arms[arm].status == FitStatus::not_converged;
            }
    }
    CHECK(n_fitted > n_papers * 16);
    CHECK(not_converged <= n_fitted / 100);
}

TEST_CASE("Extremes of what a paper can print give the nearest curve of every family", "[fit]") {
    const auto papers = extreme_papers();
    for (std::size_t i = 0; i < papers.size(); ++i) {
        INFO("extreme paper " << i);
        check_all(papers[i].shared());
    }
}

TEST_CASE("Several models fitted together are each alone, in any order", "[fit]") {
    const auto evidence = full_paper().shared();
    auto reversed = families();
    std::ranges::reverse(reversed);
    const auto together = fit::fit(evidence, families()), backwards = fit::fit(evidence, reversed);
    for (std::size_t i = 0; i < together.size(); ++i) {
        const auto alone = fit::fit(evidence, *families()[i]);
        const auto& other = backwards[together.size() - 1 - i];
        INFO(alone.model->name);
        for (const FittedModel* fitted : {&together[i], &other}) {
            REQUIRE(fitted->model == alone.model);
            CHECK(fitted->free_parameters == alone.free_parameters);
            CHECK(fitted->covariance.values == alone.covariance.values);
        }
    }
    CHECK(fit::fit(evidence, std::span<const fit::Model* const>()).empty());
}

TEST_CASE("The order of the arms and the direction of the hazard ratio do not matter", "[fit]") {
    const auto straight = full_paper("OS").gather();
    auto exchanged = straight, turned = straight;
    std::swap(exchanged.arms[0], exchanged.arms[1]);
    for (auto& o : exchanged.observations) {
        o.arm = 1 - o.arm;
        if (o.control) o.control = 1 - *o.control;
    }
    std::ranges::reverse(exchanged.observations);
    for (auto& o : turned.observations) {
        if (!o.control) continue;
        std::swap(o.arm, *o.control);
        o.value = -o.value;
    }
    const auto share = [](const evidence::AnalysisEvidence& e) {
        return std::make_shared<const evidence::AnalysisEvidence>(e);
    };
    const auto a = fit::fit(share(straight), families()), b = fit::fit(share(exchanged), families()),
               c = fit::fit(share(turned), families());
    for (std::size_t i = 0; i < a.size(); ++i)
        for (const std::size_t arm : {0U, 1U}) {
            INFO(a[i].model->name << ", arm " << arm);
            CHECK(b[i].arms[1 - arm].status == a[i].arms[arm].status);
            CHECK(c[i].arms[arm].status == a[i].arms[arm].status);
            CHECK(b[i].arms[1 - arm].rms_distance == Approx(a[i].arms[arm].rms_distance).epsilon(1e-3));
            CHECK(c[i].arms[arm].rms_distance == Approx(a[i].arms[arm].rms_distance).epsilon(1e-3));
            for (const double time : {3.0, 12.0, 30.0}) {
                const double s = fit::survival_at(a[i], arm, time, {}).value;
                CHECK(fit::survival_at(b[i], 1 - arm, time, {}).value == Approx(s).margin(1e-5));
                CHECK(fit::survival_at(c[i], arm, time, {}).value == Approx(s).margin(1e-5));
            }
        }
}

TEST_CASE("A common shape is one shape, and costs distance", "[fit]") {
    for (const char* endpoint : {"OS", "PFS"}) {
        const auto evidence = full_paper(endpoint).shared();
        const auto separate = fit::fit(evidence, families()),
                   common = fit::fit(evidence, families(), {.shape = Shape::common});
        for (std::size_t i = 0; i < common.size(); ++i) {
            const FittedModel& fitted = common[i];
            const auto& family = *fitted.model->family;
            const auto& base = family.uncured != nullptr ? *family.uncured : family;
            const std::size_t n_shapes = (base.shape_name.empty() ? 0 : 1) + base.n_held;
            INFO(endpoint << ", " << fitted.model->name);
            CHECK(fitted.free_parameters.size() == 2 * family.parameters.size() - n_shapes);
            CHECK(separate[i].free_parameters.size() == 2 * family.parameters.size());
            for (std::size_t k = 0; k < fitted.coordinates[0].size(); ++k)
                CHECK((fitted.coordinates[0][k] == fitted.coordinates[1][k]) == (k >= 1 && k <= n_shapes));
            if (n_shapes > 0)
                CHECK(survival::shape_of(family, fitted.arms[0].parameters) ==
                      Approx(survival::shape_of(family, fitted.arms[1].parameters)).epsilon(1e-9));
            CHECK(distance(fitted, fitted.free_parameters) >=
                  distance(separate[i], separate[i].free_parameters) - 1e-4);
        }
        // Weibull curves of one shape have proportional hazards.
        const auto& weibull = named(common, "weibull");
        const auto &a = weibull.arms[0].parameters, &b = weibull.arms[1].parameters;
        CHECK(fit::hazard_ratio(weibull, 0, 1, {}).value == Approx(std::pow(b[1] / a[1], a[0])).epsilon(1e-9));
    }
}

TEST_CASE("An arm that no number places is not fitted, and the reason is given", "[fit]") {
    const auto not_reached = Paper("OS").arm({"a", "261", "", "28.4", "NR", "", "", {}}).shared(),
               nothing = Paper("OS").arm({"a", "261", "", "", "", "", "", {}}).shared(), no_arms = Paper("OS").shared();
    // One arm of two: the other is fitted as if it stood alone.
    const auto one = Paper("OS")
                         .arm({"a", "261", "", "28.4", "NR", "", "", {}})
                         .arm({"b", "263", "", "26.5", "20.1", "17.2", "24.0", {}})
                         .shared(),
               alone = Paper("OS").arm({"b", "263", "", "26.5", "20.1", "17.2", "24.0", {}}).shared();
    for (const auto* model : families()) {
        INFO(model->name);
        const auto a = fit::fit(not_reached, *model), b = fit::fit(nothing, *model);
        CHECK(a.arms[0].status == FitStatus::not_enough_data);
        CHECK(a.arms[0].reason.find("not reached") != std::string::npos);
        CHECK(a.free_parameters.empty());
        CHECK(a.curves == nullptr);
        CHECK(b.arms[0].reason.find("no median") != std::string::npos);
        CHECK(fit::fit(no_arms, *model).arms.empty());
        const auto of_two = fit::fit(one, *model), of_one = fit::fit(alone, *model);
        CHECK_FALSE(of_two.fitted(0));
        REQUIRE(of_two.fitted(1));
        for (std::size_t p = 0; p < of_one.arms[0].parameters.size(); ++p)
            CHECK(of_two.arms[1].parameters[p] == Approx(of_one.arms[0].parameters[p]).epsilon(1e-4).margin(1e-4));
    }
}

TEST_CASE("One number leaves the shape to published curves, many determine it", "[fit]") {
    const auto one = Paper("OS").arm({"a", "300", "", "", "20.0", "", "", {}}).shared(),
               many = Paper("OS")
                          .arm({"a",
                                "300",
                                "210",
                                "48",
                                "20.0",
                                "18.0",
                                "22.3",
                                {{6, "0.85"}, {12, "0.70"}, {24, "0.42"}, {36, "0.25"}, {48, "0.14"}}})
                          .shared();
    for (const auto* model : families()) {
        INFO(model->name);
        const auto few = fit::fit(one, *model), all = fit::fit(many, *model);
        const bool has_shape = few.free_parameters.size() > 1;
        // Nothing is left to determine where nobody is cured.
        if (model->name != "exponential-cure") {
            CHECK(few.arms[0].status == (has_shape ? FitStatus::prior : FitStatus::determined));
            CHECK(few.arms[0].reason.empty() != has_shape);
        }
        if (model->family->uncured == nullptr) CHECK(all.arms[0].status == FitStatus::determined);
        if (model->family->uncured == nullptr && has_shape) {
            const auto at = few.coordinates[0][1];
            CHECK(all.covariance(at, at) < 0.5 * few.covariance(at, at));
        }
    }
}

TEST_CASE("Numbers that contradict each other still give a curve, and the residuals name them", "[fit]") {
    const auto risen = Paper("OS").arm({"a", "200", "", "30", "10.0", "", "", {{8, "0.20"}, {12, "0.80"}}}).shared();
    const auto impossible_ratio = Paper("OS")
                                      .arm({"a", "200", "", "24", "10.0", "", "", {{12, "0.40"}}})
                                      .arm({"b", "200", "", "24", "10.0", "", "", {{12, "0.40"}}})
                                      .hazard_ratio("a", "b", "0.10")
                                      .shared();
    check_all(risen);
    check_all(impossible_ratio);
    for (const auto& fitted : fit::fit(risen, families())) {
        INFO(fitted.model->name);
        std::size_t missed = 0;
        for (const auto& residual : fitted.residuals)
            missed += !residual.within_rounding && std::abs(residual.standardised) > 5;
        CHECK(missed >= 1);
    }
    for (const auto& fitted : fit::fit(impossible_ratio, families()))
        CHECK(std::ranges::any_of(fitted.residuals, [&](const auto& residual) {
            return fitted.evidence->observations[residual.observation].statistic.is(
                       hersurv::catalogue::StatisticKey::Kind::hazard_ratio) &&
                   !residual.within_rounding;
        }));
}

TEST_CASE("A member of a family that is printed in full comes back", "[fit]") {
    // Milestones to three decimals of a hundred thousand patients; the reconstruction bends between them, by less than
    // .006 on average.
    for (const auto* model : families()) {
        const auto& family = *model->family;
        const bool cured = family.uncured != nullptr;
        const auto& base = cured ? *family.uncured : family;
        std::vector<double> truth(family.parameters.size());
        if (cured) truth.back() = 0.15;
        if (base.n_held > 0) truth[base.parameters.size() - 1] = 0.4;
        const double shape = base.shape_name.empty() ? 0 : base.name == "gompertz" ? 0.1 : 0.25;
        survival::from_median(family, 20, shape, truth);
        test::ArmLine line{"a", "100000", "", "61.0", "20.0000", "", "", {}};
        for (int month = 2; month <= 60; month += month < 20 ? 2 : 4) {
            const double s = survival::survival(family, month, truth);
            if (month != 20 && s > 0.02) line.milestones.emplace_back(month, text("%.3f", s));
        }
        const auto fitted = fit::fit(Paper("OS").arm(line).shared(), *model);
        INFO(model->name);
        CHECK(fitted.arms[0].rms_distance < 0.006);
        for (double time = 1; time < fitted.arms[0].supported_months; time += 1)
            CHECK(fit::survival_at(fitted, 0, time, {}).value ==
                  Approx(survival::survival(family, time, truth)).margin(0.008));
        if (!cured && base.n_held == 0)
            for (std::size_t p = 0; p < truth.size(); ++p)
                CHECK(fitted.arms[0].parameters[p] == Approx(truth[p]).epsilon(0.05).margin(0.001));
    }
}

TEST_CASE("auto says which model it took and why", "[fit]") {
    for (const auto& paper : {full_paper(), test::cleopatra_end_of_study()}) {
        const auto automatic = fit::fit_auto(paper.shared());
        REQUIRE_FALSE(automatic.messages.empty());
        CHECK(automatic.messages[0].find("model: " + std::string(automatic.model->name) + ", chosen automatically") ==
              0);
        const auto met = [](const FittedModel& fitted) {
            return std::ranges::count_if(fitted.residuals,
                                         [](const auto& residual) { return residual.within_rounding; });
        };
        for (const auto& fitted : fit::fit(paper.shared(), families())) CHECK(met(automatic) >= met(fitted));
    }
    const auto nothing = fit::fit_auto(Paper("OS").arm({"a", "", "", "", "", "", "", {}}).shared());
    CHECK_FALSE(nothing.fitted(0));
    CHECK(nothing.messages.empty());
}
