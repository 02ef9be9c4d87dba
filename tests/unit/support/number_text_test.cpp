// Numbers as text: round trips, and rounding as a person rounds the digits that stand there.
#include "support/number_text.hpp"

#include <catch2/catch.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>

using namespace hersurv::support;

TEST_CASE("the shortest text reads back to the same double", "[support][number]") {
    std::mt19937_64 random(11);
    for (int i = 0; i < 50000; ++i) {
        const double value = std::bit_cast<double>(random());
        if (!std::isfinite(value)) continue;
        REQUIRE(std::bit_cast<std::uint64_t>(std::strtod(shortest(value).c_str(), nullptr)) ==
                std::bit_cast<std::uint64_t>(value));
    }
    CHECK(shortest(57.1) == "57.1");
    CHECK(shortest(0.37) == "0.37");
    CHECK(shortest(50) == "50");
    CHECK(shortest(-0.5) == "-0.5");
    CHECK(shortest(1e-9) == "1e-09");
    CHECK(shortest(0.0007) == "0.0007");
    CHECK(shortest(1e14) == "100000000000000");
    CHECK(shortest(1e15) == "1e+15");
    CHECK(shortest(1.5e300) == "1.5e+300");
    CHECK(shortest(0) == "0");
    CHECK(shortest(std::nan("")).empty());
    CHECK(shortest(-std::numeric_limits<double>::infinity()).empty());
}

TEST_CASE("the point is moved without the dust of a division", "[support][number]") {
    CHECK(shortest(with_point_moved(19.4, -2)) == "0.194");  // 19.4 / 100 is 0.19399999999999998
    CHECK(with_point_moved(58.1, -2) == 0.581);
    CHECK(with_point_moved(0.581, 2) == 58.1);  // 0.581 * 100 is 58.099999999999994
    CHECK(with_point_moved(-7, -3) == -0.007);
    CHECK(with_point_moved(0, -2) == 0);
    CHECK(with_point_moved(1e308, -2) == 1e306);
    CHECK(std::isinf(with_point_moved(1e308, 2)));
}

TEST_CASE("decimals are those of the shortest text", "[support][number]") {
    CHECK(decimals_of(57.1) == 1);
    CHECK(decimals_of(50) == 0);
    CHECK(decimals_of(0.0007) == 4);
    CHECK(decimals_of(1e-9) == 9);
    CHECK(decimals_of(0.524) == 3);
    CHECK(decimals_of(-0.25) == 2);
    CHECK(decimals_of(1e20) == 0);
    CHECK(decimals_of(0) == 0);
    CHECK(decimals_of(std::nan("")) == 0);
    // Whatever is typed with k decimals and no trailing zero has k of them.
    for (int decimals = 1; decimals <= 6; ++decimals) {
        const double unit = std::pow(10.0, decimals);
        for (int digits = 1; digits < 2000; ++digits) {
            if (digits % 10 != 0) REQUIRE(decimals_of(digits / unit) == decimals);
        }
    }
}

TEST_CASE("fixed decimals round half away from zero on the digits as typed", "[support][number]") {
    CHECK(fixed(0.125, 2) == "0.13");
    CHECK(fixed(2.675, 2) == "2.68");
    CHECK(fixed(1.005, 2) == "1.01");
    CHECK(fixed(-2.675, 2) == "-2.68");
    CHECK(fixed(9.995, 2) == "10.00");
    CHECK(fixed(0.5, 0) == "1");
    CHECK(fixed(1.5, 0) == "2");
    CHECK(fixed(2.5, 0) == "3");
    CHECK(fixed(0.4999, 0) == "0");
    CHECK(fixed(0.05, 0) == "0");
    CHECK(fixed(-0.004, 2) == "0.00");
    CHECK(fixed(-0.0, 1) == "0.0");
    CHECK(fixed(0.005, 2) == "0.01");
    CHECK(fixed(57.1, 3) == "57.100");
    CHECK(fixed(1e21, 1) == "1000000000000000000000.0");
    CHECK(fixed(1e-300, 3) == "0.000");
    CHECK(fixed(7, -1) == "7");
    CHECK(fixed(std::nan(""), 2).empty());
    // Never further from the value than half a unit, and never "-0".
    std::mt19937_64 random(3);
    for (int i = 0; i < 20000; ++i) {
        const double value = (static_cast<double>(random() % 2000001) - 1000000) / 7919.0;
        const int decimals = static_cast<int>(random() % 6);
        const std::string text = fixed(value, decimals);
        REQUIRE(std::abs(std::strtod(text.c_str(), nullptr) - value) <= 0.5 * std::pow(10.0, -decimals) * (1 + 1e-9));
        REQUIRE_FALSE((text[0] == '-' && text.find_first_of("123456789") == std::string::npos));
        const auto point = text.find('.');
        REQUIRE((point == std::string::npos ? 0 : text.size() - point - 1) == static_cast<std::size_t>(decimals));
    }
}

TEST_CASE("significant digits", "[support][number]") {
    CHECK(significant(1234.5, 2) == "1200");
    CHECK(significant(0.00012345, 3) == "0.000123");
    CHECK(significant(0.0001, 3) == "0.000100");
    CHECK(significant(0.5, 3) == "0.500");
    CHECK(significant(57.14, 3) == "57.1");
    CHECK(significant(9.996, 3) == "10.0");
    CHECK(significant(999999.9, 3) == "1000000");
    CHECK(significant(1e6, 3) == "1.00e+06");
    CHECK(significant(0.0000123456, 3) == "1.23e-05");
    CHECK(significant(0.000099996, 3) == "1.00e-04");
    CHECK(significant(-0.125, 2) == "-0.13");
    CHECK(significant(0, 4) == "0");
    CHECK(significant(3.7, 0) == "4");
    CHECK(significant(std::numeric_limits<double>::infinity(), 2).empty());
    std::mt19937_64 random(5);
    for (int i = 0; i < 20000; ++i) {
        const double value = std::exp(std::log(1e-4) + static_cast<double>(random() % 1000000) / 1e6 * std::log(1e10));
        const int digits = 1 + static_cast<int>(random() % 8);
        const std::string text = significant(value, digits);
        REQUIRE(text.find('e') == std::string::npos);
        REQUIRE(std::abs(std::strtod(text.c_str(), nullptr) / value - 1) <=
                0.5 * std::pow(10.0, 1 - digits) * (1 + 1e-9));
    }
}

TEST_CASE("a number is the whole of its text, whatever the locale", "[support][number]") {
    using hersurv::support::parse_number;
    CHECK(parse_number("12.5") == 12.5);
    CHECK(parse_number("-1e-9") == -1e-9);
    for (const char* text : {"", "12.5 ", " 12.5", "12,5", "1e999", "nan", "inf", "0x10", "12.5.1"})
        CHECK_FALSE(parse_number(text));
    CHECK(hersurv::support::rounded(2.675, 2) == 2.68);
    CHECK(hersurv::support::rounded_to_digits(0.00012345, 3) == 0.000123);
}
