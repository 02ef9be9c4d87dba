// Lays the grid of the envelope and keeps the curve within it.
#include "process/envelope.hpp"

#include "support/numbers.hpp"
#include "survival/follow_up.hpp"
#include <algorithm>
#include <cmath>

namespace hersurv::process {
namespace {

double central_survival(const std::vector<Moments>& moments, const std::vector<double>& weights, double inflation) {
    return survival_of(quantile(moments, weights, inflation, 0.5));
}

// The end of what the numbers speak of.
double end_of_trial(const Problem& problem, const Mixture& mixture) {
    double end = 0;
    for (const Setting& setting : mixture.settings) end = std::max(end, setting.end_months);
    for (const Anchor& anchor : problem.placement.anchors) end = std::max(end, 1.05 * anchor.time_months);
    return end;
}

// Evenly over the trial, and in growing steps from a small share of the earliest median.
std::vector<double> times_within(const Mixture& mixture, std::size_t arm, double end) {
    constexpr double growth = 1.25, earliest = 0.03;
    const std::vector<double> even = survival::follow_up_grid(end, grid_intervals);
    std::vector<double> times(even.begin() + 1, even.end());
    double least_median = infinity;
    for (const Component& component : mixture.components)
        least_median = std::min(least_median, mixture.settings[component.setting].median_months[arm]);
    for (double time = earliest * least_median; time < end; time *= growth) times.push_back(time);
    std::sort(times.begin(), times.end());
    return times;
}

}  // namespace

Envelope make_envelope(const Problem& problem, const Mixture& mixture, std::size_t arm, double inflation) {
    constexpr double beyond_growth = 1.4, furthest = 1e4;
    const double end = end_of_trial(problem, mixture);
    Envelope envelope;
    std::vector<double>& times = envelope.time_months;
    std::vector<double>& survival = envelope.survival;
    times = times_within(mixture, arm, end);
    const std::size_t n_within = times.size();
    for (double time = end * beyond_growth; time < furthest * end; time *= beyond_growth) times.push_back(time);
    for (const double time : times)
        survival.push_back(central_survival(moments(problem, mixture, arm, time), mixture.weights, inflation));
    // Within the trial the largest of what follows; beyond it, where nothing holds the curve, the smallest of what went
    // before.
    for (std::size_t i = n_within - 1; i > 0; --i) survival[i - 1] = std::max(survival[i - 1], survival[i]);
    for (std::size_t i = n_within; i < times.size(); ++i) survival[i] = std::min(survival[i], survival[i - 1]);
    return envelope;
}

double survival_within(const Envelope& envelope, double time_months, const std::vector<Moments>& moments,
                       const std::vector<double>& weights, double inflation) {
    const auto& times = envelope.time_months;
    const auto next =
        static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time_months) - times.begin());
    if (next == times.size()) return envelope.survival.back();
    // Before the first of them hardly anybody has had the event; if numbers contradict each other the process may say
    // otherwise, and fall and rise again.
    if (next == 0) return 1 - (1 - envelope.survival.front()) * time_months / times.front();
    return std::clamp(central_survival(moments, weights, inflation), envelope.survival[next],
                      envelope.survival[next - 1]);
}

}  // namespace hersurv::process
