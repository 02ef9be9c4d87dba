// Any SVG document as pixels, drawn by librsvg.
#pragma once

#include <string>

namespace hersurv::render {

// A PNG of `width` by `height` pixels that the document fills. Throws OutputError if librsvg is not installed or cannot
// draw it.
[[nodiscard]] std::string png_of_svg(const std::string& svg, int width, int height);

}  // namespace hersurv::render
