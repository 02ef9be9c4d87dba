// What somebody means who types a word that is no command.
#pragma once

#include <string>

namespace hersurv::cli {

// "hersurv plot forest" of "forest", "hersurv show CLEOPATRA" of "CLEOPATRA"; empty if nobody knows.
[[nodiscard]] std::string meant_by(const std::string& word);

}  // namespace hersurv::cli
