// What a user probably means by a word that is not a command.
#pragma once

#include <string>

namespace hersurv::cli {

// "hersurv plot forest" of "forest", "hersurv show CLEOPATRA" of "CLEOPATRA"; empty if nobody knows.
[[nodiscard]] std::string meant_by(const std::string& word);

}  // namespace hersurv::cli
