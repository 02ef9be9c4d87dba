// Two header rows and a pair of columns for each arm, as WebPlotDigitizer writes them: the names of the arms above
// every other column, X and Y below; the pairs may be of unequal length.
#include "tables/layout.hpp"
#include <string>

namespace hersurv::tables {
namespace {

// The name above a pair, at its first or second column.
std::string_view pair_name(const Sheet& sheet, std::size_t pair) {
    const std::string_view first = sheet.text(0, 2 * pair);
    return first.empty() ? sheet.text(0, 2 * pair + 1) : first;
}

bool fits_pairs(const Sheet& sheet) {
    const std::size_t n_columns = sheet.n_columns();
    if (sheet.n_rows() < 3 || n_columns < 2 || n_columns % 2 != 0 || value_role(sheet.content()) == Role::unknown)
        return false;
    for (std::size_t pair = 0; 2 * pair < n_columns; ++pair) {
        const std::string_view second = sheet.text(0, 2 * pair + 1), name = pair_name(sheet, pair);
        if (name.empty() || looks_numeric(name) || (!second.empty() && second != name)) return false;
        if (parse_header(sheet.text(1, 2 * pair), sheet.content()).role != Role::time ||
            parse_header(sheet.text(1, 2 * pair + 1), sheet.content()).role != value_role(sheet.content()))
            return false;
    }
    return true;
}

void read_pairs(const Sheet& sheet, Series& series) {
    const bool counts = sheet.content() == Content::numbers_at_risk;
    SeriesBuilder builder(sheet, series.arms);
    for (std::size_t pair = 0; 2 * pair < sheet.n_columns(); ++pair) {
        const std::size_t x = 2 * pair, y = x + 1;
        for (std::size_t earlier = 0; earlier < pair; ++earlier)
            if (pair_name(sheet, earlier) == pair_name(sheet, pair))
                sheet.fail(0, x, "the arm " + std::string(pair_name(sheet, pair)) + " is given twice",
                           "give each arm a name of its own");
        const Header time = parse_header(sheet.text(1, x), sheet.content());
        const Header value = parse_header(sheet.text(1, y), sheet.content());
        if (series.read.time_unit.empty()) series.read.time_unit = std::string(time.time_unit);
        ArmSeries& arm = builder.arm(pair_name(sheet, pair), {0, x});
        arm.percent = value.percent;
        for (std::size_t row = 2; row < sheet.n_rows(); ++row)
            // The shorter pairs are empty below.
            if (!is_missing(sheet.text(row, x)) || !is_missing(sheet.text(row, y)))
                builder.add(arm, {row, x}, SeriesBuilder::CellAt{row, y}, time.name, value.name, counts);
    }
}

}  // namespace

const Layout column_pairs = {"a pair of columns per arm", fits_pairs, read_pairs};

}  // namespace hersurv::tables
