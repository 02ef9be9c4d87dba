// What `patients` does, one action a word behind it. An addition is one file patients_NAME.cpp, and its maker and its
// row in patients.cpp.
#pragma once

#include "cli/command.hpp"
#include "cli/selection.hpp"
#include "render/table.hpp"
#include <memory>

namespace hersurv::cli {

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
