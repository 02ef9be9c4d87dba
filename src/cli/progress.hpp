// How far a long piece of work is, in one line of the terminal.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <string_view>

namespace hersurv::cli {

// Says nothing in the first second; then the line is written anew, a few times a second, until it is cleared. May be
// told by several threads.
class Progress {
  public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    // `terminal` nullptr: silent (stderr is not a terminal, or --quiet).
    explicit Progress(std::ostream* terminal, Clock clock = std::chrono::steady_clock::now);
    ~Progress() { clear(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // `done` of `total` things, 0 if nobody knows how many there are: "fits: 120 of 3000".
    void tell(std::string_view things, std::size_t done, std::size_t total = 0);
    // Takes the line away: before anything else is written to the terminal.
    void clear();

  private:
    std::ostream* terminal_;
    Clock clock_;
    std::mutex mutex_;
    std::chrono::steady_clock::time_point begun_, next_;
    bool shown_ = false;
};

}  // namespace hersurv::cli
