// Whether two files of a figure have their times in one unit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hersurv::patients {

struct UnitPair {
    std::string_view curve{}, table{};  // days, weeks, months, years
};

// The units, not the same, with which the times of a table would end about where the curve ends: the nearest of them;
// absent if there are none. Ends as they are, > 0.
[[nodiscard]] std::optional<UnitPair> units_that_agree(double end_of_curve, double end_of_table);

}  // namespace hersurv::patients
