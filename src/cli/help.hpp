// Help for the terminal, made from the table of commands and their option tables.
#pragma once

#include "cli/command.hpp"
#include <string>

namespace hersurv::cli {

[[nodiscard]] std::string version_text();
// `hersurv --help`.
[[nodiscard]] std::string program_help();
// What a call without a command is told.
[[nodiscard]] std::string short_help();
// `hersurv COMMAND --help`.
[[nodiscard]] std::string command_help(const CommandRow& row);

// Commands that serve the program itself: callable, but not listed.
[[nodiscard]] inline bool is_hidden(const CommandRow& row) { return row.name.starts_with("__"); }

}  // namespace hersurv::cli
