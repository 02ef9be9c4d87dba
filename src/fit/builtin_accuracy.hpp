// The measured accuracy that is compiled in; defined in a source that is generated at build time (cmake/embed.cmake).
#pragma once

#include <string_view>

namespace hersurv::fit {

[[nodiscard]] std::string_view builtin_accuracy();  // data/accuracy.csv

}  // namespace hersurv::fit
