// Distributions against values computed elsewhere: by R (tests/reference/families.R) and to 50 digits by mpmath
// (families_precise.py).
#include "hersurv/survival.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace hersurv::survival;

struct ReferenceRow {
    std::string text;
    const Family* family;
    std::vector<double> parameters;
    std::string quantity;
    double argument;
    double value;
};

std::vector<ReferenceRow> read_reference(const std::string& name) {
    std::ifstream file(std::string(HERSURV_SOURCE_DIR) + "/tests/reference/" + name);
    REQUIRE(file);
    std::vector<ReferenceRow> rows;
    std::string line;
    std::getline(file, line);
    REQUIRE(line == "family,parameters,quantity,argument,value");
    while (std::getline(file, line)) {
        std::istringstream cells(line);
        std::string family, parameters, quantity, argument, value;
        std::getline(cells, family, ',');
        std::getline(cells, parameters, ',');
        std::getline(cells, quantity, ',');
        std::getline(cells, argument, ',');
        std::getline(cells, value, ',');
        ReferenceRow row{line, find_family(family), {}, quantity, std::stod(argument), std::stod(value)};
        INFO(line);
        REQUIRE(row.family != nullptr);
        std::istringstream words(parameters);
        for (std::string word; words >> word;) row.parameters.push_back(std::stod(word));
        rows.push_back(std::move(row));
    }
    return rows;
}

double compute(const ReferenceRow& row) {
    using Function = double (*)(const Family&, double, Parameters);
    static const std::map<std::string, Function> functions{{"log_survival", log_survival},
                                                           {"log_hazard", log_hazard},
                                                           {"quantile", quantile},
                                                           {"time_at_cumulative_hazard", time_at_cumulative_hazard},
                                                           {"rmst", rmst}};
    return functions.at(row.quantity)(*row.family, row.argument, row.parameters);
}

enum class Cover { all, without_cure };

void compare(const std::string& name, double tolerance, Cover cover) {
    std::map<std::string, int> rows_of_family;
    for (const ReferenceRow& row : read_reference(name)) {
        // A log hazard is right when the hazard is, relatively: an error of log h is a relative error of h.
        const double size = row.quantity == "log_hazard" ? std::max(1.0, std::fabs(row.value)) : std::fabs(row.value);
        const double computed = compute(row);
        INFO(name << ": " << row.text << ": computed " << Catch::StringMaker<double>::convert(computed));
        CHECK(std::fabs(computed - row.value) <= tolerance * size);
        ++rows_of_family[std::string(row.family->name)];
    }
    for (const Family* family : families()) {
        if (cover == Cover::without_cure && family->uncured != nullptr) continue;
        INFO(name << " has no rows of " << family->name);
        CHECK(rows_of_family[std::string(family->name)] >= 30);
    }
}

}  // namespace

TEST_CASE("distributions agree with R", "[survival][reference]") {
    compare("families.csv", 2e-13, Cover::without_cure);
}

TEST_CASE("distributions agree with 50 digits in both tails and at extreme shapes", "[survival][reference]") {
    compare("families_precise.csv", 1e-12, Cover::all);
}
