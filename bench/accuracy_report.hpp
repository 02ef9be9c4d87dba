// The measured accuracy as tables, and its comparison with recorded figures.
#pragma once

#include "accuracy_measure.hpp"
#include "csv.hpp"
#include "output.hpp"
#include "render/table.hpp"
#include <string>
#include <vector>

namespace hersurv::bench {

// Whether the figures that are scored were among those that the constants were learnt from.
enum class Measured { in_sample, held_out };

// Machine formats: one row for endpoint, arms, pattern and model. Human formats: one table for each endpoint and kind
// of arms.
[[nodiscard]] render::Report accuracy_report(const Figures& figures, const std::vector<Pattern>& patterns,
                                             const std::vector<MeanScores>& means, Measured measured);

// One row for every arm, pattern and model.
[[nodiscard]] render::Report arms_report(const Figures& figures, const std::vector<Pattern>& patterns,
                                         const std::vector<ScoredModel>& models,
                                         const std::vector<ArmOutcome>& outcomes);

// The share by which a mean absolute error may exceed the recorded one.
inline constexpr double allowed_growth = 0.02;

// What later runs are held against and the program shows: means over the arms that have a curve.
[[nodiscard]] render::Report record_report(const std::vector<MeanScores>& means, Measured measured);

// `record`: what record_report gives as CSV. Rows of patterns and models that were not measured, or were measured
// the other way, are left out. Throws support::InputError where it has not the columns.
[[nodiscard]] RecordComparison compare_with_record(const CsvTable& record, const std::vector<Pattern>& patterns,
                                                   const std::vector<std::string>& measured_models,
                                                   const std::vector<MeanScores>& means, Measured measured);

}  // namespace hersurv::bench
