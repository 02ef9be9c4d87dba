// HTML: one complete page that needs nothing else, legible on light and dark screens and on paper.
#include "render/characters.hpp"
#include "render/html_parts.hpp"

namespace hersurv::render {

extern const Format html_format;

namespace {

constexpr std::string_view style = R"css(
    :root { color-scheme: light dark; }
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
    .table { overflow-x: auto; margin: 1.5rem 0 0; }
    table { border-collapse: collapse; border-top: 2px solid; border-bottom: 2px solid; font-variant-numeric: tabular-nums; }
    caption { text-align: left; font-weight: bold; padding-bottom: .4rem; }
    th, td { padding: .25rem .75rem; text-align: left; vertical-align: top; font-weight: normal; }
    thead th { vertical-align: bottom; font-weight: bold; }
    thead th[scope=colgroup] { text-align: center; border-bottom: 1px solid; }
    tbody { border-top: 1px solid; }
    .number { text-align: right; }
    td.number { white-space: nowrap; }
    .footnotes { font-size: .875rem; margin: .4rem 0 1.5rem; padding: 0; list-style: none; }
    @media print {
      body { font-size: 10pt; max-width: none; margin: 0; }
      .table { overflow: visible; }
      thead { display: table-header-group; }
      tr { break-inside: avoid; }
    }
)css";

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
        if (section.table) text += html_table(*section.table);
        text += html_list(section.notes);
    }
    return text + "</body>\n</html>\n";
}

}  // namespace

const Format html_format{"html", "one self-contained page", "html", true, false, render_html, "htm"};

}  // namespace hersurv::render
