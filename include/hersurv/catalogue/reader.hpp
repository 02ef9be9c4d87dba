// JSON -> records. The only place that knows the catalogue format. Every fault of an input is reported, and an input
// with a fault gives no record at all.
#pragma once

#include "hersurv/catalogue/records.hpp"
#include "hersurv/support/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hersurv::catalogue {

// Reads one document. `file` is its name for messages. Throws support::InputError with all faults.
[[nodiscard]] Catalogue read_document(std::string_view text, const std::string& file);

// All faults of one document, none where it is valid (syntax faults included).
[[nodiscard]] std::vector<support::Fault> validate_document(std::string_view text, const std::string& file);

// Joins the documents of one folder: the same trial id or alias twice is a fault; the same source key must have the
// same content.
[[nodiscard]] Catalogue join(std::vector<Catalogue> documents);

// Lays `upper` over `lower`: a trial of `upper` replaces the whole trial of the same id. One message a replaced trial
// goes to `messages`.
[[nodiscard]] Catalogue overlay(Catalogue lower, Catalogue upper, std::vector<std::string>& messages);

// A catalogue document that holds this one trial, its sources included; it reads back to the same record.
[[nodiscard]] support::Json to_document(const Trial& trial);
// The same for several trials (and, with them, the document's own title, claims and notes).
[[nodiscard]] support::Json to_document(const Catalogue& catalogue);

}  // namespace hersurv::catalogue
