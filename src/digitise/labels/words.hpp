// Components that belong to one word.
#pragma once

#include "digitise/labels/ink.hpp"

namespace hersurv::digitise {

// Words of text that runs to the right, from the left to the right: the frames of components that stand close beside
// one another.
[[nodiscard]] std::vector<Component> group_words(std::vector<Component> components);

// Whether b stands on the line of a (either may be a point or a comma).
[[nodiscard]] bool on_one_line(const Component& a, const Component& b);

}  // namespace hersurv::digitise
