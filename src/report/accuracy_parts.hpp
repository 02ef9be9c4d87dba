// The evidence behind a curve and its measured error, as columns, notes and footnotes.
#pragma once

#include "hersurv/fit.hpp"

#include "render/columns.hpp"
#include "report/names.hpp"
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hersurv::report {

// Of the curve of an arm: nothing if there is no such arm, or the model has no curve of it.
[[nodiscard]] std::optional<fit::ExpectedAccuracy> accuracy_of(const fit::FittedModel& model,
                                                               std::optional<std::size_t> arm);
// Machine columns: evidence_pattern, measured_error, measured_coverage, measured_arms, measured, measured_patients;
// `prefix` in front of each.
[[nodiscard]] Columns<std::optional<fit::ExpectedAccuracy>> accuracy_columns(const std::string& prefix = {});
// The same as members of an object.
void add_accuracy_members(support::Json::Object& object, const fit::FittedModel& model, std::size_t arm);

// "placebo, pertuzumab: based on n, median with 95% CI. Expected error of S(t) with this information, percentage
// points: weibull 2.4 (cross-validated on digitised OS curves)": a sentence for all arms of which it is the same.
[[nodiscard]] std::vector<std::string> accuracy_notes(const AnalysisFit& fit,
                                                      const std::function<bool(std::size_t)>& wanted);
// The errors alone, in one line: "Expected error of S(t), percentage points: exponential 3.9, weibull 1.4
// (cross-validated)". Empty if there is no curve.
[[nodiscard]] std::string expected_error_note(const AnalysisFit& fit, const std::function<bool(std::size_t)>& wanted);

// The notes on the curves of one model, with what their band covered.
[[nodiscard]] std::vector<std::string> accuracy_notes_of_curves(const fit::FittedModel& model,
                                                                const std::vector<std::size_t>& arms);

// Of the curves of a table: the range of their expected errors, in one line; and endpoints that use the constants of
// another one. None if nothing was fitted.
[[nodiscard]] std::vector<std::string> accuracy_footnotes(const std::vector<const AnalysisFit*>& fits);

}  // namespace hersurv::report
