// Several documents as one catalogue.
#pragma once

#include "hersurv/records.hpp"

#include <string>
#include <vector>

namespace hersurv::catalogue {

// Joins the documents of one folder: the same trial id or alias twice is a fault; the same source key must have the
// same content. Throws support::InputError with all faults.
[[nodiscard]] Catalogue join(std::vector<Catalogue> documents);

// Lays `upper` over `lower`: a trial of `upper` replaces the whole trial of the same id. One message per replaced trial
// goes to `messages`. Throws support::InputError with all faults.
[[nodiscard]] Catalogue overlay(Catalogue lower, Catalogue upper, std::vector<std::string>& messages);

}  // namespace hersurv::catalogue
