// Members that a JSON document must have because it is part of the program.
#pragma once

#include "support/json.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::support {

// Members of data that is compiled in: one that is missing or of another kind is a bug (std::logic_error), not an
// input's fault.
[[nodiscard]] const Json& required(const Json& object, std::string_view key);
[[nodiscard]] double required_number(const Json& object, std::string_view key);
[[nodiscard]] const std::string& required_text(const Json& object, std::string_view key);
[[nodiscard]] std::vector<double> required_numbers(const Json& object, std::string_view key);
[[nodiscard]] const Json::Object& required_members(const Json& object, std::string_view key);

}  // namespace hersurv::support
