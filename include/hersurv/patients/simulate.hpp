// Pseudo-patients from fitted curves, so that the published numbers come back.
#pragma once

#include "hersurv/fit/fit.hpp"
#include "hersurv/patients/patients.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hersurv::patients {

enum class Calibration {
    none,       // plain draws: the published numbers come back in expectation
    published,  // each draw has the published events, medians, milestones and hazard ratios, where it can
};

struct SimulationOptions {
    Calibration calibration = Calibration::published;
    bool deterministic = false;  // evenly spaced quantiles in place of random numbers; every replicate is the same
    std::uint64_t seed = 0;
};

// How an arm is drawn.
struct SimulatedArm {
    std::size_t arm = 0;  // index into the evidence
    std::string id;
    std::size_t n_patients = 0;
    bool n_assumed = false;  // no number is printed
    std::optional<std::size_t> printed_events;
    double expected_events = 0;
    double follow_up_months = 0;  // C of G(t) = 1 / (1 + (t / C)^gamma)
    double end_months = 0;        // the data cut: nobody is followed beyond
    double supported_months = 0;  // of the curve; beyond it everything is extrapolation
};

// A published number as drawn patients have it.
struct DrawnNumber {
    std::size_t observation = 0;   // index into the evidence
    std::optional<double> value;   // absent: not reached, or not estimable
    bool within_rounding = false;  // also where both are absent
};

// Patients of the arms of one analysis that have a curve. May be asked by several threads at once.
class Simulation {
  public:
    Simulation(fit::FittedModel model, const SimulationOptions& options);

    [[nodiscard]] const std::vector<SimulatedArm>& arms() const;
    // Those of a replicate, as arms(), by time. It depends on the options, the names of trial, analysis and arm, and
    // its number alone.
    [[nodiscard]] std::vector<Arm> draw(std::uint64_t replicate) const;
    // The medians, their limits, milestones and hazard ratios of the evidence, out of patients that were drawn.
    [[nodiscard]] std::vector<DrawnNumber> compare(const std::vector<Arm>& drawn, double level = 0.95) const;
    // S(t) and G(t), which plain draws have in expectation.
    [[nodiscard]] double survival(std::size_t simulated_arm, double time_months) const;
    [[nodiscard]] double followed(std::size_t simulated_arm, double time_months) const;

  private:
    struct State;
    std::shared_ptr<const State> state_;
};

}  // namespace hersurv::patients
