// Small words of messages about names: names in any case, lists of alternatives, suggestions (private to the
// library).
#pragma once

#include "support/words.hpp"
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::catalogue {

using support::alternatives;
using support::folded;

// "did you mean a or b?" where something is near, else `otherwise`.
[[nodiscard]] std::string did_you_mean(const std::string& name, const std::vector<std::string>& candidates,
                                       const std::string& otherwise);

[[nodiscard]] std::vector<std::string> to_strings(std::span<const std::string_view> words);

}  // namespace hersurv::catalogue
