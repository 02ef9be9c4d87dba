// Fields of comma-separated and tab-separated lines, quoted or escaped where they need to be.
#include "render/separated.hpp"

namespace hersurv::render {

std::string csv_field(const std::string& text) {
    // A line that begins with # is a comment to many readers, the project's own among them.
    const bool quoted = text.find_first_of(",\"\r\n") != std::string::npos || text.starts_with(' ') ||
                        text.starts_with('#') || text.ends_with(' ');
    if (!quoted) return text;
    std::string field = "\"";
    for (const char c : text) {
        if (c == '"') field += '"';
        field += c;
    }
    return field + "\"";
}

std::string tsv_field(const std::string& text) {
    std::string field;
    for (const char c : text) {
        switch (c) {
            case '\t':
                field += "\\t";
                break;
            case '\n':
                field += "\\n";
                break;
            case '\r':
                field += "\\r";
                break;
            case '\\':
                field += "\\\\";
                break;
            default:
                field += c;
        }
    }
    return field;
}

}  // namespace hersurv::render
