// Names that somebody types: patterns and near misses.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::catalogue {

// The nearest of `candidates` to `name` (Damerau-Levenshtein, any case), at most `most`, none if nothing is near.
[[nodiscard]] std::vector<std::string> nearest(const std::string& name, const std::vector<std::string>& candidates,
                                               std::size_t most = 3);

// Shell globs: `*`, `?`; letters in any case.
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view text);

}  // namespace hersurv::catalogue
