// The manual of all commands as Markdown, made from the table of commands and their option tables.
#pragma once

#include <string>

namespace hersurv::cli {

// The manual of all commands as Markdown: docs/commands.md.
[[nodiscard]] std::string commands_markdown();

}  // namespace hersurv::cli
