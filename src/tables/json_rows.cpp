// Writes the rows of a JSON document as comma-separated lines.
#include "tables/json_rows.hpp"

#include "hersurv/error.hpp"

#include "support/json.hpp"
#include "support/number_text.hpp"
#include <algorithm>
#include <utility>

namespace hersurv::tables {
namespace {

using support::Json;

[[noreturn]] void refuse_json(const std::string& file, const std::string& problem) {
    throw support::InputError(
        {{file, "", problem, "give a table, such as CSV, or the rows that hersurv writes", 1, 1}});
}

std::string quoted_field(const std::string& text) {
    std::string field = "\"";
    for (const char c : text) field += c == '"' ? "\"\"" : std::string(1, c);
    return field + '"';
}

std::string field_of(const Json& value) {
    if (const double* const number = value.if_number()) return support::shortest(*number);
    if (const std::string* const text = value.if_string()) return quoted_field(*text);
    if (const bool* const truth = value.if_bool()) return *truth ? "TRUE" : "FALSE";
    return "";
}

// One document, or one per line.
Json::Array rows_of(std::string_view text, const std::string& file) {
    const std::size_t end = text.find('\n');
    const std::string_view first = text.substr(0, end);
    const bool lines = first.starts_with("{") && first.find('}') != std::string_view::npos &&
                       end != std::string_view::npos && text.substr(end).find('{') != std::string_view::npos;
    if (!lines || first.find('[') != std::string_view::npos) {
        Json document = support::parse_json(text, file);
        if (Json::Array* const array = document.if_array()) return std::move(*array);
        if (Json::Object* const object = document.if_object())
            for (auto& [key, value] : *object)
                if (key == "rows" && value.if_array() != nullptr) return std::move(*value.if_array());
        return {std::move(document)};
    }
    Json::Array rows;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t stop = std::min(text.find('\n', begin), text.size());
        if (text.substr(begin, stop - begin).find('{') != std::string_view::npos)
            rows.push_back(support::parse_json(text.substr(begin, stop - begin), file));
        begin = stop + 1;
    }
    return rows;
}

}  // namespace

bool is_json(std::string_view text) {
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && (text[start] == '{' || text[start] == '[');
}

std::string table_of_json(std::string_view text, const std::string& file) {
    const Json::Array rows = rows_of(text, file);
    const Json::Object* const first = rows.empty() ? nullptr : rows.front().if_object();
    if (first == nullptr || first->empty()) refuse_json(file, "is JSON without rows");
    std::string table;
    for (const auto& [key, value] : *first) table += (table.empty() ? "" : ",") + quoted_field(key);
    table += '\n';
    for (const Json& row : rows) {
        const Json::Object* const members = row.if_object();
        if (members == nullptr) refuse_json(file, "is JSON with a row that is not an object");
        bool begun = false;
        for (const auto& [key, value] : *first) {
            const auto member = std::ranges::find(*members, key, &Json::Member::first);
            table +=
                (std::exchange(begun, true) ? "," : "") + (member == members->end() ? "" : field_of(member->second));
        }
        table += '\n';
    }
    return table;
}

}  // namespace hersurv::tables
