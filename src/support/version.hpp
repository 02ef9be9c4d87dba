// The version of the library and the program, as CMakeLists.txt states it.
#pragma once

#include <string_view>

namespace hersurv::support {

// "0.1.0"
[[nodiscard]] std::string_view version();

}  // namespace hersurv::support
