// Text cut into rows of cells by one separator.
#pragma once

#include "hersurv/tables.hpp"

#include "tables/source.hpp"
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::tables {

struct Cell {
    std::string_view text{};  // without blanks around it and without quotation marks
    std::uint32_t at = 0;     // where it begins in the text of the source
};

struct GridRow {
    std::uint32_t first = 0;    // among the cells
    std::uint32_t n_cells = 0;  // without empty ones at the end
    std::uint32_t n_given = 0;  // with them
    int line = 0;
};

// Rows without a filled cell, comments (# or //) and a line `sep=;` are not rows.
class Grid {
  public:
    // Throws InputError if a quotation is not closed.
    Grid(const Source& source, Separator separator);

    [[nodiscard]] Separator separator() const { return separator_; }
    [[nodiscard]] const std::vector<GridRow>& rows() const { return rows_; }
    [[nodiscard]] std::size_t n_columns() const { return n_columns_; }  // of the longest row
    // An empty one beyond the end of its row.
    [[nodiscard]] const Cell& cell(std::size_t row, std::size_t column) const {
        static const Cell none{};
        return column < rows_[row].n_cells ? cells_[rows_[row].first + column] : none;
    }
    // Also one of the empty ones at the end of a row.
    [[nodiscard]] const Cell& given_cell(std::size_t row, std::size_t column) const {
        return cells_[rows_[row].first + column];
    }
    // Whether all rows have as many cells.
    [[nodiscard]] bool is_rectangular() const { return rectangular_; }

  private:
    class Cutter;
    void name_rows();

    Separator separator_;
    std::vector<Cell> cells_;
    std::vector<GridRow> rows_;
    std::deque<std::string> unquoted_;  // cells in which a quotation mark was doubled or a line ended
    std::size_t n_columns_ = 0;
    bool rectangular_ = true;
};

// The separator of a first line `sep=;` (Excel's), as its character; 0 if there is none.
[[nodiscard]] char told_separator(std::string_view text);

}  // namespace hersurv::tables
