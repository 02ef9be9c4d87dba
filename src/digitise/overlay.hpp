// What was read, drawn over the picture, as SVG.
#pragma once

#include "hersurv/digitise.hpp"

#include <string>
#include <string_view>

namespace hersurv::digitise {

// The picture, pale, with the curves, censor marks and labels of the axes as they were read, in bright colours. PNG,
// JPEG and SVG are embedded as they are; of a PDF the lines and texts of the page are drawn again.
[[nodiscard]] std::string overlay_svg(std::string_view bytes, const std::string& file, const Reading& reading,
                                      const Hints& hints);

}  // namespace hersurv::digitise
