// What a check says: comparisons of published and reconstructed numbers, and findings of rules, each with its place.
#pragma once

#include "hersurv/catalogue/records.hpp"
#include "hersurv/catalogue/statistic.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hersurv::audit {

enum class Severity { note, warning, error };
[[nodiscard]] std::string_view word(Severity severity);

struct Finding {
    std::string rule;
    Severity severity = Severity::error;
    catalogue::Place at;  // trial, analysis, arm, statistic, response, measure, claim: ids
    std::string file, pointer, source;
    std::optional<int> line;
    std::string published;  // as printed
    std::string expected;   // what the arithmetic gives
    std::string message;    // problem, the arithmetic in words, remedy
    bool acknowledged = false;
    std::string acknowledgement;  // the reason that the note gives
};

enum class Verdict { within_rounding, within_tolerance, outside, not_comparable };
// "within-rounding", "within-tolerance", "outside", "not-comparable"
[[nodiscard]] std::string_view word(Verdict verdict);

struct Comparison {
    std::string trial, analysis, endpoint, arm, model;
    catalogue::StatisticKey statistic;
    std::string control;  // of a hazard ratio or p-value, else empty
    catalogue::PrintedNumber published;
    std::optional<double> reconstructed, difference, tolerance;
    Verdict verdict = Verdict::not_comparable;
    std::string source, pointer;
    std::optional<int> line;
    std::string remark;  // where it is not comparable: why
};

}  // namespace hersurv::audit
