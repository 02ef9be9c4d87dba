// Units of time in the titles of axes, also with a letter that was misread.
#include <catch2/catch.hpp>

#include "digitise/axis_title.hpp"

TEST_CASE("the unit of time is found in the title of the axis", "[digitise]") {
    using hersurv::digitise::TimeUnit;
    const auto [title, unit] = GENERATE(table<std::string, TimeUnit>({
        {"Months", TimeUnit::months},
        {"Time (months)", TimeUnit::months},
        {"Time, mo", TimeUnit::months},
        {"Time since randomisation (months)", TimeUnit::months},
        {"Timc (mcnths)", TimeUnit::months},
        {"Weeks", TimeUnit::weeks},
        {"Time since first dose (wk)", TimeUnit::weeks},
        {"Years from surgery", TimeUnit::years},
        {"Follow-up, yr", TimeUnit::years},
        {"Days", TimeUnit::days},
        {"Time", TimeUnit::unknown},
        {"Survival probability", TimeUnit::unknown},
        {"", TimeUnit::unknown},
    }));
    CAPTURE(title);
    CHECK(hersurv::digitise::unit_in(title) == unit);
}
