// Lays out the test of proportional hazards and derived ratios, an object each.
#include "report/ratio_parts.hpp"

#include <cmath>
#include <utility>

namespace hersurv::report {

using support::Json;

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

}  // namespace hersurv::report
