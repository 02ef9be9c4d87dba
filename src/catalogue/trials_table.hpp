// A table with one row an arm -> a catalogue document.
#pragma once

#include "hersurv/error.hpp"

#include "catalogue/trials_cells.hpp"
#include "support/json.hpp"
#include "support/json_positions.hpp"
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::catalogue {

struct TrialsDocument {
    support::Json document;
    std::map<std::string, support::TextPosition> places{};  // of its values, by JSON pointer
    std::vector<support::Fault> faults{};                   // of cells, which are left out of the document
};

// Throws InputError if the text is not a table, or lacks the columns trial, endpoint or arm.
[[nodiscard]] TrialsDocument document_of_table(std::string_view text, const std::string& file);

}  // namespace hersurv::catalogue
