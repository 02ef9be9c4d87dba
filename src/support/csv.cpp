// Reads comma-separated text, with quoted fields and either line end.
#include "hersurv/support/csv.hpp"

#include "hersurv/support/error.hpp"

#include <charconv>
#include <cmath>
#include <utility>

namespace hersurv::support {
namespace {

[[noreturn]] void fault(const std::string& file, int line, const std::string& problem, const std::string& remedy) {
    Fault fault;
    fault.file = file;
    fault.line = line;
    fault.problem = problem;
    fault.remedy = remedy;
    throw InputError({fault});
}

}  // namespace

CsvTable::CsvTable(std::string_view bytes, std::string file) : file_(std::move(file)) {
    Row row{1, {}};
    std::string field;
    int line = 1;
    bool quoted = false, begun = false;
    const auto end_row = [&] {
        row.fields.push_back(std::exchange(field, {}));
        if (columns_.empty()) {
            columns_ = std::move(row.fields);
        } else {
            if (row.fields.size() != columns_.size())
                fault(
                    file_, row.line,
                    std::to_string(row.fields.size()) + " fields under a header of " + std::to_string(columns_.size()),
                    "give every line the fields of the header");
            rows_.push_back(std::move(row));
        }
        row = {line + 1, {}};
        begun = false;
    };
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (quoted) {
            if (c == '"' && i + 1 < bytes.size() && bytes[i + 1] == '"') {
                field += bytes[++i];
            } else if (c == '"') {
                quoted = false;
            } else {
                field += c;
                line += c == '\n';
            }
            continue;
        }
        if (c == '\n') {
            // A line with nothing on it is no row.
            if (begun) end_row();
            row.line = ++line;
            continue;
        }
        if (c == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') continue;
        begun = true;
        if (c == '"' && field.empty()) {
            quoted = true;
        } else if (c == ',') {
            row.fields.push_back(std::exchange(field, {}));
        } else {
            field += c;
        }
    }
    if (quoted) fault(file_, row.line, "a quotation that is not closed", "close it with \"");
    if (begun) end_row();
    if (columns_.empty()) fault(file_, 1, "the file is empty", "it needs a header line with the names of its columns");
    for (std::size_t i = 0; i < columns_.size(); ++i) index_.emplace(columns_[i], i);
}

void CsvTable::fail(std::size_t row, const std::string& problem, const std::string& remedy) const {
    fault(file_, rows_.at(row).line, problem, remedy);
}

const std::string& CsvTable::text(std::size_t row, const std::string& column) const {
    const auto found = index_.find(column);
    if (found == index_.end()) fault(file_, 1, "there is no column '" + column + "'", "name it in the header line");
    return rows_.at(row).fields[found->second];
}

std::optional<double> CsvTable::number(std::size_t row, const std::string& column) const {
    const std::string& field = text(row, column);
    if (field.empty() || field == "NA") return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc() || end != field.data() + field.size() || !std::isfinite(value))
        fail(row, column + " '" + field + "' is no number", "give a number, or leave the field empty");
    return value;
}

double CsvTable::required_number(std::size_t row, const std::string& column) const {
    const auto value = number(row, column);
    if (!value) fail(row, column + " is empty", "give a number");
    return *value;
}

}  // namespace hersurv::support
