// The human text of a cell.
#pragma once

#include "render/formats.hpp"
#include <string>

namespace hersurv::render {

// The human text of one cell (without flags of colour): shared by the human formats.
[[nodiscard]] std::string cell_text(const Cell& cell, const RenderOptions& options);

}  // namespace hersurv::render
