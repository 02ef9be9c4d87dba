// What "determined" and the test of proportional hazards are worth in simulated trials.
#pragma once

#include "coverage_measure.hpp"
#include "render/table.hpp"

namespace hersurv::bench {

// Of each law, n and schedule (the usual one, and one with a median follow-up of twice the time to the plateau of the
// law `cure`), from a full abstract and the experimental arm: how often each cure family is called determined, and how
// often its 95% interval then excludes 0. Of the laws that belong to a family, by kind of evidence: how often the
// interval of a parameter that is called determined holds the truth. Of every law: how often p < 0.05 in the test of
// proportional hazards. Takes laws, n, trials, seed and threads of the options; laws of LawGroup::test are added for
// the last part.
[[nodiscard]] render::Report identification_report(const CoverageOptions& options);

}  // namespace hersurv::bench
