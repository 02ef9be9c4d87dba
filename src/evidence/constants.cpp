// Reads the learnt constants out of the compiled-in data/priors.json, once.
#include "hersurv/evidence/constants.hpp"

#include "hersurv/support/builtin_data.hpp"
#include "hersurv/support/json.hpp"

#include <stdexcept>

namespace hersurv::evidence {
namespace {

using support::Json;
using support::required;
using support::required_members;
using support::required_number;

EndpointConstants read_class(const std::string& name, const Json& json) {
    EndpointConstants constants;
    constants.endpoint_class = name;
    for (const auto& [family, prior] : required_members(json, "shape"))
        constants.shape[family] = {required_number(prior, "mean"), required_number(prior, "sd")};
    const Json& anchor = required(json, "limit_anchor");
    constants.c1 = required_number(anchor, "c1");
    constants.c2 = required_number(anchor, "c2");
    constants.c3 = required_number(anchor, "c3");
    constants.offset_lower = required_number(anchor, "offset_lower");
    constants.offset_upper = required_number(anchor, "offset_upper");
    constants.a1 = required_number(anchor, "a1");
    constants.a2 = required_number(anchor, "a2");
    const Json& ties = required(json, "ties");
    constants.sd_log_hr_unstratified = required_number(ties, "sd_log_hr_unstratified");
    constants.sd_log_hr_otherwise = required_number(ties, "sd_log_hr_otherwise");
    constants.sd_events = required_number(ties, "sd_events");
    constants.events_offset = required_number(ties, "events_offset");
    constants.censoring_gamma = required_number(ties, "censoring_gamma");
    const Json& information = required(json, "default_information");
    constants.default_events_fraction = required_number(information, "events_fraction");
    constants.default_limit_over_follow_up = required_number(information, "limit_over_follow_up");
    return constants;
}

struct Constants {
    std::map<std::string, EndpointConstants, std::less<>> by_endpoint;
    ReadingConstants reading{};

    Constants() {
        const Json json = support::parse_json(support::builtin_priors(), "data/priors.json");
        std::map<std::string, EndpointConstants, std::less<>> classes;
        for (const auto& [name, value] : required_members(json, "classes")) classes[name] = read_class(name, value);
        const Json& class_names = required(json, "endpoint_class");
        for (const auto& [endpoint, name] : required_members(json, "endpoint_class"))
            by_endpoint[endpoint] = classes.at(support::required_text(class_names, endpoint));
        const Json& numbers = required(json, "reading");
        reading = {required_number(numbers, "sd_median"), required_number(numbers, "sd_milestone"),
                   required_number(numbers, "sd_model"), required_number(numbers, "default_n_patients")};
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
