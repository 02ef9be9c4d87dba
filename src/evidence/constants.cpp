// Reads the learnt constants out of the compiled-in data/priors.json, once.
#include "hersurv/evidence/constants.hpp"

#include "hersurv/support/builtin_data.hpp"
#include "hersurv/support/json.hpp"

#include <stdexcept>

namespace hersurv::evidence {
namespace {

using support::Json;

const Json& member(const Json& object, std::string_view key) {
    const Json* found = object.find(key);
    if (found == nullptr) throw std::logic_error("data/priors.json: no member " + std::string(key));
    return *found;
}

double number(const Json& object, std::string_view key) {
    const double* value = member(object, key).if_number();
    if (value == nullptr) throw std::logic_error("data/priors.json: " + std::string(key) + " is no number");
    return *value;
}

EndpointConstants read_class(const std::string& name, const Json& json) {
    EndpointConstants constants;
    constants.endpoint_class = name;
    for (const auto& [family, prior] : *member(json, "shape").if_object())
        constants.shape[family] = {number(prior, "mean"), number(prior, "sd")};
    const Json& anchor = member(json, "limit_anchor");
    constants.c1 = number(anchor, "c1");
    constants.c2 = number(anchor, "c2");
    constants.c3 = number(anchor, "c3");
    constants.offset_lower = number(anchor, "offset_lower");
    constants.offset_upper = number(anchor, "offset_upper");
    constants.a1 = number(anchor, "a1");
    constants.a2 = number(anchor, "a2");
    const Json& ties = member(json, "ties");
    constants.sd_log_hr_unstratified = number(ties, "sd_log_hr_unstratified");
    constants.sd_log_hr_otherwise = number(ties, "sd_log_hr_otherwise");
    constants.sd_events = number(ties, "sd_events");
    constants.events_offset = number(ties, "events_offset");
    constants.censoring_gamma = number(ties, "censoring_gamma");
    const Json& information = member(json, "default_information");
    constants.default_events_fraction = number(information, "events_fraction");
    constants.default_limit_over_follow_up = number(information, "limit_over_follow_up");
    for (const auto& [family, error] : *member(json, "accuracy").if_object())
        constants.accuracy[family] = *error.if_number();
    return constants;
}

struct Constants {
    std::map<std::string, EndpointConstants, std::less<>> by_endpoint;
    ReadingConstants reading{};

    Constants() {
        const Json json = support::parse_json(support::builtin_priors(), "data/priors.json");
        std::map<std::string, EndpointConstants, std::less<>> classes;
        for (const auto& [name, value] : *member(json, "classes").if_object()) classes[name] = read_class(name, value);
        for (const auto& [endpoint, name] : *member(json, "endpoint_class").if_object())
            by_endpoint[endpoint] = classes.at(*name.if_string());
        const Json& numbers = member(json, "reading");
        reading = {number(numbers, "sd_median"), number(numbers, "sd_milestone"), number(numbers, "sd_model"),
                   number(numbers, "default_n_patients")};
    }
};

const Constants& constants() {
    static const Constants read;
    return read;
}

}  // namespace

const EndpointConstants& constants_for(std::string_view endpoint) {
    const auto found = constants().by_endpoint.find(endpoint);
    if (found == constants().by_endpoint.end())
        throw std::out_of_range("no constants for endpoint " + std::string(endpoint));
    return found->second;
}

const ReadingConstants& reading_constants() { return constants().reading; }

}  // namespace hersurv::evidence
