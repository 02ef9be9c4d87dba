// What must hold of every fit, whatever the model: known curves come back, units and order do not matter, extremes stay
// finite, and statuses mean what they say.
#include "hersurv/curve/curve.hpp"
#include "hersurv/fit/fit.hpp"
#include "hersurv/fit/follow_up.hpp"
#include "hersurv/priors/priors.hpp"

#include <catch2/catch.hpp>

#include "unit/evidence/records.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

namespace curve = hersurv::curve;
namespace evidence = hersurv::evidence;
namespace fit = hersurv::fit;
namespace survival = hersurv::survival;
namespace test = hersurv::test;
using evidence::AnalysisEvidence;
using evidence::Kind;
using fit::FitStatus;
using test::Paper;

namespace {

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

std::string decimals(double value) {
    char text[64];
    std::snprintf(text, sizeof text, "%.10f", value);
    return text;
}

std::shared_ptr<const AnalysisEvidence> share(AnalysisEvidence evidence) {
    return std::make_shared<const AnalysisEvidence>(std::move(evidence));
}

bool has_shape(const fit::Model& model) { return !model.family->shape_name.empty(); }

hersurv::priors::ShapePrior prior_of(const fit::Model& model, const std::string& endpoint) {
    return has_shape(model) ? hersurv::priors::builtin()->endpoint(endpoint).shape.at(std::string(model.name))
                            : hersurv::priors::ShapePrior{0, 0};
}

std::vector<double> member(const fit::Model& model, double median, double shape) {
    std::vector<double> parameters(model.family->parameters.size());
    survival::from_median(*model.family, median, shape, parameters);
    return parameters;
}

// What a paper would print, unrounded, of an arm whose curve is this member: median, and survival at these multiples of
// the median.
test::ArmLine exact_line(const std::string& id, const fit::Model& model, const std::vector<double>& parameters,
                         const std::vector<double>& multiples = {}) {
    test::ArmLine line;
    line.id = id;
    const double median = survival::quantile(*model.family, 0.5, parameters);
    line.median = decimals(median);
    for (const double multiple : multiples)
        line.milestones.emplace_back(multiple * median,
                                     decimals(survival::survival(*model.family, multiple * median, parameters)));
    return line;
}

// Two arms with everything a paper prints; the usual subject of the laws below.
Paper full_paper(const std::string& endpoint = "OS") {
    return Paper(endpoint)
        .arm({"new", "295", "169", "24.5", "25.1", "22.4", "28.0", {{12, "0.80"}, {24, "0.523"}}})
        .arm({"old", "290", "198", "23.5", "20.3", "17.9", "23.1", {{12, "0.71"}, {24, "0.44"}}})
        .hazard_ratio("new", "old", "0.72");
}

void check_finite(const fit::FittedModel& fitted) {
    REQUIRE(fitted.arms.size() == fitted.evidence->arms.size());
    const bool parametric = fitted.model->family != nullptr;
    CHECK(std::isfinite(fitted.objective) == parametric);
    CHECK(fitted.inflation >= 1);
    CHECK(std::isfinite(fitted.inflation));
    for (const double value : fitted.free_parameters) CHECK(std::isfinite(value));
    for (const double value : fitted.covariance.values) CHECK(std::isfinite(value));
    if (parametric)
        CHECK(fitted.covariance.values.size() == fitted.free_parameters.size() * fitted.free_parameters.size());
    for (std::size_t i = 0; i < fitted.covariance.size; ++i) CHECK(fitted.covariance(i, i) > 0);
    for (std::size_t arm = 0; arm < fitted.arms.size(); ++arm) {
        const fit::ArmFit& result = fitted.arms[arm];
        INFO("arm " << arm << ": " << fit::word(result.status) << " " << result.reason);
        CHECK(fitted.fitted(arm) == (result.status != FitStatus::not_enough_data));
        if (!fitted.fitted(arm)) {
            CHECK_FALSE(result.reason.empty());
            continue;
        }
        // Only numbers that contradict each other may leave the minimiser without an answer.
        if (result.status == FitStatus::not_converged) CHECK(fitted.objective > 10);
        CHECK((result.status == FitStatus::determined) == result.reason.empty());
        for (std::size_t p = 0; p < result.parameters.size(); ++p) {
            CHECK(std::isfinite(result.parameters[p]));
            if (fitted.model->family->parameters[p].positive) CHECK(result.parameters[p] > 0);
        }
        CHECK(result.supported_months > 0);
        CHECK(std::isfinite(result.supported_months));
        CHECK(result.supported_months >= fitted.evidence->arms[arm].last_printed_month.value_or(0));
        if (!parametric) continue;
        CHECK(fitted.parameters_at(arm, fitted.free_parameters) == result.parameters);
        const auto natural = fitted.natural_covariance(arm);
        CHECK(natural.size == result.parameters.size());
        for (std::size_t i = 0; i < natural.size; ++i) CHECK(natural(i, i) >= 0);
    }
    for (const auto& residual : fitted.residuals) {
        INFO(fitted.evidence->observations[residual.observation].statistic);
        CHECK(std::isfinite(residual.fitted));
        CHECK(std::isfinite(residual.standardised));
    }
}

}  // namespace

