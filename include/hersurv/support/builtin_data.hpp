// Data files that are compiled into the program. The definitions are generated at build time (cmake/embed.cmake).
#pragma once

#include <string_view>

namespace hersurv::support {

[[nodiscard]] std::string_view builtin_priors();    // data/priors.json
[[nodiscard]] std::string_view builtin_accuracy();  // data/accuracy.csv

}  // namespace hersurv::support
