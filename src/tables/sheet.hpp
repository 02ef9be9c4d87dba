// A table whose separator and decimal mark are settled: cells by row and column, as text or numbers, with their places.
#pragma once

#include "hersurv/tables.hpp"

#include "tables/grid.hpp"
#include "tables/headers.hpp"
#include "tables/numerals.hpp"
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hersurv::tables {

class Sheet {
  public:
    // The source must outlive the sheet.
    Sheet(const Source& source, Grid grid, Content content, const ReadOptions& options);

    [[nodiscard]] const Source& source() const { return source_; }
    [[nodiscard]] const Grid& grid() const { return grid_; }
    [[nodiscard]] Content content() const { return content_; }
    [[nodiscard]] std::size_t n_rows() const { return grid_.rows().size(); }
    [[nodiscard]] std::size_t n_columns() const { return grid_.n_columns(); }
    [[nodiscard]] int line(std::size_t row) const { return grid_.rows()[row].line; }
    // The mark by which numbers are read.
    [[nodiscard]] Decimal decimal() const { return decimal_.value_or(Decimal::point); }
    // As the first row reads, by column.
    [[nodiscard]] const std::vector<Header>& headers() const { return headers_; }
    // The likeliest column with a role.
    [[nodiscard]] std::optional<std::size_t> find(Role role) const;

    [[nodiscard]] std::string_view text(std::size_t row, std::size_t column) const {
        return grid_.cell(row, column).text;
    }
    // Absent if the cell is empty or NA. Throws InputError if it is not a number, or may be two.
    [[nodiscard]] std::optional<Numeral> number(std::size_t row, std::size_t column, std::string_view what) const;
    // The same of a number that is not a share: throws if it has a percent sign.
    [[nodiscard]] std::optional<double> plain_number(std::size_t row, std::size_t column, std::string_view what) const;
    // The same of a number of patients.
    [[nodiscard]] std::optional<Numeral> count(std::size_t row, std::size_t column, std::string_view what) const;
    // Whether the cells of a column from a row on are numbers, or missing; false if all are missing.
    [[nodiscard]] bool is_numeric(std::size_t column, std::size_t first_row) const;

    [[noreturn]] void fail(std::size_t row, std::size_t column, const std::string& problem,
                           const std::string& remedy) const;
    // Throws InputError if some numbers have a decimal point, others a decimal comma.
    void refuse_mixed_decimals() const;
    // Throws InputError if a column is given twice among the headers.
    void refuse_columns_twice() const;
    // Throws InputError if a row below the header has more cells than it, or breaks off.
    void refuse_ragged_rows() const;
    // Throws InputError if a column of this name has more than one value.
    void refuse_several(std::string_view called, const std::string& what) const;
    // "comma-separated; columns: time, x; first row: 0, 1", for messages.
    [[nodiscard]] std::string seen() const;

    [[nodiscard]] FileRead file_read() const;

  private:
    void settle_decimal();
    void settle_by_shares();
    // Where a cell begins; the line's end for one that its row does not have.
    [[nodiscard]] std::size_t place(std::size_t row, std::size_t column) const;

    const Source& source_;
    Grid grid_;
    Content content_;
    ReadOptions options_;
    std::optional<Decimal> decimal_;
    // The first cells with a decimal point and with a decimal comma, as row and column.
    std::optional<std::pair<std::size_t, std::size_t>> first_point_, first_comma_;
    std::vector<Header> headers_;
};

// The table with the separator that makes it one that `fits` knows, rectangular ones first; else with the likeliest.
struct ChosenSheet {
    std::unique_ptr<Sheet> sheet;
    bool fits = false;
};
[[nodiscard]] ChosenSheet choose_sheet(const Source& source, Content content, const ReadOptions& options,
                                       const std::function<bool(const Sheet&)>& fits);

}  // namespace hersurv::tables
