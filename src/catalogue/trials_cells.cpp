// Tables of trials out of text separated by commas, semicolons or tabs.
#include "catalogue/trials_cells.hpp"

#include "hersurv/error.hpp"

#include "support/csv.hpp"
#include "support/json.hpp"
#include "support/words.hpp"
#include <algorithm>

namespace hersurv::catalogue {
namespace {

std::string_view first_line(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    while (!text.empty() && (text.front() == '\n' || text.front() == '\r')) text.remove_prefix(1);
    return text.substr(0, text.find_first_of("\r\n"));
}

// The one that stands most often in the header.
char separator_of(std::string_view header) {
    char best = ',';
    for (const char candidate : {';', '\t'})
        if (std::ranges::count(header, candidate) > std::ranges::count(header, best)) best = candidate;
    return best;
}

}  // namespace

bool is_trials_table(std::string_view text, const std::string& file) {
    const std::string lower = support::folded(file);
    if (lower.ends_with(".csv") || lower.ends_with(".tsv")) return true;
    const std::string_view header = first_line(text);
    if (header.empty() || header.front() == '{' || header.front() == '[') return false;
    return std::ranges::any_of(support::split(header, separator_of(header)), [](const std::string& name) {
        const std::string_view bare = support::trimmed(name, " \"");
        return support::equal_any_case(bare, "trial") || support::equal_any_case(bare, "study");
    });
}

TrialsCells read_trials_cells(std::string_view text, const std::string& file) {
    if (!support::is_utf8(text))
        throw support::InputError(
            {support::Fault{file, "", "the text is not valid UTF-8", "save the file as UTF-8", 0, 0}});
    const support::CsvTable table(text, file, separator_of(first_line(text)));
    TrialsCells cells;
    cells.header = table.columns();
    for (std::size_t i = 0; i < cells.header.size(); ++i) {
        if (std::ranges::count(cells.header, cells.header[i]) > 1)
            throw support::InputError({support::Fault{file, "", "the column \"" + cells.header[i] + "\" is there twice",
                                                      "give each column a name of its own", 1, 0}});
    }
    for (std::size_t row = 0; row < table.n_rows(); ++row) {
        std::vector<TrialsCell> line;
        for (const std::string& column : cells.header)
            line.push_back(
                {std::string(support::trimmed(table.text(row, column))), table.line(row), table.position(row, column)});
        // What a spreadsheet leaves behind the last row.
        if (std::ranges::any_of(line, [](const TrialsCell& cell) { return !cell.text.empty(); }))
            cells.rows.push_back(std::move(line));
    }
    return cells;
}

}  // namespace hersurv::catalogue
