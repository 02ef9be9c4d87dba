// The restricted mean survival time of a Kaplan-Meier curve, and its difference and ratio between arms.
#pragma once

#include "hersurv/patients/kaplan_meier.hpp"

namespace hersurv::patients {

struct RestrictedMean {
    double horizon_months = 0;
    double mean_months = 0, standard_error_months = 0;
    // Whether the curve ends before the horizon without having come down to 0: its last value is drawn on.
    bool extrapolated = false;
};

// Area under S up to the horizon; variance: sum over the event times of (area from there on)^2 d / (n (n - d)) (Klein &
// Moeschberger 2003, eq. 4.5.2; R's survfit, survRM2).
[[nodiscard]] RestrictedMean restricted_mean(const KaplanMeier& curve, double horizon_months);

struct Contrast {
    double value = 0, standard_error = 0;
    Limits limits;
};

// Experimental less control. Both of the same horizon.
[[nodiscard]] Contrast restricted_mean_difference(const RestrictedMean& control, const RestrictedMean& experimental,
                                                  double level = 0.95);
// Experimental over control; its standard error is that of the logarithm (delta method), absent where a mean is 0.
[[nodiscard]] std::optional<Contrast> restricted_mean_ratio(const RestrictedMean& control,
                                                            const RestrictedMean& experimental, double level = 0.95);

}  // namespace hersurv::patients
