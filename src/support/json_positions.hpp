// Where the values of a JSON text are in it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace hersurv::support {

// Line and column, 1-based; columns count characters.
struct TextPosition {
    int line = 1, column = 1;
};
// Where values of a document begin, by their JSON pointers; pointers that lead nowhere are left out. The text has been
// parsed before: what is not JSON gives nothing.
[[nodiscard]] std::map<std::string, TextPosition> positions_of(std::string_view text,
                                                               const std::set<std::string>& pointers);

}  // namespace hersurv::support
