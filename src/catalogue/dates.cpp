// Dates -> months, so that they can be ordered.
#include "catalogue/dates.hpp"

#include "support/number_text.hpp"

namespace hersurv::catalogue {

std::optional<double> month_of(const std::string& date) {
    const auto part = [&](std::size_t start, std::size_t length) {
        return date.size() < start + length ? std::nullopt : support::parse_number(date.substr(start, length));
    };
    const auto year = part(0, 4), month = part(5, 2), day = part(8, 2);
    if (!year) return std::nullopt;
    if (!month) return 12 * *year + 6;
    return 12 * *year + *month - 1 + (day ? (*day - 1) / 31 : 0.5);
}

}  // namespace hersurv::catalogue
