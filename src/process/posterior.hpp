// The `flexible` model: a Gaussian process on y = logit(1 - S) against log(t / median), learnt on digitised trials and
// conditioned on the published numbers of all arms of an analysis at once. docs/method.md gives the formulas.
#pragma once

#include "hersurv/evidence.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hersurv::process {

using evidence::NumberInFit;

struct Options {
    std::string cancer;  // "breast", "lung", "colorectal", "prostate": prior of the scan schedules; any other text: all
                         // cancers together
    std::optional<double> assessment_interval_months;  // of the protocol: then no other schedule is considered
};

struct Arm {
    bool placed = false;
    std::string reason;                   // what is missing if it is not placed
    std::optional<double> median_months;  // published; absent if the curve is a mixture over possible medians
    std::optional<int> n_patients;
    double follow_up_months = 0;  // that the curve was made with: the evidence's, unless events contradict it
    double inflation = 1;         // factor on the sds of the finished curve
};

// One Gaussian of the mixture.
struct WeightedComponent {
    double weight = 1;                  // they sum to 1
    double schedule_months = 0;         // between scans; 0 = none
    std::vector<double> median_months;  // by arm; 0 for an arm that is not placed
};

struct ArmTime {
    std::size_t arm = 0;
    double time_months = 0;
};

struct Moments;  // of y under one component: process/mixture.hpp

// Of y at several times under one component, without the inflation.
struct JointMoments {
    std::vector<double> mean;
    std::vector<double> covariance;  // row-major
    [[nodiscard]] double operator()(std::size_t i, std::size_t j) const { return covariance[i * mean.size() + j]; }
};

struct Interval {
    double value = 0, lower = 0, upper = 0;
};

class Posterior {
  public:
    // Never throws for what a paper can print; arms that nothing places are not placed and say why.
    explicit Posterior(std::shared_ptr<const evidence::AnalysisEvidence> evidence, const Options& options = {});

    [[nodiscard]] const evidence::AnalysisEvidence& evidence() const;
    [[nodiscard]] const std::vector<Arm>& arms() const;                      // as evidence().arms
    [[nodiscard]] const std::vector<NumberInFit>& numbers() const;           // as evidence().observations
    [[nodiscard]] const std::vector<WeightedComponent>& components() const;  // empty if no arm is placed
    [[nodiscard]] const std::vector<std::string>& messages() const;

    // The functions below need arms()[arm].placed and throw std::invalid_argument otherwise. Times are months > 0 if
    // they are about y (S(0) = 1 has no logit).

    // y at one time, by component.
    [[nodiscard]] std::vector<Moments> moments(std::size_t arm, double time_months) const;
    // y at several times of any arms under one component: for functionals of the curves.
    [[nodiscard]] JointMoments joint_moments(std::size_t component, std::span<const ArmTime> points) const;

    // Covariance of y at several times before any number but the medians (the first component's if they are not
    // published), row-major.
    [[nodiscard]] std::vector<double> prior_covariance(std::span<const ArmTime> points) const;

    // The p-quantile of S(t) over the mixture, sds times the inflation; p = 0.025 is the lower limit of a 95% band.
    [[nodiscard]] double survival_quantile(std::size_t arm, double time_months, double p) const;
    // Median of the mixture made non-increasing in t (the nearest such curve within the trial, held down beyond it);
    // 1 at 0.
    [[nodiscard]] double survival(std::size_t arm, double time_months) const;
    // survival() and the pointwise limits: where the published curve runs. Where published numbers contradict one
    // another the value may lie outside.
    [[nodiscard]] Interval reconstruction_interval(std::size_t arm, double time_months, double level = 0.95) const;

  private:
    struct State;
    std::shared_ptr<const State> state_;
};

}  // namespace hersurv::process
