// The rows of tests/reference/mathematics_precise.csv, computed to 50 digits.
#pragma once

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace hersurv::test {

struct PreciseRow {
    std::string function;
    double argument = 0, value = 0;
};

inline std::vector<PreciseRow> read_precise() {
    std::ifstream file(std::string(HERSURV_SOURCE_DIR) + "/tests/reference/mathematics_precise.csv");
    std::string line;
    std::getline(file, line);
    REQUIRE(line == "function,argument,value");
    std::vector<PreciseRow> rows;
    while (std::getline(file, line)) {
        std::istringstream cells(line);
        std::string function, argument, value;
        std::getline(cells, function, ',');
        std::getline(cells, argument, ',');
        std::getline(cells, value, ',');
        // strtod, as std::stod refuses what is below the smallest normal number.
        rows.push_back({function, std::strtod(argument.c_str(), nullptr), std::strtod(value.c_str(), nullptr)});
    }
    return rows;
}

}  // namespace hersurv::test
