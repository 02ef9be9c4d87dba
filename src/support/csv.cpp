// Reads comma-separated text, with quoted fields and either line end.
#include "hersurv/support/csv.hpp"

#include "hersurv/support/error.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace hersurv::support {
namespace {

[[noreturn]] void fault(const std::string& file, int line, const std::string& problem, const std::string& remedy,
                        int column = 0) {
    Fault fault;
    fault.file = file;
    fault.line = line;
    fault.column = column;
    fault.problem = problem;
    fault.remedy = remedy;
    throw InputError({fault});
}

std::string_view trimmed(std::string_view text) {
    const std::size_t from = text.find_first_not_of(" \t");
    return from == std::string_view::npos ? "" : text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

}  // namespace

CsvTable::CsvTable(std::string_view bytes, std::string file) : file_(std::move(file)) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
    bytes_.resize(bytes.size());
    std::size_t size = 0;  // of what is kept of it
    const auto keep = [&](char c) { bytes_[size++] = c; };
    int line = 1, first_line = 1;      // of the row
    int column = 0, first_column = 1;  // of the field
    std::size_t begin = 0, n_before = 0;
    bool quoted = false, begun = false;
    const auto end_field = [&] {
        fields_.push_back({begin, size - begin, first_column});
        begin = size;
        first_column = column + 1;
    };
    const auto end_row = [&] {
        end_field();
        if (columns_.empty()) {
            for (const Field& name : fields_) columns_.emplace_back(trimmed(content(name)));
            fields_.clear();
        } else {
            if (const std::size_t n = fields_.size() - n_before; n != columns_.size())
                fault(file_, first_line,
                      std::to_string(n) + " fields under a header of " + std::to_string(columns_.size()),
                      "give every line the fields of the header");
            lines_.push_back(first_line);
        }
        n_before = fields_.size();
        begun = false;
    };
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r')
            fault(file_, line, "is not text", "give a file of comma-separated values", column + 1);
        column += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // not the later bytes of a character
        if (quoted) {
            if (c == '"' && i + 1 < bytes.size() && bytes[i + 1] == '"') {
                keep(bytes[++i]);
            } else if (c == '"') {
                quoted = false;
            } else {
                keep(c);
                line += c == '\n';
            }
            continue;
        }
        if (c == '\n') {
            // A line with nothing on it is no row.
            if (begun) end_row();
            first_line = ++line;
            column = 0;
            first_column = 1;
            continue;
        }
        if (c == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') continue;
        begun = true;
        if (c == '"' && size == begin) {
            quoted = true;
        } else if (c == ',') {
            end_field();
        } else {
            keep(c);
        }
    }
    if (quoted) fault(file_, first_line, "a quotation that is not closed", "close it with \"");
    if (begun) end_row();
    bytes_.resize(size);
    if (columns_.empty()) fault(file_, 1, "the file is empty", "it needs a header line with the names of its columns");
}

bool CsvTable::has_column(std::string_view column) const {
    return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

std::size_t CsvTable::index_of(std::string_view column) const {
    if (!has_column(column))
        fault(file_, 1, "there is no column '" + std::string(column) + "'", "name it in the header line", 1);
    return static_cast<std::size_t>(std::find(columns_.begin(), columns_.end(), column) - columns_.begin());
}

const CsvTable::Field& CsvTable::field(std::size_t row, std::string_view column) const {
    return fields_.at(row * columns_.size() + index_of(column));
}

void CsvTable::fail(std::size_t row, const std::string& problem, const std::string& remedy,
                    std::string_view column) const {
    fault(file_, lines_.at(row), problem, remedy, column.empty() ? 0 : field(row, column).column);
}

std::string CsvTable::text(std::size_t row, std::string_view column) const {
    return std::string(content(field(row, column)));
}

std::optional<double> CsvTable::number(std::size_t row, std::string_view column) const {
    const std::string_view field = trimmed(content(this->field(row, column)));
    if (field.empty() || field == "NA") return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc() || end != field.data() + field.size() || !std::isfinite(value))
        fail(row, std::string(column) + " '" + std::string(field) + "' is no number",
             "give a number, or leave the field empty", column);
    return value;
}

double CsvTable::required_number(std::size_t row, std::string_view column) const {
    const auto value = number(row, column);
    if (!value) fail(row, std::string(column) + " is empty", "give a number", column);
    return *value;
}

}  // namespace hersurv::support
