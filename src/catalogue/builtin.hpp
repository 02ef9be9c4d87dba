// The built-in catalogue: the documents of data/catalogue, compiled into the program, with an index of their names, so
// that one trial can be read without parsing the others.
#pragma once

#include <span>
#include <string_view>

namespace hersurv::catalogue {

struct BuiltinDocument {
    std::string_view file;                      // "data/catalogue/CLEOPATRA.json"
    std::span<const std::string_view> ids;      // trials of the document
    std::span<const std::string_view> aliases;  // of those trials
    std::span<const std::string_view> source_keys;
    std::string_view text;
    std::string_view sha256;  // of the text, hexadecimal
};

[[nodiscard]] std::span<const BuiltinDocument> builtin_documents();  // generated at build time (cmake/embed.cmake)
[[nodiscard]] std::string_view builtin_index();                      // data/catalogue_index.csv
[[nodiscard]] std::string_view builtin_schema();                     // data/schema/catalogue.schema.json
[[nodiscard]] std::string_view builtin_template();                   // data/schema/template.json
[[nodiscard]] std::string_view builtin_table_template();             // data/schema/template.csv

}  // namespace hersurv::catalogue
