// The later data cuts of the built-in catalogue against the curves of the earlier ones.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hersurv::bench {

// One number that a later cut publishes beyond the support of the earlier cut's curve (model `auto`, from the earlier
// cut's own numbers alone).
struct LaterNumber {
    std::string trial, endpoint, arm, earlier, later, statistic;
    double support_months = 0, time_months = 0;
    double published = 0, estimate = 0;  // S(time)
    // Population band.
    std::optional<double> lower, upper;

    [[nodiscard]] double error() const { return estimate - published; }
    [[nodiscard]] std::optional<bool> covered() const {
        if (!lower || !upper) return std::nullopt;
        return published >= *lower && published <= *upper;
    }
};

// Pairs of analyses of one trial with the same endpoint, population and assessment, of which the later has a later date
// of data cut-off or, if one has no date, a longer median follow-up.
[[nodiscard]] std::vector<LaterNumber> later_numbers();

}  // namespace hersurv::bench
