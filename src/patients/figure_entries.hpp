// Points and numbers at risk of a figure's arms, with their places in the file.
#pragma once

#include "tables/series.hpp"
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace hersurv::patients {

// One point or number at risk with its places in the file.
struct Entry {
    double time_months = 0, value = 0;
    std::size_t time_at = 0, value_at = 0;
    int line = 0;
};

// An arm of a file.
struct ArmEntries {
    std::string arm{};
    std::size_t arm_at = 0;
    bool percent = false;
    std::vector<Entry> entries{};
};

// With times in months; no unit: they are months.
[[nodiscard]] std::vector<ArmEntries> entries_of(const std::vector<tables::ArmSeries>& arms,
                                                 const std::string& time_unit);

// Orders the entries and drops those given twice; how many was out of order and how many twice.
std::pair<std::size_t, std::size_t> put_in_order(std::vector<Entry>& entries);

// Says what put_in_order did; `what` is one of them, "point".
void say_order(std::vector<std::string>& repairs, const std::string& arm, const std::string& what,
               const std::pair<std::size_t, std::size_t>& counts);

// "arm A: ", or nothing for an arm without a name.
[[nodiscard]] std::string of_arm(const std::string& arm);

}  // namespace hersurv::patients
