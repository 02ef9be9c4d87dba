// The table below a figure: times across in the first row, below it a row of numbers at risk for each arm.
#include "tables/layout.hpp"
#include <optional>
#include <string>

namespace hersurv::tables {
namespace {

// Where the numbers of the table are.
struct Across {
    std::size_t first_row = 0;     // the times
    std::size_t times_column = 0;  // of the first time
    bool named = true;             // a name of the arm is before its numbers
};

// Numbers in all cells of a row from a column on, at least two.
bool is_numeric_row(const Sheet& sheet, std::size_t row, std::size_t first_column) {
    const std::size_t n = sheet.grid().rows()[row].n_cells;
    if (n < first_column + 2) return false;
    for (std::size_t column = first_column; column < n; ++column)
        if (!looks_numeric(sheet.text(row, column)) && !parse_count(sheet.text(row, column), Decimal::point) &&
            !is_missing(sheet.text(row, column)))
            return false;
    return true;
}

// A row without a number, "No. at risk", is a title.
bool is_title(const Sheet& sheet, std::size_t row) {
    for (std::size_t column = 0; column < sheet.grid().rows()[row].n_cells; ++column)
        if (looks_numeric(sheet.text(row, column))) return false;
    return true;
}

bool is_increasing(const Sheet& sheet, std::size_t row, std::size_t first_column) {
    double last = -1;
    for (std::size_t column = first_column; column < sheet.grid().rows()[row].n_cells; ++column) {
        const auto time = parse_numeral(sheet.text(row, column), sheet.decimal());
        if (!time || time->value <= last) return false;
        last = time->value;
    }
    return true;
}

std::optional<Across> across_of(const Sheet& sheet) {
    if (sheet.content() != Content::numbers_at_risk) return std::nullopt;
    Across across;
    while (across.first_row < sheet.n_rows() && is_title(sheet, across.first_row)) ++across.first_row;
    if (across.first_row + 1 >= sheet.n_rows()) return std::nullopt;
    const bool bare_times = looks_numeric(sheet.text(across.first_row, 0));
    across.times_column = bare_times ? 0 : 1;
    if (!is_numeric_row(sheet, across.first_row, across.times_column) ||
        !is_increasing(sheet, across.first_row, across.times_column))
        return std::nullopt;
    across.named = !looks_numeric(sheet.text(across.first_row + 1, 0));
    for (std::size_t row = across.first_row + 1; row < sheet.n_rows(); ++row)
        if (!is_numeric_row(sheet, row, across.named ? 1 : 0) || looks_numeric(sheet.text(row, 0)) == across.named)
            return std::nullopt;
    // Numbers without names: one row of them, or rows and columns could be exchanged.
    if (!across.named && (!bare_times || across.first_row > 0 || sheet.n_rows() != 2 || sheet.n_columns() < 3))
        return std::nullopt;
    return across;
}

bool fits_across(const Sheet& sheet) { return across_of(sheet).has_value(); }

void read_across(const Sheet& sheet, Series& series) {
    const Across across = across_of(sheet).value();
    if (across.times_column == 1 && series.read.time_unit.empty()) {
        const Header label = parse_header(sheet.text(across.first_row, 0), sheet.content());
        series.read.time_unit = std::string(label.time_unit);
    }
    const std::size_t n_times = sheet.grid().rows()[across.first_row].n_cells - across.times_column;
    SeriesBuilder builder(sheet, series.arms);
    for (std::size_t row = across.first_row + 1; row < sheet.n_rows(); ++row) {
        const std::size_t first = across.named ? 1 : 0;
        const std::size_t n_numbers = sheet.grid().rows()[row].n_cells - first;
        if (n_numbers > n_times)
            sheet.fail(row, first + n_times,
                       std::to_string(n_numbers) + " numbers at risk under " + std::to_string(n_times) + " times",
                       "give a time for each of them");
        for (std::size_t earlier = across.first_row + 1; across.named && earlier < row; ++earlier)
            if (sheet.text(earlier, 0) == sheet.text(row, 0))
                sheet.fail(row, 0, "the arm " + std::string(sheet.text(row, 0)) + " is given twice",
                           "give each arm a row of its own, by its name");
        ArmSeries& arm = builder.arm(across.named ? sheet.text(row, 0) : "", {row, 0});
        for (std::size_t i = 0; i < n_numbers; ++i)
            if (!is_missing(sheet.text(row, first + i)))
                builder.add(arm, {across.first_row, across.times_column + i}, SeriesBuilder::CellAt{row, first + i},
                            "time", "n_at_risk", true);
    }
}

}  // namespace

const Layout times_across = {"times across, one row per arm", fits_across, read_across};

}  // namespace hersurv::tables
