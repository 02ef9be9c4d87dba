// The options that bound extrapolated hazards by a life table.
#pragma once

#include "hersurv/fit.hpp"

#include "cli/options.hpp"
#include <memory>
#include <optional>
#include <string>

namespace hersurv::cli {

struct HazardFloorChoice {
    std::string file, age, sex;

    void setup(OptionTable& options);
    // nullptr if no table is given. Throws UsageError for options that do not go together and a table that does not
    // have the age, InputError for one that cannot be read.
    [[nodiscard]] std::shared_ptr<const fit::HazardFloor> read() const;
};

}  // namespace hersurv::cli
