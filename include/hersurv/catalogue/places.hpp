// What a place leads to: the number that it names by ids.
#pragma once

#include "hersurv/catalogue/records.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hersurv::catalogue {

// What a statistic's name says: "milestone_96_lower" = the lower limit of the survival at 96 months.
struct StatisticName {
    enum class Part { value, lower, upper };
    std::string base;  // median, milestone, hazard_ratio, p_value, events, follow_up, crossover, n
    Part part = Part::value;
    double time_months = 0;  // of a milestone
};
[[nodiscard]] std::optional<StatisticName> parse_statistic(std::string_view text);

struct Destination {
    // The place leads to `trial`, which is not known here: nothing can be said of it.
    bool unknown_trial = false;
    // Not empty: the place leads nowhere, and why.
    std::string problem, remedy;
    // The number, where the place names exactly one.
    std::optional<PrintedNumber> number;
    const Provenance* from = nullptr;  // of that number; null for an arm's `n` and where there is no number

    [[nodiscard]] bool leads_nowhere() const { return !problem.empty(); }
};

// Follows a place that stands in `home`, or in a catalogue's own claims and notes (`home` null). `catalogue` holds the
// other trials (may be null). Trials are found by id in any case.
[[nodiscard]] Destination follow(const Place& place, const Trial* home, const Catalogue* catalogue);

// "analysis os-2015, arm placebo, median", for messages.
[[nodiscard]] std::string describe(const Place& place);

}  // namespace hersurv::catalogue
