// Chooses the separator of a file: the one that makes it a table.
#include "support/words.hpp"
#include "tables/sheet.hpp"
#include <algorithm>
#include <array>
#include <iterator>

namespace hersurv::tables {
namespace {

struct SeparatorRow {
    Separator separator;
    std::string_view word, character, description;
};
// In the order in which they are tried: a comma may be a decimal mark, blanks may be in names.
constexpr SeparatorRow separators[] = {
    {Separator::tab, "tab", "\t", "tab-separated"},
    {Separator::semicolon, "semicolon", ";", "semicolon-separated"},
    {Separator::pipe, "pipe", "|", "separated by |"},
    {Separator::comma, "comma", ",", "comma-separated"},
    {Separator::wide_blanks, "wide-blanks", "  ", "separated by runs of blanks"},
    {Separator::blanks, "blanks", " ", "separated by blanks"},
    {Separator::none, "none", "", "one column"},
};

const SeparatorRow& row_of(Separator separator) {
    return *std::find_if(std::begin(separators), std::end(separators),
                         [&](const SeparatorRow& row) { return row.separator == separator; });
}

std::vector<Separator> candidates(const Source& source, const ReadOptions& options) {
    if (options.separator) return {*options.separator};
    if (const char told = told_separator(source.text()); told != '\0')
        if (const auto separator = parse_separator(std::string_view(&told, 1))) return {*separator};
    std::vector<Separator> result;
    for (const SeparatorRow& row : separators) {
        const bool blanks = row.separator == Separator::wide_blanks || row.separator == Separator::blanks;
        if (blanks ? source.has(' ') || source.has('\t') : row.character.empty() || source.has(row.character.front()))
            result.push_back(row.separator);
    }
    return result;
}

// The nearest to a table: most columns, the same in all rows.
bool is_nearer(const Sheet& one, const Sheet& other) {
    const auto worth = [](const Sheet& sheet) {
        return std::pair(sheet.n_columns() > 1 && sheet.grid().is_rectangular(), sheet.n_columns());
    };
    return worth(one) > worth(other);
}

ChosenSheet taken(std::unique_ptr<Sheet> sheet) {
    sheet->refuse_mixed_decimals();
    return {std::move(sheet), true};
}

}  // namespace

std::string_view to_string(Separator separator) { return row_of(separator).word; }

std::optional<Separator> parse_separator(std::string_view text) {
    if (text == "\\t") return Separator::tab;
    for (const SeparatorRow& row : separators)
        if (support::equal_any_case(row.word, text) || (!row.character.empty() && row.character == text))
            return row.separator;
    return std::nullopt;
}

std::string_view to_string(Decimal mark) { return mark == Decimal::comma ? "comma" : "point"; }

std::optional<Decimal> parse_decimal(std::string_view text) {
    if (support::equal_any_case(text, "comma") || text == ",") return Decimal::comma;
    if (support::equal_any_case(text, "point") || text == ".") return Decimal::point;
    return std::nullopt;
}

std::string FileRead::description() const {
    std::string text(row_of(separator).description);
    if (decimal) text += ", decimal " + std::string(to_string(*decimal));
    if (percent) text += ", percent";
    if (!layout.empty()) text += ", " + layout;
    if (!time_unit.empty()) text += ", times in " + time_unit;
    if (time_unit.empty() && !layout.empty()) text += ", times taken as months";
    if (!encoding.empty() && encoding != "UTF-8") text += ", " + encoding;
    if (unused_columns.empty()) return text;
    constexpr std::size_t most_named = 6;
    std::vector<std::string> names = unused_columns;
    if (names.size() > most_named) {
        names.resize(most_named - 1);
        names.push_back(std::to_string(unused_columns.size() - names.size()) + " more");
    }
    text += "; not read: " + support::joined(names);
    return text;
}

ChosenSheet choose_sheet(const Source& source, Content content, const ReadOptions& options,
                         const std::function<bool(const Sheet&)>& fits) {
    std::vector<std::unique_ptr<Sheet>> ragged;
    std::unique_ptr<Sheet> nearest;
    for (const Separator separator : candidates(source, options)) {
        Grid grid(source, separator);
        if (grid.rows().empty())
            source.fail_line(1, "the file is empty", "it needs a header line with the names of its columns");
        auto sheet = std::make_unique<Sheet>(source, std::move(grid), content, options);
        if (sheet->grid().is_rectangular() && fits(*sheet)) return taken(std::move(sheet));
        if (!sheet->grid().is_rectangular())
            ragged.push_back(std::move(sheet));
        else if (nearest == nullptr || is_nearer(*sheet, *nearest))
            nearest = std::move(sheet);
    }
    for (auto& sheet : ragged)
        if (fits(*sheet)) return taken(std::move(sheet));
    for (auto& sheet : ragged)
        if (nearest == nullptr || is_nearer(*sheet, *nearest)) nearest = std::move(sheet);
    return {std::move(nearest), false};
}

}  // namespace hersurv::tables
