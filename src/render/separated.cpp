// Fields of comma-separated and tab-separated lines, quoted or escaped where they need to be.
#include "render/separated.hpp"

namespace hersurv::render {

namespace {

// A line that begins with # is a comment to many readers, the project's own among them.
bool begins_a_comment(const std::string& text) { return text.starts_with('#'); }

std::string in_quotes(const std::string& text) {
    std::string field = "\"";
    for (const char c : text) {
        if (c == '"') field += '"';
        field += c;
    }
    return field + "\"";
}

}  // namespace

std::string csv_field(const std::string& text) {
    const bool quoted = text.find_first_of(",\"\r\n") != std::string::npos || text.starts_with(' ') ||
                        begins_a_comment(text) || text.ends_with(' ');
    return quoted ? in_quotes(text) : text;
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
    // Readers that know quotes would take a quote at the beginning for one of them.
    return begins_a_comment(text) || text.starts_with('"') ? in_quotes(field) : field;
}

}  // namespace hersurv::render
