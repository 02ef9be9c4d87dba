// Families fitted to patients by maximum likelihood, against survreg and against other optimisers on densities written
// in R (tests/reference/maximum_likelihood.R); and likelihoods without a maximum.
#include "hersurv/patients.hpp"

#include <catch2/catch.hpp>

#include "survival/log_likelihood.hpp"
#include "unit/evidence/records.hpp"
#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace patients = hersurv::patients;
namespace survival = hersurv::survival;
using hersurv::fit::Shape;
using hersurv::test::reference_rows;
using patients::LikelihoodFit;
using patients::LikelihoodStatus;

namespace {

std::map<std::string, std::vector<patients::Arm>> reference_sets() {
    std::map<std::string, std::vector<patients::Arm>> sets;
    for (const auto& row : reference_rows("maximum_likelihood_patients.csv")) {
        auto& arms = sets[row[0]];
        if (arms.empty() || arms.back().name != row[1]) arms.push_back({row[1], {}});
        arms.back().patients.push_back({std::stod(row[2]), row[3] == "1"});
    }
    return sets;
}

std::vector<const survival::Family*> all_families() {
    return {survival::families().begin(), survival::families().end()};
}

std::vector<patients::FamilyFits> fitted(const std::vector<patients::Arm>& arms, Shape shape = Shape::separate) {
    return fit_patients(arms, all_families(), {shape, 0.95, 1});
}

const LikelihoodFit& fit_of(const std::vector<patients::FamilyFits>& fits, std::string_view family, std::size_t i) {
    return std::ranges::find(fits, family, [](const auto& of) { return of.family->name; })->fits.at(i);
}

const patients::LikelihoodEstimate& estimate_of(const LikelihoodFit& fit, std::size_t arm, std::string_view name) {
    const auto& parameters = fit.family->parameters;
    const auto found = std::ranges::find(parameters, name, &survival::ParameterInfo::name);
    return fit.arms.at(arm).parameters.at(static_cast<std::size_t>(found - parameters.begin()));
}

patients::Arm arm_of(std::vector<double> events, std::vector<double> censored) {
    patients::Arm arm;
    for (const double time : events) arm.patients.push_back({time, true});
    for (const double time : censored) arm.patients.push_back({time, false});
    return arm;
}

}  // namespace

TEST_CASE("maximum likelihood has the log-likelihoods, parameters and standard errors of R") {
    const auto sets = reference_sets();
    std::map<std::string, std::vector<patients::FamilyFits>> separate, common;
    for (const auto& [name, arms] : sets) {
        separate[name] = fitted(arms);
        if (arms.size() > 1) common[name] = fitted(arms, Shape::common);
    }
    double worst_value = 0, worst_estimate = 0, worst_error = 0;
    for (const auto& row : reference_rows("maximum_likelihood.csv")) {
        const std::string &set = row[0], &family = row[2], &parameter = row[4];
        CAPTURE(set, row[1], family, parameter);
        const bool all = row[1] == "all";
        const LikelihoodFit& fit = fit_of(all ? common.at(set) : separate.at(set), family, row[1] == "B" ? 1 : 0);
        REQUIRE(word(fit.status) == row[3]);
        const double value = std::stod(row[5]);
        if (parameter == "log_likelihood") {
            worst_value = std::max(worst_value, std::fabs(fit.log_likelihood / value - 1));
            CHECK(fit.log_likelihood == Approx(value).epsilon(1e-8).margin(0));
            continue;
        }
        const auto& estimate =
            estimate_of(fit, all && parameter.ends_with(" B") ? 1 : 0, parameter.substr(0, parameter.find(' ')));
        const double error = std::stod(row[6]);
        worst_estimate = std::max(worst_estimate, std::fabs(estimate.value - value) / error);
        worst_error = std::max(worst_error, std::fabs(estimate.standard_error.value() / error - 1));
        CHECK(std::fabs(estimate.value - value) < 1e-4 * error);
        CHECK(estimate.standard_error.value() == Approx(error).epsilon(1e-4).margin(0));
    }
    INFO("worst: log-likelihood " << worst_value << ", estimate " << worst_estimate << " SE, SE " << worst_error);
    CHECK(worst_value < 1e-10);
}

