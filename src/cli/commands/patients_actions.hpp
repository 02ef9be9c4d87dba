// What `patients` does, one action a word after it. An addition is one file patients_NAME.cpp, and its maker and its
// row in patients.cpp.
#pragma once

#include "cli/command.hpp"
#include "cli/selection.hpp"
#include "render/table.hpp"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hersurv::cli {

// The options --n and --events, which all actions have.
struct PatientsCounts {
    std::string n_patients, n_events;
};

// "402" for one arm, "402,406" in the order of the arms, or "A=402,B=406": one for each name, absent if none is
// given. Throws UsageError; `whose` has the arms: "the curve".
[[nodiscard]] std::vector<std::optional<std::size_t>> counts_of_arms(const std::string& option, const std::string& text,
                                                                     const std::vector<std::string>& names,
                                                                     const std::string& whose);

class PatientsAction {
  public:
    virtual ~PatientsAction() = default;
    // Its own options; those of the selection are shared.
    virtual void setup(OptionTable& options) = 0;
    virtual Answer run(const Selection& selection, Context& context) = 0;
};

// A report beside the answer, on stderr.
void say(const render::Report& report, Context& context);

}  // namespace hersurv::cli