TEST_CASE("The table of models is complete", "[fit]") {
    REQUIRE(fit::parametric_models().size() >= 4);
    for (const auto& model : fit::parametric_models()) {
        INFO(model.name);
        REQUIRE(model.family != nullptr);
        CHECK(fit::find_model(model.name) == &model);
        for (const char* endpoint : {"OS", "PFS"}) {
            CHECK(hersurv::priors::builtin()->endpoint(endpoint).shape.contains(std::string(model.name)) ==
                  has_shape(model));
        }
    }
    CHECK(fit::find_model("cauchy") == nullptr);
    CHECK(fit::word(FitStatus::not_enough_data) == "not-enough-data");
}

TEST_CASE("Unrounded numbers of a member of the family give that member back", "[fit]") {
    Uniform uniform(1);
    for (const char* endpoint : {"OS", "PFS"}) {
        for (const auto& model : fit::parametric_models()) {
            const auto prior = prior_of(model, endpoint);
            for (int repeat = 0; repeat < 15; ++repeat) {
                const double median = std::exp(uniform(std::log(1.5), std::log(120)));
                // Near the prior: within 2 % of its sd.
                const double shape = prior.mean + uniform(-0.02, 0.02) * prior.sd;
                const auto truth = member(model, median, shape);
                const auto fitted =
                    fit::fit(Paper(endpoint).arm(exact_line("a", model, truth, {0.4, 0.7, 1.4, 1.8})).shared(), model);
                INFO(model.name << ", " << endpoint << ", median " << median << ", shape " << shape);
                check_finite(fitted);
                for (std::size_t p = 0; p < truth.size(); ++p)
                    CHECK(fitted.arms[0].parameters[p] == Approx(truth[p]).epsilon(1e-3).margin(1e-3));
                CHECK(fitted.inflation == 1);
                if (has_shape(model))
                    CHECK(*fitted.arms[0].shape_coordinate_without_prior == Approx(shape).margin(1e-5));
            }
        }
    }
}

TEST_CASE("A shape away from the prior is drawn towards it, and less so the more numbers there are", "[fit]") {
    Uniform uniform(2);
    for (const char* endpoint : {"OS", "PFS"}) {
        for (const auto& model : fit::parametric_models()) {
            if (!has_shape(model)) continue;
            const auto prior = prior_of(model, endpoint);
            for (int repeat = 0; repeat < 10; ++repeat) {
                const double shape = prior.mean + (repeat % 2 == 0 ? 1 : -1) * uniform(0.5, 3) * prior.sd;
                const auto truth = member(model, uniform(4, 60), shape);
                INFO(model.name << ", " << endpoint << ", shape " << shape << ", prior " << prior.mean);
                double before = 1, sd_before = 1e9;
                for (const std::vector<double>& multiples :
                     {std::vector<double>{}, {0.5}, {0.5, 1.6}, {0.3, 0.5, 1.3, 1.6, 2.0}}) {
                    const auto fitted =
                        fit::fit(Paper(endpoint).arm(exact_line("a", model, truth, multiples)).shared(), model);
                    check_finite(fitted);
                    // 1: all the prior's; 0: all the numbers'.
                    const double share_of_prior =
                        (fitted.free_parameters[fitted.shape_index[0]] - shape) / (prior.mean - shape);
                    CHECK(share_of_prior >= -1e-6);
                    CHECK(share_of_prior <= before + 1e-6);
                    before = share_of_prior;
                    const double sd =
                        std::sqrt(fitted.covariance(fitted.shape_index[0], fitted.shape_index[0]) / fitted.inflation);
                    CHECK(sd < sd_before * (1 + 1e-9));
                    sd_before = sd;
                    // Half of the information each is where the status changes. The median alone says nothing on the
                    // shape.
                    CHECK(fitted.arms[0].status ==
                          (sd * sd > 0.5 * prior.sd * prior.sd ? FitStatus::prior : FitStatus::determined));
                    if (multiples.empty()) {
                        CHECK(fitted.arms[0].status == FitStatus::prior);
                        CHECK(share_of_prior == Approx(1));
                        CHECK(sd == Approx(prior.sd));
                        CHECK_FALSE(fitted.arms[0].shape_coordinate_without_prior);
                    } else {
                        CHECK(*fitted.arms[0].shape_coordinate_without_prior == Approx(shape).margin(2e-3));
                    }
                    if (multiples.size() == 5) {
                        CHECK(fitted.arms[0].status == FitStatus::determined);
                        CHECK(share_of_prior < 0.2);
                    }
                }
            }
        }
    }
}

