// The learnt constants of data/priors.json: what published curves are like, by class of endpoint. docs/method.md says
// what each means and how it was learnt.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::priors {

// A normal prior on a family's shape coordinate (survival::Family::shape_name).
struct ShapePrior {
    double mean = 0;
    double sd = 1;
};

struct EndpointConstants {
    std::string endpoint_class;               // "OS" or "PFS": whose constants are used
    std::map<std::string, ShapePrior> shape;  // by family
    double information_gamma;  // of the censoring behind the effective number of patients: evidence::effective_share
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

// Scan schedules: most progressions are seen at the next planned assessment.
struct ScanConstants {
    double q = 0;       // share of the progressions that are seen at an assessment
    double tau = 0;     // sd of the j-th assessment: tau sqrt(j) months
    double k = 1;       // shape of the log-logistic curve of the true progressions
    double lambda = 0;  // weight of the density with which a schedule makes the curve cross at the printed times
    double least_survival = 0;  // S of a schedule is kept this far from 0 and 1
    double half_window = 0, earliest = 0, least_slope = 0, typical_slope = 0;  // of the slope at a printed time
    std::vector<double> months;                                                // between assessments; 0 = no schedule
    std::map<std::string, std::vector<double>, std::less<>> prior;             // by cancer, "other" where none is known
};

struct ProcessConstants {
    std::string endpoint_class;
    // Mean: natural cubic spline in u = log(t / median), and its change with the median.
    std::vector<double> knots, values;
    double typical_median = 1, most_log_median = 0, b5 = 0, b6 = 0, b7 = 0, b8 = 0;
    // Covariance.
    double th1 = 0, th2 = 0, th3 = 0, th4 = 0, th5 = 1, most_square = 0, rho = 0;
    double kn = 0, least_survival = 0;
    std::optional<double> plug_in_slope;  // S of the sampling noise is that of slope * u, or that of the mean
    // Anchors.
    double pin = 0, nug = 0, tf = 0, slope = 0, a1 = 0, a2 = 0, offset_lower = 0, offset_upper = 0, sd_milestone = 0;
    // Ties.
    double sd_events = 0, events_offset = 0, censoring_gamma = 1;
    double inflation = 1;  // of the sds of the finished curve
    std::optional<ScanConstants> scans;
};

// Where a median that is not printed is looked for.
struct MedianGridConstants {
    double followed_least = 1, followed_most = 1, printed_least = 1, least_width = 1, most_log_ratio = 0, inflation = 1;
    int values = 1;
};

class Priors {
  public:
    // Reads a document of the format of data/priors.json; `name` names it in messages. Throws std::logic_error where
    // something is missing, support::Error where it is no JSON.
    Priors(std::string_view text, std::string_view name);

    // For an endpoint ("OS", "PFS", "CNS-PFS", "TTP", "PFS2", "DOR"). Throws std::out_of_range for another.
    [[nodiscard]] const EndpointConstants& endpoint(std::string_view endpoint) const;
    [[nodiscard]] const ProcessConstants& process(std::string_view endpoint) const;
    [[nodiscard]] const ReadingConstants& reading() const { return reading_; }
    [[nodiscard]] const MedianGridConstants& median_grid() const { return median_grid_; }

  private:
    std::map<std::string, std::string, std::less<>> class_of_endpoint_;
    std::map<std::string, EndpointConstants, std::less<>> endpoints_;  // by class
    std::map<std::string, ProcessConstants, std::less<>> processes_;   // by class
    ReadingConstants reading_{};
    MedianGridConstants median_grid_;
};

// The compiled-in ones, read at the first use.
[[nodiscard]] const std::shared_ptr<const Priors>& builtin();

}  // namespace hersurv::priors
