// Numbers as tables have them: decimal marks, thousands separators, percent signs, words for what is missing.
#pragma once

#include "hersurv/tables.hpp"

#include <optional>
#include <string_view>

namespace hersurv::tables {

// Empty, NA, a dash and the like.
[[nodiscard]] bool is_missing(std::string_view text);
// Digits with marks, a sign, a percent sign: what can only be meant as a number.
[[nodiscard]] bool looks_numeric(std::string_view text);

// What a number says about the decimal mark of its file. `1,234` may be 1.234 or 1234; `1.234` in a column of numbers
// with a decimal point is 1.234.
enum class MarkEvidence { none, point, comma, point_or_thousands, comma_or_thousands };
[[nodiscard]] MarkEvidence mark_evidence(std::string_view text);

struct Numeral {
    double value = 0;
    bool percent = false;    // it has a percent sign; the value is as it is before the sign
    bool thousands = false;  // it has a thousands separator
};
// A finite number with this decimal mark, whole; the other mark, a blank or an apostrophe separates thousands.
[[nodiscard]] std::optional<Numeral> parse_numeral(std::string_view text, Decimal mark);
// A number of patients: groups of three digits after a point or a comma are thousands ("2,549", "2.549"), and what
// is in brackets after it (the censored, "78 (12)") does not count.
[[nodiscard]] std::optional<Numeral> parse_count(std::string_view text, Decimal mark);

}  // namespace hersurv::tables