TEST_CASE("The status turns from prior to determined where half of the information is the numbers' own", "[fit]") {
    for (const auto& model : fit::parametric_models()) {
        if (!has_shape(model)) continue;
        const auto prior = prior_of(model, "OS");
        const auto truth = member(model, 30, prior.mean);
        double last_prior = 1, first_determined = 0;
        // A milestone says more on the shape the farther it stands from the median.
        for (double multiple = 0.97; multiple > 0.4; multiple -= 0.004) {
            const auto fitted = fit::fit(Paper("OS").arm(exact_line("a", model, truth, {multiple})).shared(), model);
            const std::size_t shape = fitted.shape_index[0];
            const double share_of_prior = fitted.covariance(shape, shape) / fitted.inflation / (prior.sd * prior.sd);
            INFO(model.name << ", milestone at " << multiple << " medians, share " << share_of_prior);
            if (fitted.arms[0].status == FitStatus::prior) {
                CHECK(share_of_prior > 0.5);
                last_prior = std::min(last_prior, share_of_prior);
            } else {
                CHECK(fitted.arms[0].status == FitStatus::determined);
                CHECK(share_of_prior <= 0.5);
                first_determined = std::max(first_determined, share_of_prior);
            }
        }
        INFO(model.name);
        CHECK(last_prior < 0.53);
        CHECK(first_determined > 0.47);
    }
}

TEST_CASE("A shape that the prior finds odd is reported, in the direction of the parameter that is named", "[fit]") {
    for (const auto& model : fit::parametric_models()) {
        if (!has_shape(model)) continue;
        const auto prior = prior_of(model, "OS");
        for (const double away : {-5.0, -1.0, 1.0, 5.0}) {
            const auto truth = member(model, 20, prior.mean + away * prior.sd), usual = member(model, 20, prior.mean);
            const auto fitted =
                fit::fit(Paper("OS").arm(exact_line("a", model, truth, {0.3, 0.6, 1.5, 1.9})).shared(), model);
            INFO(model.name << ", " << away << " sd away");
            if (std::abs(away) < 2) {
                CHECK(fitted.messages.empty());
                continue;
            }
            REQUIRE(fitted.messages.size() == 1);
            const std::string& message = fitted.messages[0];
            CAPTURE(message);
            std::size_t shape_like = 0;
            while (model.family->parameters[shape_like].name != "shape" &&
                   model.family->parameters[shape_like].name != "sdlog")
                ++shape_like;
            CHECK(message.find(std::string(model.family->parameters[shape_like].name) + " ") != std::string::npos);
            char number[16];
            std::snprintf(number, sizeof number, "%.2f", truth[shape_like]);
            CHECK(message.find(number) != std::string::npos);
            std::snprintf(number, sizeof number, "%.2f", usual[shape_like]);
            CHECK(message.find(number) != std::string::npos);
            CHECK((message.find("above") != std::string::npos) == (truth[shape_like] > usual[shape_like]));
            CHECK((message.find("below") != std::string::npos) == (truth[shape_like] < usual[shape_like]));
        }
    }
}

TEST_CASE("An exponential through a median alone has rate log 2 / median", "[fit]") {
    Uniform uniform(3);
    for (int repeat = 0; repeat < 20; ++repeat) {
        const double median = std::exp(uniform(std::log(0.5), std::log(400)));
        const auto fitted = fit::fit(Paper("PFS").arm({"a", "", "", "", decimals(median), "", "", {}}).shared(),
                                     *fit::find_model("exponential"));
        INFO("median " << median);
        check_finite(fitted);
        CHECK(fitted.arms[0].status == FitStatus::determined);
        CHECK(fitted.arms[0].parameters[0] == Approx(std::log(2.0) / std::stod(decimals(median))).epsilon(1e-9));
        CHECK(fitted.objective < 1e-12);
        // Var log median = Var S / (dS / dlog t)^2, dS / dlog t = .5 log 2.
        const auto& reading = hersurv::priors::builtin()->reading();
        const double sd = std::hypot(reading.sd_model, fitted.evidence->observations[0].sd) / (0.5 * std::log(2.0));
        CHECK(std::sqrt(fitted.covariance(0, 0)) == Approx(sd).epsilon(1e-6));
        CHECK(std::sqrt(fitted.natural_covariance(0)(0, 0)) == Approx(sd * fitted.arms[0].parameters[0]).epsilon(1e-6));
    }
}

TEST_CASE("Proportional hazards and their exact hazard ratio come back", "[fit]") {
    Uniform uniform(4);
    const auto& weibull = *fit::find_model("weibull");
    for (const char* endpoint : {"OS", "PFS"}) {
        for (int repeat = 0; repeat < 15; ++repeat) {
            const double log_shape = prior_of(weibull, endpoint).mean, shape = std::exp(log_shape),
                         hr = uniform(0.3, 1.6), control_median = uniform(4, 40);
            const auto control = member(weibull, control_median, log_shape),
                       treated = member(weibull, control_median * std::pow(hr, -1 / shape), log_shape);
            Paper paper = Paper(endpoint)
                              .arm(exact_line("new", weibull, treated, {0.6, 1.5}))
                              .arm(exact_line("old", weibull, control, {0.6, 1.5}))
                              .hazard_ratio("new", "old", decimals(hr));
            INFO(endpoint << ", HR " << hr << ", control's median " << control_median);
            for (const auto sharing : {fit::Shape::common, fit::Shape::separate}) {
                const auto fitted = fit::fit(paper.shared(), weibull, {.shape = sharing});
                check_finite(fitted);
                CHECK(curve::hazard_ratio(fitted, 0, 1, {}).value == Approx(hr).epsilon(1e-4));
                CHECK((fitted.shape_index[0] == fitted.shape_index[1]) == (sharing == fit::Shape::common));
                CHECK(fitted.free_parameters.size() == (sharing == fit::Shape::common ? 3 : 4));
            }
            // A common shape makes the hazards proportional whatever the numbers; then the average is the ratio of the
            // hazards.
            paper.analysis.contrasts[0].hazard_ratio[0].value.value *= 1.3;
            const auto common = fit::fit(paper.shared(), weibull, {.shape = fit::Shape::common});
            const auto& a = common.arms[0].parameters;
            const auto& b = common.arms[1].parameters;
            CHECK(a[0] == b[0]);
            CHECK(curve::hazard_ratio(common, 0, 1, {}).value == Approx(std::pow(b[1] / a[1], a[0])).epsilon(1e-9));
        }
    }
}

