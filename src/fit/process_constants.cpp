// Reads the constants of the conditioned process out of the compiled-in data/priors.json, once.
#include "process_constants.hpp"

#include "hersurv/evidence/constants.hpp"
#include "hersurv/support/builtin_data.hpp"
#include "hersurv/support/json.hpp"

#include <stdexcept>

namespace hersurv::fit {
namespace {

using support::Json;

[[noreturn]] void refuse(std::string_view key, const char* what) {
    throw std::logic_error("data/priors.json, process: " + std::string(key) + " " + what);
}

const Json& member(const Json& object, std::string_view key) {
    const Json* found = object.find(key);
    if (found == nullptr) refuse(key, "is missing");
    return *found;
}

double number(const Json& object, std::string_view key) {
    const double* value = member(object, key).if_number();
    if (value == nullptr) refuse(key, "is no number");
    return *value;
}

std::vector<double> numbers(const Json& object, std::string_view key) {
    const Json::Array* array = member(object, key).if_array();
    if (array == nullptr) refuse(key, "is no array");
    std::vector<double> values;
    for (const Json& value : *array) {
        if (value.if_number() == nullptr) refuse(key, "holds something that is no number");
        values.push_back(*value.if_number());
    }
    return values;
}

const Json::Object& members(const Json& object, std::string_view key) {
    const Json::Object* found = member(object, key).if_object();
    if (found == nullptr) refuse(key, "is no object");
    return *found;
}

ScanConstants read_scans(const Json& json) {
    ScanConstants scans;
    scans.q = number(json, "q");
    scans.tau = number(json, "tau");
    scans.k = number(json, "k");
    scans.lambda = number(json, "lambda");
    scans.least_survival = number(json, "least_survival");
    const Json& crossing = member(json, "crossing");
    scans.half_window = number(crossing, "half_window");
    scans.earliest = number(crossing, "earliest");
    scans.least_slope = number(crossing, "least_slope");
    scans.typical_slope = number(crossing, "typical_slope");
    scans.months = numbers(json, "months");
    const Json& prior = member(json, "prior");
    for (const auto& [cancer, weights] : members(json, "prior")) {
        scans.prior[cancer] = numbers(prior, cancer);
        if (scans.prior[cancer].size() != scans.months.size()) refuse(cancer, "has not one weight for each schedule");
    }
    if (!scans.prior.contains("other")) refuse("other", "is missing");
    return scans;
}

ProcessConstants read_class(const std::string& name, const Json& json) {
    ProcessConstants c;
    c.endpoint_class = name;
    const Json& mean = member(json, "mean");
    c.knots = numbers(mean, "knots");
    c.values = numbers(mean, "values");
    if (c.knots.size() != c.values.size() || c.knots.size() < 3) refuse("knots", "do not go with values");
    c.typical_median = number(mean, "typical_median");
    c.most_log_median = number(mean, "most_log_median");
    c.b5 = number(mean, "b5");
    c.b6 = number(mean, "b6");
    c.b7 = number(mean, "b7");
    c.b8 = number(mean, "b8");
    const Json& kernel = member(json, "kernel");
    c.th1 = number(kernel, "th1");
    c.th2 = number(kernel, "th2");
    c.th3 = number(kernel, "th3");
    c.th4 = number(kernel, "th4");
    c.th5 = number(kernel, "th5");
    c.most_square = number(kernel, "most_square");
    c.rho = number(kernel, "rho");
    const Json& sampling = member(json, "sampling");
    c.kn = number(sampling, "kn");
    c.least_survival = number(sampling, "least_survival");
    if (!member(sampling, "plug_in_slope").is_null()) c.plug_in_slope = number(sampling, "plug_in_slope");
    const Json& anchors = member(json, "anchors");
    c.pin = number(anchors, "pin");
    c.nug = number(anchors, "nug");
    c.tf = number(anchors, "tf");
    c.slope = number(anchors, "slope");
    c.a1 = number(anchors, "a1");
    c.a2 = number(anchors, "a2");
    c.offset_lower = number(anchors, "offset_lower");
    c.offset_upper = number(anchors, "offset_upper");
    c.sd_milestone = number(anchors, "sd_milestone");
    const Json& ties = member(json, "ties");
    c.sd_events = number(ties, "sd_events");
    c.events_offset = number(ties, "events_offset");
    c.censoring_gamma = number(ties, "censoring_gamma");
    c.inflation = number(json, "inflation");
    if (const Json* scans = json.find("scans")) c.scans = read_scans(*scans);
    return c;
}

struct Constants {
    std::map<std::string, ProcessConstants, std::less<>> by_class;
    MedianGridConstants grid;

    Constants() {
        const Json document = support::parse_json(support::builtin_priors(), "data/priors.json");
        const Json& json = member(document, "process");
        for (const auto& [name, value] : members(json, "classes")) by_class[name] = read_class(name, value);
        const Json& range = member(json, "median_grid");
        grid.followed_least = number(range, "followed_least");
        grid.followed_most = number(range, "followed_most");
        grid.printed_least = number(range, "printed_least");
        grid.least_width = number(range, "least_width");
        grid.values = static_cast<int>(number(range, "values"));
        grid.most_log_ratio = number(range, "most_log_ratio");
        grid.inflation = number(range, "inflation");
    }
};

const Constants& constants() {
    static const Constants read;
    return read;
}

}  // namespace

const ProcessConstants& process_constants_for(std::string_view endpoint) {
    return constants().by_class.at(evidence::constants_for(endpoint).endpoint_class);
}

const MedianGridConstants& median_grid_constants() { return constants().grid; }

}  // namespace hersurv::fit
