// Lays the grid of the envelope and keeps the curve within it.
#include "process/envelope.hpp"

#include "support/antitonic.hpp"
#include "support/numbers.hpp"
#include "survival/follow_up.hpp"
#include <algorithm>
#include <cmath>
#include <span>

namespace hersurv::process {
namespace {

// Of y over the mixture.
double variance_of(const std::vector<Moments>& moments, const std::vector<double>& weights) {
    double mean = 0, square = 0;
    for (std::size_t c = 0; c < moments.size(); ++c) {
        mean += weights[c] * moments[c].mean;
        square += weights[c] * (moments[c].mean * moments[c].mean + moments[c].variance);
    }
    return std::max(square - mean * mean, 0.0);
}

double central_y(const std::vector<Moments>& moments, const std::vector<double>& weights, double inflation) {
    return quantile(moments, weights, inflation, 0.5);
}

// The end of what the numbers refer to.
double end_of_trial(const Problem& problem, const Mixture& mixture) {
    double end = 0;
    for (const Setting& setting : mixture.settings) end = std::max(end, setting.end_months);
    for (const Anchor& anchor : problem.placement.anchors) end = std::max(end, 1.05 * anchor.time_months);
    return end;
}

// Evenly over the trial, in growing steps from a small share of the earliest median, and where a published number pins
// the curve.
std::vector<double> times_within(const Problem& problem, const Mixture& mixture, std::size_t arm, double end) {
    constexpr double growth = 1.25, earliest = 0.03;
    const std::vector<double> even = survival::follow_up_grid(end, grid_intervals);
    std::vector<double> times(even.begin() + 1, even.end());
    double least_median = infinity;
    for (const Component& component : mixture.components)
        least_median = std::min(least_median, mixture.settings[component.setting].median_months[arm]);
    for (double time = earliest * least_median; time < end; time *= growth) times.push_back(time);
    for (const Anchor& anchor : problem.placement.anchors)
        if (anchor.arm == arm) times.push_back(anchor.time_months);
    if (problem.arm(arm).median_months) times.push_back(*problem.arm(arm).median_months);
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    return times;
}

}  // namespace

Envelope make_envelope(const Problem& problem, const Mixture& mixture, std::size_t arm, double inflation) {
    constexpr double beyond_growth = 1.4, furthest = 1e4, rounding = 1e-12;
    constexpr double least_compromise = 0.001;  // of S: numbers that contradict one another move it by more
    const double end = end_of_trial(problem, mixture);
    Envelope envelope;
    std::vector<double>& times = envelope.time_months;
    std::vector<double>& survival = envelope.survival;
    times = times_within(problem, mixture, arm, end);
    const std::size_t n_within = times.size();
    for (double time = end * beyond_growth; time < furthest * end; time *= beyond_growth) times.push_back(time);
    // A published number has this variance at least.
    constexpr double least_variance = 1e-6;
    std::vector<double> logit_of_survival, weights;  // -y
    for (const double time : times) {
        const auto at = moments(problem, mixture, arm, time);
        logit_of_survival.push_back(-central_y(at, mixture.weights, inflation));
        weights.push_back(1 / (variance_of(at, mixture.weights) + least_variance));
    }
    // Within the trial the nearest curve that does not rise, on the scale of y, where the certainty of a published
    // number shows; beyond it, if nothing holds the curve, the smallest of what went before.
    const auto within =
        support::antitonic(std::span(logit_of_survival).first(n_within), std::span(weights).first(n_within));
    std::vector<double> medians;
    for (const double at : logit_of_survival) medians.push_back(survival_of(-at));
    std::ranges::copy(within, logit_of_survival.begin());
    for (const double at : logit_of_survival) survival.push_back(survival_of(-at));
    for (std::size_t i = n_within; i < times.size(); ++i) survival[i] = std::min(survival[i], survival[i - 1]);
    double furthest_moved = 0;
    for (std::size_t i = 0; i < n_within; ++i)
        furthest_moved = std::max(furthest_moved, std::abs(survival[i] - medians[i]));
    const bool compromise = furthest_moved > least_compromise;
    for (std::size_t i = 0; i < times.size(); ++i)
        envelope.straight.push_back(compromise || std::abs(survival[i] - medians[i]) > rounding);
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
    const double earlier = envelope.survival[next - 1], later = envelope.survival[next];
    if (envelope.straight[next - 1] || envelope.straight[next])
        return std::lerp(earlier, later, (time_months - times[next - 1]) / (times[next] - times[next - 1]));
    return std::clamp(survival_of(central_y(moments, weights, inflation)), later, earlier);
}

}  // namespace hersurv::process
