// Lays out the test of proportional hazards and derived ratios, an object each.
#include "report/ratio_parts.hpp"

#include <fmt/format.h>

#include "support/number_text.hpp"
#include <cmath>
#include <utility>

namespace hersurv::report {

using support::Json;

std::string derived_ratio_words(const catalogue::Trial& trial, const evidence::DerivedHazardRatio& derived) {
    const std::string ids = derived.experimental + " v " + derived.control;
    return arm_label(trial, derived.experimental) + " v " + arm_label(trial, derived.control) +
           derived.statement.substr(ids.size());
}

// A hazard ratio that is not published, out of its p-value and the events.
Json derived_ratio_json(const AnalysisFit& fit, const evidence::DerivedHazardRatio& derived) {
    const bool known = derived.log_ratio.has_value();
    const auto ratio = [known](double log_ratio) { return known ? Json(std::exp(log_ratio)) : Json(); };
    return Json::Object{{"trial", fit.evidence->trial},
                        {"analysis", fit.evidence->analysis},
                        {"endpoint", fit.evidence->endpoint},
                        {"arm", derived.experimental},
                        {"control", derived.control},
                        {"hazard_ratio", ratio(derived.log_ratio.value_or(0))},
                        {"lower", ratio(derived.lower)},
                        {"upper", ratio(derived.upper)},
                        {"se_log", known ? Json(derived.sd) : Json()},
                        {"level", 0.95},
                        {"statement", derived.statement}};
}

Json proportional_json(const AnalysisFit& fit, const evidence::ProportionalHazards& result) {
    Json::Array ratios;
    for (const auto& ratio : result.ratios)
        ratios.push_back(Json::Object{{"time_months", ratio.time_months},
                                      {"cumulative_hazard_ratio", std::exp(ratio.log_ratio)},
                                      {"se_log", ratio.sd}});
    const bool tested = result.p_value.has_value();
    return Json::Object{{"trial", fit.evidence->trial},
                        {"analysis", fit.evidence->analysis},
                        {"endpoint", fit.evidence->endpoint},
                        {"arm", fit.evidence->arms[result.arm].id},
                        {"control", fit.evidence->arms[result.control].id},
                        {"verdict", word(result.verdict)},
                        {"statement", result.statement},
                        {"ratios_up_to", std::move(ratios)},
                        {"chi_squared", tested ? Json(result.chi_squared) : Json()},
                        {"degrees_of_freedom", tested ? Json(static_cast<double>(result.degrees_of_freedom)) : Json()},
                        {"p_value", tested ? Json(*result.p_value) : Json()},
                        {"of_curves_alone", result.of_curves_alone},
                        {"power", result.power ? Json(*result.power) : Json()},
                        {"power_change_months", result.power ? Json(result.change_months) : Json()}};
}

std::string proportional_words(const AnalysisFit& fit, const evidence::ProportionalHazards& result) {
    using evidence::Proportionality;
    constexpr double low_power = 0.8;
    if (result.verdict == Proportionality::not_testable) return "";
    const auto at = [](const evidence::RatioUpTo& ratio) {
        return fmt::format("{} at {} months", support::fixed(std::exp(ratio.log_ratio), 2),
                           support::shortest(std::round(10 * ratio.time_months) / 10));
    };
    std::string ratios = at(result.ratios.front());
    if (result.ratios.size() > 1) ratios += ", " + at(result.ratios.back());
    std::string test;
    if (result.p_value) test = *result.p_value < 0.001 ? "; p < 0.001" : "; p = " + support::fixed(*result.p_value, 3);
    const bool contradicted = result.verdict == Proportionality::contradicted;
    const bool weak = !contradicted && result.power && *result.power < low_power;
    return fmt::format(
        "{} v {}: {}consistent with proportional hazards{} (cumulative hazard ratio {}{})",
        fit.evidence->arms[result.arm].title(), fit.evidence->arms[result.control].title(), contradicted ? "not " : "",
        weak ? fmt::format(", but the power of the test is {}%", support::fixed(100 * *result.power, 0)) : "", ratios,
        test);
}

}  // namespace hersurv::report
