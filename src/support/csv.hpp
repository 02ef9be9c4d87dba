// Tables out of text separated by commas (RFC 4180) or another character, by column name; every fault with its file,
// line and column.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::support {

class CsvTable {
  public:
    // `file` is the name for messages. Throws InputError if a line has another number of fields than the header, or
    // a quotation is not closed, and where the bytes are not text. Spaces around names and numbers do not count.
    CsvTable(std::string_view bytes, std::string file, char separator = ',');

    [[nodiscard]] std::size_t n_rows() const { return lines_.size(); }
    [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
    [[nodiscard]] bool has_column(std::string_view column) const;
    // Throws InputError if there is no such column.
    void require_column(std::string_view column) const { (void)index_of(column); }
    [[nodiscard]] std::string text(std::size_t row, std::string_view column) const;
    // Absent if the field is empty or NA (R's word); throws InputError if it is not a finite number.
    [[nodiscard]] std::optional<double> number(std::size_t row, std::string_view column) const;
    // The same, where the field must be there.
    [[nodiscard]] double required_number(std::size_t row, std::string_view column) const;
    // Throws an InputError that names the line of the row, and where the field of the column begins on it.
    [[noreturn]] void fail(std::size_t row, const std::string& problem, const std::string& remedy,
                           std::string_view column = "") const;
    // Of a row, for messages; and where its field of the column begins.
    [[nodiscard]] int line(std::size_t row) const { return lines_.at(row); }
    [[nodiscard]] int position(std::size_t row, std::string_view column) const { return field(row, column).column; }

  private:
    class Reader;
    // The content of a field, in bytes_.
    struct Field {
        std::size_t first = 0, size = 0;
        int column = 0;  // of the line at which it begins, 1-based, in characters
    };
    [[nodiscard]] std::size_t index_of(std::string_view column) const;
    [[nodiscard]] const Field& field(std::size_t row, std::string_view column) const;
    [[nodiscard]] std::string_view content(const Field& field) const {
        return std::string_view(bytes_).substr(field.first, field.size);
    }

    std::string file_;
    char separator_;
    std::vector<std::string> columns_;
    std::string bytes_;          // of all fields but the header's, one after the other
    std::vector<Field> fields_;  // row by row
    std::vector<int> lines_;     // by row
};

}  // namespace hersurv::support
