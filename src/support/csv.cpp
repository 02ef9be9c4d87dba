// Reads comma-separated text, with quoted fields and either line end: the files of the project itself. Tables of other
// people are read by src/tables.
#include "support/csv.hpp"

#include "hersurv/error.hpp"

#include "support/words.hpp"
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

constexpr std::string_view blanks = " \t";  // around a field

// Text without a meaning in CSV.
bool is_plain(char c, char separator) { return static_cast<unsigned char>(c) >= 0x20 && c != separator && c != '"'; }

}  // namespace

// Copies runs of plain bytes, and takes separators, quotation marks and line ends one by one.
class CsvTable::Reader {
  public:
    explicit Reader(CsvTable& table) : table_(table), separator_(table.separator_) {}

    void read(std::string_view bytes) {
        table_.bytes_.resize(bytes.size());
        for (std::size_t i = 0; (i = take_plain(bytes, i)) < bytes.size(); ++i) {
            const char c = bytes[i], next = i + 1 < bytes.size() ? bytes[i + 1] : '\0';
            require_text(c);
            column_ += !is_continuation(c);
            if (quoted_) {
                if (c == '"' && next == '"') ++i;
                take_quoted(c, next);
            } else if (c != '\r' || next != '\n') {
                take(c);
            }
        }
        if (quoted_) fault(table_.file_, first_line_, "a quotation mark is not closed", "close it with \"");
        if (begun_) end_row();
        table_.bytes_.resize(size_);
    }

  private:
    // Returns where the run of plain bytes ends that begins at `from`.
    std::size_t take_plain(std::string_view bytes, std::size_t from) {
        std::size_t end = from;
        int n_characters = 0;
        for (; end < bytes.size() && is_plain(bytes[end], separator_); ++end)
            n_characters += !is_continuation(bytes[end]);
        if (end == from) return end;
        begun_ = true;
        column_ += n_characters;
        bytes.copy(table_.bytes_.data() + size_, end - from, from);
        size_ += end - from;
        return end;
    }

    void require_text(char c) const {
        if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r')
            fault(table_.file_, line_, "is not text", "give a file of comma-separated values", column_ + 1);
    }

    void take_quoted(char c, char next) {
        if (c == '"' && next != '"') {
            quoted_ = false;
        } else {
            keep(c);
            line_ += c == '\n';
        }
    }

    void take(char c) {
        if (c == '\n') {
            // A line with nothing on it is not a row.
            if (begun_) end_row();
            first_line_ = ++line_;
            column_ = 0;
            first_column_ = 1;
            return;
        }
        begun_ = true;
        if (c == '"' && size_ == begin_) {
            quoted_ = true;
        } else if (c == separator_) {
            end_field();
        } else {
            keep(c);
        }
    }

    void keep(char c) { table_.bytes_[size_++] = c; }

    void end_field() {
        table_.fields_.push_back({begin_, size_ - begin_, first_column_});
        begin_ = size_;
        first_column_ = column_ + 1;
    }

    void end_row() {
        end_field();
        if (table_.columns_.empty()) {
            for (const Field& name : table_.fields_)
                table_.columns_.emplace_back(trimmed(table_.content(name), blanks));
            table_.fields_.clear();
        } else {
            if (const std::size_t n = table_.fields_.size() - n_before_; n != table_.columns_.size())
                fault(table_.file_, first_line_,
                      std::to_string(n) + " fields under a header of " + std::to_string(table_.columns_.size()),
                      "give every line as many fields as the header");
            table_.lines_.push_back(first_line_);
        }
        n_before_ = table_.fields_.size();
        begun_ = false;
    }

    CsvTable& table_;
    char separator_;
    std::size_t size_ = 0;                 // of what is kept
    int line_ = 1, first_line_ = 1;        // of the row
    int column_ = 0, first_column_ = 1;    // of the field
    std::size_t begin_ = 0;                // of the field, in what is kept
    std::size_t n_before_ = 0;             // fields of the rows before
    bool quoted_ = false, begun_ = false;  // inside a quotation; something is on the line
};

CsvTable::CsvTable(std::string_view bytes, std::string file, char separator)
    : file_(std::move(file)), separator_(separator) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
    Reader(*this).read(bytes);
    if (columns_.empty()) fault(file_, 1, "the file is empty", "it needs a header line with the names of its columns");
}

bool CsvTable::has_column(std::string_view column) const {
    return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

std::size_t CsvTable::index_of(std::string_view column) const {
    const auto found = std::find(columns_.begin(), columns_.end(), column);
    if (found == columns_.end())
        fault(file_, 1, "no column '" + std::string(column) + "'", "name it in the header line", 1);
    return static_cast<std::size_t>(found - columns_.begin());
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
    const std::string_view field = trimmed(content(this->field(row, column)), blanks);
    if (field.empty() || field == "NA") return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc() || end != field.data() + field.size() || !std::isfinite(value))
        fail(row, std::string(column) + " '" + std::string(field) + "' is not a number",
             "give a number, or leave the field empty", column);
    return value;
}

double CsvTable::required_number(std::size_t row, std::string_view column) const {
    const auto value = number(row, column);
    if (!value) fail(row, std::string(column) + " is empty", "give a number", column);
    return *value;
}

}  // namespace hersurv::support
