// Means of families: worked out once for the table and for JSON.
#include "report/family_means.hpp"

#include "render/columns.hpp"
#include "report/numbers.hpp"
#include "support/number_text.hpp"
#include "support/numbers.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::report {
namespace {

using support::Json;

// nullopt: the family has no curve of the arm, or no finite mean.
std::optional<BandedEstimate> mean_of(const fit::FittedModel& family, std::size_t arm, const Intervals& intervals) {
    if (!family.fitted(arm) || family.arms[arm].status == fit::FitStatus::not_converged) return std::nullopt;
    return estimate_with(intervals, family, {arm},
                         [&](const fit::IntervalOptions& of) { return fit::mean(family, arm, of); });
}

// The means of one arm, as AnalysisFit::families.
struct ArmMeans {
    std::size_t arm = 0;
    std::vector<std::optional<BandedEstimate>> means;

    [[nodiscard]] double lowest() const {
        double lowest = infinity;
        for (const auto& mean : means) lowest = std::min(lowest, mean ? mean->value : infinity);
        return lowest;
    }
    // nullopt if a family has no finite mean.
    [[nodiscard]] std::optional<double> highest() const {
        double highest = 0;
        for (const auto& mean : means) {
            if (!mean) return std::nullopt;
            highest = std::max(highest, mean->value);
        }
        return highest;
    }
};

std::vector<ArmMeans> means_by_arm(const AnalysisFit& fit, const FitReportOptions& options) {
    std::vector<ArmMeans> arms;
    for (std::size_t arm = 0; arm < fit.evidence->arms.size(); ++arm) {
        if (options.takes_arm && !options.takes_arm(fit.evidence->arms[arm].id)) continue;
        ArmMeans of_arm{arm, {}};
        for (const fit::FittedModel& family : fit.families)
            of_arm.means.push_back(mean_of(family, arm, options.interval));
        const bool any = std::ranges::any_of(of_arm.means, [](const auto& mean) { return mean.has_value(); });
        if (any) arms.push_back(std::move(of_arm));
    }
    return arms;
}

std::string range_text(const ArmMeans& means) {
    const auto highest = means.highest();
    return support::fixed(means.lowest(), 1) + "\xe2\x80\x93" + (highest ? support::fixed(*highest, 1) : "NE");
}

}  // namespace

Section family_means_section(const AnalysisFit& fit, const FitReportOptions& options) {
    Section section;
    const std::vector<ArmMeans> arms = means_by_arm(fit, options);
    if (arms.empty()) return section;
    const std::size_t n = fit.families.size();
    Columns<std::size_t> columns = {{human("Family"), [&fit, n](std::size_t row) {
                                         return row < n ? std::string(fit.families[row].model->name)
                                                        : std::string("lowest to highest");
                                     }}};
    const std::string group = "Mean, months (" + interval_name(options.interval) + ")";
    for (const ArmMeans& of_arm : arms)
        columns.append({human(fit.evidence->arms[of_arm.arm].title(), true, group), [&of_arm, n](std::size_t row) {
                            if (row == n) return Cell(range_text(of_arm));
                            const auto& mean = of_arm.means[row];
                            return mean ? Cell(interval_cell(*mean, 1)) : Cell(Number::missing(Status::not_estimable));
                        }});
    Table table;
    table.name = "means";
    table.other_kind_meaning = replacement_meaning(options.interval);
    table.extrapolated_meaning = Supposition(fit.families).extrapolation_meaning();
    table.rule_before.push_back(n);
    std::vector<std::size_t> rows(n + 1);
    for (std::size_t row = 0; row <= n; ++row) rows[row] = row;
    columns.fill(table, rows);
    section.table = std::move(table);
    section.notes.emplace_back(
        "the mean depends on the extrapolated tail, and so on the choice of family: compare the families before using "
        "the mean of one");
    return section;
}

void add_family_means(Json::Array& list, const AnalysisFit& fit, const FitReportOptions& options) {
    for (const ArmMeans& of_arm : means_by_arm(fit, options)) {
        Json::Array families;
        for (std::size_t i = 0; i < fit.families.size(); ++i) {
            const auto& mean = of_arm.means[i];
            const auto or_null = [&](std::optional<double> fit::Estimate::*limit) {
                return mean && *mean.*limit && std::isfinite(*(*mean.*limit)) ? Json(*(*mean.*limit)) : Json();
            };
            Json::Object family{
                {"model", fit.families[i].model->name},     {"mean_months", mean ? Json(mean->value) : Json()},
                {"lower", or_null(&fit::Estimate::lower)},  {"upper", or_null(&fit::Estimate::upper)},
                {"band", fit::word(options.interval.band)}, {"level", options.interval.level}};
            add_band_members(family, mean.value_or(BandedEstimate{}));
            families.emplace_back(std::move(family));
        }
        const auto highest = of_arm.highest();
        list.push_back(Json::Object{{"trial", fit.evidence->trial},
                                    {"analysis", fit.evidence->analysis},
                                    {"endpoint", fit.evidence->endpoint},
                                    {"arm", fit.evidence->arms[of_arm.arm].id},
                                    {"families", std::move(families)},
                                    {"lowest_mean_months", of_arm.lowest()},
                                    {"highest_mean_months", highest ? Json(*highest) : Json()}});
    }
}

}  // namespace hersurv::report
