// The manual of all commands as a manual page, made from the table of commands and their option tables.
#pragma once

#include <string>

namespace hersurv::cli {

// The same manual as a page for `man`: hersurv.1.
[[nodiscard]] std::string manual_page();

}  // namespace hersurv::cli
