// The mixture of Gaussians over the schedules of scans and over the medians that were not published, and quantiles of
// it.
#pragma once

#include "process/conditioning.hpp"
#include <cstddef>
#include <vector>

namespace hersurv::process {

// Of y under one component, without the inflation.
struct Moments {
    double mean = 0, variance = 0;
};

struct Mixture {
    std::vector<Setting> settings;
    std::vector<Component> components;  // those of a setting follow each other
    std::vector<double> weights;        // of the components; they sum to 1
    // By tie: how probable one so far from what all but the ties lead to is, or further (two-sided), over all
    // components.
    std::vector<double> tie_probability;
};

// The combinations of medians that the evidence leaves, each with all schedules.
[[nodiscard]] Mixture mix(const Problem& problem, const std::vector<WeightedSchedule>& schedules);

// y at a time, by component.
[[nodiscard]] std::vector<Moments> moments(const Problem& problem, const Mixture& mixture, std::size_t arm,
                                           double time_months);

// The p-quantile of y over the mixture, sds times the inflation.
[[nodiscard]] double quantile(const std::vector<Moments>& moments, const std::vector<double>& weights, double inflation,
                              double p);

}  // namespace hersurv::process
