// Reads the constants of the conditioned process out of the compiled-in data/priors.json, once.
#include "process_constants.hpp"

#include "hersurv/evidence/constants.hpp"
#include "hersurv/support/builtin_data.hpp"
#include "hersurv/support/json.hpp"

#include <stdexcept>

namespace hersurv::fit {
namespace {

using support::Json;
using support::required;
using support::required_members;
using support::required_number;
using support::required_numbers;

[[noreturn]] void refuse(std::string_view key, const char* what) {
    throw std::logic_error("data/priors.json, process: " + std::string(key) + " " + what);
}

ScanConstants read_scans(const Json& json) {
    ScanConstants scans;
    scans.q = required_number(json, "q");
    scans.tau = required_number(json, "tau");
    scans.k = required_number(json, "k");
    scans.lambda = required_number(json, "lambda");
    scans.least_survival = required_number(json, "least_survival");
    const Json& crossing = required(json, "crossing");
    scans.half_window = required_number(crossing, "half_window");
    scans.earliest = required_number(crossing, "earliest");
    scans.least_slope = required_number(crossing, "least_slope");
    scans.typical_slope = required_number(crossing, "typical_slope");
    scans.months = required_numbers(json, "months");
    const Json& prior = required(json, "prior");
    for (const auto& [cancer, weights] : required_members(json, "prior")) {
        scans.prior[cancer] = required_numbers(prior, cancer);
        if (scans.prior[cancer].size() != scans.months.size()) refuse(cancer, "has not one weight for each schedule");
    }
    if (!scans.prior.contains("other")) refuse("other", "is missing");
    return scans;
}

ProcessConstants read_class(const std::string& name, const Json& json) {
    ProcessConstants c;
    c.endpoint_class = name;
    const Json& mean = required(json, "mean");
    c.knots = required_numbers(mean, "knots");
    c.values = required_numbers(mean, "values");
    if (c.knots.size() != c.values.size() || c.knots.size() < 3) refuse("knots", "do not go with values");
    c.typical_median = required_number(mean, "typical_median");
    c.most_log_median = required_number(mean, "most_log_median");
    c.b5 = required_number(mean, "b5");
    c.b6 = required_number(mean, "b6");
    c.b7 = required_number(mean, "b7");
    c.b8 = required_number(mean, "b8");
    const Json& kernel = required(json, "kernel");
    c.th1 = required_number(kernel, "th1");
    c.th2 = required_number(kernel, "th2");
    c.th3 = required_number(kernel, "th3");
    c.th4 = required_number(kernel, "th4");
    c.th5 = required_number(kernel, "th5");
    c.most_square = required_number(kernel, "most_square");
    c.rho = required_number(kernel, "rho");
    const Json& sampling = required(json, "sampling");
    c.kn = required_number(sampling, "kn");
    c.least_survival = required_number(sampling, "least_survival");
    if (!required(sampling, "plug_in_slope").is_null()) c.plug_in_slope = required_number(sampling, "plug_in_slope");
    const Json& anchors = required(json, "anchors");
    c.pin = required_number(anchors, "pin");
    c.nug = required_number(anchors, "nug");
    c.tf = required_number(anchors, "tf");
    c.slope = required_number(anchors, "slope");
    c.a1 = required_number(anchors, "a1");
    c.a2 = required_number(anchors, "a2");
    c.offset_lower = required_number(anchors, "offset_lower");
    c.offset_upper = required_number(anchors, "offset_upper");
    c.sd_milestone = required_number(anchors, "sd_milestone");
    const Json& ties = required(json, "ties");
    c.sd_events = required_number(ties, "sd_events");
    c.events_offset = required_number(ties, "events_offset");
    c.censoring_gamma = required_number(ties, "censoring_gamma");
    c.inflation = required_number(json, "inflation");
    if (const Json* scans = json.find("scans")) c.scans = read_scans(*scans);
    return c;
}

struct Constants {
    std::map<std::string, ProcessConstants, std::less<>> by_class;
    MedianGridConstants grid;

    Constants() {
        const Json document = support::parse_json(support::builtin_priors(), "data/priors.json");
        const Json& json = required(document, "process");
        for (const auto& [name, value] : required_members(json, "classes")) by_class[name] = read_class(name, value);
        const Json& range = required(json, "median_grid");
        grid.followed_least = required_number(range, "followed_least");
        grid.followed_most = required_number(range, "followed_most");
        grid.printed_least = required_number(range, "printed_least");
        grid.least_width = required_number(range, "least_width");
        grid.values = static_cast<int>(required_number(range, "values"));
        grid.most_log_ratio = required_number(range, "most_log_ratio");
        grid.inflation = required_number(range, "inflation");
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
