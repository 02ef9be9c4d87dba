// Documents that are parsed already, or were built.
#pragma once

#include "hersurv/records.hpp"

#include "catalogue/reader.hpp"
#include "support/json.hpp"
#include <string>

namespace hersurv::catalogue {

// As read_document.
[[nodiscard]] Catalogue read_parsed(support::Json document, const std::string& file);

}  // namespace hersurv::catalogue
