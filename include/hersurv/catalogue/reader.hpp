// JSON -> records. The only place that knows the catalogue format. Every fault of an input is reported, and an input
// with a fault gives no record at all.
#pragma once

#include "hersurv/catalogue/records.hpp"
#include "hersurv/support/error.hpp"
#include "hersurv/support/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hersurv::catalogue {

// Reads one document. `file` is its name for messages. Throws support::InputError with all faults.
[[nodiscard]] Catalogue read_document(std::string_view text, const std::string& file);
// The same of a document that is parsed already, or was built.
[[nodiscard]] Catalogue read_parsed(const support::Json& document, const std::string& file);

// All faults of one document, none where it is valid (syntax faults included).
[[nodiscard]] std::vector<support::Fault> validate_document(std::string_view text, const std::string& file);

}  // namespace hersurv::catalogue
