// Text for a terminal: aligned columns, wrapped paragraphs, plain "-" rules, at most `width` columns where the numbers
// allow it.
#include "render/characters.hpp"
#include "render/layout.hpp"
#include <algorithm>

namespace hersurv::render {

extern const Format text_format;

namespace {

constexpr int gap = 2;  // blanks between columns

class ReportWriter {
  public:
    explicit ReportWriter(const RenderOptions& options) : options_(options) {}

    // Blocks are parted by one blank line.
    void begin_block() {
        if (!text_.empty()) text_ += '\n';
    }

    void line(std::string_view content) {
        const std::size_t end = content.find_last_not_of(' ');
        text_ += content.substr(0, end == std::string_view::npos ? 0 : end + 1);
        text_ += '\n';
    }

    void heading(std::string_view content, Section::Tone tone = Section::Tone::plain) {
        const std::string_view style = tone == Section::Tone::error     ? "\x1b[1;31m"
                                       : tone == Section::Tone::warning ? "\x1b[1;33m"
                                                                        : "\x1b[1m";
        for (const std::string& part : wrap(content, options_.width, false)) {
            line(options_.color ? std::string(style) + part + "\x1b[0m" : part);
        }
    }

    void paragraph(std::string_view content, std::string_view mark = {}) {
        const int indent = static_cast<int>(mark.size());
        std::string_view lead = mark;
        const std::string blanks(mark.size(), ' ');
        for (const std::string& part : wrap(content, options_.width - indent, false)) {
            line(std::string(lead) + part);
            lead = blanks;
        }
    }

    void table(const LayoutTable& whole);
    void panel(const LayoutTable& table);
    void row_by_row(const LayoutTable& table);

    std::string take() { return std::move(text_); }

  private:
    const RenderOptions& options_;
    std::string text_;
};

enum class Align { left, right, centre };

std::string padded(const std::string& text, int width, Align align) {
    const int blanks = std::max(0, width - display_width(text));
    const int before = align == Align::left ? 0 : align == Align::right ? blanks : blanks / 2;
    return std::string(before, ' ') + text + std::string(blanks - before, ' ');
}

// Columns of the marks at the end of a number; they hang to the right so that digits stay under digits.
int hanging_width(const LayoutCell& cell) {
    if (!cell.number) return 0;
    std::string_view text = cell.text;
    int width = 0;
    for (bool found = true; found;) {
        found = false;
        for (const std::string_view mark : {std::string_view("*"), dagger, double_dagger, pilcrow, section_sign}) {
            if (!text.ends_with(mark)) continue;
            text.remove_suffix(mark.size());
            ++width;
            found = true;
        }
    }
    return width;
}

struct Block {
    std::vector<std::string> lines;
    int width;
    Align align;
    bool at_bottom = false;  // heads of one line are on the rule
};

// Blocks side by side, as many lines as the highest has.
std::vector<std::string> side_by_side(const std::vector<Block>& blocks) {
    std::size_t height = 0;
    for (const Block& block : blocks) height = std::max(height, block.lines.size());
    std::vector<std::string> lines(height);
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        const Block& block = blocks[b];
        const std::size_t first = block.at_bottom ? height - block.lines.size() : 0;
        for (std::size_t i = 0; i < height; ++i) {
            if (b > 0) lines[i] += std::string(gap, ' ');
            const bool filled = i >= first && i - first < block.lines.size();
            lines[i] += padded(filled ? block.lines[i - first] : std::string(), block.width, block.align);
        }
    }
    return lines;
}

int total_width(const LayoutTable& table, int width) {
    int total = -gap;
    for (const ColumnWidth& column : fit_columns(table, width, gap)) total += column.width + gap;
    return total;
}

// Some columns of a table, in their order.
LayoutTable columns_of(const LayoutTable& table, const std::vector<std::size_t>& chosen) {
    LayoutTable part;
    part.rule_before = table.rule_before;
    for (const std::size_t c : chosen) {
        part.columns.push_back(table.columns[c]);
        const auto group = std::ranges::find_if(
            table.groups, [c](const LayoutGroup& g) { return c >= g.first && c < g.first + g.count; });
        if (!part.groups.empty() && !group->head.empty() && part.groups.back().head == group->head)
            ++part.groups.back().count;
        else
            part.groups.push_back({group->head, part.columns.size() - 1, 1});
    }
    if (std::ranges::all_of(part.groups, [](const LayoutGroup& g) { return g.head.empty(); })) part.groups.clear();
    for (const auto& row : table.rows) {
        auto& own = part.rows.emplace_back();
        for (const std::size_t c : chosen) own.push_back(row[c]);
    }
    return part;
}

// The head of the group of a column.
std::string group_of(const LayoutTable& table, std::size_t column) {
    for (const LayoutGroup& group : table.groups)
        if (column >= group.first && column < group.first + group.count) return group.head;
    return "";
}

// A table that is too wide becomes several: each has the columns that are before the groups, and as many of the
// others as there is room for.
std::vector<LayoutTable> panels_of(const LayoutTable& table, int width) {
    if (table.groups.empty() || total_width(table, width) <= width) return {table};
    std::vector<std::size_t> keys;
    while (keys.size() < table.groups.size() && table.groups[keys.size()].head.empty()) keys.push_back(keys.size());
    if (keys.size() + 1 >= table.columns.size()) return {table};
    std::vector<LayoutTable> panels;
    std::vector<std::size_t> chosen = keys;
    for (std::size_t c = keys.size(); c < table.columns.size(); ++c) {
        chosen.push_back(c);
        if (chosen.size() == keys.size() + 1 || total_width(columns_of(table, chosen), width) <= width) continue;
        chosen.pop_back();
        panels.push_back(columns_of(table, chosen));
        chosen = keys;
        chosen.push_back(c);
    }
    panels.push_back(columns_of(table, chosen));
    panels.front().caption = table.caption;
    panels.back().footnotes = table.footnotes;
    return panels;
}

// Whether every line of the table fits. On a narrow terminal a table whose texts would be wrapped is easier to read row
// by row.
bool fits(const LayoutTable& table, int width) {
    constexpr int narrow = 70;
    if (total_width(table, width) > width) return false;
    if (width >= narrow) return true;
    const std::vector<ColumnWidth> widths = fit_columns(table, width, gap);
    for (const auto& row : table.rows)
        for (std::size_t c = 0; c < row.size(); ++c)
            if (wrap_cell(table, row[c], c, widths[c]).size() > 1) return false;
    return true;
}

// The rows one after the other: the first cell that is filled as the head, the others as "title: value" below it.
void ReportWriter::row_by_row(const LayoutTable& table) {
    if (!table.caption.empty()) heading(table.caption);
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        if (r > 0 || !table.caption.empty()) line("");
        bool headed = false;
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            const std::string& text = table.rows[r][c].text;
            if (text.empty() || text == "-") continue;
            const std::string head = table.groups.empty() ? "" : group_of(table, c);
            if (c == 0) {
                heading(text);
            } else {
                paragraph((head.empty() ? "" : head + ", ") + table.columns[c].title + ": " + text,
                          headed || !table.rows[r][0].text.empty() ? "  " : "- ");
            }
            headed = true;
        }
    }
    line("");
    for (const std::string& footnote : table.footnotes) paragraph(footnote);
}

