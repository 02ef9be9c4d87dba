// The Kaplan-Meier estimate with Greenwood's variance, its limits and its quantiles.
#pragma once

#include "hersurv/catalogue/records.hpp"
#include "hersurv/patients/patients.hpp"

#include <optional>
#include <vector>

namespace hersurv::patients {

// One distinct time of the data. Who is censored at the time of an event is at risk for it.
struct KaplanMeierStep {
    double time_months = 0;
    std::size_t n_at_risk = 0;  // just before the time
    std::size_t n_events = 0, n_censored = 0;
    double survival = 1;               // S(time)
    double log_survival_variance = 0;  // Greenwood: sum of d / (n (n - d)); infinite where S is 0
};

struct Limits {
    std::optional<double> lower, upper;
};

struct Quantile {
    std::optional<double> time_months;  // absent: not reached
    Limits limits;                      // each absent where its curve does not come down to the quantile
};

class KaplanMeier {
  public:
    // Kaplan & Meier 1958, J Am Stat Assoc 53:457. In any order; throws std::invalid_argument where a time is negative
    // or not finite.
    explicit KaplanMeier(std::vector<Patient> patients);

    [[nodiscard]] const std::vector<KaplanMeierStep>& steps() const { return steps_; }
    [[nodiscard]] std::size_t n_patients() const { return n_patients_; }
    [[nodiscard]] std::size_t n_events() const { return n_events_; }
    // The last step at or before a time; nullptr before the first.
    [[nodiscard]] const KaplanMeierStep* step_at(double time_months) const;
    [[nodiscard]] double survival(double time_months) const;
    // How many are followed to the time or longer.
    [[nodiscard]] std::size_t n_at_risk(double time_months) const;
    // The end of the data; 0 without patients.
    [[nodiscard]] double last_time_months() const { return steps_.empty() ? 0 : steps_.back().time_months; }

    // The time at which S comes down to `survival` (0.5: the median), with the limits of Brookmeyer & Crowley 1982,
    // Biometrics 38:29. Where S runs level at that value, the middle of the level stretch, as R's survival prints it.
    [[nodiscard]] Quantile quantile(double survival, catalogue::LimitsTransform transform, double level = 0.95) const;

  private:
    std::vector<KaplanMeierStep> steps_;
    std::size_t n_patients_ = 0, n_events_ = 0;
};

// Pointwise limits of S, cut to 0..1. Absent where the transform has none: at S = 0, and of log-log at S = 1.
[[nodiscard]] Limits limits(const KaplanMeierStep& step, catalogue::LimitsTransform transform, double level = 0.95);

}  // namespace hersurv::patients
