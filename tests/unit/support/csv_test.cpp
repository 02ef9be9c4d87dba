// Comma-separated text: quoting, line ends, missing fields, and the line of every fault.
#include "support/csv.hpp"

#include "hersurv/error.hpp"

#include <catch2/catch.hpp>

#include <string>

using hersurv::support::CsvTable;
using hersurv::support::InputError;

namespace {

template <class Work>
std::string message_of(const Work& work) {
    try {
        work();
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("A table is read by column name", "[support]") {
    const CsvTable table("name,value\r\n\"a, \"\"b\"\"\",1.5\r\n\nc,\nd,NA", "t.csv");
    REQUIRE(table.n_rows() == 3);
    CHECK(table.text(0, "name") == "a, \"b\"");
    CHECK(table.required_number(0, "value") == 1.5);
    CHECK_FALSE(table.number(1, "value"));
    CHECK_FALSE(table.number(2, "value"));
}

TEST_CASE("A fault of a table has its file and line", "[support]") {
    CHECK(message_of([] { CsvTable("", "t.csv"); }).find("t.csv:1") == 0);
    CHECK(message_of([] { CsvTable("a,b\n1,2\n3\n", "t.csv"); }).find("t.csv:3") == 0);
    CHECK(message_of([] { CsvTable("a\n\"x\n", "t.csv"); }).find("t.csv:2") == 0);
    const CsvTable table("a\n1x\n", "t.csv");
    CHECK(message_of([&] { (void)table.number(0, "a"); }).find("t.csv:2") == 0);
    CHECK(message_of([&] { (void)table.text(0, "b"); }).find("no column 'b'") != std::string::npos);
    const CsvTable empty("a,b\n,\n", "t.csv");
    CHECK(message_of([&] { (void)empty.required_number(0, "a"); }).find("a is empty") != std::string::npos);
}
