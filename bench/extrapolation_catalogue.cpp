// Pairs the analyses of the built-in trials and reads the later ones off the curves of the earlier ones.
#include "extrapolation_catalogue.hpp"

#include "hersurv/catalogue.hpp"
#include "hersurv/estimates.hpp"
#include "hersurv/evidence.hpp"

#include "support_rows.hpp"
#include <memory>

namespace hersurv::bench {
namespace {

using catalogue::Analysis;

std::optional<double> follow_up_of(const Analysis& analysis) {
    for (const catalogue::ArmResult& arm : analysis.arms)
        for (const catalogue::FollowUp& follow_up : arm.follow_up)
            if (follow_up.median_months.is_number()) return follow_up.median_months.value;
    return std::nullopt;
}

bool is_later(const Analysis& later, const Analysis& earlier) {
    if (later.endpoint != earlier.endpoint || later.population != earlier.population ||
        later.assessed_by != earlier.assessed_by)
        return false;
    // ISO 8601 dates, some without day or month.
    if (!later.data_cutoff.empty() && !earlier.data_cutoff.empty()) return later.data_cutoff > earlier.data_cutoff;
    const auto follow_up = follow_up_of(later), before = follow_up_of(earlier);
    return follow_up && before && *follow_up > *before;
}

struct Read {
    std::string statistic;
    double time_months = 0, survival = 0;
};

std::vector<Read> numbers_of(const catalogue::ArmResult& result) {
    std::vector<Read> numbers;
    if (!result.median.empty() && result.median.front().value.is_number())
        numbers.push_back({"median", result.median.front().value.value, 0.5});
    for (const catalogue::Milestone& milestone : result.milestones)
        if (!milestone.survival.empty() && milestone.survival.front().value.is_number())
            numbers.push_back({"survival", milestone.time_months, milestone.survival.front().value.value});
    return numbers;
}

void add_numbers(const catalogue::Trial& trial, const Analysis& earlier, const Analysis& later,
                 std::vector<LaterNumber>& all) {
    const fit::FittedModel model =
        fit::fit_auto(std::make_shared<const evidence::AnalysisEvidence>(evidence::gather(trial, earlier)));
    for (std::size_t arm = 0; arm < model.evidence->arms.size(); ++arm) {
        if (!model.fitted(arm)) continue;
        const double support = support_of(model, arm).last_months;
        for (const catalogue::ArmResult& result : later.arms) {
            if (result.arm != model.evidence->arms[arm].id) continue;
            for (const Read& read : numbers_of(result)) {
                if (read.time_months <= support) continue;
                const fit::Estimate estimate =
                    fit::survival_at(model, arm, read.time_months, {fit::Band::population, 0.95});
                all.push_back({trial.id, earlier.endpoint, result.arm, earlier.id, later.id, read.statistic, support,
                               read.time_months, read.survival, estimate.value, estimate.lower, estimate.upper});
            }
        }
    }
}

}  // namespace

std::vector<LaterNumber> later_numbers() {
    catalogue::Library library{catalogue::LibraryOptions{}};
    std::vector<LaterNumber> all;
    for (const catalogue::Trial* trial : library.select({}))
        for (const Analysis& earlier : trial->analyses)
            for (const Analysis& later : trial->analyses)
                if (is_later(later, earlier)) add_numbers(*trial, earlier, later, all);
    return all;
}

}  // namespace hersurv::bench
