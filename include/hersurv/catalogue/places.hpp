// What a place leads to: the number that it names by ids.
#pragma once

#include "hersurv/catalogue/records.hpp"
#include "hersurv/catalogue/statistic.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hersurv::catalogue {

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