TEST_CASE("A hazard ratio alone places an arm beside one that has a median", "[fit]") {
    for (const auto& model : fit::parametric_models()) {
        for (const bool first_is_known : {true, false}) {
            Paper paper("OS");
            paper.arm({"new", "200", "", "", first_is_known ? "20.0" : "", "", "", {}});
            paper.arm({"old", "200", "", "", first_is_known ? "" : "20.0", "", "", {}});
            paper.hazard_ratio("new", "old", "0.60");
            const auto fitted = fit::fit(paper.shared(), model);
            INFO(model.name);
            check_finite(fitted);
            REQUIRE(fitted.fitted(0));
            REQUIRE(fitted.fitted(1));
            CHECK(curve::hazard_ratio(fitted, 0, 1, {}).value == Approx(0.60).epsilon(1e-6));
            const double ratio = curve::median(fitted, 0, {}).value / curve::median(fitted, 1, {}).value;
            if (model.name == "exponential") CHECK(ratio == Approx(1 / 0.60).epsilon(1e-6));
            if (model.name == "weibull")
                CHECK(ratio == Approx(std::pow(0.60, -std::exp(-prior_of(model, "OS").mean))).epsilon(1e-6));
            CHECK(ratio > 1);
            // What hangs on a ratio is known less well.
            const std::size_t known = first_is_known ? 0 : 1;
            CHECK(fitted.covariance(fitted.log_median_index[1 - known], fitted.log_median_index[1 - known]) >
                  fitted.covariance(fitted.log_median_index[known], fitted.log_median_index[known]));
        }
    }
    // A chain of ratios: b against a, c against b.
    const auto chain = Paper("OS")
                           .arm({"a", "", "", "", "20.0", "", "", {}})
                           .arm({"b", "", "", "", "", "", "", {}})
                           .arm({"c", "", "", "", "", "", "", {}})
                           .hazard_ratio("c", "b", "0.80")
                           .hazard_ratio("b", "a", "0.50")
                           .shared();
    const auto fitted = fit::fit(chain, *fit::find_model("exponential"));
    check_finite(fitted);
    CHECK(fitted.arms[2].parameters[0] == Approx(0.8 * 0.5 * std::log(2.0) / 20).epsilon(1e-6));
}

TEST_CASE("The unit of time does not matter", "[fit]") {
    for (const auto& model : fit::parametric_models()) {
        const AnalysisEvidence months = full_paper().gather();
        AnalysisEvidence other = months;
        constexpr double factor = 12;
        for (auto& o : other.observations) o.time_months *= factor;
        for (auto& arm : other.arms) {
            for (auto* time : {&arm.follow_up_months, &arm.last_printed_month}) {
                if (*time) **time *= factor;
            }
        }
        const auto a = fit::fit(share(months), model), b = fit::fit(share(other), model);
        INFO(model.name);
        CHECK(b.objective == Approx(a.objective).epsilon(1e-8));
        for (std::size_t arm = 0; arm < 2; ++arm) {
            CHECK(curve::median(b, arm, {}).value == Approx(factor * curve::median(a, arm, {}).value).epsilon(1e-6));
            CHECK(b.arms[arm].supported_months == Approx(factor * a.arms[arm].supported_months).epsilon(1e-6));
            CHECK(b.arms[arm].status == a.arms[arm].status);
            for (const double time : {3.0, 12.0, 30.0})
                CHECK(curve::survival_at(b, arm, factor * time, {}).value ==
                      Approx(curve::survival_at(a, arm, time, {}).value).epsilon(1e-6));
        }
        for (std::size_t i = 0; i < a.covariance.values.size(); ++i)
            CHECK(b.covariance.values[i] == Approx(a.covariance.values[i]).epsilon(1e-4).margin(1e-8));
        CHECK(curve::hazard_ratio(b, 0, 1, {}).value == Approx(curve::hazard_ratio(a, 0, 1, {}).value).epsilon(1e-6));
    }
    // Ten times the time with a tenth of the precision is the same evidence.
    const auto fine = Paper("OS").arm({"a", "200", "120", "24.0", "20.5", "15.5", "27.5", {{12, "0.70"}}}).gather();
    const auto coarse = Paper("OS").arm({"a", "200", "120", "240", "205", "155", "275", {{120, "0.70"}}}).gather();
    REQUIRE(fine.observations.size() == coarse.observations.size());
    for (std::size_t i = 0; i < fine.observations.size(); ++i) {
        CHECK(coarse.observations[i].survival == Approx(fine.observations[i].survival));
        CHECK(coarse.observations[i].sd == Approx(fine.observations[i].sd));
    }
}

