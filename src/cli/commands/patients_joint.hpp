// `patients simulate --joint`: PFS and OS of the same patients in one table.
#pragma once

#include "hersurv/patients.hpp"

#include "cli/commands/patients_actions.hpp"
#include "cli/fitting.hpp"
#include <cstdint>
#include <string>

namespace hersurv::cli {

struct JointRequest {
    patients::SimulationOptions options;
    double rank_correlation = patients::usual_rank_correlation;
    bool usual_correlation = true;  // none was asked for
    std::uint64_t n_replicates = 1;
    std::string agreement;  // file; empty: none
};

[[nodiscard]] Answer simulate_joint(const Selection& selection, const ModelChoice& model, const PatientsCounts& counts,
                                    const JointRequest& request, Context& context);

}  // namespace hersurv::cli
