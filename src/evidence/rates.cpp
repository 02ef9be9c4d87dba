// Intervals of rates and differences by closed formulas.
#include "hersurv/evidence.hpp"

#include "survival/special_functions.hpp"
#include <cmath>
#include <stdexcept>
#include <string>

namespace hersurv::evidence {

Limits clopper_pearson(int responders, int evaluable, double level) {
    if (evaluable < 1 || responders < 0 || responders > evaluable)
        throw std::domain_error("hersurv::evidence::clopper_pearson: " + std::to_string(responders) + " of " +
                                std::to_string(evaluable) + " is not a number of responders among evaluable patients");
    if (!(level > 0 && level < 1))
        throw std::domain_error("hersurv::evidence::clopper_pearson: the level must be between 0 and 1");
    const double tail = 0.5 * (1 - level), x = responders, n = evaluable;
    Limits limits{0, 1};
    if (responders > 0) limits.lower = survival::inverse_incomplete_beta(x, n - x + 1, tail);
    if (responders < evaluable) limits.upper = survival::inverse_incomplete_beta_complement(x + 1, n - x, tail);
    return limits;
}

std::optional<int> responders_of_rate(double rate, double half_unit, int evaluable) {
    const double slack = 1e-9;
    const int first = static_cast<int>(std::ceil((rate - half_unit) * evaluable - slack));
    const int last = static_cast<int>(std::floor((rate + half_unit) * evaluable + slack));
    if (first != last || first < 0 || first > evaluable) return std::nullopt;
    return first;
}

std::optional<int> evaluable_of_rate(double rate, double half_unit, int responders) {
    const double slack = 1e-9;
    if (responders < 1 || !(rate - half_unit > 0)) return std::nullopt;
    const double fewest = std::ceil(responders / (rate + half_unit) - slack),
                 most = std::floor(responders / (rate - half_unit) + slack);
    if (fewest != most || fewest < responders || fewest > 1e9) return std::nullopt;
    return static_cast<int>(fewest);
}

Limits limits_of_difference(double a, Limits a_limits, double b, Limits b_limits) {
    const double difference = a - b;
    return {difference - std::hypot(a - a_limits.lower, b_limits.upper - b),
            difference + std::hypot(a_limits.upper - a, b - b_limits.lower)};
}

double se_of_log_ratio(double lower, double upper, double level) {
    return (std::log(upper) - std::log(lower)) / (2 * z_of_level(level));
}

}  // namespace hersurv::evidence
