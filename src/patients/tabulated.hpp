// Distributions on a grid of times that patients are drawn from (private to the module).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace hersurv::patients {

// A distribution function on a grid, linear in between, and its inverse.
class InverseTable {
  public:
    // The times must outlive the table.
    InverseTable(const std::vector<double>& times, std::vector<double> cumulative);
    [[nodiscard]] double total() const { return cumulative_.back(); }
    // Where the function comes to `value`, 0 <= value <= total().
    [[nodiscard]] double operator()(double value) const;

  private:
    const std::vector<double>* times_;
    std::vector<double> cumulative_;
    std::vector<std::uint32_t> start_;
};

// The share still followed: G(t) = 1 / (1 + (t / follow_up)^gamma).
struct Censoring {
    double follow_up_months = 0, gamma = 1;
};

// S, and G of a follow-up, at the times of a grid.
class Tabulated {
  public:
    Tabulated() = default;
    Tabulated(std::vector<double> grid, const std::function<double(double)>& cumulative_hazard);

    std::vector<double> times, survival, followed;

    void follow(const Censoring& censoring);
    // The share of the patients with an event under another follow-up.
    [[nodiscard]] double events(const Censoring& censoring) const;
    // With the share still at risk at the end they add up to 1.
    [[nodiscard]] std::vector<double> events() const;
    [[nodiscard]] std::vector<double> censored() const;
    // When half the patients are no longer on study, S(t) G(t) = 1/2, nobody being followed beyond the last time.
    [[nodiscard]] double median_time_on_study(const Censoring& censoring) const;
    [[nodiscard]] double survival_at(double time_months) const;

  private:
    std::vector<double> log_times_;
};

// A cumulative hazard that is looked up where it has been computed, on a grid, and computed beyond.
class HazardTable {
  public:
    HazardTable() = default;
    HazardTable(double end_months, std::function<double(double)> cumulative_hazard);
    [[nodiscard]] double operator()(double time_months) const;

  private:
    double end_ = 0;
    std::vector<double> times_, values_;
    std::function<double(double)> beyond_;
};

// A cumulative hazard with events earlier or later than they were: between any two of the times `at`, x -> x + tilt x
// (1 - x) of the stretch, and beyond the last one the hazard multiplied by exp(-tilt). S at these times stays. Survival
// is better with a greater tilt.
[[nodiscard]] double tilted(const std::function<double(double)>& cumulative_hazard, std::span<const double> at,
                            double tilt, double time_months);

// log of the hazard ratio that Cox's model is expected to find, on one grid; each arm has its follow-up.
struct TabulatedArm {
    const Tabulated* curve = nullptr;
    double n_patients = 0;
};
[[nodiscard]] double expected_log_hazard_ratio(const TabulatedArm& experimental, const TabulatedArm& control);

}  // namespace hersurv::patients
