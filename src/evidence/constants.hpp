// The learnt constants of data/priors.json: what published curves are like, by class of endpoint. docs/method.md says
// what each means and how it was learnt.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::evidence {

// How a published number is read (docs/method.md).
struct EndpointConstants {
    std::string endpoint_class;     // "OS" or "PFS": whose constants are used
    double log_logistic_shape = 1;  // of the typical curve: evidence::effective_share
    double information_gamma = 1;   // of the censoring behind the effective number of patients: the same
    // S at a limit of a median.
    double offset_lower = 0, offset_upper = 0;  // taken off it at the lower and the upper limit
    double limit_sd = 0;                        // a1
    double limit_sd_by_censoring = 0;           // a2, per difference to S with all patients
    double limit_sd_by_guess = 0;               // a3, per difference of S to one half, if neither events nor
                                                // follow-up say who was censored
    double limit_rounding_factor = 1;           // tf, on the sd by the rounding of the limit
    double typical_slope = 1;                   // of y = logit(1 - S) against log t
    double sd_milestone = 0;                    // of S, published in whole percent
    double sd_log_hr_unstratified = 0, sd_log_hr_otherwise = 0;
    double sd_log_hr_by_guess = 0;  // besides, if no follow-up says over which part of the curves it is an average
    double sd_events = 0, events_offset = 0;  // of the fraction with an event
    double censoring_gamma = 1;               // G(t) = 1 / (1 + (t / follow-up)^gamma)
    double default_events_fraction = 0, default_limit_over_follow_up = 0;
};

struct ReadingConstants {
    double sd_model = 0;            // what a parametric family misses of a curve at one point
    double default_n_patients = 0;  // if none is published (weights of a tie only)
};

// Scan schedules: most progressions are seen at the next planned assessment (docs/method.md, The flexible model).
struct ScanConstants {
    double share_at_assessments = 0;  // q: of the progressions that are seen at an assessment
    double assessment_sd = 0;         // tau: the j-th assessment is held at j intervals +- tau sqrt(j) months
    double progression_shape = 1;     // k of the log-logistic curve of the true progressions
    double crossing_weight =
        0;                      // lambda: of the density with which a schedule makes the curve cross at published times
    double least_survival = 0;  // S of a schedule is kept this far from 0 and 1
    // The slope of the curve at a published time: over a window of +- this many months, which starts no earlier than
    // that; at least this share of the typical slope of y against log t.
    double crossing_half_window_months = 0, crossing_earliest_months = 0;
    double crossing_least_slope = 0, crossing_typical_slope = 0;
    std::vector<double> months;                                     // between assessments; 0 = no schedule
    std::map<std::string, std::vector<double>, std::less<>> prior;  // by cancer, "other" if none is known
};

// The Gaussian process on y = logit(1 - S) against u = log(t / median): docs/method.md, The flexible model, has the
// formulas with the symbols that are given here.
struct ProcessConstants {
    std::string endpoint_class;
    // Mean: natural cubic spline B through these points (u, y), and its slopes before and after the median (per unit of
    // u), which change with x = log(median / typical median) and x^2, |x| <= the largest: b5 to b8.
    std::vector<double> knots, values;
    double typical_median_months = 1, largest_log_median_ratio = 0;
    double early_slope_by_median = 0, late_slope_by_median = 0;                  // b5, b6
    double early_slope_by_median_squared = 0, late_slope_by_median_squared = 0;  // b7, b8
    // Covariance: variances of y at u = 1.
    double slope_variance = 0;      // th1, of a straight line through the median
    double curvature_variance = 0;  // th2, of a parabola on each side of the median
    double walk_variance = 0;       // th3, of a random walk on each side that starts at the median
    double wiggle_variance = 0;     // th4, of deviations that fade over
    double wiggle_length = 1;       // th5, in units of u
    // Of curves unlike those that the constants were learnt on: their share, and th1 to th4 and rho of
    // them.
    struct Unusual {
        double share = 0;
        double slope_variance = 0, curvature_variance = 0, walk_variance = 0, wiggle_variance = 0;
        double arm_correlation = 0;
    } unusual;
    double largest_square = 0;            // of u^2 in the parabola
    double arm_correlation = 0;           // rho, between the arms of an analysis
    double noise_per_patient = 0;         // kn: Kaplan-Meier's sampling variance of y times the number of patients
    double noise_least_survival = 0;      // S of the sampling noise is kept this far from 0 and 1
    std::optional<double> plug_in_slope;  // S of the sampling noise is that of slope * u, or that of the mean
    // What is open at a single point.
    double median_rounding_factor = 0;  // pin: sd of y by the rounding of a median, per relative sd of the rounding
    double nugget_sd = 0;               // nug: sd of S that the process leaves open at any one point
    double inflation = 1;               // of the sds of the finished curve
    std::optional<ScanConstants> scans;
};

// Where a median that is not published is looked for.
struct MedianGridConstants {
    // From this share of the follow-up, and of the latest published point above one half, whichever is later, ...
    double followed_least = 1, printed_least = 1;
    // ... to this multiple of the follow-up, but at least to this multiple of where it starts.
    double followed_most = 1, least_width = 1;
    double most_log_ratio = 0;  // of the medians of two arms that were not reached
    double inflation = 1;       // of the sds of such a curve
    int values = 1;             // on the grid, evenly spread in log time
};

class Constants {
  public:
    // Reads a document of the format of data/priors.json; `name` names it in messages. Throws std::logic_error if
    // something is missing, support::Error where it is not JSON.
    Constants(std::string_view text, std::string_view name);

    // For an endpoint of catalogue/endpoints.hpp. Throws std::out_of_range for another.
    [[nodiscard]] const EndpointConstants& endpoint(std::string_view endpoint) const;
    [[nodiscard]] const ProcessConstants& process(std::string_view endpoint) const;
    [[nodiscard]] const ReadingConstants& reading() const { return reading_; }
    [[nodiscard]] const MedianGridConstants& median_grid() const { return median_grid_; }

  private:
    std::map<std::string, EndpointConstants, std::less<>> endpoints_;  // by class
    std::map<std::string, ProcessConstants, std::less<>> processes_;   // by class
    ReadingConstants reading_{};
    MedianGridConstants median_grid_;
};

// The compiled-in ones, read at the first use.
[[nodiscard]] const std::shared_ptr<const Constants>& builtin_constants();

[[nodiscard]] std::string_view
builtin_constants_text();  // data/priors.json; generated at build time (cmake/embed.cmake)

}  // namespace hersurv::evidence