void ReportWriter::table(const LayoutTable& whole) {
    if (!whole.rows.empty() && panels_of(whole, options_.width).size() == 1 && !fits(whole, options_.width))
        return row_by_row(whole);
    const auto panels = panels_of(whole, options_.width);
    for (std::size_t i = 0; i < panels.size(); ++i) {
        if (i > 0) line("");
        panel(panels[i]);
    }
}

void ReportWriter::panel(const LayoutTable& table) {
    // Room for hanging marks is part of the column: it is made by blanks after the numbers that have none.
    LayoutTable hung = table;
    for (std::size_t c = 0; c < hung.columns.size(); ++c) {
        if (!hung.columns[c].numeric) continue;
        int hanging = 0;
        for (const auto& row : hung.rows) hanging = std::max(hanging, hanging_width(row[c]));
        for (auto& row : hung.rows) {
            if (row[c].number) row[c].text += std::string(hanging - hanging_width(row[c]), ' ');
        }
    }
    const std::vector<ColumnWidth> widths = fit_columns(hung, options_.width, gap);
    int total = 0;
    for (const ColumnWidth& column : widths) total += column.width + gap;
    const std::string rule(total - gap, '-');

    if (!table.caption.empty()) heading(table.caption);
    line(rule);
    if (!table.groups.empty()) {
        std::vector<Block> heads, rules;
        for (const LayoutGroup& group : table.groups) {
            int width = gap * (static_cast<int>(group.count) - 1);
            for (std::size_t i = group.first; i < group.first + group.count; ++i) width += widths[i].width;
            heads.push_back({wrap(group.head, width, true), width, Align::centre, true});
            rules.push_back({{std::string(group.head.empty() ? 0 : width, '-')}, width, Align::left});
        }
        for (const std::string& text : side_by_side(heads)) line(text);
        for (const std::string& text : side_by_side(rules)) line(text);
    }
    std::vector<Block> heads;
    for (std::size_t c = 0; c < widths.size(); ++c) {
        const LayoutColumn& column = table.columns[c];
        heads.push_back({wrap(column.title, widths[c].width, true), widths[c].width,
                         column.numeric ? Align::right : Align::left, true});
    }
    for (const std::string& text : side_by_side(heads)) line(text);
    line(rule);
    for (std::size_t r = 0; r < hung.rows.size(); ++r) {
        if (hung.rule_before[r]) line("");
        std::vector<Block> cells;
        for (std::size_t c = 0; c < widths.size(); ++c) {
            cells.push_back({wrap_cell(hung, hung.rows[r][c], c, widths[c]), widths[c].width,
                             table.columns[c].numeric ? Align::right : Align::left});
        }
        for (const std::string& text : side_by_side(cells)) line(text);
    }
    line(rule);
    for (const std::string& footnote : table.footnotes) paragraph(footnote);
}

std::string render_text(const Report& report, const RenderOptions& options) {
    const LayoutReport layout = lay_out(report, options, Controls::show);
    ReportWriter writer(options);
    if (!layout.title.empty()) writer.heading(layout.title);
    for (const LayoutSection& section : layout.sections) {
        if (!section.heading.empty()) {
            writer.begin_block();
            writer.heading(section.heading, section.tone);
        }
        for (const std::string& paragraph : section.paragraphs) {
            writer.begin_block();
            writer.paragraph(paragraph);
        }
        if (section.table) {
            writer.begin_block();
            writer.table(*section.table);
        }
        if (!section.notes.empty()) writer.begin_block();
        for (const std::string& note : section.notes) writer.paragraph(note, "- ");
    }
    std::string text = writer.take();
    if (options.continued && !text.empty()) text.insert(0, "\n");
    return text;
}

}  // namespace

const Format text_format{"text", "aligned text for a terminal, rounded for reading", "txt", true, true, render_text};

}  // namespace hersurv::render
