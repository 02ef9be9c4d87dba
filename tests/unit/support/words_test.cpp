// Small words of messages: counts, parts of lists, blanks.
#include "support/words.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace hersurv::support;

TEST_CASE("things are counted in the singular and the plural", "[support][words]") {
    CHECK(counted(1, "trial") == "1 trial");
    CHECK(counted(0, "trial") == "0 trials");
    CHECK(counted(2, "trial") == "2 trials");
    CHECK(counted(1, "analysis", "analyses") == "1 analysis");
    CHECK(counted(0, "analysis", "analyses") == "0 analyses");
    CHECK(counted(1234567, "holds", "hold") == "1234567 hold");
}

TEST_CASE("a list is split at its separators, and joined again it is the same", "[support][words]") {
    CHECK(split("", ',') == std::vector<std::string>{""});
    CHECK(split("a", ',') == std::vector<std::string>{"a"});
    CHECK(split("a,,b", ',') == std::vector<std::string>{"a", "", "b"});
    CHECK(split(",", ',') == std::vector<std::string>{"", ""});
    for (const std::string text : {"", ",", "6:60:6", "a,b", ",a,", "12,24,,36"}) {
        std::string again;
        for (const std::string& part : split(text, ',')) again += part + ",";
        CHECK(again == text + ",");
    }
}

TEST_CASE("blanks are taken off the ends of a text, not from within", "[support][words]") {
    CHECK(trimmed(" \tCLEOPATRA\r\n") == "CLEOPATRA");
    CHECK(trimmed("a b") == "a b");
    CHECK(trimmed("").empty());
    CHECK(trimmed(" \t\r\n ").empty());
    CHECK(trimmed(" a\n", " \t") == "a\n");
}

TEST_CASE("the characters of UTF-8 are its bytes that do not continue one", "[support][words]") {
    int characters = 0;
    for (const char byte : std::string("a\xC3\xA9\xE2\x89\xA5\xF0\x9F\x98\x80")) characters += !is_continuation(byte);
    CHECK(characters == 4);
}
