// Tables of trials: the same encodings, separators and quotations as any other table (src/tables), and the decimal mark
// of cells that hold more than one number.
#include "catalogue/trials_cells.hpp"

#include "hersurv/error.hpp"

#include "catalogue/typed_text.hpp"
#include "support/words.hpp"
#include "tables/grid.hpp"
#include "tables/source.hpp"
#include <algorithm>
#include <functional>

namespace hersurv::catalogue {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_json(std::string_view text) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos || text[first] == '{' || text[first] == '[';
}

// The one that the header has most often.
tables::Separator separator_of(std::string_view text) {
    if (const char told = tables::told_separator(text); told != '\0')
        if (const auto separator = tables::parse_separator(std::string_view(&told, 1))) return *separator;
    constexpr std::string_view blank = "\r\n";
    std::string_view header;
    // Comments and empty lines lead.
    for (std::size_t at = 0; at < text.size() && (header.empty() || header.starts_with('#'));) {
        const std::size_t end = std::min(text.find_first_of(blank, at), text.size());
        header = support::trimmed(text.substr(at, end - at), " \t");
        at = end + 1;
    }
    char best = ',';
    for (const char candidate : {';', '\t', '|'})
        if (std::ranges::count(header, candidate) > std::ranges::count(header, best)) best = candidate;
    return *tables::parse_separator(std::string_view(&best, 1));
}

void refuse_ragged(const tables::Source& source, const tables::Grid& grid) {
    const tables::GridRow& header = grid.rows().front();
    for (const tables::GridRow& row : grid.rows()) {
        const bool broken_off = row.n_given < header.n_cells;
        if (!broken_off && row.n_cells <= header.n_given) continue;
        const bool commas = grid.separator() == tables::Separator::comma && !broken_off;
        source.fail_line(row.line,
                         std::to_string(broken_off ? row.n_given : row.n_cells) + " fields under a header of " +
                             std::to_string(header.n_cells),
                         commas ? "give every line as many fields as the header; put cells that contain a comma in "
                                  "quotation marks, or separate the cells by semicolons"
                                : "give every line as many fields as the header");
    }
}

// Calls `take` with each number that has one comma or one point between digits: where it begins, where the mark is,
// and where it ends.
void each_marked_number(std::string_view text,
                        const std::function<void(std::size_t begin, std::size_t mark, std::size_t end)>& take) {
    const auto part = [&](std::size_t i) { return is_digit(text[i]) || text[i] == ',' || text[i] == '.'; };
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && part(end)) ++end;
        if (end == i) {
            ++i;
            continue;
        }
        const std::string_view number = text.substr(i, end - i);
        const std::size_t mark = number.find_first_of(",.");
        const bool one_mark = mark != std::string_view::npos && mark + 1 < number.size() &&
                              number.find_first_of(",.", mark + 1) == std::string_view::npos;
        // `(15,20)` may be two limits.
        const bool alone = i > 0 && (text[i - 1] == '(' || text[i - 1] == '[') && end < text.size() &&
                           (text[end] == ')' || text[end] == ']');
        if (one_mark && !alone && (mark > 0 || number[mark] == '.')) take(i, i + mark, end);
        i = end;
    }
}

// Three digits after a comma, and one to three others before it, may be thousands.
bool may_be_thousands(std::size_t begin, std::size_t mark, std::size_t end, std::string_view text) {
    return end - mark == 4 && mark - begin <= 3 && text[begin] != '0';
}

}  // namespace

bool is_trials_table(std::string_view text, const std::string& file) {
    const std::string lower = support::folded(file);
    if (lower.ends_with(".json") || lower.ends_with(".jsonl")) return false;
    return lower.ends_with(".csv") || lower.ends_with(".tsv") || has_trial_column(text, file);
}

bool has_trial_column(std::string_view text, const std::string& file) {
    if (is_json(text)) return false;
    const tables::Source source(text, file);
    const tables::Grid grid(source, separator_of(source.text()));
    for (std::size_t i = 0; !grid.rows().empty() && i < grid.rows().front().n_cells; ++i) {
        const std::string_view name = grid.cell(0, i).text;
        if (support::equal_any_case(name, "trial") || support::equal_any_case(name, "study")) return true;
    }
    return false;
}

TrialsCells read_trials_cells(std::string_view text, const std::string& file) {
    const tables::Source source(text, file);
    const tables::Grid grid(source, separator_of(source.text()));
    TrialsCells cells;
    if (grid.rows().empty()) source.fail_line(0, "the table is empty", "give a line of column names and a row per arm");
    refuse_ragged(source, grid);
    const std::size_t n_columns = grid.rows().front().n_cells;
    for (std::size_t i = 0; i < n_columns; ++i) {
        const tables::Cell& name = grid.cell(0, i);
        if (!name.text.empty() && std::ranges::count(cells.header, name.text) > 0)
            source.fail(name.at, "the column \"" + std::string(name.text) + "\" occurs twice",
                        "give each column a different name");
        cells.header.emplace_back(name.text);
    }
    for (std::size_t row = 1; row < grid.rows().size(); ++row) {
        std::vector<TrialsCell> line;
        for (std::size_t i = 0; i < n_columns; ++i) {
            const std::string_view content = grid.cell(row, i).text;
            const std::size_t at = grid.given_cell(row, i).at;
            line.push_back({std::string(content), source.line(at), source.column(at)});
        }
        cells.rows.push_back(std::move(line));
    }
    return cells;
}

void DecimalMarks::look_at(std::string_view text) {
    each_marked_number(text, [&](std::size_t begin, std::size_t mark, std::size_t end) {
        if (text[mark] == '.')
            has_points_ = true;
        else if (!may_be_thousands(begin, mark, end, text))
            has_commas_ = true;
    });
}

std::string DecimalMarks::with_points(const std::string& text) const {
    std::string result = text;
    if (!has_commas_ || has_points_) return result;
    each_marked_number(text, [&](std::size_t, std::size_t mark, std::size_t) { result[mark] = '.'; });
    return result;
}

}  // namespace hersurv::catalogue
