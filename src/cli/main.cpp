// The program: standard streams and the terminal, then `run`.
#include "hersurv/error.hpp"

#include "cli/command.hpp"
#include "cli/run.hpp"
#include "support/file.hpp"
#include <algorithm>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <new>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace {

constexpr int default_width = 80;

// Columns of the terminal that stdout is.
int terminal_width() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    const char* columns = std::getenv("COLUMNS");
    int width = 0;
    if (columns != nullptr) std::from_chars(columns, columns + std::strlen(columns), width);
    constexpr int widest = 10000;
    return width > 0 ? std::min(width, widest) : default_width;
}

// Where memory ends so early or so completely that no exception can be thrown or caught (before main, or while one is
// being told), the program still ends with a message and the exit code of an input that is too large.
std::atomic<bool> memory_has_ended = false;

[[noreturn]] void note_that_memory_has_ended() {
    memory_has_ended = true;
    throw std::bad_alloc();
}

[[noreturn]] void end_without_memory() {
    if (!memory_has_ended) std::abort();
    hersurv::support::remove_unfinished_file();
    constexpr std::string_view message = "hersurv: error: not enough memory\n";
    if (::write(STDERR_FILENO, message.data(), message.size()) < 0) std::abort();
    ::_exit(static_cast<int>(hersurv::support::ExitCode::bad_input));
}

// Before the objects of other files are made.
__attribute__((constructor(101))) void prepare_for_the_end_of_memory() {
    std::set_new_handler(note_that_memory_has_ended);
    std::set_terminate(end_without_memory);
}

// Ctrl-C and TERM leave no half-written temporary file behind, and end the program as they always do.
extern "C" void clean_up_and_end(int signal) {
    hersurv::support::remove_unfinished_file();
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

}  // namespace

int main(int argc, char** argv) {
    // A reader that closes its end of a pipe shows as a failed write, which `run` ends quietly.
    std::signal(SIGPIPE, SIG_IGN);
    // A file larger than the shell allows shows as a failed write as well, with a message that names it.
    std::signal(SIGXFSZ, SIG_IGN);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        // A signal that is ignored, as nohup does, stays ignored.
        if (std::signal(signal, clean_up_and_end) == SIG_IGN) std::signal(signal, SIG_IGN);
    const bool terminal = ::isatty(STDOUT_FILENO) == 1;
    return hersurv::cli::run(argc, argv,
                             {std::cin, std::cout, std::cerr, terminal, terminal ? terminal_width() : default_width,
                              ::isatty(STDERR_FILENO) == 1});
}
