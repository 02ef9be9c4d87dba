// Comma-separated values (RFC 4180, with LF line ends) and tab-separated values (tab, line feed, carriage return and
// backslash as \t, \n, \r and \\). One header line; numbers in full; a missing number is an empty cell. Control
// characters other than line ends and tabs are shown as escapes, since these files are looked at on terminals.
#include "render/cells.hpp"
#include "render/characters.hpp"
#include "render/formats.hpp"
#include "render/separated.hpp"
#include "support/number_text.hpp"

namespace hersurv::render {

extern const Format csv_format, tsv_format;

namespace {

struct Dialect {
    char separator;
    std::string (*field)(const std::string& text);
    // A line with one empty field: readers skip a line with nothing on it.
    std::string_view lone_empty_field;
};

std::string machine_text(const Column& column, const Cell& cell) {
    struct ToText {
        const Column& column;
        std::string operator()(std::monostate) const { return {}; }
        std::string operator()(const std::string& text) const { return with_visible_controls_except_whitespace(text); }
        std::string operator()(bool value) const { return value ? "true" : "false"; }
        std::string operator()(long value) const { return std::to_string(value); }
        std::string operator()(const Number& number) const {
            const auto value = present_value(number);
            return value ? support::shortest(*value) : std::string();
        }
        std::string operator()(const Interval&) const { throw interval_in_machine_column(column); }
    };
    return std::visit(ToText{column}, cell);
}

std::string render_separated(const Report& report, const RenderOptions& options, const Dialect& dialect) {
    const Table& table = report.table;
    const std::vector<std::size_t> columns = machine_columns(table);
    std::string text;
    const auto add_line = [&](auto&& text_of_column) {
        std::string line;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (i > 0) line += dialect.separator;
            line += dialect.field(text_of_column(columns[i]));
        }
        if (line.empty()) line = dialect.lone_empty_field;
        text += line + "\n";
    };
    if (columns.empty()) return text;
    if (!options.continued) add_line([&](std::size_t i) { return table.columns[i].key; });
    for (const auto& row : table.rows) {
        require_row_length(table, row);
        add_line([&](std::size_t i) { return machine_text(table.columns[i], row[i]); });
    }
    return text;
}

std::string render_csv(const Report& report, const RenderOptions& options) {
    return render_separated(report, options, {',', csv_field, "\"\""});
}

std::string render_tsv(const Report& report, const RenderOptions& options) {
    return render_separated(report, options, {'\t', tsv_field, ""});
}

}  // namespace

const Format csv_format{"csv", "comma-separated values with full precision (RFC 4180)", "csv", false, true, render_csv};
const Format tsv_format{"tsv", "tab-separated values with full precision", "tsv", false, true, render_tsv};

}  // namespace hersurv::render
