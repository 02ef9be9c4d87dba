// Places -> the published numbers that they name, with what the rules need of them: rounding, limits, source and words.
#pragma once

#include "hersurv/records.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hersurv::audit {

// A published number and what it is of.
struct PlacedNumber {
    catalogue::PrintedNumber value;
    bool count = false;        // a count is exact: it has no half unit
    bool approximate = false;  // the source says "about"
    std::string source;        // key
    std::optional<int> line;
    std::string file, pointer;
    std::string label;  // in words: "median OS of CLEOPATRA, arm pertuzumab, os-end-of-study"
    std::string trial, endpoint, population, time;  // of the number; `time` in words, empty if it has none
    std::string phase, year;                        // of the trial
    std::string evaluable;                          // patients of a response rate

    // Half a unit of the last published digit; 0 for a count.
    [[nodiscard]] double half_unit() const { return count ? 0 : value.half_unit(); }
};

struct Resolution {
    std::optional<PlacedNumber> number;
    std::string problem;  // why there is none
};

// A place that is in `home`, or in a catalogue's own claims and notes (`home` null); `catalogue` holds the other
// trials.
[[nodiscard]] Resolution resolve(const catalogue::Place& place, const catalogue::Trial* home,
                                 const catalogue::Catalogue* catalogue);

using catalogue::printed_text;
using catalogue::printed_time_text;

// "57.1 [50, 72]".
[[nodiscard]] std::string words(const catalogue::Statistic& print);
// "p < 0.001".
[[nodiscard]] std::string words(const catalogue::PValue& p);

// Whether numbers of this unit are counts ("patients", "events", "studies").
[[nodiscard]] bool is_count_unit(std::string_view unit);

}  // namespace hersurv::audit
