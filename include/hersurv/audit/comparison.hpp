// Published numbers against what a fitted model makes of them.
#pragma once

#include "hersurv/audit/finding.hpp"
#include "hersurv/fit/fit.hpp"

#include <vector>

namespace hersurv::audit {

// How far beyond its rounding a number may be missed before that is said. The tolerance of a number is half a unit of
// its last printed digit plus the allowance of its kind.
struct Allowances {
    // Medians and their limits, share of the printed time: curves of two parameters miss medians of digitised trials by
    // about as much.
    double time_relative = 0.05;
    // Milestones, absolute: about the error of a parametric S(t) against digitised curves (docs/accuracy.md).
    double survival = 0.03;
    // Share of the printed ratio: the spread between stratified, adjusted and crude hazard ratios of one trial.
    double hazard_ratio_relative = 0.05;
    // Share of the printed count: what not knowing the pattern of censoring costs.
    double events_relative = 0.05;
};

// One row for every observation of the evidence, in its order; one that the model says nothing about is not comparable.
[[nodiscard]] std::vector<Comparison> compare(const fit::FittedModel& model, const Allowances& allowances = {});

// Findings of rule `not-reproduced`, one for each number outside its tolerance. `file` is that of the trial.
[[nodiscard]] std::vector<Finding> not_reproduced(const std::vector<Comparison>& comparisons, const std::string& file);

}  // namespace hersurv::audit
