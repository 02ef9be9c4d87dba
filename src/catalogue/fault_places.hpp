// Lines and columns of faults that are known by their JSON pointers.
#pragma once

#include "hersurv/error.hpp"

#include "support/json_positions.hpp"
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::catalogue {

// Where the values of these pointers begin in a document, JSON or a table of trials; those that are not there are left
// out.
[[nodiscard]] std::map<std::string, support::TextPosition> positions_in(std::string_view text, const std::string& file,
                                                                        const std::set<std::string>& pointers);

// Of faults without a line: where the value of the pointer, or the nearest one around it, begins in the text.
void place_in_text(std::vector<support::Fault>& faults, std::string_view text, const std::string& file);

// The same in the files that the faults name, as far as these can be read again.
void place_in_files(std::vector<support::Fault>& faults);

}  // namespace hersurv::catalogue
