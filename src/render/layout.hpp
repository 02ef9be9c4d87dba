// The layout that all human formats share: which columns, texts, group heads and footnotes a table has, and how wide
// its columns are.
#pragma once

#include "render/formats.hpp"
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::render {

struct LayoutColumn {
    std::string title;
    bool numeric = false;  // right-aligned
};

struct LayoutCell {
    std::string text;
    bool number = false;  // never broken over lines
};

// Columns [first, first + count) are under one head; an empty head is a single column that has none.
struct LayoutGroup {
    std::string head;
    std::size_t first = 0;
    std::size_t count = 1;
};

struct LayoutTable {
    std::string name;
    std::string caption;
    std::vector<LayoutColumn> columns;
    std::vector<LayoutGroup> groups;  // cover all columns in their order; empty if no column has a group
    std::vector<std::vector<LayoutCell>> rows;
    std::vector<bool> rule_before;  // as long as `rows`; never before the first
    std::vector<std::string> footnotes;
};

struct LayoutSection {
    std::string heading;
    std::vector<std::string> paragraphs;
    std::optional<LayoutTable> table;
    std::vector<std::string> notes;
    Section::Tone tone = Section::Tone::plain;
};

struct LayoutReport {
    std::string title;
    std::vector<LayoutSection> sections;
};

// What becomes of control characters, bidirectional marks and the like: shown as escapes, or left out.
enum class Controls { show, drop };

// The report as human formats print it; no text of the result holds a control character. Throws std::logic_error if
// a row is not as long as the table has columns.
[[nodiscard]] LayoutReport lay_out(const Report& report, const RenderOptions& options, Controls controls);

struct ColumnWidth {
    int width = 1;
};

// Column widths whose sum with `gap` between columns is at most `width` if that is possible. Heads give way first, then
// texts; last, words are broken at their hyphens, pluses and slashes. Numbers and intervals never are, nor is a word
// anywhere else, unless it is as long as an address: the table is rather wider.
[[nodiscard]] std::vector<ColumnWidth> fit_columns(const LayoutTable& table, int width, int gap);

// Lines of at most `width` columns, broken at blanks; a longer word is broken only if `break_words`. At least one line.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, int width, bool break_words);

// A cell in its column: one line, or several where the text was made to give way.
[[nodiscard]] std::vector<std::string> wrap_cell(const LayoutTable& table, const LayoutCell& cell, std::size_t column,
                                                 const ColumnWidth& in);

}  // namespace hersurv::render