TEST_CASE("the likelihood of each family is that of its density and survival, with their derivatives") {
    const double parameters[][4] = {{0.6, 1.7, 0.4, 0.3}, {1.3, 0.8, -0.7, 0.2}, {2.1, 0.5, 1e-9, 0.6}};
    for (const survival::Family* family : survival::families())
        for (const auto& natural : parameters)
            for (const double time : {0.03, 0.9, 4.0, 25.0})
                for (const bool event : {true, false}) {
                    std::vector<double> own(natural, natural + family->parameters.size());
                    if (family->uncured != nullptr) own.back() = natural[3];
                    std::vector<double> x;
                    for (std::size_t i = 0; i < own.size(); ++i)
                        x.push_back(survival::to_coordinate(family->parameters[i], own[i]));
                    const survival::CensoredTime at{time, std::log(time), event ? 1.0 : 0.0, event ? 0.0 : 1.0};
                    const auto value = [&](const std::vector<double>& coordinates) {
                        return log_likelihood(*family, std::span(&at, 1), coordinates, survival::Precision::full);
                    };
                    const auto got = value(x);
                    CAPTURE(family->name, time, event, natural[0]);
                    const double direct =
                        event ? log_density(*family, time, own) : survival::log_survival(*family, time, own);
                    if (std::fabs(direct) > 1e4) continue;  // beyond what differences can follow
                    CHECK(got.value == Approx(direct).epsilon(1e-11).margin(1e-13));
                    // Gradients from values, second derivatives from gradients: differences of order 4.
                    constexpr double h = 1e-3;
                    std::size_t k = 0;
                    for (std::size_t i = 0; i < x.size(); ++i) {
                        const auto moved = [&](double by) {
                            std::vector<double> y = x;
                            y[i] += by * h;
                            return value(y);
                        };
                        const auto far = moved(2), near = moved(1), back = moved(-1), far_back = moved(-2);
                        const auto slope = [&](double a, double b, double c, double d) {
                            return (8 * (b - c) - (a - d)) / (12 * h);
                        };
                        const double scale = 1 + std::fabs(got.value) + std::fabs(got.gradient[i]);
                        CHECK(std::fabs(got.gradient[i] - slope(far.value, near.value, back.value, far_back.value)) <
                              1e-8 * scale);
                        for (std::size_t j = 0; j <= i; ++j, ++k)
                            CHECK(std::fabs(got.hessian[k] - slope(far.gradient[j], near.gradient[j], back.gradient[j],
                                                                   far_back.gradient[j])) <
                                  1e-7 * (scale + std::fabs(got.hessian[k])));
                    }
                }
}

TEST_CASE("a larger family has no smaller likelihood") {
    for (const auto& [name, arms] : reference_sets())
        for (const auto& shape : {Shape::separate, Shape::common}) {
            const auto fits = fitted(arms, shape);
            for (std::size_t i = 0; i < fits.front().fits.size(); ++i)
                for (const auto& of : fits) {
                    const LikelihoodFit& fit = of.fits[i];
                    CAPTURE(name, of.family->name, i);
                    const auto at_least = [&](std::string_view smaller) {
                        const LikelihoodFit& other = fit_of(fits, smaller, i);
                        if (fit.fitted() && other.fitted()) CHECK(fit.log_likelihood > other.log_likelihood - 1e-8);
                    };
                    if (of.family->uncured != nullptr) at_least(of.family->uncured->name);
                    const std::string cure = of.family->uncured != nullptr ? "-cure" : "";
                    if (of.family->name == "gengamma" + cure)
                        for (const std::string smaller : {"weibull", "lognormal", "gamma"}) at_least(smaller + cure);
                    if (of.family->name == "weibull" + cure || of.family->name == "gompertz" + cure)
                        at_least("exponential" + cure);
                }
        }
}

TEST_CASE("estimates follow the unit of time") {
    auto arms = reference_sets().at("plateau");
    const auto months = fitted(arms);
    for (patients::Patient& patient : arms.front().patients) patient.time_months *= 30;
    const auto days = fitted(arms);
    for (const auto& of : months) {
        CAPTURE(of.family->name);
        const LikelihoodFit &fit = of.fits.front(), &same = fit_of(days, of.family->name, 0);
        REQUIRE(fit.status == same.status);
        if (!fit.fitted()) continue;
        CHECK(same.log_likelihood ==
              Approx(fit.log_likelihood - static_cast<double>(fit.n_events) * std::log(30.0)).epsilon(1e-11));
        const auto &median = fit.arms.front().median, &other = same.arms.front().median;
        REQUIRE(median.has_value() == other.has_value());
        if (!median) continue;
        CHECK(other->value == Approx(30 * median->value).epsilon(1e-6));
        CHECK(*other->standard_error == Approx(30 * *median->standard_error).epsilon(1e-5));
    }
}

TEST_CASE("the median of a Weibull has the standard error of its formula") {
    const auto arms = reference_sets().at("weibull");
    const auto fits = fitted(arms);
    const LikelihoodFit& fit = fit_of(fits, "weibull", 0);
    // log median = log scale + log(log 2) / shape, of the coordinates log shape and log scale.
    const double shape = fit.arms.front().parameters[0].value;
    const double by_shape = -std::log(std::log(2.0)) / shape;
    const double variance =
        by_shape * by_shape * fit.covariance(0, 0) + 2 * by_shape * fit.covariance(0, 1) + fit.covariance(1, 1);
    const auto& median = fit.arms.front().median.value();
    CHECK(fit.coordinates == std::vector<std::string>{"log(shape)", "log(scale)"});
    CHECK(*median.standard_error == Approx(median.value * std::sqrt(variance)).epsilon(1e-9));
    CHECK(median.limits.upper.value() == Approx(median.value * std::exp(1.9599639845400545 * std::sqrt(variance))));
}

