// The learnt constants of data/priors.json (compiled in), by class of endpoint. docs/method.md says what each means and
// how it was learnt.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace hersurv::evidence {

// A normal prior on a family's shape coordinate (survival::Family::shape_name).
struct ShapePrior {
    double mean = 0;
    double sd = 1;
};

struct EndpointConstants {
    std::string endpoint_class;               // "OS" or "PFS": whose constants are used
    std::map<std::string, ShapePrior> shape;  // by family
    // Effective sample size at a limit: ra = exp(-exp(c1) max(1 - f, .005)^c2 phi^c3).
    double c1, c2, c3;
    double offset_lower, offset_upper;  // taken off S at the lower and upper limit of a median
    double a1, a2;                      // sd of S there: sqrt(a1^2 + (a2 (s - s0))^2)
    double sd_log_hr_unstratified, sd_log_hr_otherwise;
    double sd_events, events_offset;  // of the fraction with an event
    double censoring_gamma;           // G(t) = 1 / (1 + (t / follow-up)^gamma)
    double default_events_fraction, default_limit_over_follow_up;
};

struct ReadingConstants {
    double sd_median;           // of S at a printed median, beside rounding
    double sd_milestone;        // of S at a printed milestone, beside rounding
    double sd_model;            // what a parametric family misses of a curve at one point
    double default_n_patients;  // where none is printed (weights of a tie only)
};

// Constants for an endpoint ("OS", "PFS", "CNS-PFS", "TTP", "PFS2", "DOR"). Throws std::out_of_range for another.
[[nodiscard]] const EndpointConstants& constants_for(std::string_view endpoint);
[[nodiscard]] const ReadingConstants& reading_constants();

}  // namespace hersurv::evidence
