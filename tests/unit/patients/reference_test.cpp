// Kaplan-Meier, log-rank, Cox and restricted means against R's survival (tests/reference/patients.R), to 1e-8.
#include "hersurv/patients.hpp"

#include <catch2/catch.hpp>

#include "unit/evidence/records.hpp"
#include <array>
#include <cmath>
#include <map>
#include <string>

namespace patients = hersurv::patients;
using hersurv::catalogue::LimitsTransform;
using hersurv::test::reference_rows;
using patients::KaplanMeier;

namespace {

const std::map<std::string, LimitsTransform> transforms = {
    {"log-log", LimitsTransform::log_log}, {"log", LimitsTransform::log}, {"plain", LimitsTransform::linear}};

std::map<std::string, std::array<KaplanMeier, 2>> curves_of_cases() {
    std::map<std::string, std::array<std::vector<patients::Patient>, 2>> cases;
    for (const auto& row : reference_rows("patients.csv"))
        cases[row[0]][std::stoul(row[1])].push_back({std::stod(row[2]), row[3] == "1"});
    std::map<std::string, std::array<KaplanMeier, 2>> curves;
    for (auto& [name, arms] : cases)
        curves.emplace(name, std::array{KaplanMeier(std::move(arms[0])), KaplanMeier(std::move(arms[1]))});
    return curves;
}

std::optional<double> computed(const std::array<KaplanMeier, 2>& arms, const std::vector<std::string>& row) {
    const std::string& statistic = row[2];
    const double at = row[3].empty() ? 0 : std::stod(row[3]);
    const auto type = transforms.find(statistic.substr(statistic.rfind('_') + 1));
    if (row[1].empty()) {
        const patients::LogRank test = log_rank(arms[0], arms[1]);
        if (statistic == "log_rank_observed") return test.observed[1];
        if (statistic == "log_rank_expected") return test.expected[1];
        if (statistic == "log_rank_variance") return test.variance;
        if (statistic == "log_rank_chi_square") return test.chi_square;
        if (statistic == "log_rank_p") return test.p_value;
        const patients::CoxFit fit = cox(arms[0], arms[1]);
        if (statistic == "log_hr") return fit.log_hr;
        if (statistic == "log_hr_se") return fit.se_log_hr;
        if (statistic == "hr_lower") return fit.limits().lower;
        if (statistic == "hr_upper") return fit.limits().upper;
        const auto mean0 = restricted_mean(arms[0], at), mean1 = restricted_mean(arms[1], at);
        if (statistic == "rmst_difference") return restricted_mean_difference(mean0, mean1).value;
        if (statistic == "rmst_difference_se") return restricted_mean_difference(mean0, mean1).standard_error;
        if (statistic == "rmst_ratio") return restricted_mean_ratio(mean0, mean1)->value;
        if (statistic == "rmst_ratio_log_se") return restricted_mean_ratio(mean0, mean1)->standard_error;
        throw std::runtime_error("no such statistic: " + statistic);
    }
    const KaplanMeier& curve = arms[std::stoul(row[1])];
    if (statistic.starts_with("median_lower_")) return curve.quantile(at, type->second).limits.lower;
    if (statistic.starts_with("median_upper_")) return curve.quantile(at, type->second).limits.upper;
    if (statistic.starts_with("lower_")) return limits(*curve.step_at(at), type->second).lower;
    if (statistic.starts_with("upper_")) return limits(*curve.step_at(at), type->second).upper;
    if (statistic == "median" || statistic == "quantile")
        return curve.quantile(at, LimitsTransform::log_log).time_months;
    if (statistic == "survival") return curve.survival(at);
    if (statistic == "log_survival_se") return std::sqrt(curve.step_at(at)->log_survival_variance);
    if (statistic == "n_at_risk") return static_cast<double>(curve.n_at_risk(at));
    if (statistic == "rmst") return restricted_mean(curve, at).mean_months;
    if (statistic == "rmst_se") return restricted_mean(curve, at).standard_error_months;
    if (statistic == "follow_up") {
        std::vector<patients::Patient> all;
        for (const auto& step : curve.steps()) {
            all.insert(all.end(), step.n_events, {step.time_months, true});
            all.insert(all.end(), step.n_censored, {step.time_months, false});
        }
        return KaplanMeier(patients::reversed(all)).quantile(at, LimitsTransform::log_log).time_months;
    }
    throw std::runtime_error("no such statistic: " + statistic);
}

KaplanMeier curve_of(std::vector<patients::Patient> all) { return KaplanMeier(std::move(all)); }

}  // namespace

