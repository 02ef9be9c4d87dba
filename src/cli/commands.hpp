// The commands of the program.
#pragma once

#include "cli/command.hpp"
#include <span>

namespace hersurv::cli {

// In the order of the help; those that serve the program itself come last.
[[nodiscard]] std::span<const CommandRow> commands();

}  // namespace hersurv::cli
