// Tries the pairs of units.
#include "patients/figure_units.hpp"

#include "hersurv/records.hpp"

#include <array>
#include <cmath>

namespace hersurv::patients {

std::optional<UnitPair> units_that_agree(double end_of_curve, double end_of_table) {
    // Numbers at risk are published up to most of the axis, and rarely far beyond.
    constexpr double least = 0.6, most = 1.25;
    constexpr std::array<std::string_view, 4> units = {"days", "weeks", "months", "years"};
    std::optional<UnitPair> best;
    double nearest = 0;
    for (const std::string_view curve : units)
        for (const std::string_view table : units) {
            if (curve == table) continue;
            const auto months = [](std::string_view unit) {
                return catalogue::months_in(*catalogue::parse_time_unit(std::string(unit)));
            };
            const double ratio = end_of_table * months(table) / (end_of_curve * months(curve));
            if (ratio < least || ratio > most) continue;
            // Months are what most figures have.
            constexpr double without_months = 1;
            const bool with_months = curve == "months" || table == "months";
            const double away = std::abs(std::log(ratio)) + (with_months ? 0 : without_months);
            if (best && away >= nearest) continue;
            best = UnitPair{curve, table};
            nearest = away;
        }
    return best;
}

}  // namespace hersurv::patients
