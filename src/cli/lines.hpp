// Files of JSON lines: one document per line, one line in memory at a time.
#pragma once

#include <functional>
#include <string>

namespace hersurv::cli {

// Whether the path names such a file.
[[nodiscard]] bool is_lines_file(const std::string& path);

// Calls `work` with every line that is not blank and its number, from 1 on. Throws InputError if the file cannot be
// read.
void for_each_line(const std::string& path, const std::function<void(const std::string& text, int number)>& work);

}  // namespace hersurv::cli
