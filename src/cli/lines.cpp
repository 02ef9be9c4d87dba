// Reads files of JSON lines, one line in memory at a time.
#include "cli/lines.hpp"

#include "hersurv/error.hpp"

#include "support/file.hpp"
#include <cerrno>
#include <fstream>
#include <system_error>

namespace hersurv::cli {

bool is_lines_file(const std::string& path) { return path.ends_with(".jsonl"); }

void for_each_line(const std::string& path, const std::function<void(const std::string& text, int number)>& work) {
    const auto unreadable = [&](const std::string& problem, const std::string& remedy) {
        return support::InputError({support::Fault{path, "", problem, remedy, 0, 0}});
    };
    if (support::is_folder(path)) throw unreadable("is a folder", "name a file *.jsonl");
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        const int error = errno;
        if (error == ENOENT) throw unreadable("no such file", "check the path");
        throw unreadable("cannot be opened" + (error == 0 ? "" : ": " + std::generic_category().message(error)), "");
    }
    std::string text;
    for (int number = 1; support::read_line(file, path, number, text); ++number) {
        if (text.find_first_not_of(" \t\r") != std::string::npos) work(text, number);
    }
    if (file.bad()) throw unreadable("cannot be read to its end", "");
}

}  // namespace hersurv::cli
