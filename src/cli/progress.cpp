// Writes the line of progress.
#include "cli/progress.hpp"

#include <ostream>

namespace hersurv::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds silent_for = 1s, between = 200ms;
// Back to the first column, and erase to the end of the line (ECMA-48, EL).
constexpr std::string_view erase = "\r\x1b[K";

}  // namespace

Progress::Progress(std::ostream* terminal, Clock clock)
    : terminal_(terminal), clock_(std::move(clock)), begun_(clock_()), next_(begun_ + silent_for) {}

void Progress::tell(std::string_view things, std::size_t done, std::size_t total) {
    if (terminal_ == nullptr) return;
    const std::lock_guard lock(mutex_);
    const auto now = clock_();
    if (now < next_) return;
    next_ = now + between;
    *terminal_ << erase << things << ": " << done;
    if (total > 0) *terminal_ << " of " << total;
    terminal_->flush();
    shown_ = true;
}

void Progress::clear() {
    if (terminal_ == nullptr) return;
    const std::lock_guard lock(mutex_);
    if (!shown_) return;
    *terminal_ << erase;
    terminal_->flush();
    shown_ = false;
}

}  // namespace hersurv::cli
