// Points by arm out of a table of any layout, as they are in it: no unit is converted and nothing is judged.
#pragma once

#include "hersurv/tables.hpp"

#include "tables/headers.hpp"
#include "tables/source.hpp"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hersurv::tables {

struct Point {
    double time = 0, value = 0;               // as written; the value of a percent sign is that before it
    std::uint32_t time_at = 0, value_at = 0;  // in the text of the source
    int line = 0;
};

struct ArmSeries {
    std::string name{};         // without blanks around it; empty if the table names none
    std::uint32_t name_at = 0;  // in the text of the source
    int line = 0;               // of the first row
    bool percent = false;       // the heading or a cell says so
    std::size_t n_missing = 0;  // rows without a time or a value, left out
    bool ends_missing = false;  // its last row has a time and no value
    std::vector<Point> points{};
};

struct Series {
    std::shared_ptr<const Source> source{};  // of all places
    FileRead read{};
    std::vector<ArmSeries> arms{};     // as they first appear
    std::vector<ArmSeries> at_risk{};  // of a table of survival that has numbers at risk beside it
    // And those who have the event or are censored at each time, row by row with at_risk; empty if it does not count
    // them.
    std::vector<ArmSeries> n_events{}, n_censored{};
};

// Throws InputError for what is not a table, or one that no layout fits; the message says what was seen.
[[nodiscard]] Series read_series(const Input& input, Content content);

}  // namespace hersurv::tables
