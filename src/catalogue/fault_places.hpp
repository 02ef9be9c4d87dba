// Lines and columns of faults that are known by their JSON pointers.
#pragma once

#include "hersurv/error.hpp"

#include <string_view>
#include <vector>

namespace hersurv::catalogue {

// Of faults without a line: where the value of the pointer, or the nearest one around it, begins in the text.
void place_in_text(std::vector<support::Fault>& faults, std::string_view text);

// The same in the files that the faults name, as far as these can be read again.
void place_in_files(std::vector<support::Fault>& faults);

}  // namespace hersurv::catalogue
