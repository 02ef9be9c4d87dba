// What rules share: printed numbers as ranges of the true ones, the walk over all statistics of a trial, the start of a
// finding.
#pragma once

#include "hersurv/audit/rules.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hersurv::audit {

// Relative slack of every comparison: 57.1 - 40.8 is 16.300000000000004 in binary.
inline constexpr double slack = 1e-9;

// The share of a number that "about" allows.
inline constexpr double approximate_share = 0.05;

// a < b by more than binary arithmetic can have made of equal numbers.
[[nodiscard]] bool clearly_less(double a, double b);

// Where the true number lies. "Not reached" is later than every time: infinity.
struct Range {
    double low = 0, high = 0;
    [[nodiscard]] bool clearly_below(const Range& other) const { return clearly_less(high, other.low); }
    [[nodiscard]] bool meets(const Range& other) const { return !clearly_below(other) && !other.clearly_below(*this); }
};
[[nodiscard]] Range operator-(const Range& a, const Range& b);
[[nodiscard]] Range operator/(const Range& a, const Range& b);  // b above 0

// No range where the number is not estimable: that says nothing.
[[nodiscard]] std::optional<Range> range_of(const catalogue::PrintedNumber& number, bool count, bool approximate);
[[nodiscard]] Range range_of(const PlacedNumber& number);  // of a number

// "16.2 to 16.4".
[[nodiscard]] std::string words(const Range& range);

// A list of prints of one statistic, where it stands and what it is.
struct StatisticList {
    catalogue::Place at;
    const catalogue::Statistics* prints = nullptr;
    bool count = false;
};
// Every statistic of the trial's analyses that is printed at all.
[[nodiscard]] std::vector<StatisticList> statistic_lists(const catalogue::Trial& trial);

// A finding with the rule's name and severity, at a number of the trial.
[[nodiscard]] Finding start(const Rule& rule, const catalogue::Trial& trial, catalogue::Place at,
                            const catalogue::Provenance& from);
// The same at a claim of the subject.
[[nodiscard]] Finding start(const Rule& rule, const Subject& subject, const catalogue::Claim& claim);
// A note: the claim cannot be checked, and why.
[[nodiscard]] Judgement cannot_be_checked(const Rule& rule, const Subject& subject, const catalogue::Claim& claim,
                                          const std::string& why);

// The claim's own words with a colon behind, or nothing.
[[nodiscard]] std::string quoted(const catalogue::Claim& claim);

// The claim's value as printed, with "about " in front where the source says so.
[[nodiscard]] std::string claimed_text(const catalogue::Claim& claim);

// The numbers that a claim is about, or why they cannot be had.
struct Operands {
    std::vector<PlacedNumber> numbers;
    std::string problem;  // not empty: the claim cannot be checked
};
[[nodiscard]] Operands operands(const Subject& subject, const catalogue::Claim& claim);

}  // namespace hersurv::audit
