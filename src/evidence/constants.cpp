// Reads the learnt constants out of a document such as the compiled-in data/priors.json.
#include "evidence/constants.hpp"

#include "catalogue/endpoints.hpp"
#include "support/json.hpp"
#include "support/json_required.hpp"
#include <cmath>
#include <stdexcept>

namespace hersurv::evidence {
namespace {

using support::Json;
using support::required;
using support::required_members;
using support::required_number;
using support::required_numbers;

// `json` of "classes", `process` of the class in "process".
EndpointConstants read_endpoint(const std::string& name, const Json& json, const Json& process) {
    EndpointConstants c;
    c.endpoint_class = name;
    c.log_logistic_shape = std::exp(required_number(required(required(json, "shape"), "loglogistic"), "mean"));
    c.information_gamma = required_number(required(json, "limit_anchor"), "information_gamma");
    const Json& anchors = required(process, "anchors");
    c.offset_lower = required_number(anchors, "offset_lower");
    c.offset_upper = required_number(anchors, "offset_upper");
    c.limit_sd = required_number(anchors, "a1");
    c.limit_sd_by_censoring = required_number(anchors, "a2");
    c.limit_sd_by_guess = required_number(anchors, "a3");
    c.limit_rounding_factor = required_number(anchors, "tf");
    c.typical_slope = required_number(anchors, "slope");
    c.sd_milestone = required_number(anchors, "sd_milestone");
    const Json& hazard_ratios = required(json, "ties");
    c.sd_log_hr_unstratified = required_number(hazard_ratios, "sd_log_hr_unstratified");
    c.sd_log_hr_otherwise = required_number(hazard_ratios, "sd_log_hr_otherwise");
    c.sd_log_hr_by_guess = required_number(hazard_ratios, "sd_log_hr_by_guess");
    const Json& events = required(process, "ties");
    c.sd_events = required_number(events, "sd_events");
    c.events_offset = required_number(events, "events_offset");
    c.censoring_gamma = required_number(events, "censoring_gamma");
    const Json& information = required(json, "default_information");
    c.default_events_fraction = required_number(information, "events_fraction");
    c.default_limit_over_follow_up = required_number(information, "limit_over_follow_up");
    return c;
}

[[noreturn]] void refuse(std::string_view key, const char* what) {
    throw std::logic_error("learnt constants: " + std::string(key) + " " + what);
}

ScanConstants read_scans(const Json& json) {
    ScanConstants scans;
    scans.share_at_assessments = required_number(json, "q");
    scans.assessment_sd = required_number(json, "tau");
    scans.progression_shape = required_number(json, "k");
    scans.crossing_weight = required_number(json, "lambda");
    scans.least_survival = required_number(json, "least_survival");
    const Json& crossing = required(json, "crossing");
    scans.crossing_half_window_months = required_number(crossing, "half_window");
    scans.crossing_earliest_months = required_number(crossing, "earliest");
    scans.crossing_least_slope = required_number(crossing, "least_slope");
    scans.crossing_typical_slope = required_number(crossing, "typical_slope");
    scans.months = required_numbers(json, "months");
    const Json& prior = required(json, "prior");
    for (const auto& [cancer, weights] : required_members(json, "prior")) {
        scans.prior[cancer] = required_numbers(prior, cancer);
        if (scans.prior[cancer].size() != scans.months.size()) refuse(cancer, "has not one weight for each schedule");
    }
    if (!scans.prior.contains("other")) refuse("other", "is missing");
    return scans;
}

ProcessConstants read_process(const std::string& name, const Json& json) {
    ProcessConstants c;
    c.endpoint_class = name;
    const Json& mean = required(json, "mean");
    c.knots = required_numbers(mean, "knots");
    c.values = required_numbers(mean, "values");
    if (c.knots.size() != c.values.size() || c.knots.size() < 3) refuse("knots", "do not go with values");
    c.typical_median_months = required_number(mean, "typical_median");
    c.largest_log_median_ratio = required_number(mean, "most_log_median");
    c.early_slope_by_median = required_number(mean, "b5");
    c.late_slope_by_median = required_number(mean, "b6");
    c.early_slope_by_median_squared = required_number(mean, "b7");
    c.late_slope_by_median_squared = required_number(mean, "b8");
    const Json& kernel = required(json, "kernel");
    c.slope_variance = required_number(kernel, "th1");
    c.curvature_variance = required_number(kernel, "th2");
    c.walk_variance = required_number(kernel, "th3");
    c.wiggle_variance = required_number(kernel, "th4");
    c.wiggle_length = required_number(kernel, "th5");
    c.largest_square = required_number(kernel, "most_square");
    c.arm_correlation = required_number(kernel, "rho");
    const Json& unusual = required(json, "unusual");
    c.unusual = {required_number(unusual, "share"), required_number(unusual, "th1"), required_number(unusual, "th2"),
                 required_number(unusual, "th3"),   required_number(unusual, "th4"), required_number(unusual, "rho")};
    const Json& sampling = required(json, "sampling");
    c.noise_per_patient = required_number(sampling, "kn");
    c.noise_least_survival = required_number(sampling, "least_survival");
    if (!required(sampling, "plug_in_slope").is_null()) c.plug_in_slope = required_number(sampling, "plug_in_slope");
    const Json& anchors = required(json, "anchors");
    c.median_rounding_factor = required_number(anchors, "pin");
    c.nugget_sd = required_number(anchors, "nug");
    c.inflation = required_number(json, "inflation");
    if (const Json* scans = json.find("scans")) c.scans = read_scans(*scans);
    return c;
}

}  // namespace

Constants::Constants(std::string_view text, std::string_view name) {
    const Json document = support::parse_json(text, std::string(name));
    const Json& numbers = required(document, "reading");
    reading_ = {required_number(numbers, "sd_model"), required_number(numbers, "default_n_patients")};
    const Json& process = required(document, "process");
    const Json& classes = required(document, "classes");
    for (const auto& [endpoint_class, value] : required_members(process, "classes")) {
        endpoints_[endpoint_class] = read_endpoint(endpoint_class, required(classes, endpoint_class), value);
        processes_[endpoint_class] = read_process(endpoint_class, value);
    }
    for (const auto& kind : catalogue::endpoint_kinds)
        if (!endpoints_.contains(kind.learnt_from)) refuse(kind.learnt_from, "is a class without constants");
    const Json& range = required(process, "median_grid");
    median_grid_.followed_least = required_number(range, "followed_least");
    median_grid_.followed_most = required_number(range, "followed_most");
    median_grid_.printed_least = required_number(range, "printed_least");
    median_grid_.least_width = required_number(range, "least_width");
    median_grid_.values = static_cast<int>(required_number(range, "values"));
    median_grid_.most_log_ratio = required_number(range, "most_log_ratio");
    median_grid_.inflation = required_number(range, "inflation");
}

const EndpointConstants& Constants::endpoint(std::string_view endpoint) const {
    return endpoints_.find(catalogue::endpoint_kind(endpoint).learnt_from)->second;
}

const ProcessConstants& Constants::process(std::string_view endpoint) const {
    return processes_.find(this->endpoint(endpoint).endpoint_class)->second;
}

const std::shared_ptr<const Constants>& builtin_constants() {
    static const auto read = std::make_shared<const Constants>(builtin_constants_text(), "data/priors.json");
    return read;
}

}  // namespace hersurv::evidence
