// Dates as papers give them: a year, a month or a day.
#pragma once

#include <optional>
#include <string>

namespace hersurv::catalogue {

// Months since year 0 of "YYYY", "YYYY-MM" or "YYYY-MM-DD"; the middle of what is not said. nullopt for other text.
[[nodiscard]] std::optional<double> month_of(const std::string& date);

}  // namespace hersurv::catalogue
