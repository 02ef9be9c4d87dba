// From the coordinates of the search to the natural parameters of a family.
#include "fit/coordinates.hpp"

#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::fit {
namespace {

// What is outside is what a search tries on its way. Where hardly anybody has the event a member may have a median that
// nobody lives to see (S(12) = .90 and S(60) = .85 are a Weibull with a median of 13 000 months).
constexpr double furthest_log_median = 30, furthest_shape = 8, furthest_logit = 13;

// A curve that hardly falls has a scale beyond the range of double: its parameters are at the ends of that.
double within_range(double natural, survival::Domain domain) {
    constexpr double greatest = 1e300, least = 1e-300;
    return std::clamp(natural, domain == survival::Domain::positive ? least : -greatest, greatest);
}

}  // namespace

std::vector<double> Coordinates::parameters(std::span<const double> coordinates) const {
    std::vector<double> natural(family_.parameters.size());
    const std::size_t n_base = base_.parameters.size();
    std::size_t next = 1;
    const double shape =
        base_.shape_name.empty() ? 0 : std::clamp(coordinates[next++], -furthest_shape, furthest_shape);
    for (std::size_t held = 0; held < base_.n_held; ++held)
        natural[n_base - base_.n_held + held] = std::clamp(coordinates[next++], -furthest_shape, furthest_shape);
    base_.from_median(std::exp(std::clamp(coordinates[0], -furthest_log_median, furthest_log_median)), shape,
                      std::span(natural).first(n_base));
    for (std::size_t i = 0; i < n_base; ++i) natural[i] = within_range(natural[i], base_.parameters[i].domain);
    if (has_cure()) natural.back() = support::expit(std::clamp(coordinates[next], -furthest_logit, furthest_logit));
    return natural;
}

std::vector<double> parameters_of(const survival::Family& family, std::span<const std::size_t> positions,
                                  std::span<const double> free) {
    std::vector<double> own;
    own.reserve(positions.size());
    for (const std::size_t position : positions) own.push_back(free[position]);
    return Coordinates(family).parameters(own);
}

}  // namespace hersurv::fit