TEST_CASE("a likelihood without a maximum is a status, and the other families are fitted") {
    const auto same_time = fitted({arm_of({5, 5, 5, 5}, {3, 4})});
    CHECK(fit_of(same_time, "exponential", 0).status == LikelihoodStatus::converged);
    for (const std::string family : {"weibull", "lognormal", "loglogistic", "gompertz", "gamma", "gengamma"}) {
        CAPTURE(family);
        const LikelihoodFit& fit = fit_of(same_time, family, 0);
        CHECK(fit.status == LikelihoodStatus::not_converged);
        CHECK(fit.arms.empty());
        CHECK(fit.reason.find("still rises as") != std::string::npos);
    }
    // One event: the exponential's rate is that over the time of all.
    const auto one_event = fitted({arm_of({1}, {20, 30, 40, 50})});
    CHECK(fit_of(one_event, "exponential", 0).arms.front().parameters.front().value == Approx(1.0 / 141));
    // Gompertz, a risk that is over early: with shape s the rate is |s| / sum(1 - e^(s t)), and the profile
    // log |s| + s - log sum(1 - e^(s t)) is greatest where its derivative by s is 0.
    const LikelihoodFit& gompertz = fit_of(one_event, "gompertz", 0);
    REQUIRE(gompertz.status == LikelihoodStatus::converged);
    const double shape = gompertz.arms.front().parameters.front().value;
    const double sum =
        5 - std::exp(shape) - std::exp(20 * shape) - std::exp(30 * shape) - std::exp(40 * shape) - std::exp(50 * shape);
    const double slope_of_sum = -std::exp(shape) - 20 * std::exp(20 * shape) - 30 * std::exp(30 * shape) -
                                40 * std::exp(40 * shape) - 50 * std::exp(50 * shape);
    CHECK(1 / shape + 1 - slope_of_sum / sum == Approx(0).margin(1e-5));
    CHECK(gompertz.arms.front().parameters[1].value == Approx(-shape / sum).epsilon(1e-5));
}

TEST_CASE("a common shape is found where one of the arms has none") {
    patients::Arm tied = arm_of({5, 5, 5}, {3}), other = arm_of({2, 4, 7, 12, 15}, {9, 20, 8});
    tied.name = "A";
    other.name = "B";
    const auto alone = fitted({tied, other}), common = fitted({tied, other}, Shape::common);
    // R: survreg(Surv(time, event) ~ 0 + arm), rel.tolerance = 1e-12.
    const std::pair<std::string, double> of_r[] = {
        {"weibull", -24.805291020378}, {"lognormal", -25.473717967385}, {"loglogistic", -25.205763375405}};
    for (const auto& [family, log_likelihood] : of_r) {
        CAPTURE(family);
        CHECK(fit_of(alone, family, 0).status == LikelihoodStatus::not_converged);
        CHECK(fit_of(common, family, 0).status == LikelihoodStatus::converged);
        CHECK(fit_of(common, family, 0).log_likelihood == Approx(log_likelihood).epsilon(1e-12));
        CHECK(fit_of(common, family + "-cure", 0).log_likelihood > log_likelihood - 1e-9);
        CHECK(fit_of(common, family + "-cure", 0).fitted());
    }
}

TEST_CASE("a cured share of 0 is a boundary, without standard error, with the likelihood of the family") {
    const auto fits = fitted(reference_sets().at("rising"));
    const LikelihoodFit &cure = fit_of(fits, "weibull-cure", 0), &weibull = fit_of(fits, "weibull", 0);
    REQUIRE(cure.status == LikelihoodStatus::at_boundary);
    CHECK(cure.log_likelihood == Approx(weibull.log_likelihood).epsilon(1e-13));
    CHECK(cure.aic() == Approx(weibull.aic() + 2).epsilon(1e-13));
    CHECK(cure.coordinates == weibull.coordinates);
    const auto& share = cure.arms.front().parameters.back();
    CHECK(share.value == 0);
    CHECK_FALSE(share.standard_error);
    CHECK_FALSE(share.limits.lower);
}

TEST_CASE("many patients are fitted as few are") {
    // Twelve times each patient, more than the search for the best start looks at: the same estimates, standard errors
    // smaller by the square root of twelve. Times apart by
    // less than a second keep them from being counted as equal.
    const auto arms = reference_sets().at("heavy_tail");
    auto many = arms;
    for (int copy = 1; copy < 12; ++copy)
        for (const patients::Patient& patient : arms.front().patients)
            many.front().patients.push_back({patient.time_months * (1 + copy * 1e-9), patient.event});
    const auto few_fits = fitted(arms), many_fits = fitted(many);
    for (const auto& of : few_fits) {
        CAPTURE(of.family->name);
        const LikelihoodFit &few = of.fits.front(), &more = fit_of(many_fits, of.family->name, 0);
        REQUIRE(few.status == more.status);
        if (!few.fitted()) continue;
        for (std::size_t i = 0; i < few.arms.front().parameters.size(); ++i) {
            const auto &one = few.arms.front().parameters[i], &other = more.arms.front().parameters[i];
            if (!one.standard_error) continue;
            CHECK(std::fabs(one.value - other.value) < 1e-4 * *one.standard_error);
            CHECK(*other.standard_error * std::sqrt(12.0) == Approx(*one.standard_error).epsilon(1e-4));
        }
    }
}
