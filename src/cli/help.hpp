// Help for the terminal, made from the table of commands and their option tables.
#pragma once

#include "cli/command.hpp"
#include <string>

namespace hersurv::cli {

[[nodiscard]] std::string version_text();
// `hersurv --help`.
[[nodiscard]] std::string program_help();
// `hersurv -h`, and what a call without a command gets: examples and the commands, on one screen.
[[nodiscard]] std::string short_help();
// `hersurv COMMAND -h`: examples and the options that most need, a line each, on one screen.
[[nodiscard]] std::string short_command_help(const CommandRow& row);
// `hersurv COMMAND --help`.
[[nodiscard]] std::string command_help(const CommandRow& row);

// Commands that serve the program itself: callable, but not listed.
[[nodiscard]] inline bool is_hidden(const CommandRow& row) { return row.name.starts_with("__"); }

}  // namespace hersurv::cli
