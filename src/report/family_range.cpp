// The range between families: the same quantities of each of them.
#include "report/family_range.hpp"

#include "support/words.hpp"
#include <algorithm>
#include <cmath>
#include <set>

namespace hersurv::report {
namespace {

bool needs_range(const SeriesPoint& point) {
    return point.estimate && point.estimate->extrapolated && !point.estimate->supposes.empty();
}

bool same_subject(const CurveSeries& a, const CurveSeries& b) {
    return a.arm == b.arm && a.control == b.control && a.state == b.state && a.quantity == b.quantity;
}

AnalysisFit with_families_as_models(const AnalysisFit& fit) {
    AnalysisFit families = fit;
    families.models = fit.families;
    return families;
}

void widen(std::optional<std::pair<double, double>>& range, double value) {
    if (!range) range.emplace(value, value);
    range->first = std::min(range->first, value);
    range->second = std::max(range->second, value);
}

}  // namespace

void add_family_ranges(std::vector<CurveSeries>& series, const AnalysisFit& fit, const AnalysisFit* overall,
                       const CurveReportOptions& options) {
    std::set<double> times;
    for (const CurveSeries& one : series)
        for (const SeriesPoint& point : one.points)
            if (needs_range(point)) times.insert(point.time);
    if (times.empty() || fit.families.empty()) return;
    CurveReportOptions there = options;
    there.times.assign(times.begin(), times.end());
    there.interval.both = there.interval.falls_back = false;
    const AnalysisFit families = with_families_as_models(fit);
    const AnalysisFit overall_families = overall != nullptr ? with_families_as_models(*overall) : AnalysisFit();
    for (const fit::FittedModel& family : families.models) {
        const auto of_family = series_of(families, family, overall != nullptr ? &overall_families : nullptr, there);
        for (CurveSeries& one : series)
            for (const CurveSeries& same : of_family) {
                if (!same_subject(one, same) || family.arms[same.of.arm].status == fit::FitStatus::not_converged)
                    continue;
                for (SeriesPoint& point : one.points) {
                    if (!needs_range(point)) continue;
                    const auto found = std::ranges::find(same.points, point.time, &SeriesPoint::time);
                    if (found == same.points.end() || !found->estimate || !std::isfinite(found->estimate->value))
                        continue;
                    widen(point.families, found->estimate->value);
                }
            }
    }
}

bool has_family_range(const CurveSeries& series) {
    return std::ranges::any_of(series.points, [](const SeriesPoint& point) { return point.families.has_value(); });
}

std::string names_of_families() {
    std::vector<std::string> names;
    for (const fit::Model& model : fit::parametric_models())
        if (model.family->uncured == nullptr) names.emplace_back(model.name);
    const std::string last = names.back();
    names.pop_back();
    return support::joined(names) + " and " + last;
}

}  // namespace hersurv::report
