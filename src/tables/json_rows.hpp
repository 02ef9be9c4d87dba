// Rows of JSON as a table: what `--format json` and `jsonl` write.
#pragma once

#include <string>
#include <string_view>

namespace hersurv::tables {

// Whether the first character that is not blank opens an object or an array.
[[nodiscard]] bool is_json(std::string_view text);

// The objects of an array, of the member "rows" of an object, or one per line, as comma-separated values with the
// members of the first of them for header. Each row is on the line on which hersurv writes it in JSON. Throws
// InputError for what is no such rows.
[[nodiscard]] std::string table_of_json(std::string_view text, const std::string& file);

}  // namespace hersurv::tables
