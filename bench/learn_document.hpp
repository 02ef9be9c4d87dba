// The learnt constants as the document data/priors.json.
#pragma once

#include "learn_printed.hpp"
#include "learn_process.hpp"
#include "support/json.hpp"
#include <string>

namespace hersurv::bench {

// What one class of endpoints learns.
struct LearntClass {
    LearntProcess process;
    LearntLimits limits;
    LearntTies ties;
};

// Puts the learnt constants of a class in their places of the document, with five significant digits.
void store(const LearntClass& learnt, support::Json& document);
// The share of unusual curves, which is a design: data/priors.json has it.
void store_share_of_unusual(const std::string& endpoint_class, double share, support::Json& document);

void store_inflation(const std::string& endpoint_class, double inflation, support::Json& document);

// A member of an object, which is added where it is not there.
[[nodiscard]] support::Json& member(support::Json& object, const std::string& key);

// The document as text: an object or array whose members are plain stands on one line.
[[nodiscard]] std::string document_text(const support::Json& document);

}  // namespace hersurv::bench