TEST_CASE("survival statistics are those of R", "[patients][reference]") {
    const auto curves = curves_of_cases();
    std::size_t compared = 0, absent = 0;
    for (const auto& row : reference_rows("patients_expected.csv")) {
        INFO(row[0] << ' ' << row[1] << ' ' << row[2] << ' ' << row[3]);
        const auto value = computed(curves.at(row[0]), row);
        if (row[4] == "NA") {
            CHECK_FALSE(value.has_value());
            ++absent;
        } else if (row[4] == "Inf") {
            REQUIRE(value.has_value());
            CHECK(std::isinf(*value));
        } else {
            REQUIRE(value.has_value());
            const double expected = std::stod(row[4]);
            CHECK(std::abs(*value - expected) <= 1e-8 * std::max(1.0, std::abs(expected)));
            ++compared;
        }
    }
    CHECK(compared > 800);
    CHECK(absent > 20);
}

TEST_CASE("a partial likelihood without a maximum has no hazard ratio", "[patients]") {
    using patients::CoxStatus;
    const auto curves = curves_of_cases();
    const auto status = [&](const char* name) {
        const auto& arms = curves.at(name);
        const auto fit = cox(arms[0], arms[1]);
        CHECK(fit.estimated() == fit.limits().lower.has_value());
        return fit.status;
    };
    CHECK(status("no_event_in_control") == CoxStatus::without_limit_above);
    CHECK(status("one_event") == CoxStatus::without_limit_above);
    CHECK(status("no_event_in_experimental") == CoxStatus::without_limit_below);
    CHECK(status("separated") == CoxStatus::without_limit_below);
    CHECK(status("no_event_at_all") == CoxStatus::no_information);
    CHECK(status("five") == CoxStatus::estimated);
    CHECK(cox(curve_of({}), curve_of({{1, true}})).status == CoxStatus::no_information);
}

TEST_CASE("patients count in any order and arms can be exchanged", "[patients]") {
    const auto curves = curves_of_cases();
    const auto& [control, experimental] = curves.at("large");
    const auto forth = cox(control, experimental), back = cox(experimental, control);
    CHECK(forth.log_hr == Approx(-back.log_hr).epsilon(1e-12));
    CHECK(forth.se_log_hr == Approx(back.se_log_hr).epsilon(1e-12));
    const auto curve = curve_of({{3, true}, {1, false}, {2, true}});
    CHECK(curve.survival(1.9) == 1);
    CHECK(curve.survival(2) == 0.5);
    CHECK(curve.n_at_risk(2) == 2);
    CHECK(curve.n_at_risk(3.1) == 0);
    CHECK(curve.last_time_months() == 3);
    CHECK_THROWS_AS(curve_of({{-1, true}}), std::invalid_argument);
    CHECK_THROWS_AS(curve_of({{std::nan(""), true}}), std::invalid_argument);
}

TEST_CASE("a restricted mean says where it draws the curve on", "[patients]") {
    const auto curve = curve_of({{1, true}, {4, false}});
    CHECK_FALSE(restricted_mean(curve, 4).extrapolated);
    CHECK(restricted_mean(curve, 4.5).extrapolated);
    CHECK(restricted_mean(curve, 4.5).mean_months == Approx(1 + 0.5 * 3.5));
    CHECK_FALSE(restricted_mean(curve_of({{1, true}}), 4).extrapolated);
}
