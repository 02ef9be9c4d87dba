// Data files that are compiled into the program. The definitions are generated at build time (cmake/embed.cmake).
#pragma once

#include <string_view>

namespace hersurv::support {

[[nodiscard]] std::string_view builtin_priors();    // data/priors.json
[[nodiscard]] std::string_view builtin_accuracy();  // data/accuracy.csv

// A part of the page that `report` writes, with its SHA-256 in base64 for the content security policy of the page.
struct PagePart {
    std::string_view text, sha256;
};
[[nodiscard]] PagePart builtin_page_style();             // src/report/page/report.css
[[nodiscard]] PagePart builtin_page_script();            // src/report/page/report.js
[[nodiscard]] std::string_view builtin_page_explorer();  // src/report/page/explorer.html

}  // namespace hersurv::support
