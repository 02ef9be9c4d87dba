// The baseline: reconstructed numbers of an earlier run, so that a change of the method or of the data shows as a
// change of numbers.
#pragma once

#include "hersurv/audit/finding.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::study {

// A number has changed where it differs by more than absolute + relative |number of the baseline|.
struct BaselineTolerance {
    double relative = 0, absolute = 0;
    std::string why;
};

// By name: "TRIAL/ANALYSIS/ARM/MODEL/NUMBER", with "~" and "/" inside a part written as in a JSON pointer (~0, ~1); ARM
// is "*" for a number of the whole analysis.
using BaselineNumbers = std::map<std::string, double>;

struct Baseline {
    std::map<std::string, BaselineTolerance> tolerances;  // by kind; all kinds
    BaselineNumbers numbers;
};

// The kinds of numbers with the tolerances of a new baseline.
[[nodiscard]] const std::map<std::string, BaselineTolerance>& default_tolerances();

// For every analysis of the trial and the models exponential, weibull and flexible: parameters, median and the other
// published statistics as fitted, supported_months, the restricted mean up to there, rms_distance. Numbers that are not
// finite are left out.
[[nodiscard]] BaselineNumbers baseline_numbers(const catalogue::Trial& trial);

// Throws support::InputError with all faults. A kind that the file leaves out has its default tolerance.
[[nodiscard]] Baseline read_baseline(std::string_view text, const std::string& file);
// One number a line, keys sorted, 7 significant digits; what is below the absolute tolerance of its kind is 0.
[[nodiscard]] std::string write_baseline(const Baseline& baseline);

// The trial that a name of a number speaks of.
[[nodiscard]] std::string trial_of(const std::string& name);

// Findings of rule `baseline`: numbers that changed, that are new or that are gone. Only numbers of these trials are
// compared; an analysis or a trial that is new or gone as a whole is one finding.
[[nodiscard]] std::vector<audit::Finding> compare_baseline(const Baseline& baseline, const BaselineNumbers& now,
                                                           const std::vector<std::string>& trials,
                                                           const std::string& file);

}  // namespace hersurv::study
