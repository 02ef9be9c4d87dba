// The learnt constants of the conditioned process (data/priors.json, member "process"), by class of endpoint.
// docs/method.md names each.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::fit {

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

// For an endpoint ("OS", "PFS", "CNS-PFS", ...). Throws std::out_of_range for another.
[[nodiscard]] const ProcessConstants& process_constants_for(std::string_view endpoint);
[[nodiscard]] const MedianGridConstants& median_grid_constants();

}  // namespace hersurv::fit
