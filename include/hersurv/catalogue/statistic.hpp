// Names every statistic that an analysis can report.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hersurv::catalogue {

struct StatisticKey {
    enum class Kind { n_patients, events, median, milestone, follow_up, hazard_ratio, p_value, crossover };
    enum class Side { value, lower, upper };  // the estimate, or a limit of its interval

    Kind kind = Kind::median;
    Side side = Side::value;
    double time_months = 0;  // of a milestone

    bool operator==(const StatisticKey&) const = default;
    // The estimate of this kind itself, not a limit of it.
    [[nodiscard]] bool is(Kind wanted) const { return kind == wanted && side == Side::value; }
    [[nodiscard]] bool is_limit_of(Kind wanted) const { return kind == wanted && side != Side::value; }
};

// "median", "median_lower", "milestone_24", "n": the name in catalogues and machine formats.
[[nodiscard]] std::string to_string(const StatisticKey& key);
// The inverse; "milestone_96_lower" is the lower limit of the survival at 96 months. nullopt for any other text.
[[nodiscard]] std::optional<StatisticKey> parse_statistic(std::string_view text);

}  // namespace hersurv::catalogue
