// How near the curves were to digitised Kaplan-Meier curves, by pattern of evidence: the figures of data/accuracy.csv
// (compiled in), which bench/accuracy --record writes.
#pragma once

#include "hersurv/fit/fit.hpp"
#include "hersurv/fit/pattern.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hersurv::fit {

// Means over the arms of the digitised figures that got a curve.
struct MeasuredAccuracy {
    std::size_t n_arms = 0;     // >= 1
    double error = 0;           // mean absolute error of S over the horizon
    double standard_error = 0;  // of that mean, clustered by trial; 0 where there was one trial only
    double coverage = 0;        // share of the points inside the 95 % reconstruction band widened outward by 1 / n
    std::string measured;       // "in sample": on the figures that the constants were learnt on; "held out": on others
};

class AccuracyRecord {
  public:
    // Fewer arms say little: such a figure does not decide between patterns, and is shown with the number of arms.
    static constexpr std::size_t enough_arms = 10;

    // `csv` as bench/accuracy writes it; `file` is the name for messages. If a figure is given twice, the one held out
    // counts. Throws support::InputError if a column is missing or a field is not a number.
    AccuracyRecord(std::string_view csv, const std::string& file);

    // nullopt: not measured. Where no median is printed, over the arms with and without a reached one.
    [[nodiscard]] std::optional<MeasuredAccuracy> find(std::string_view endpoint_class, std::string_view pattern,
                                                       MedianCase median, std::string_view model) const;

    // Of the patterns that the arm has and that no other of them includes, the one with the least error of `auto`, as
    // far as that was measured on enough arms; else the first in the table that was measured at all, else the first.
    // nullptr where it has none.
    [[nodiscard]] const Pattern* pattern_of(const evidence::AnalysisEvidence& evidence, std::size_t arm) const;

  private:
    // Endpoint class, pattern, whether the median was reached, model: "OS\nA\nreached\nweibull".
    std::unordered_map<std::string, MeasuredAccuracy> figures_;
};

[[nodiscard]] const AccuracyRecord& accuracy_record();  // the built-in one

// What is known of a curve beforehand.
struct ExpectedAccuracy {
    const Pattern* pattern = nullptr;  // nullptr: none that was scored
    MedianCase median = MedianCase::not_printed;
    std::string endpoint_class;                // "OS" or "PFS": of the digitised curves
    std::optional<MeasuredAccuracy> measured;  // absent: not measured
};
[[nodiscard]] ExpectedAccuracy expected_accuracy(const FittedModel& model, std::size_t arm);

}  // namespace hersurv::fit
