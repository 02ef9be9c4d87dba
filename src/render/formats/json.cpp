// JSON: {"rows": [...]} with a row per line, and what does not fit a row beside it; or a document of its own. JSON
// lines: a row per line. Strings keep every character: those that could drive a terminal or reorder text are written as
// \u escapes.
#include <fmt/format.h>

#include "render/characters.hpp"
#include "render/formats.hpp"
#include <stdexcept>

namespace hersurv::render {

extern const Format json_format, jsonl_format;

namespace {

std::string one_line(const support::Json& value) { return support::write_json(value, -1); }

// Line feeds of JSON text are layout, never part of a string.
std::string indented(std::string text) {
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1))
        text.insert(at + 1, "  ");
    return text;
}

std::string render_json(const Report& report, const RenderOptions&) {
    if (report.document) return with_escaped_harmful(support::write_json(*report.document, 2)) + "\n";
    std::string text = "{\n  \"rows\": [";
    const char* separator = "\n    ";
    for (const auto& row : report.table.rows) {
        text += separator + one_line(row_object(report.table, row));
        separator = ",\n    ";
    }
    text += report.table.rows.empty() ? "]" : "\n  ]";
    for (const auto& [key, value] : report.beside) {
        if (key == "rows") throw std::logic_error("render: the rows of a JSON answer are not its only member 'rows'");
        text += ",\n  " + one_line(key) + ": " + indented(support::write_json(value, 2));
    }
    return with_escaped_harmful(text + "\n}\n");
}

std::string render_jsonl(const Report& report, const RenderOptions&) {
    std::string text;
    for (const auto& row : report.table.rows) text += one_line(row_object(report.table, row)) + "\n";
    return with_escaped_harmful(text);
}

}  // namespace

const Format json_format{"json",     "JSON: rows with full precision, and further members", "json", false, false,
                         render_json};
const Format jsonl_format{"jsonl", "JSON lines: one object per row and line", "jsonl", false, true, render_jsonl};

}  // namespace hersurv::render
