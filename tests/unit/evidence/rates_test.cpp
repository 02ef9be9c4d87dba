// Limits of shares against R's binom.test, and counts that a printed rate allows against all counts there are.
#include "hersurv/evidence.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace evidence = hersurv::evidence;

namespace {

// The only number that `allows` says yes to.
template <class Allows>
std::optional<int> only(int from, int to, const Allows& allows) {
    std::optional<int> found;
    for (int n = from; n <= to; ++n) {
        if (!allows(n)) continue;
        if (found) return std::nullopt;
        found = n;
    }
    return found;
}

}  // namespace

TEST_CASE("exact limits of a share are those of R", "[evidence][rates]") {
    std::ifstream file(HERSURV_SOURCE_DIR "/tests/reference/clopper_pearson.csv");
    std::string line;
    REQUIRE(std::getline(file, line));
    int n_lines = 0;
    while (std::getline(file, line)) {
        std::replace(line.begin(), line.end(), ',', ' ');
        std::istringstream cells(line);
        int responders = 0, evaluable = 0;
        double level = 0, lower = 0, upper = 0;
        cells >> responders >> evaluable >> level >> lower >> upper;
        REQUIRE(cells);
        const auto limits = evidence::clopper_pearson(responders, evaluable, level);
        INFO(line);
        CHECK(limits.lower == Approx(lower).margin(1e-13).epsilon(1e-11));
        CHECK(limits.upper == Approx(upper).epsilon(1e-11));
        ++n_lines;
    }
    CHECK(n_lines == 18);
    for (const auto& [responders, evaluable] : {std::pair{-1, 5}, {6, 5}, {0, 0}})
        CHECK_THROWS_AS(evidence::clopper_pearson(responders, evaluable, 0.95), std::domain_error);
}

TEST_CASE("a printed rate gives the other count where it allows only one", "[evidence][rates]") {
    // DESTINY-Breast01, patients with brain metastases: 8 responders, 47.1%.
    CHECK(evidence::evaluable_of_rate(0.471, 0.0005, 8) == 17);
    for (const int decimals : {0, 1, 2}) {
        const double unit = std::pow(10, -2 - decimals);
        int n_found = 0;
        for (int evaluable = 1; evaluable <= 60; ++evaluable)
            for (int responders = 0; responders <= evaluable; ++responders) {
                const double rate = std::round(responders / static_cast<double>(evaluable) / unit) * unit;
                const auto rounds = [&](int x, int n) {
                    return std::abs(x / static_cast<double>(n) - rate) <= unit / 2 + 1e-12;
                };
                INFO(responders << " of " << evaluable << ", printed " << rate);
                CHECK(evidence::responders_of_rate(rate, unit / 2, evaluable) ==
                      only(0, evaluable, [&](int x) { return rounds(x, evaluable); }));
                const auto found = evidence::evaluable_of_rate(rate, unit / 2, responders);
                // Three numbers beyond those that come into question are tried at either end.
                if (responders > 0 && rate - unit / 2 > 1e-12) {
                    const int from = std::max(responders, static_cast<int>(responders / (rate + unit / 2)) - 3),
                              to = static_cast<int>(responders / (rate - unit / 2)) + 3;
                    CHECK(found == only(from, std::min(to, from + 1000), [&](int n) { return rounds(responders, n); }));
                } else {
                    CHECK_FALSE(found);
                }
                n_found += found.has_value();
            }
        CHECK(n_found > 50);
    }
}
