// Searches the medians, weighs the components and reads their moments.
#include "process/mixture.hpp"

#include "hersurv/evidence.hpp"

#include "support/numbers.hpp"
#include "survival/solve.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace hersurv::process {
namespace {

using Combinations = std::vector<std::vector<double>>;  // medians by arm, months; 0 if it is not placed

constexpr double most_left_out = 1e-5;      // share of the mixture that its lightest components may have to be left out
constexpr std::size_t most_settings = 144;  // combinations of medians on grids
constexpr int most_narrowings = 3;          // of the range that a median is looked for in

// A median that is looked for, months.
struct Search {
    std::size_t arm = 0;
    double least = 0, most = 0;
};

// The heaviest components that together are all but a negligible share, and their weights.
void weigh(Mixture& mixture) {
    double heaviest = -infinity;
    for (const Component& component : mixture.components) heaviest = std::max(heaviest, component.log_weight);
    std::vector<double> sorted;
    double sum = 0;
    for (const Component& component : mixture.components)
        sum += sorted.emplace_back(std::exp(component.log_weight - heaviest));
    std::sort(sorted.begin(), sorted.end());
    double dropped = 0, least = 0;
    for (const double weight : sorted) {
        dropped += weight;
        if (dropped > most_left_out * sum) {
            least = weight;
            break;
        }
    }
    std::erase_if(mixture.components,
                  [&](const Component& c) { return !(std::exp(c.log_weight - heaviest) >= least); });
    sum = 0;
    for (const Component& component : mixture.components)
        sum += mixture.weights.emplace_back(std::exp(component.log_weight - heaviest));
    for (double& weight : mixture.weights) weight /= sum;
}

// The prior predictive probability of each tie (Box 1980, J R Stat Soc A 143:383), the anchors known.
std::vector<double> tie_probabilities(const std::vector<Component>& components, std::size_t n_ties) {
    double heaviest = -infinity, sum = 0;
    for (const Component& component : components) heaviest = std::max(heaviest, component.log_weight_of_anchors);
    std::vector<double> probabilities(n_ties);
    for (const Component& component : components) {
        const double weight = std::exp(component.log_weight_of_anchors - heaviest);
        sum += weight;
        for (std::size_t i = 0; i < n_ties; ++i)
            probabilities[i] += weight * std::erfc(std::abs(component.tie_surprise[static_cast<Eigen::Index>(i)]) /
                                                   std::numbers::sqrt2);
    }
    for (double& probability : probabilities) probability /= sum;
    return probabilities;
}

Mixture mixture_of(const Problem& problem, const std::vector<WeightedSchedule>& schedules,
                   const Combinations& combinations) {
    Mixture mixture;
    for (std::size_t prior = 0; prior < problem.priors.size(); ++prior)
        for (const auto& medians : combinations) {
            mixture.settings.push_back(make_setting(problem, prior, medians));
            const Setting& setting = mixture.settings.back();
            const auto followed =
                problem.placement.ties.empty() ? FollowedShares() : followed_shares(problem, setting.end_months);
            for (const WeightedSchedule& schedule : schedules)
                if (auto component = condition(problem, setting, followed, schedule)) {
                    component->setting = mixture.settings.size() - 1;
                    mixture.components.push_back(std::move(*component));
                }
        }
    if (!problem.placement.ties.empty())
        mixture.tie_probability = tie_probabilities(mixture.components, problem.placement.ties.size());
    weigh(mixture);
    return mixture;
}

std::vector<Search> searches_of(const Problem& problem) {
    std::vector<Search> searches;
    for (const std::size_t arm : problem.placed)
        if (!problem.arm(arm).median_months)
            searches.push_back({arm, problem.arm(arm).least_median_months, problem.arm(arm).most_median_months});
    return searches;
}

// So many values of each searched median that the combinations stay few.
std::size_t values_per_search(const Problem& problem, std::size_t n_searches) {
    auto n_values = static_cast<std::size_t>(problem.evidence.constants->median_grid().values);
    while (n_searches > 1 && n_values > 3 && std::pow(n_values, n_searches) > static_cast<double>(most_settings))
        --n_values;
    return n_values;
}

// Arms of one trial whose medians were not reached do not differ by more than a factor, unless their follow-up forces
// them to.
void keep_similar(const Problem& problem, Combinations& combinations) {
    Combinations similar;
    for (const auto& combination : combinations) {
        double least = infinity, most = 0;
        for (const std::size_t arm : problem.placed) {
            if (problem.arm(arm).median_months) continue;
            least = std::min(least, combination[arm]);
            most = std::max(most, combination[arm]);
        }
        if (!(most > 0) || std::log(most / least) < problem.evidence.constants->median_grid().most_log_ratio)
            similar.push_back(combination);
    }
    if (!similar.empty()) combinations = std::move(similar);
}

// Evenly spread in log time over the ranges.
Combinations combinations_of(const Problem& problem, const std::vector<Search>& searches, std::size_t n_values) {
    Combinations combinations{std::vector<double>(problem.placement.arms.size(), 0.0)};
    for (const std::size_t arm : problem.placed)
        if (problem.arm(arm).median_months) combinations.front()[arm] = *problem.arm(arm).median_months;
    for (const Search& search : searches) {
        Combinations longer;
        for (const auto& combination : combinations)
            for (std::size_t i = 0; i < n_values; ++i) {
                longer.push_back(combination);
                longer.back()[search.arm] =
                    search.least *
                    std::pow(search.most / search.least, static_cast<double>(i) / static_cast<double>(n_values - 1));
            }
        combinations = std::move(longer);
    }
    keep_similar(problem, combinations);
    return combinations;
}

// Narrows a search to where the weight is, if its values are coarser than the numbers' own resolution.
bool narrow(const Mixture& mixture, std::size_t n_values, Search& search) {
    double mean = 0, square = 0;
    for (std::size_t c = 0; c < mixture.components.size(); ++c) {
        const double at = std::log(mixture.settings[mixture.components[c].setting].median_months[search.arm]);
        mean += mixture.weights[c] * at;
        square += mixture.weights[c] * at * at;
    }
    const double step = std::log(search.most / search.least) / static_cast<double>(n_values - 1);
    const double sd = std::sqrt(std::max(square - mean * mean, 0.0));
    if (sd > 0.8 * step) return false;
    const double reach = 3 * std::max(sd, 0.5 * step);
    search.least = std::max(search.least, std::exp(mean - reach));
    search.most = std::min(search.most, std::exp(mean + reach));
    return true;
}

// The standard normal z with a probability below it.
double z_below(double p) { return p == 0.5 ? 0.0 : (p > 0.5 ? 1 : -1) * evidence::z_of_level(std::abs(2 * p - 1)); }

}  // namespace

