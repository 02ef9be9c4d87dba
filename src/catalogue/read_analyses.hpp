// JSON -> the arms of a trial and what is reported about them: analyses, responses, measures.
#pragma once

#include "hersurv/records.hpp"

#include "catalogue/reading.hpp"
#include "support/json.hpp"
#include <string>

namespace hersurv::catalogue {

// What the records of one trial are checked against while they are read.
struct TrialContext {
    const Trial& trial;
    bool arms_known = false;  // the list of arms could be read, so that an arm that is not in it does not exist
};

[[nodiscard]] Arm read_arm(const support::Json& json, const std::string& pointer, const Reading& reading);
[[nodiscard]] Analysis read_analysis(const support::Json& json, const std::string& pointer, const TrialContext& context,
                                     const Reading& reading);
[[nodiscard]] Response read_response(const support::Json& json, const std::string& pointer, const TrialContext& context,
                                     const Reading& reading);
[[nodiscard]] Measure read_measure(const support::Json& json, const std::string& pointer, const TrialContext& context,
                                   const Reading& reading);

}  // namespace hersurv::catalogue
