// The line of progress: silent at first, rewritten in place, erased at the end.
#include "cli/progress.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace {

using namespace std::chrono_literals;
using hersurv::cli::Progress;

struct FakeClock {
    std::chrono::steady_clock::time_point now{};
    Progress::Clock clock() {
        return [this] { return now; };
    }
};

}  // namespace

TEST_CASE("progress is told after a second, a few times a second, and goes away", "[cli]") {
    FakeClock fake;
    std::ostringstream terminal;
    {
        Progress progress(&terminal, fake.clock());
        fake.now += 999ms;
        progress.tell("fits", 3, 10);
        progress.clear();
        CHECK(terminal.str().empty());
        fake.now += 1ms;
        progress.tell("fits", 4, 10);
        CHECK(terminal.str() == "\r\x1b[Kfits: 4 of 10");
        fake.now += 199ms;
        progress.tell("fits", 5, 10);
        CHECK(terminal.str() == "\r\x1b[Kfits: 4 of 10");
        fake.now += 1ms;
        progress.tell("lines", 6);
        CHECK(terminal.str() == "\r\x1b[Kfits: 4 of 10\r\x1b[Klines: 6");
    }
    CHECK(terminal.str() == "\r\x1b[Kfits: 4 of 10\r\x1b[Klines: 6\r\x1b[K");
}

TEST_CASE("without a terminal nothing is told of progress", "[cli]") {
    FakeClock fake;
    Progress progress(nullptr, fake.clock());
    fake.now += 1h;
    CHECK_NOTHROW(progress.tell("fits", 1, 2));
    CHECK_NOTHROW(progress.clear());
}
