// Numbers as text, independent of the locale.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hersurv::support {

// The shortest decimal text that reads back to the same double ("57.1", "0.37", "1e-09"); "" for a non-finite value.
[[nodiscard]] std::string shortest(double value);

// Fixed decimals, rounded half away from zero on the shortest decimal text (so 0.125 with 2 decimals is 0.13, 2.675
// is 2.68), never "-0.0".
[[nodiscard]] std::string fixed(double value, int decimals);

// Significant digits, never in exponent form for 1e-4 <= |value| < 1e6.
[[nodiscard]] std::string significant(double value, int digits);

// How many decimals the shortest text has: 57.1 -> 1, 50 -> 0, 0.0007 -> 4, 1e-9 -> 9.
[[nodiscard]] int decimals_of(double value);

// The number that fixed() and significant() write.
[[nodiscard]] double rounded(double value, int decimals);
[[nodiscard]] double rounded_to_digits(double value, int digits);

// value * 10^places as somebody writes it who moves the decimal point: 19.4 by -2 places is 0.194, where 19.4 / 100 is
// 0.19399999999999998.
[[nodiscard]] double with_point_moved(double value, int places);

// A decimal number that is the whole of a text, whatever the locale (std::stod reads the "12" of "12.5" where the
// decimal point is a comma). nullopt for other text, and for a number that a double cannot hold.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

}  // namespace hersurv::support
