// Which options choose what a table or figure depends on.
#pragma once

#include "report/choices.hpp"
#include <string>
#include <string_view>

namespace hersurv::cli {

// Whether an option ("--times") chooses something that these choices contain.
[[nodiscard]] bool chooses(std::string_view option, const report::Choices& choices);
// All that do: "--endpoint --analysis --times".
[[nodiscard]] std::string options_of(const report::Choices& choices);

}  // namespace hersurv::cli
