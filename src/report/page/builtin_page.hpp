// The parts of the page that are compiled in; defined in a source that is generated at build time (cmake/embed.cmake).
#pragma once

#include <string_view>

namespace hersurv::report {

// A part of the page, with its SHA-256 in base64 for the content security policy of the page.
struct PagePart {
    std::string_view text, sha256;
};
[[nodiscard]] PagePart builtin_page_style();             // src/report/page/report.css
[[nodiscard]] PagePart builtin_page_script();            // src/report/page/report.js
[[nodiscard]] std::string_view builtin_page_explorer();  // src/report/page/explorer.html

}  // namespace hersurv::report
