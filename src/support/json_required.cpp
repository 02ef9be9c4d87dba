// Members of compiled-in data that must be there.
#include "support/json_required.hpp"

#include <stdexcept>

namespace hersurv::support {
namespace {

template <typename Value>
const Value& of_kind(const Value* value, std::string_view key, const char* kind) {
    if (value == nullptr) throw std::logic_error("compiled-in data: \"" + std::string(key) + "\" is " + kind);
    return *value;
}

}  // namespace

const Json& required(const Json& object, std::string_view key) { return of_kind(object.find(key), key, "missing"); }

double required_number(const Json& object, std::string_view key) {
    return of_kind(required(object, key).if_number(), key, "not a number");
}

const std::string& required_text(const Json& object, std::string_view key) {
    return of_kind(required(object, key).if_string(), key, "no text");
}

std::vector<double> required_numbers(const Json& object, std::string_view key) {
    std::vector<double> values;
    for (const Json& value : of_kind(required(object, key).if_array(), key, "no list"))
        values.push_back(of_kind(value.if_number(), key, "a list with something that is not a number"));
    return values;
}

const Json::Object& required_members(const Json& object, std::string_view key) {
    return of_kind(required(object, key).if_object(), key, "not an object");
}

}  // namespace hersurv::support
