// Settles the decimal mark out of all cells, and reads numbers by it.
#include "tables/sheet.hpp"

#include "hersurv/error.hpp"

#include "support/number_text.hpp"
#include "support/words.hpp"
#include <algorithm>
#include <utility>

namespace hersurv::tables {
namespace {

std::string quoted_cell(std::string_view text) { return "'" + std::string(text) + "'"; }

// 1.234 and 1234 of "1,234".
std::string both_readings(std::string_view text) {
    const auto as = [&](Decimal mark) {
        const auto read = parse_numeral(text, mark);
        return read ? support::shortest(read->value) : std::string("no number");
    };
    return quoted_cell(text) + " may be " +
           as(text.find(',') != std::string_view::npos ? Decimal::comma : Decimal::point) + " (decimal mark) or " +
           as(text.find(',') != std::string_view::npos ? Decimal::point : Decimal::comma) + " (thousands)";
}

}  // namespace

Sheet::Sheet(const Source& source, Grid grid, Content content, const ReadOptions& options)
    : source_(source), grid_(std::move(grid)), content_(content), options_(options), decimal_(options.decimal) {
    for (std::size_t column = 0; column < n_columns() && n_rows() > 0; ++column)
        headers_.push_back(parse_header(text(0, column), content));
    if (!decimal_) settle_decimal();
}

// One decimal mark holds for the whole file. Who separates columns by commas without quotation has decimal points; but
// a point in numbers of patients separates thousands.
void Sheet::settle_decimal() {
    const bool by_commas = grid_.separator() == Separator::comma && !source_.has('"');
    if (by_commas && content_ != Content::numbers_at_risk) {
        if (source_.has('.')) decimal_ = Decimal::point;
        return;
    }
    if (!source_.has('.') && !source_.has(',')) return;
    for (std::size_t row = 0; row < n_rows(); ++row)
        for (std::size_t column = 0; column < grid_.rows()[row].n_cells; ++column) {
            const MarkEvidence evidence = mark_evidence(text(row, column));
            if (evidence == MarkEvidence::comma && !first_comma_) first_comma_ = {row, column};
            if (evidence == MarkEvidence::point && !first_point_) first_point_ = {row, column};
        }
    if (first_comma_) decimal_ = Decimal::comma;
    if (first_point_) decimal_ = Decimal::point;
    if (!decimal_ && content_ == Content::survival) settle_by_shares();
}

// No share or percentage has thousands: "97,495" has a decimal mark.
void Sheet::settle_by_shares() {
    const bool long_rows = find(Role::survival).has_value(), headed = find(Role::time).has_value();
    std::size_t last_numeric = 0;
    for (std::size_t column = 0; column < n_columns(); ++column)
        if (is_numeric(column, 0)) last_numeric = column;
    for (std::size_t column = 0; column < n_columns() && !decimal_; ++column) {
        const Role role = column < headers_.size() ? headers_[column].role : Role::unknown;
        // Below two header rows, or none, every other column; of three columns without a header one names arms.
        const bool holds_shares = long_rows              ? role == Role::survival
                                  : headed               ? role == Role::unknown
                                  : n_columns() % 2 == 0 ? column % 2 == 1
                                                         : column == last_numeric;
        for (std::size_t row = 0; holds_shares && row < n_rows() && !decimal_; ++row) {
            const MarkEvidence evidence = mark_evidence(text(row, column));
            if (evidence == MarkEvidence::comma_or_thousands) decimal_ = Decimal::comma;
            if (evidence == MarkEvidence::point_or_thousands) decimal_ = Decimal::point;
        }
    }
}

void Sheet::refuse_mixed_decimals() const {
    if (!first_point_ || !first_comma_) return;
    const auto [row, column] = std::max(*first_point_, *first_comma_);
    const auto [earlier, at] = std::min(*first_point_, *first_comma_);
    fail(row, column,
         quoted_cell(text(row, column)) + " has another decimal mark than " + quoted_cell(text(earlier, at)) +
             " in line " + std::to_string(line(earlier)),
         "write all numbers with the same decimal mark");
}

std::optional<std::size_t> Sheet::find(Role role) const {
    std::optional<std::size_t> found;
    for (std::size_t column = 0; column < headers_.size(); ++column)
        if (headers_[column].role == role && (!found || headers_[column].rank < headers_[*found].rank)) found = column;
    return found;
}

std::optional<Numeral> Sheet::number(std::size_t row, std::size_t column, std::string_view what) const {
    const std::string_view cell = text(row, column);
    if (is_missing(cell)) return std::nullopt;
    const MarkEvidence evidence = decimal_ ? MarkEvidence::none : mark_evidence(cell);
    const bool by_commas = grid_.separator() == Separator::comma;
    if (evidence == MarkEvidence::comma_or_thousands || (evidence == MarkEvidence::point_or_thousands && !by_commas))
        fail(row, column, std::string(what) + " " + both_readings(cell), "give the decimal mark of the file");
    const auto result = parse_numeral(cell, decimal());
    if (!result)
        fail(row, column, std::string(what) + " " + quoted_cell(cell) + " is not a number",
             "give a number, or leave the field empty");
    return result;
}

std::optional<double> Sheet::plain_number(std::size_t row, std::size_t column, std::string_view what) const {
    const auto read = number(row, column, what);
    if (!read) return std::nullopt;
    if (read->percent)
        fail(row, column, std::string(what) + " " + quoted_cell(text(row, column)) + " is a percentage",
             "give a number without a percent sign");
    return read->value;
}

std::optional<Numeral> Sheet::count(std::size_t row, std::size_t column, std::string_view what) const {
    const std::string_view cell = text(row, column);
    if (is_missing(cell)) return std::nullopt;
    const auto result = parse_count(cell, decimal());
    const bool by_point = result && result->thousands && cell.find('.') != std::string_view::npos;
    if (by_point && first_point_)
        fail(row, column, std::string(what) + " " + quoted_cell(cell) + " is not a valid number of patients",
             "give a whole number");
    if (by_point && !options_.decimal && decimal_ != Decimal::comma && cell.ends_with(".000"))
        fail(row, column, std::string(what) + " " + both_readings(cell), "write numbers of patients without a point");
    if (!result || result->percent)
        fail(row, column, std::string(what) + " " + quoted_cell(cell) + " is not a number",
             "give a whole number, or leave the field empty");
    return result;
}

bool Sheet::is_numeric(std::size_t column, std::size_t first_row) const {
    bool any = false;
    for (std::size_t row = first_row; row < n_rows(); ++row) {
        const std::string_view cell = text(row, column);
        if (is_missing(cell)) continue;
        if (!looks_numeric(cell)) return false;
        any = true;
    }
    return any;
}

std::size_t Sheet::place(std::size_t row, std::size_t column) const {
    const GridRow& of = grid_.rows()[row];
    if (column < of.n_given) {
        // Cells that are empty to the end of their row are not cells of the grid, but have their place in it.
        const Cell& cell = grid_.given_cell(row, column);
        return cell.at;
    }
    const Cell& last = grid_.cell(row, of.n_cells - 1);
    return last.at + last.text.size();
}

void Sheet::fail(std::size_t row, std::size_t column, const std::string& problem, const std::string& remedy) const {
    source_.fail_line(line(row), problem, remedy, source_.column(place(row, column)));
}

void Sheet::refuse_columns_twice() const {
    for (std::size_t i = 0; i < headers_.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (!headers_[i].name.empty() && support::equal_any_case(headers_[i].name, headers_[j].name))
                fail(0, i, "the column " + headers_[i].name + " is given twice", "leave one of them out, or rename it");
}

void Sheet::refuse_ragged_rows() const {
    if (grid_.is_rectangular()) return;
    const std::size_t n_wanted = grid_.rows().front().n_cells;
    for (std::size_t row = 1; row < n_rows(); ++row) {
        const GridRow& of = grid_.rows()[row];
        const bool broken_off = of.n_given < n_wanted;
        if (of.n_cells <= grid_.rows().front().n_given && !broken_off) continue;
        const std::size_t n = broken_off ? of.n_given : of.n_cells;
        const bool commas = grid_.separator() == Separator::comma && !broken_off;
        source_.fail_line(line(row), std::to_string(n) + " fields under a header of " + std::to_string(n_wanted),
                          commas ? "give every line as many fields as the header; decimal commas need another "
                                   "separator, such as semicolons"
                                 : "give every line as many fields as the header");
    }
}

void Sheet::refuse_several(std::string_view called, const std::string& what) const {
    const auto found = std::ranges::find(headers_, called, &Header::name);
    const auto column = static_cast<std::size_t>(found - headers_.begin());
    for (std::size_t row = 2; found != headers_.end() && row < n_rows(); ++row)
        if (text(row, column) != text(1, column))
            fail(row, column,
                 std::string(called) + " " + std::string(text(row, column)) + " after " + std::string(text(1, column)) +
                     ": the file holds more than one " + what,
                 "give the lines of one " + std::string(called) + " alone");
}

std::string Sheet::seen() const {
    FileRead read;
    read.separator = grid_.separator();
    read.decimal = decimal_;
    constexpr std::size_t most_cells = 8;
    const auto cells = [&](std::size_t row) {
        std::vector<std::string> words;
        for (std::size_t column = 0; column < std::min<std::size_t>(grid_.rows()[row].n_cells, most_cells); ++column)
            words.emplace_back(text(row, column));
        if (grid_.rows()[row].n_cells > most_cells) words.emplace_back("...");
        return support::joined(words);
    };
    return read.description() + "; the header line has " + cells(0) + (n_rows() > 1 ? "; the next " + cells(1) : "");
}

FileRead Sheet::file_read() const {
    FileRead read;
    read.file = source_.file();
    read.encoding = std::string(source_.encoding());
    read.separator = grid_.separator();
    read.decimal = decimal_;
    read.time_unit = options_.time_unit;
    read.notes = source_.notes();
    return read;
}

}  // namespace hersurv::tables