TEST_CASE("The order of the arms and the direction of the hazard ratio do not matter", "[fit]") {
    for (const auto& model : fit::parametric_models()) {
        const AnalysisEvidence straight = full_paper("PFS").gather();
        AnalysisEvidence exchanged = straight, turned = straight;
        std::swap(exchanged.arms[0], exchanged.arms[1]);
        for (auto& o : exchanged.observations) {
            o.arm = 1 - o.arm;
            if (o.control) o.control = 1 - *o.control;
        }
        std::reverse(exchanged.observations.begin(), exchanged.observations.end());
        for (auto& o : turned.observations) {
            if (!o.control) continue;
            std::swap(o.arm, *o.control);
            o.value = -o.value;
        }
        const auto a = fit::fit(share(straight), model), b = fit::fit(share(exchanged), model),
                   c = fit::fit(share(turned), model);
        INFO(model.name);
        CHECK(b.objective == Approx(a.objective).epsilon(1e-9));
        CHECK(c.objective == Approx(a.objective).epsilon(1e-9));
        for (std::size_t arm = 0; arm < 2; ++arm) {
            CHECK(c.arms[arm].status == a.arms[arm].status);
            CHECK(b.arms[1 - arm].status == a.arms[arm].status);
            for (std::size_t p = 0; p < a.arms[arm].parameters.size(); ++p) {
                CHECK(b.arms[1 - arm].parameters[p] == Approx(a.arms[arm].parameters[p]).epsilon(1e-6));
                CHECK(c.arms[arm].parameters[p] == Approx(a.arms[arm].parameters[p]).epsilon(1e-6));
            }
            const auto va = a.natural_covariance(arm), vb = b.natural_covariance(1 - arm),
                       vc = c.natural_covariance(arm);
            for (std::size_t i = 0; i < va.values.size(); ++i) {
                CHECK(vb.values[i] == Approx(va.values[i]).epsilon(1e-4));
                CHECK(vc.values[i] == Approx(va.values[i]).epsilon(1e-4));
            }
        }
        CHECK(curve::hazard_ratio(b, 1, 0, {}).value == Approx(curve::hazard_ratio(a, 0, 1, {}).value).epsilon(1e-6));
    }
}

TEST_CASE("An arm that no number places is not fitted, and the reason is given", "[fit]") {
    for (const auto& model : fit::parametric_models()) {
        INFO(model.name);
        const auto not_reached = fit::fit(Paper("OS").arm({"a", "261", "", "28.4", "NR", "", "", {}}).shared(), model);
        check_finite(not_reached);
        CHECK(not_reached.arms[0].status == FitStatus::not_enough_data);
        CHECK(not_reached.arms[0].reason.find("not reached") != std::string::npos);
        CHECK(not_reached.free_parameters.empty());

        const auto nothing = fit::fit(Paper("OS").arm({"a", "261", "", "", "", "", "", {}}).shared(), model);
        check_finite(nothing);
        CHECK(nothing.arms[0].reason.find("no median") != std::string::npos);

        const auto no_arms = fit::fit(Paper("OS").shared(), model);
        check_finite(no_arms);

        const auto ratio_only = fit::fit(Paper("OS")
                                             .arm({"a", "261", "", "28", "NR", "", "", {}})
                                             .arm({"b", "263", "", "28", "", "", "", {}})
                                             .hazard_ratio("a", "b", "0.6")
                                             .shared(),
                                         model);
        check_finite(ratio_only);
        CHECK_FALSE(ratio_only.fitted(0));
        CHECK_FALSE(ratio_only.fitted(1));

        // One arm of two: the other is fitted as if it stood alone.
        const auto one = fit::fit(Paper("OS")
                                      .arm({"a", "261", "", "28.4", "NR", "", "", {}})
                                      .arm({"b", "263", "", "26.5", "20.1", "17.2", "24.0", {}})
                                      .shared(),
                                  model);
        const auto alone =
            fit::fit(Paper("OS").arm({"b", "263", "", "26.5", "20.1", "17.2", "24.0", {}}).shared(), model);
        check_finite(one);
        CHECK_FALSE(one.fitted(0));
        CHECK(one.log_median_index[0] == fit::FittedModel::npos);
        REQUIRE(one.fitted(1));
        for (std::size_t p = 0; p < alone.arms[0].parameters.size(); ++p)
            CHECK(one.arms[1].parameters[p] == Approx(alone.arms[0].parameters[p]).epsilon(1e-6));
    }
}

