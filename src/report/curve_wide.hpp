// Tables with one row a time, and the curves side by side.
#pragma once

#include "report/curve_series.hpp"
#include <list>
#include <string>
#include <vector>

namespace hersurv::report {

// "time_months".
[[nodiscard]] std::string time_key(catalogue::TimeUnit unit);

// For people: the curves of one model. `wide`: value and limits have columns of their own.
[[nodiscard]] Table table_for_people(const std::vector<const CurveSeries*>& all, const CurveReportOptions& options);

// For programs: the curves of all models, three columns each: SUBJECT, SUBJECT_lower, SUBJECT_upper, and behind all
// of these SUBJECT_support; the subject is the arm, with the trial, analysis and model only if there are several.
void fill_wide_table(Table& table, const std::list<std::vector<CurveSeries>>& all, const CurveReportOptions& options);

}  // namespace hersurv::report
