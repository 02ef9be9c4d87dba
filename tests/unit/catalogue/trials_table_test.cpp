// Tables of trials: one table in every dialect is one catalogue.
#include "hersurv/catalogue.hpp"
#include "hersurv/error.hpp"

#include <catch2/catch.hpp>

#include "catalogue/writer.hpp"
#include "support/json.hpp"
#include <string>
#include <vector>

namespace hersurv::catalogue {
namespace {

using Rows = std::vector<std::vector<std::string>>;

const Rows rows = {
    {"trial", "endpoint", "arm", "n", "events", "median", "lower", "upper", "survival_24", "hr", "p", "follow_up"},
    {"MINE", "OS", "new, weekly", "1200", "620", "24.1", "20.3", "28.5", "51.2% (44.1-58.0)", "0.74 (0.58-0.94)",
     "0.013", "30.2"},
    {"MINE", "OS", "caf\xC3\xA9", "1198", "742", "18.6 (15.9-NR)", "", "", "38%", "", "", "30.2"},
};

std::string with_commas(std::string text) {
    for (std::size_t i = 1; i + 1 < text.size(); ++i)
        if (text[i] == '.') text[i] = ',';
    return text;
}

std::string written(char separator, bool decimal_comma, const std::string& line_end) {
    std::string text;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        for (std::size_t i = 0; i < rows[row].size(); ++i) {
            std::string cell = decimal_comma && row > 0 && i > 2 ? with_commas(rows[row][i]) : rows[row][i];
            if (cell.find(separator) != std::string::npos) cell = '"' + cell + '"';
            text += (i > 0 ? std::string(1, separator) : "") + cell;
        }
        text += line_end;
    }
    return text;
}

std::string utf16(const std::string& text) {
    std::string result = "\xff\xfe";
    for (std::size_t i = 0; i < text.size(); ++i) {
        // All that is not ASCII here is one letter of two bytes.
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool two = byte >= 0xC0;
        result +=
            two ? static_cast<char>((byte & 3U) << 6U | (static_cast<unsigned char>(text[i + 1]) & 0x3FU)) : text[i];
        result += '\0';
        i += two;
    }
    return result;
}

std::string latin(std::string text) { return text.replace(text.find("\xC3\xA9"), 2, "\xE9"); }

std::string records_of(const std::string& text) {
    return support::write_json(to_document(read_document(text, "trials.csv")));
}

std::string faults_of(const std::string& text) {
    try {
        (void)read_document(text, "trials.csv");
    } catch (const support::InputError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a table of trials is the same in every dialect", "[catalogue][trials_table]") {
    const std::string expected = records_of(written(',', false, "\n"));
    CHECK(expected.find("\"value\": 24.1") != std::string::npos);
    CHECK(expected.find("caf\xC3\xA9") != std::string::npos);
    for (const char separator : {',', ';', '\t', '|'}) {
        for (const bool decimal_comma : {false, true}) {
            for (const std::string line_end : {"\n", "\r\n", "\r"}) {
                const std::string text = written(separator, decimal_comma, line_end);
                CAPTURE(text);
                for (const std::string& bytes : {text, "\xEF\xBB\xBF" + text, utf16(text), latin(text)})
                    CHECK(records_of(bytes) == expected);
            }
        }
    }
    CHECK(records_of("sep=;\n" + written(';', false, "\n")) == expected);
    CHECK(records_of("# of the review\n" + written('|', true, "\n")) == expected);
}

TEST_CASE("a table with both decimal marks, or with limits that may be a number, is not guessed at",
          "[catalogue][trials_table]") {
    const std::string header = "trial;endpoint;arm;median\n";
    CHECK_THAT(faults_of(header + "A;OS;x;17.6\nB;OS;x;12,5\n"), Catch::Contains("trials.csv:3:8"));
    // Two limits without a blank: neither 15.20 nor a fault.
    CHECK(records_of(header + "A;OS;x;17,6 (15,20)\n").find("\"upper\": 20") != std::string::npos);
    // Thousands or a decimal comma: of a number of patients there is one reading, of a time nobody knows.
    CHECK(records_of("trial;endpoint;arm;n\nA;OS;x;1,234\n").find("\"n\": 1234") != std::string::npos);
    CHECK_THAT(faults_of(header + "A;OS;x;1,234\n"), Catch::Contains("1,234"));
}

TEST_CASE("rows that do not fit the header are refused", "[catalogue][trials_table]") {
    CHECK_THAT(faults_of("trial,endpoint,arm,median\nA,OS,x,17,6\n"),
               Catch::Contains("trials.csv:2: 5 fields under a header of 4") && Catch::Contains("semicolons"));
    CHECK_THAT(faults_of("trial,endpoint,arm\nA,OS\n"), Catch::Contains("2 fields under a header of 3"));
    CHECK_THAT(faults_of(""), Catch::Contains("empty"));
    // What a spreadsheet leaves behind the last column and row.
    CHECK_FALSE(records_of("trial,endpoint,arm,median,,\nA,OS,x,17.6,,\n,,,,,\n").empty());
}

}  // namespace hersurv::catalogue
