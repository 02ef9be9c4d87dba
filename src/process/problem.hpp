// What the parts of the process work on: the placed numbers of an analysis, and the learnt constants.
#pragma once

#include "process/placement.hpp"
#include "process/prior.hpp"
#include <cstddef>
#include <vector>

namespace hersurv::process {

struct Problem {
    explicit Problem(const evidence::AnalysisEvidence& published)
        : evidence(published),
          constants(published.constants->process(published.endpoint)),
          reading(published.constants->endpoint(published.endpoint)),
          placement(place(published)) {
        priors.emplace_back(constants, KindOfCurve::usual);
        if (constants.unusual.share > 0) priors.emplace_back(constants, KindOfCurve::unusual);
        for (std::size_t arm = 0; arm < placement.arms.size(); ++arm)
            if (placement.arms[arm].placed) placed.push_back(arm);
    }

    [[nodiscard]] const ArmPlacement& arm(std::size_t index) const { return placement.arms[index]; }

    // Factor on the sds of an arm.
    [[nodiscard]] double inflation(std::size_t index) const {
        return arm(index).median_months ? constants.inflation : evidence.constants->median_grid().inflation;
    }

    const evidence::AnalysisEvidence& evidence;
    const evidence::ProcessConstants& constants;
    const evidence::EndpointConstants& reading;
    std::vector<Prior> priors;        // the mixture that a curve is drawn from, by kind
    Placement placement;              // ties that contradict the other numbers are taken out of it
    std::vector<std::size_t> placed;  // arms
};

}  // namespace hersurv::process
