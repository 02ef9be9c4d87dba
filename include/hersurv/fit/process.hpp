// The `flexible` model: a Gaussian process on y = logit(1 - S) against log(t / median), learnt on digitised trials and
// conditioned on the printed numbers of all arms of an analysis at once. docs/method.md gives the formulas.
#pragma once

#include "hersurv/evidence/observation.hpp"
#include "hersurv/fit/number.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::fit {

struct ProcessOptions {
    std::string cancer;  // "breast", "lung", "colorectal", "prostate": prior of the scan schedules; any other text: all
                         // cancers together
    std::optional<double> assessment_interval_months;  // of the protocol: then no other schedule is considered
};

struct ProcessArm {
    bool placed = false;
    std::string reason;                   // what is missing where it is not placed
    std::optional<double> median_months;  // printed; absent where the curve is a mixture over possible medians
    std::optional<int> n_patients;
    double inflation = 1;  // factor on the sds of the finished curve
};

// One Gaussian of the mixture.
struct ProcessComponent {
    double weight = 1;                  // they sum to 1
    double schedule_months = 0;         // between scans; 0 = none
    std::vector<double> median_months;  // by arm; 0 for an arm that is not placed
};

struct ProcessTime {
    std::size_t arm = 0;
    double time_months = 0;
};

// Of y under one component, without the inflation.
struct ProcessMoments {
    double mean = 0, variance = 0;
};

struct JointMoments {
    std::vector<double> mean;
    std::vector<double> covariance;  // row-major
    [[nodiscard]] double operator()(std::size_t i, std::size_t j) const { return covariance[i * mean.size() + j]; }
};

struct ProcessInterval {
    double value = 0, lower = 0, upper = 0;
};

class ProcessFit {
  public:
    struct State;
    explicit ProcessFit(std::shared_ptr<const State> state);

    [[nodiscard]] const evidence::AnalysisEvidence& evidence() const;
    [[nodiscard]] const std::vector<ProcessArm>& arms() const;              // as evidence().arms
    [[nodiscard]] const std::vector<NumberInFit>& numbers() const;          // as evidence().observations
    [[nodiscard]] const std::vector<ProcessComponent>& components() const;  // empty where no arm is placed
    [[nodiscard]] const std::vector<std::string>& messages() const;

    // The functions below need arms()[arm].placed and throw std::invalid_argument otherwise. Times are months > 0 where
    // y is asked for (S(0) = 1 has no logit).

    // y at one time, by component.
    [[nodiscard]] std::vector<ProcessMoments> moments(std::size_t arm, double time_months) const;
    // y at several times of any arms under one component: for functionals of the curves.
    [[nodiscard]] JointMoments joint_moments(std::size_t component, std::span<const ProcessTime> points) const;

    // Covariance of y at several times before any number but the medians (the first component's where they are not
    // printed), row-major.
    [[nodiscard]] std::vector<double> prior_covariance(std::span<const ProcessTime> points) const;

    // The p-quantile of S(t) over the mixture, sds times the inflation; p = 0.025 is the lower limit of a 95 % band.
    [[nodiscard]] double survival_quantile(std::size_t arm, double time_months, double p) const;
    // Median of the mixture made non-increasing in t (the largest of what follows within the trial, held down beyond
    // it); 1 at 0.
    [[nodiscard]] double survival(std::size_t arm, double time_months) const;
    // survival() and the pointwise limits: where the published curve runs.
    [[nodiscard]] ProcessInterval reconstruction_interval(std::size_t arm, double time_months,
                                                          double level = 0.95) const;

  private:
    std::shared_ptr<const State> state_;
};

// Never throws for what a paper can print; arms that nothing places are not placed and say why.
[[nodiscard]] ProcessFit fit_process(std::shared_ptr<const evidence::AnalysisEvidence> evidence,
                                     const ProcessOptions& options = {});

// Mean and covariance of y before any number but the medians (schedules aside): the learnt prior. The arms of an
// analysis share their n and their medians here; `same_arm` = false is the covariance between two arms.
[[nodiscard]] double process_prior_mean(std::string_view endpoint, double time_months, double median_months);
[[nodiscard]] double process_prior_covariance(std::string_view endpoint, double time_a, double time_b,
                                              double median_months, double n_patients, bool same_arm);

// What a scan schedule adds to the mean of y; nullopt where a median cannot lie there.
[[nodiscard]] std::optional<double> process_scan_shift(std::string_view endpoint, double interval_months,
                                                       double median_months, double time_months);

}  // namespace hersurv::fit
