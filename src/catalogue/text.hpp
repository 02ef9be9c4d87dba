// Small words of the catalogue's messages: names in any case, lists of alternatives, suggestions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::catalogue {

// The key under which names that differ only in the case of their ASCII letters are the same.
[[nodiscard]] std::string folded(std::string_view text);

// "a, b or c".
[[nodiscard]] std::string alternatives(const std::vector<std::string>& words);

// "did you mean a or b?" where something is near, else `otherwise`.
[[nodiscard]] std::string did_you_mean(const std::string& name, const std::vector<std::string>& candidates,
                                       const std::string& otherwise);

[[nodiscard]] std::vector<std::string> to_strings(std::span<const std::string_view> words);

}  // namespace hersurv::catalogue
