// What rules share: published numbers as ranges of the true ones, the walk over all statistics of a trial, the start of
// a finding.
#pragma once

#include "hersurv/audit.hpp"

#include "audit/place.hpp"
#include <optional>
#include <string>
#include <vector>

namespace hersurv::audit {

using catalogue::StatisticKey;
using StatisticKind = StatisticKey::Kind;

// Relative slack of every comparison: 57.1 - 40.8 is 16.300000000000004 in binary.
inline constexpr double slack = 1e-9;

// The share of a number that "about" allows.
inline constexpr double approximate_share = 0.05;

// Whether events have days of their own (deaths), not those of scans, at which a curve falls in steps.
[[nodiscard]] bool is_smooth(const std::string& endpoint);

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
[[nodiscard]] Range log_of(const Range& range);                 // of a range above 0
// How far a range is from a value, with the sign of the side; 0 where it holds it.
[[nodiscard]] double distance(const Range& range, double from);

// No range where the number is not estimable: that says nothing.
[[nodiscard]] std::optional<Range> range_of(const catalogue::PrintedNumber& number, bool count, bool approximate);
[[nodiscard]] Range range_of(const PlacedNumber& number);  // of a number

// Of a number above 0 even at the low end of its rounding, as ratios and times must be before their logarithm is taken.
[[nodiscard]] std::optional<Range> positive_range_of(const catalogue::PrintedNumber& number, bool approximate);
// Where a p-value lies: "p < 0.001" is 0 to 0.001, exactly; "p = 0.03" is 0.025 to 0.035.
[[nodiscard]] Range range_of(const catalogue::PValue& p);

// "16.2 to 16.4".
[[nodiscard]] std::string words(const Range& range);
// A computed number in a message.
[[nodiscard]] std::string computed(double value, int digits = 3);

// A list of prints of one statistic, where it is and what it is.
struct StatisticList {
    catalogue::Place at;
    const catalogue::Statistics* prints = nullptr;
    bool count = false;
};
// Every statistic of the trial's analyses that is published at all.
[[nodiscard]] std::vector<StatisticList> statistic_lists(const catalogue::Trial& trial);

// The GRIM test (Brown & Heathers 2017, Soc Psychol Personal Sci 8:363): of n patients only n + 1 rates are possible.
// The counts next to a rate that is none of them, "24/26 = 0.9231, 25/26 = 0.9615"; nothing if it is one.
[[nodiscard]] std::optional<std::string> impossible_rate(const catalogue::PrintedNumber& rate, const Range& range,
                                                         int n_patients);

// Two arms that an analysis compares; an arm that has no results there is null.
struct ComparedArms {
    const catalogue::Analysis* analysis = nullptr;
    const catalogue::Contrast* contrast = nullptr;
    const catalogue::ArmResult *experimental = nullptr, *control = nullptr;

    [[nodiscard]] catalogue::Place at(StatisticKind statistic) const;
};
[[nodiscard]] std::vector<ComparedArms> compared_arms(const catalogue::Trial& trial);

// Of one population: "intention to treat" is the whole trial's whether or not that is said.
[[nodiscard]] bool same_population(const catalogue::Analysis& a, const catalogue::Analysis& b);

// The exact count that counts of a list: the first, unless it is missing or printed as "about".
[[nodiscard]] std::optional<double> exact_count(const catalogue::Statistics& prints);
// Events of both arms: their own, or, where these are all arms, those of the analysis.
[[nodiscard]] std::optional<double> events_of(const ComparedArms& arms);

// Limits of a print as ranges above 0, where both are numbers and hold the value: where they do not, that is one
// finding, and whatever else does not fit follows from it.
struct LimitRanges {
    Range lower, upper;
};
[[nodiscard]] std::optional<LimitRanges> positive_limits_of(const catalogue::Statistic& print);
// Standard error of the log of an estimate out of its limits: (log upper - log lower) / (2 z) (Parmar, Torri & Stewart
// 1998, Stat Med 17:2815), with the rounding of both.
[[nodiscard]] Range se_of_log(const LimitRanges& limits, double level);

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

// The claim's value as published, with "about " in front where the source says so.
[[nodiscard]] std::string claimed_text(const catalogue::Claim& claim);

// The numbers that a claim is about, or why they cannot be had.
struct Operands {
    std::vector<PlacedNumber> numbers;
    std::string problem;  // not empty: the claim cannot be checked
};
[[nodiscard]] Operands operands(const Subject& subject, const catalogue::Claim& claim);

}  // namespace hersurv::audit
