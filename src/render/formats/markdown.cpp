// Markdown as GitHub renders it (GitHub Flavored Markdown, section 4.10: tables). Spanning heads fold into the heads of
// their columns.
#include "render/layout.hpp"
#include <algorithm>
#include <cctype>

namespace hersurv::render {

extern const Format markdown_format;

namespace {

bool is_word_character(std::string_view text, std::size_t position) {
    if (position >= text.size()) return false;
    const auto byte = static_cast<unsigned char>(text[position]);
    return byte >= 0x80 || std::isalnum(byte) != 0;
}

// Text that no renderer takes for markup, formulas ($) or character references.
std::string markdown_escaped(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        switch (c) {
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '&':
                result += "&amp;";
                break;
            case '\\':
            case '`':
            case '*':
            case '[':
            case ']':
            case '|':
            case '~':
            case '#':
            case '$':
                result += {'\\', c};
                break;
            case '_':
                // Inside a word it is not an emphasis.
                if (i == 0 || !is_word_character(text, i - 1) || !is_word_character(text, i + 1)) result += '\\';
                result += c;
                break;
            default:
                result += c;
        }
    }
    return result;
}

// The same at the beginning of a line, where it must not begin a heading, list, rule or code block either.
std::string escaped_line(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin);
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits > 0 && digits < text.size() && (text[digits] == '.' || text[digits] == ')')) {
        return std::string(text.substr(0, digits)) + '\\' + markdown_escaped(text.substr(digits));
    }
    return (std::string_view("+-=").find(text.front()) != std::string_view::npos ? "\\" : "") + markdown_escaped(text);
}

void add_line(std::string& text, const std::vector<std::string>& cells) {
    for (const std::string& cell : cells) text += "| " + cell + (cell.empty() ? "" : " ");
    text += "|\n";
}

void add_list(std::string& text, const std::vector<std::string>& items) {
    if (!items.empty()) text += '\n';
    for (const std::string& item : items) text += "- " + escaped_line(item) + "\n";
}

void add_table(std::string& text, const LayoutTable& table) {
    if (!table.caption.empty()) text += "\n**" + escaped_line(table.caption) + "**\n";
    std::vector<std::string> heads, alignments;
    for (const LayoutColumn& column : table.columns) {
        heads.push_back(markdown_escaped(column.title));
        alignments.emplace_back(column.numeric ? "---:" : ":---");
    }
    for (const LayoutGroup& group : table.groups) {
        for (std::size_t i = group.first; i < group.first + group.count && !group.head.empty(); ++i) {
            heads[i] = markdown_escaped(group.head) + (heads[i].empty() ? "" : ": " + heads[i]);
        }
    }
    text += '\n';
    add_line(text, heads);
    add_line(text, alignments);
    for (const auto& row : table.rows) {
        std::vector<std::string> cells;
        for (const LayoutCell& cell : row) cells.push_back(markdown_escaped(cell.text));
        add_line(text, cells);
    }
    add_list(text, table.footnotes);
}

std::string render_markdown(const Report& report, const RenderOptions& options) {
    const LayoutReport layout = lay_out(report, options, Controls::show);
    // Every block begins with a blank line; the first one of an output loses it.
    std::string text;
    if (!layout.title.empty()) text += "\n# " + markdown_escaped(layout.title) + "\n";
    for (const LayoutSection& section : layout.sections) {
        if (!section.heading.empty()) text += "\n## " + markdown_escaped(section.heading) + "\n";
        for (const std::string& paragraph : section.paragraphs) text += "\n" + escaped_line(paragraph) + "\n";
        if (section.table) add_table(text, *section.table);
        // A comment parts the notes from a list of footnotes, which they would run on from.
        if (!section.notes.empty() && section.table && !section.table->footnotes.empty()) text += "\n<!-- -->\n";
        add_list(text, section.notes);
    }
    if (!options.continued && !text.empty()) text.erase(0, 1);
    return text;
}

}  // namespace

const Format markdown_format{"markdown", "Markdown tables as GitHub renders them", "md", true, true, render_markdown};

}  // namespace hersurv::render
