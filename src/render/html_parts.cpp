// Pieces of HTML that the pages share: tables and lists.
#include "render/html_parts.hpp"

#include "render/characters.hpp"

namespace hersurv::render {
namespace {

// The hyphens of numbers are minus signs, but a hyphen alone is none.
std::string cell_html(const LayoutCell& cell) {
    std::string result = xml_escaped(cell.text);
    if (!cell.number) return result;
    for (std::size_t at = result.find('-'); at != std::string::npos; at = result.find('-', at + 1)) {
        const bool minus = at + 1 < result.size() && result[at + 1] >= '0' && result[at + 1] <= '9';
        if (minus) result.replace(at, 1, "&minus;");
    }
    return result;
}

std::string head_cell(const LayoutColumn& column, bool two_rows) {
    std::string text = "<th scope=\"col\"";
    if (two_rows) text += " rowspan=\"2\"";
    if (column.numeric) text += " class=\"number\"";
    return text + ">" + xml_escaped(column.title) + "</th>";
}

}  // namespace

std::string html_list(const std::vector<std::string>& items, const std::string& attributes) {
    if (items.empty()) return {};
    std::string text = "  <ul" + attributes + ">\n";
    for (const std::string& item : items) text += "    <li>" + xml_escaped(item) + "</li>\n";
    return text + "  </ul>\n";
}

std::string html_table(const LayoutTable& table) {
    std::string text = "  <div class=\"table\">\n  <table>\n";
    if (!table.caption.empty()) text += "    <caption>" + xml_escaped(table.caption) + "</caption>\n";
    for (const LayoutGroup& group : table.groups) {
        text += "    <colgroup span=\"" + std::to_string(group.count) + "\"></colgroup>\n";
    }
    text += "    <thead>\n      <tr>";
    if (table.groups.empty()) {
        for (const LayoutColumn& column : table.columns) text += head_cell(column, false);
    } else {
        std::string second;
        for (const LayoutGroup& group : table.groups) {
            if (group.head.empty()) {
                text += head_cell(table.columns[group.first], true);
                continue;
            }
            text += "<th scope=\"colgroup\" colspan=\"" + std::to_string(group.count) + "\">" +
                    xml_escaped(group.head) + "</th>";
            for (std::size_t i = group.first; i < group.first + group.count; ++i) {
                second += head_cell(table.columns[i], false);
            }
        }
        text += "</tr>\n      <tr>" + second;
    }
    text += "</tr>\n    </thead>\n    <tbody>\n";
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        if (table.rule_before[r]) text += "    </tbody>\n    <tbody>\n";
        text += "      <tr>";
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            const LayoutColumn& column = table.columns[c];
            const std::string content = cell_html(table.rows[r][c]);
            if (c == 0 && !column.numeric) {
                text += "<th scope=\"row\">" + content + "</th>";
            } else {
                text += (column.numeric ? "<td class=\"number\">" : "<td>") + content + "</td>";
            }
        }
        text += "</tr>\n";
    }
    return text + "    </tbody>\n  </table>\n  </div>\n" + html_list(table.footnotes, " class=\"footnotes\"");
}

}  // namespace hersurv::render
