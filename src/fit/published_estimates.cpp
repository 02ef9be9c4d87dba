// Reads them out of the evidence.
#include "fit/published_estimates.hpp"

#include "evidence/constants.hpp"
#include <algorithm>
#include <cmath>
#include <optional>

namespace hersurv::fit {
namespace {

using catalogue::StatisticKey;
using evidence::Observation;

// Variance of the Kaplan-Meier estimate of S (Greenwood, with the effective number of patients); of an arm of unknown
// size all estimates count alike.
double sampling_variance(const evidence::AnalysisEvidence& evidence, std::size_t arm, double time, double survival) {
    constexpr double usual_patients = 200;
    const evidence::ArmEvidence& record = evidence.arms[arm];
    const double n = record.n_patients.value_or(0) > 0 ? *record.n_patients : usual_patients;
    const double share =
        record.n_patients.value_or(0) > 0
            ? evidence::effective_share(evidence.constants->endpoint(evidence.endpoint), record, time, survival)
            : 1;
    return survival * (1 - survival) / (n * std::max(share, 1e-3));
}

const Observation* limit_of(const evidence::AnalysisEvidence& evidence, std::size_t arm, const StatisticKey& estimate,
                            StatisticKey::Side side) {
    StatisticKey key = estimate;
    key.side = side;
    const auto found = std::ranges::find_if(evidence.observations, [&](const Observation& o) {
        return o.arm == arm && !o.control && o.cut.empty() && o.statistic == key && o.published.is_number();
    });
    return found == evidence.observations.end() ? nullptr : &*found;
}

bool too_near(std::vector<PublishedEstimate> estimates) {
    constexpr double least_times_rounding = 2;
    std::ranges::sort(estimates, {}, &PublishedEstimate::time_months);
    for (std::size_t i = 1; i < estimates.size(); ++i) {
        const PublishedEstimate &before = estimates[i - 1], &after = estimates[i];
        if (std::abs(before.survival - after.survival) < least_times_rounding * (before.half_unit + after.half_unit))
            return true;
    }
    return false;
}

}  // namespace

PublishedEstimates published_estimates(const evidence::AnalysisEvidence& evidence, std::size_t arm,
                                       const std::function<double(double)>& survival_at) {
    PublishedEstimates result;
    for (const Observation& o : evidence.observations) {
        if (o.arm != arm || o.kind != evidence::Kind::point) continue;
        const bool median = o.statistic.is(StatisticKey::Kind::median);
        if (!median && !o.statistic.is(StatisticKey::Kind::milestone)) continue;
        PublishedEstimate estimate{o.time_months, o.survival, 0, 0, median};
        const double half = o.published.half_unit();
        estimate.half_unit =
            median ? (survival_at(std::max(o.time_months - half, 0.0)) - survival_at(o.time_months + half)) / 2 : half;
        estimate.standard_error = std::sqrt(sampling_variance(evidence, arm, o.time_months, o.survival) +
                                            std::pow(estimate.half_unit, 2) / 3);
        for (const auto side : {StatisticKey::Side::lower, StatisticKey::Side::upper}) {
            const Observation* const limit = o.cut.empty() ? limit_of(evidence, arm, o.statistic, side) : nullptr;
            if (limit == nullptr) continue;
            const bool above = side == StatisticKey::Side::lower;
            const double slack = (above ? -1 : 1) * limit->published.half_unit();
            if (median)
                result.limits.push_back(
                    {result.estimates.size(), std::max(limit->published.value + slack, 0.0), 0.5, above});
            else
                result.limits.push_back(
                    {result.estimates.size(), o.time_months, limit->published.value + slack, above});
        }
        result.estimates.push_back(estimate);
    }
    result.too_near = too_near(result.estimates);
    const auto n_used = std::ranges::count_if(
        evidence.observations, [arm](const Observation& o) { return o.used() && (o.arm == arm || o.control == arm); });
    result.nothing_else = static_cast<std::size_t>(n_used) == result.estimates.size();
    return result;
}

}  // namespace hersurv::fit
