// HTML: one complete page that needs nothing else, legible on light and dark screens and on paper.
#include "characters.hpp"
#include "layout.hpp"

namespace hersurv::report {

extern const Format html_format;

namespace {

constexpr std::string_view style = R"css(
    :root { color-scheme: light dark; }
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
    .table { overflow-x: auto; margin: 1.5rem 0; }
    table { border-collapse: collapse; border-top: 2px solid; border-bottom: 2px solid; font-variant-numeric: tabular-nums; }
    caption { text-align: left; font-weight: bold; padding-bottom: .4rem; }
    th, td { padding: .25rem .75rem; text-align: left; vertical-align: top; font-weight: normal; }
    thead th { vertical-align: bottom; font-weight: bold; }
    thead th[scope=colgroup] { text-align: center; border-bottom: 1px solid; }
    tbody { border-top: 1px solid; }
    .number { text-align: right; }
    td.number { white-space: nowrap; }
    .footnotes { font-size: .875rem; margin: .4rem 0 0; padding: 0; list-style: none; }
    @media print {
      body { font-size: 10pt; max-width: none; margin: 0; }
      .table { overflow: visible; }
      thead { display: table-header-group; }
      tr { break-inside: avoid; }
    }
)css";

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

void add_table(std::string& text, const LayoutTable& table) {
    text += "  <div class=\"table\">\n  <table>\n";
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
    text += "    </tbody>\n  </table>\n";
    if (!table.footnotes.empty()) {
        text += "  <ul class=\"footnotes\">\n";
        for (const std::string& footnote : table.footnotes) text += "    <li>" + xml_escaped(footnote) + "</li>\n";
        text += "  </ul>\n";
    }
    text += "  </div>\n";
}

// A page must have a title: that of the report, or what its first table or section says of itself.
std::string page_title(const Report& report, const LayoutReport& layout) {
    if (!layout.title.empty()) return layout.title;
    for (const LayoutSection& section : layout.sections) {
        if (!section.heading.empty()) return section.heading;
        if (section.table && !section.table->caption.empty()) return section.table->caption;
    }
    return report.table.name.empty() ? "Report" : without_controls(report.table.name);
}

std::string render_html(const Report& report, const RenderOptions& options) {
    const LayoutReport layout = lay_out(report, options, Controls::drop);
    std::string text =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n  <meta charset=\"utf-8\">\n"
        "  <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n  <title>" +
        xml_escaped(page_title(report, layout)) + "</title>\n  <style>";
    text += style;
    text += "  </style>\n</head>\n<body>\n";
    if (!layout.title.empty()) text += "  <h1>" + xml_escaped(layout.title) + "</h1>\n";
    for (const LayoutSection& section : layout.sections) {
        if (!section.heading.empty()) text += "  <h2>" + xml_escaped(section.heading) + "</h2>\n";
        for (const std::string& paragraph : section.paragraphs) text += "  <p>" + xml_escaped(paragraph) + "</p>\n";
        if (section.table) add_table(text, *section.table);
        if (section.notes.empty()) continue;
        text += "  <ul>\n";
        for (const std::string& note : section.notes) text += "    <li>" + xml_escaped(note) + "</li>\n";
        text += "  </ul>\n";
    }
    return text + "</body>\n</html>\n";
}

}  // namespace

const Format html_format{"html", "one self-contained page", "html", true, false, render_html, "htm"};

}  // namespace hersurv::report
