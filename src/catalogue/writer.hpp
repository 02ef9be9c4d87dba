// Records that were read -> a catalogue document.
#pragma once

#include "hersurv/records.hpp"

#include "support/json.hpp"

namespace hersurv::catalogue {

// A catalogue document that holds this one trial, its sources included; it reads back to the same record.
[[nodiscard]] support::Json to_document(const Trial& trial);
// The same for several trials (and, with them, the document's own title, claims and notes).
[[nodiscard]] support::Json to_document(const Catalogue& catalogue);

}  // namespace hersurv::catalogue