TEST_CASE("Events place a curve, but not where nearly every patient had one", "[fit]") {
    for (const auto& model : fit::parametric_models()) {
        INFO(model.name);
        double before = 1e9;
        for (const char* events : {"1", "20", "60", "120", "170"}) {
            const auto fitted = fit::fit(Paper("OS").arm({"a", "200", events, "24", "", "", "", {}}).shared(), model);
            INFO(events << " events");
            check_finite(fitted);
            REQUIRE(fitted.fitted(0));
            const double median = curve::median(fitted, 0, {}).value;
            CHECK(median < before);
            before = median;
        }
        CHECK(before > 1);
        for (const char* events : {"195", "200"}) {
            const auto all = fit::fit(Paper("OS").arm({"a", "200", events, "24", "", "", "", {}}).shared(), model);
            check_finite(all);
            CHECK(all.arms[0].status == FitStatus::not_enough_data);
            // They are heard beside a number that places the curve.
            const auto with_median =
                fit::fit(Paper("OS").arm({"a", "200", events, "24", "15.0", "", "", {}}).shared(), model);
            const auto median_alone =
                fit::fit(Paper("OS").arm({"a", "200", "", "24", "15.0", "", "", {}}).shared(), model);
            check_finite(with_median);
            REQUIRE(with_median.fitted(0));
            CHECK(curve::median(with_median, 0, {}).value <= curve::median(median_alone, 0, {}).value * (1 + 1e-9));
        }
    }
}

TEST_CASE("One event of many places the curve wherever it is, whatever the other arms say", "[fit]") {
    // The minimiser once lost its way from a start on the flat part of the curve, and took the median to 1e-44 or to
    // infinity.
    for (const auto& model : fit::parametric_models()) {
        const auto fitted = fit::fit(Paper("PFS")
                                         .arm({"a", "", "", "", "", "", "", {{24, "0.37"}}})
                                         .arm({"b", "602", "", "", "5.4", "4.9", "NR", {}})
                                         .arm({"c", "119", "1", "26.3", "", "", "", {}})
                                         .hazard_ratio("b", "a", "0.71")
                                         .shared(),
                                     model);
        INFO(model.name);
        check_finite(fitted);
        const double median = curve::median(fitted, 2, {}).value;
        CHECK(median > 60);
        CHECK(median < 5000);
        for (const auto& residual : fitted.residuals)
            if (fitted.evidence->observations[residual.observation].statistic == "events")
                CHECK(std::abs(residual.standardised) < 1e-3);
    }
}

TEST_CASE("A median that leaves every range is called what it is", "[fit]") {
    // Most patients of one arm had their event within a month, on the grid of a trial followed for years: no median is
    // small enough.
    for (const auto& model : fit::parametric_models()) {
        const auto fitted = fit::fit(Paper("PFS")
                                         .arm({"a", "26", "23", "1", "", "", "", {}})
                                         .arm({"b", "30", "", "100", "80.0", "", "", {{60, "0.60"}}})
                                         .shared(),
                                     model);
        INFO(model.name);
        REQUIRE(fitted.fitted(0));
        CHECK(std::isfinite(curve::median(fitted, 0, {}).value));
        CHECK(curve::median(fitted, 0, {}).value > 0);
        const double log_median = fitted.free_parameters[fitted.log_median_index[0]];
        CHECK((std::abs(log_median) < 9 || fitted.arms[0].status == FitStatus::not_converged));
        CHECK(fitted.arms[1].status != FitStatus::not_converged);
    }
}

TEST_CASE("A median that was not reached holds the curve above one half", "[fit]") {
    for (const auto& model : fit::parametric_models()) {
        INFO(model.name);
        // S(24) = .62 would take the curve below one half by month 40; the bound does not let it fall far.
        const auto paper = [](const char* follow_up, const char* median) {
            return Paper("OS").arm({"a", "150", "", follow_up, median, "", "", {{24, "0.62"}}}).shared();
        };
        const auto bounded = fit::fit(paper("40", "NR"), model), unbounded = fit::fit(paper("40", ""), model);
        check_finite(bounded);
        CHECK(curve::survival_at(bounded, 0, 40, {}).value > curve::survival_at(unbounded, 0, 40, {}).value);
        // A bound that is met changes nothing.
        const auto met = fit::fit(paper("20", "NR"), model), free = fit::fit(paper("20", ""), model);
        CHECK(met.objective == Approx(free.objective).margin(1e-12));
        CHECK(curve::median(met, 0, {}).value == Approx(curve::median(free, 0, {}).value).epsilon(1e-6));
    }
}

