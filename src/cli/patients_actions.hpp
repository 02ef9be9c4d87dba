// What `patients` does, one action a word behind it. An addition is one file patients_NAME.cpp, its maker here and its
// row in command_patients.cpp.
#pragma once

#include "hersurv/cli/command.hpp"
#include "hersurv/cli/selection.hpp"

#include <memory>

namespace hersurv::cli {

class PatientsAction {
  public:
    virtual ~PatientsAction() = default;
    // Its own options; those of the selection are shared.
    virtual void setup(OptionTable& options) = 0;
    virtual Answer run(const Selection& selection, Context& context) = 0;
};

std::unique_ptr<PatientsAction> make_reconstruct();
std::unique_ptr<PatientsAction> make_simulate();

}  // namespace hersurv::cli
