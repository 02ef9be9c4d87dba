// Tables out of comma-separated text (RFC 4180), by column name; every fault with its file and line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::support {

class CsvTable {
  public:
    // `file` is the name for messages. Throws InputError where a line has another number of fields than the header, or
    // a quotation is not closed.
    CsvTable(std::string_view text, std::string file);

    [[nodiscard]] std::size_t n_rows() const { return lines_.size(); }
    [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
    // Throws InputError where there is no such column.
    [[nodiscard]] std::string text(std::size_t row, std::string_view column) const;
    // Absent where the field is empty or NA (R's word); throws InputError where it is no finite number.
    [[nodiscard]] std::optional<double> number(std::size_t row, std::string_view column) const;
    // The same, where the field must be there.
    [[nodiscard]] double required_number(std::size_t row, std::string_view column) const;
    // Throws a InputError that names the line of the row.
    [[noreturn]] void fail(std::size_t row, const std::string& problem, const std::string& remedy) const;

  private:
    // The content of a field, in bytes_.
    struct Field {
        std::size_t first = 0, size = 0;
    };
    [[nodiscard]] std::string_view field(std::size_t row, std::string_view column) const;

    std::string file_;
    std::vector<std::string> columns_;
    std::string bytes_;          // of all fields but the header's, one after the other
    std::vector<Field> fields_;  // row by row
    std::vector<int> lines_;     // by row
};

}  // namespace hersurv::support