Mixture mix(const Problem& problem, const std::vector<WeightedSchedule>& schedules) {
    std::vector<Search> searches = searches_of(problem);
    const std::size_t n_values = values_per_search(problem, searches.size());
    for (int pass = 0;; ++pass) {
        Mixture mixture = mixture_of(problem, schedules, combinations_of(problem, searches, n_values));
        bool narrowed = false;
        if (pass < most_narrowings)
            for (Search& search : searches)
                if (problem.arm(search.arm).narrow_search) narrowed = narrow(mixture, n_values, search) || narrowed;
        if (!narrowed) return mixture;
    }
}

std::vector<Moments> moments(const Problem& problem, const Mixture& mixture, std::size_t arm, double time_months) {
    std::vector<Moments> result;
    result.reserve(mixture.components.size());
    KnownPoint at;
    double left = 0;
    std::size_t current = mixture.settings.size();
    for (const Component& component : mixture.components) {
        const Setting& setting = mixture.settings[component.setting];
        if (component.setting != current) {  // components of a setting follow each other
            current = component.setting;
            at = known_point(problem, setting, arm, time_months);
            left = covariance(problem, setting, at.point, at.point) - at.with_anchors.squaredNorm();
        }
        const Eigen::VectorXd q_z = with_ties(component, at);
        result.push_back({mean(problem, setting, component, at, q_z), std::max(left - q_z.squaredNorm(), 0.0)});
    }
    return result;
}

double quantile(const std::vector<Moments>& moments, const std::vector<double>& weights, double inflation, double p) {
    const double z = z_below(p);
    double low = infinity, high = -low, start = 0;
    for (std::size_t c = 0; c < moments.size(); ++c) {
        const double at = moments[c].mean + z * inflation * std::sqrt(moments[c].variance);
        low = std::min(low, at);
        high = std::max(high, at);
        start += weights[c] * at;
    }
    // The distribution function of the mixture and its density, between the components' own quantiles. A component of
    // no variance is a step.
    const auto below = [&](double y) {
        constexpr double certain = 8.3, least_sd = 1e-12;  // 1 - Phi(8.3) < 1e-16
        const double root_of_2pi = std::sqrt(2 * std::numbers::pi);
        survival::ValueAndSlope sum{0, 0};
        for (std::size_t c = 0; c < moments.size(); ++c) {
            const double sd = std::max(inflation * std::sqrt(moments[c].variance), least_sd),
                         x = (y - moments[c].mean) / sd;
            if (std::abs(x) > certain) {
                if (x > 0) sum.value += weights[c];
                continue;
            }
            sum.value += weights[c] * 0.5 * std::erfc(-x / std::numbers::sqrt2);
            sum.slope += weights[c] * std::exp(-0.5 * x * x) / (sd * root_of_2pi);
        }
        return sum;
    };
    return survival::solve_increasing(below, p, start, low, high);
}

}  // namespace hersurv::process
