// Mean, covariance and scan schedules of the process, learnt by the Gaussian likelihood of the digitised curves.
#pragma once

#include "evidence/constants.hpp"
#include "learn_sample.hpp"
#include <span>

namespace hersurv::bench {

struct LearntProcess {
    evidence::ProcessConstants constants;  // mean, covariance, nugget, rounding of the median and scans are learnt; the
                                           // rest is the design's
    double log_likelihood = 0;
    int n_arms = 0, n_points = 0;
    bool converged = false;
};

// `design`: the constants that are not learnt here, and the order of magnitude of those that are: where the search
// starts and what it is drawn to where the curves say nothing.
[[nodiscard]] LearntProcess learn_process(std::span<const SampleFigure* const> sample,
                                          const evidence::ProcessConstants& design);

// Log density of curves that were not learnt from (one value a figure with a reached median).
[[nodiscard]] double log_likelihood(std::span<const SampleFigure* const> sample,
                                    const evidence::ProcessConstants& constants);

}  // namespace hersurv::bench
