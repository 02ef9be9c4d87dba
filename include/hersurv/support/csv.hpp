// Tables out of comma-separated text (RFC 4180), by column name; every fault with its file and line.
#pragma once

#include <map>
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

    [[nodiscard]] std::size_t n_rows() const { return rows_.size(); }
    [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
    // Throws InputError where there is no such column.
    [[nodiscard]] const std::string& text(std::size_t row, const std::string& column) const;
    // Absent where the field is empty or NA (R's word); throws InputError where it is no finite number.
    [[nodiscard]] std::optional<double> number(std::size_t row, const std::string& column) const;
    // The same, where the field must be there.
    [[nodiscard]] double required_number(std::size_t row, const std::string& column) const;
    // Throws a InputError that names the line of the row.
    [[noreturn]] void fail(std::size_t row, const std::string& problem, const std::string& remedy) const;

  private:
    struct Row {
        int line = 0;
        std::vector<std::string> fields;
    };
    std::string file_;
    std::vector<std::string> columns_;
    std::map<std::string, std::size_t> index_;
    std::vector<Row> rows_;
};

}  // namespace hersurv::support