TEST_CASE("Extremes of what a paper can print give finite fits", "[fit]") {
    std::vector<Paper> papers;
    papers.push_back(Paper("OS").arm({"a", "5", "4", "12.0", "6.1", "1.2", "30.0", {}}));
    papers.push_back(Paper("OS").arm({"a", "5", "4", "12.0", "", "", "", {}}));
    papers.push_back(Paper("OS").arm({"a", "1", "1", "12.0", "3", "", "", {}}));
    papers.push_back(Paper("OS").arm({"a", "100", "1", "12.0", "NR", "", "", {}}));
    papers.push_back(Paper("OS").arm({"a", "100", "0", "12.0", "NR", "", "", {}}));
    papers.push_back(Paper("OS").arm({"a", "100", "100", "12.0", "NE", "", "", {}}));
    papers.push_back(Paper("OS").arm({"a", "800", "", "36.0", "NR", "", "", {{36, "0.985"}}}));
    papers.push_back(
        Paper("OS").arm({"a", "800", "", "36.0", "NR", "NR", "NR", {{12, "0.985"}, {24, "0.985"}, {36, "0.985"}}}));
    papers.push_back(Paper("OS").arm({"a", "80", "", "", "", "", "", {{1, "0.011"}}}));
    papers.push_back(Paper("PFS").arm({"a", "300", "290", "3.0", "0.1", "0.05", "0.2", {}}));
    papers.push_back(Paper("OS").arm({"a", "300", "20", "200", "600", "400", "NR", {}}));
    papers.push_back(Paper("OS")
                         .arm({"a", "", "", "", "0.3", "", "", {}})
                         .arm({"b", "", "", "", "120", "", "", {}})
                         .hazard_ratio("a", "b", "0.8"));
    for (const char* hr : {"0.01", "0.1", "1.00", "5", "60"})
        papers.push_back(Paper("OS")
                             .arm({"a", "90", "", "", "", "", "", {}})
                             .arm({"b", "90", "", "12", "9.0", "6.0", "12.0", {}})
                             .hazard_ratio("a", "b", hr));
    papers.push_back(Paper("OS")
                         .arm({"a", "0", "", "", "", "", "", {}})
                         .arm({"b", "90", "", "12", "9.0", "6.0", "12.0", {}})
                         .hazard_ratio("a", "b", "0.7"));
    papers.push_back(Paper("OS").arm({"a", "200", "100", "24", "10.0", "30.0", "5.0", {{8, "0.20"}, {12, "0.80"}}}));
    papers.push_back(Paper("PFS")
                         .arm({"a", "200", "", "24", "10.0", "", "", {{10.1, "0.90"}}})
                         .arm({"b", "200", "", "", "10.0", "", "", {}})
                         .hazard_ratio("a", "b", "0.2"));
    for (std::size_t i = 0; i < papers.size(); ++i) {
        for (const auto& model : fit::parametric_models()) {
            for (const auto sharing : {fit::Shape::separate, fit::Shape::common}) {
                INFO("paper " << i << ", " << model.name << (sharing == fit::Shape::common ? ", common shape" : ""));
                const auto fitted = fit::fit(papers[i].shared(), model, {.shape = sharing});
                check_finite(fitted);
            }
        }
    }
}

TEST_CASE("Papers with any mixture of numbers give finite fits", "[fit]") {
    Uniform uniform(5);
    const auto text = [](const char* format, double value) {
        char buffer[32];
        std::snprintf(buffer, sizeof buffer, format, value);
        return std::string(buffer);
    };
    std::size_t fitted_arms = 0, not_converged = 0;
    for (int repeat = 0; repeat < 50; ++repeat) {
        Paper paper(repeat % 2 == 0 ? "OS" : "PFS");
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
            line.median = maybe(0.7, uniform(0, 1) < 0.2 ? "NR" : text("%.1f", median));
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
        const auto evidence = paper.shared();
        for (const auto& model : fit::parametric_models()) {
            INFO("paper " << repeat << ", " << model.name);
            const auto fitted = fit::fit(evidence, model);
            check_finite(fitted);
            for (const auto& arm : fitted.arms) {
                fitted_arms += !arm.parameters.empty();
                not_converged += arm.status == FitStatus::not_converged;
            }
        }
        const auto automatic = fit::fit_auto(evidence);
        INFO("paper " << repeat << ", auto");
        check_finite(automatic);
    }
    CHECK(fitted_arms > 250);
    CHECK(not_converged <= fitted_arms / 50);
}

TEST_CASE("An arm without a known number of patients still meets its hazard ratio", "[fit]") {
    for (const char* n : {"", "0", "1", "90"}) {
        INFO("n = " << n);
        const auto fitted = fit::fit(Paper("OS")
                                         .arm({"a", n, "", "", "", "", "", {}})
                                         .arm({"b", "90", "", "12", "9.0", "6.0", "12.0", {}})
                                         .hazard_ratio("a", "b", "0.70")
                                         .shared(),
                                     *fit::find_model("exponential"));
        REQUIRE(fitted.fitted(0));
        CHECK(fitted.arms[0].parameters[0] / fitted.arms[1].parameters[0] == Approx(0.70).epsilon(1e-6));
    }
}

TEST_CASE("Contradictory numbers widen the covariance, and the residuals name them", "[fit]") {
    for (const auto& model : fit::parametric_models()) {
        INFO(model.name);
        const auto fitted = fit::fit(
            Paper("OS").arm({"a", "200", "", "30", "10.0", "", "", {{8, "0.20"}, {12, "0.80"}}}).shared(), model);
        check_finite(fitted);
        CHECK(fitted.inflation > 10);
        std::size_t missed = 0;
        for (const auto& residual : fitted.residuals) {
            const auto& o = fitted.evidence->observations[residual.observation];
            INFO(o.statistic << " " << residual.fitted << " for " << o.published.value);
            CHECK(residual.within_rounding ==
                  (std::abs(residual.fitted - o.published.value) <= o.published.half_unit() * (1 + 1e-9)));
            if (o.statistic.starts_with("milestone_")) {
                CHECK_FALSE(residual.within_rounding);
                CHECK(std::abs(residual.standardised) > 5);
                ++missed;
            }
        }
        CHECK(missed == 2);
    }
}

