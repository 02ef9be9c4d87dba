// JSON -> claims and notes, with the places that they name.
#pragma once

#include "hersurv/records.hpp"

#include "catalogue/reading.hpp"
#include "support/json.hpp"
#include <string>

namespace hersurv::catalogue {

// `trial`: the one that the claim is in; null for a claim of the catalogue itself.
[[nodiscard]] Claim read_claim(const support::Json& json, const std::string& pointer, const Trial* trial,
                               const Reading& reading);
[[nodiscard]] Note read_note(const support::Json& json, const std::string& pointer, const Reading& reading);

}  // namespace hersurv::catalogue
