// What "determined" and the test of proportional hazards are worth in simulated trials.
#pragma once

#include "coverage_measure.hpp"
#include "csv.hpp"
#include "output.hpp"
#include "render/table.hpp"

namespace hersurv::bench {

// Of each law, n and schedule (the usual one, and one with a median follow-up of twice the time to the plateau of the
// law `cure`), from a full abstract and the experimental arm: how often each cure family is called determined, and how
// often its 95% interval then excludes 0. Of the laws that belong to a family, by kind of evidence: how often the
// interval of a parameter that is called determined holds the truth. Of every law: how often p < 0.05 in the test of
// proportional hazards. Takes laws, n, trials, seed and threads of the options; laws of LawGroup::test are added for
// the last part.
struct Identification {
    render::Report report, record;
};
[[nodiscard]] Identification measure_identification(const CoverageOptions& options);

// A loss: a figure of the record that is gone, or worse by more than .02: fewer intervals that hold the truth, cured
// shares found or departures from proportional hazards found; more cured shares where nobody is cured; a size further
// from .05. Throws support::UsageError if the record is of other trials.
[[nodiscard]] RecordComparison compare_identification(const CsvTable& record, const Identification& now);

}  // namespace hersurv::bench