TEST_CASE("Residuals speak the published number's unit, and are nil where the curve is exact", "[fit]") {
    for (const auto& model : fit::parametric_models()) {
        INFO(model.name);
        const auto a = member(model, 24, prior_of(model, "OS").mean), b = member(model, 17, prior_of(model, "OS").mean);
        Paper paper = Paper("OS")
                          .arm(exact_line("new", model, a, {0.5, 1.5}))
                          .arm(exact_line("old", model, b, {0.5, 1.5}))
                          .hazard_ratio("new", "old", "1");
        // The hazard ratio and events of these curves, from the functions that the fit uses.
        for (auto& arm : paper.analysis.arms) {
            arm.n_patients = 200;
            hersurv::catalogue::FollowUp follow_up;
            follow_up.median_months = test::as_printed("30");
            arm.follow_up.push_back(follow_up);
        }
        const AnalysisEvidence empty = paper.gather();
        const auto grid = fit::follow_up_grid(empty);
        const auto fa = fit::follow(empty, 0, *model.family, a, grid),
                   fb = fit::follow(empty, 1, *model.family, b, grid);
        paper.analysis.contrasts[0].hazard_ratio[0] =
            test::statistic(decimals(std::exp(fit::average_log_hazard_ratio(fa, fb))));
        const double offset = hersurv::priors::builtin()->endpoint("OS").events_offset;
        paper.analysis.arms[0].events.push_back(
            test::statistic(decimals(200 * (fit::expected_events_fraction(fa) - offset))));
        paper.analysis.arms[1].events.push_back(
            test::statistic(decimals(200 * (fit::expected_events_fraction(fb) - offset))));
        const auto fitted = fit::fit(paper.shared(), model);
        check_finite(fitted);
        CHECK(fitted.objective < 1e-10);
        CHECK(fitted.residuals.size() == fitted.evidence->observations.size());
        for (const auto& residual : fitted.residuals) {
            const auto& o = fitted.evidence->observations[residual.observation];
            INFO(o.statistic);
            CHECK(residual.fitted == Approx(o.published.value).epsilon(1e-5));
            CHECK(std::abs(residual.standardised) < 1e-3);
        }
    }
}

TEST_CASE("Events that the other numbers contradict are left out, and the message says so", "[fit]") {
    for (const auto& model : fit::parametric_models()) {
        INFO(model.name);
        const auto with = [&](const char* events) {
            return fit::fit(
                Paper("OS").arm({"a", "200", events, "30", "20.0", "", "", {{12, "0.72"}, {30, "0.28"}}}).shared(),
                model);
        };
        const auto plausible = with("125"), impossible = with("20"), absent = with("");
        check_finite(impossible);
        CHECK(std::none_of(plausible.messages.begin(), plausible.messages.end(),
                           [](const auto& m) { return m.find("events") != std::string::npos; }));
        const auto message = std::find_if(impossible.messages.begin(), impossible.messages.end(),
                                          [](const auto& m) { return m.find("20 events") != std::string::npos; });
        REQUIRE(message != impossible.messages.end());
        CHECK(message->find("30 months") != std::string::npos);
        CHECK(impossible.objective == Approx(absent.objective).epsilon(1e-9).margin(1e-12));
        for (std::size_t p = 0; p < absent.arms[0].parameters.size(); ++p)
            CHECK(impossible.arms[0].parameters[p] == Approx(absent.arms[0].parameters[p]).epsilon(1e-8));
        for (const auto& residual : impossible.residuals)
            if (impossible.evidence->observations[residual.observation].kind == Kind::events) {
                CHECK(residual.standardised == 0);
                CHECK_FALSE(residual.within_rounding);
                CHECK(residual.fitted > 100);
            }
    }
}

TEST_CASE("auto takes the flexible model, says why, and follows the numbers better than any family", "[fit]") {
    for (const auto& paper : {full_paper(), test::cleopatra_end_of_study()}) {
        const auto automatic = fit::fit_auto(paper.shared());
        check_finite(automatic);
        CHECK(automatic.model->name == "flexible");
        REQUIRE_FALSE(automatic.messages.empty());
        CHECK(automatic.messages[0].find("auto took flexible") == 0);
        const auto met = [](const fit::FittedModel& fitted) {
            return std::ranges::count_if(fitted.residuals,
                                         [](const auto& residual) { return residual.within_rounding; });
        };
        for (const auto& model : fit::parametric_models())
            CHECK(met(automatic) >= met(fit::fit(paper.shared(), model)));
    }
    const auto nothing = fit::fit_auto(Paper("OS").arm({"a", "", "", "", "", "", "", {}}).shared());
    CHECK_FALSE(nothing.fitted(0));
    CHECK(nothing.messages.empty());
}
